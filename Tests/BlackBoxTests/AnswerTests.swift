import TestSupport
import Testing

extension BlackBox {
  /// What `dig` is told, over UDP and TCP, IPv4 and IPv6.
  @Suite struct AnswerTests {
    static let alula = Result { try TwoSites().alula() }

    enum Way: String, CaseIterable { case udp4, udp6, tcp4, tcp6 }

    struct Case: Sendable, CustomTestStringConvertible {
      let name: String
      let type: String
      let status: String
      /// The data of the records of `type` in the answer, sorted.
      var data: [String] = []
      /// Types in the authority section.
      var authority: Set<String> = []
      var flags: Set<String> = ["aa"]
      var testDescription: String { "\(name) \(type)" }
    }

    static let cases = [
      Case(
        name: "app.example.com", type: "NS", status: "NOERROR", data: ["ns1.app.example.com.", "ns2.app.example.com."]),
      Case(
        name: "app.example.com", type: "MX", status: "NOERROR",
        data: ["10 mail.app.example.com.", "20 mail.example.net."]),
      Case(name: "app.example.com", type: "TXT", status: "NOERROR", data: ["\"v=spf1 mx -all\""]),
      Case(
        name: "app.example.com", type: "CAA", status: "NOERROR",
        data: ["0 iodef \"mailto:security@example.com\"", "0 issue \"letsencrypt.org\""]),
      Case(
        name: "_dmarc.app.example.com", type: "TXT", status: "NOERROR",
        data: ["\"v=DMARC1; p=reject; \" \"rua=mailto:dmarc@example.com\""]),
      Case(
        name: "_sip._tcp.app.example.com", type: "SRV", status: "NOERROR", data: ["10 60 5060 sip.app.example.com."]),
      Case(name: "ns1.app.example.com", type: "AAAA", status: "NOERROR", data: ["2001:db8::1"]),
      Case(name: "NS1.App.Example.COM", type: "A", status: "NOERROR", data: ["192.0.2.1"]),
      Case(name: "any.preview.app.example.com", type: "A", status: "NOERROR", data: ["192.0.2.80"]),
      Case(name: "a.b.preview.app.example.com", type: "TXT", status: "NOERROR", data: ["\"a preview of a branch\""]),
      Case(name: "any.preview.app.example.com", type: "AAAA", status: "NOERROR", authority: ["SOA"]),
      Case(name: "_tcp.app.example.com", type: "A", status: "NOERROR", authority: ["SOA"]),
      Case(name: "preview.app.example.com", type: "A", status: "NOERROR", authority: ["SOA"]),
      Case(name: "mail.app.example.com", type: "AAAA", status: "NOERROR", authority: ["SOA"]),
      Case(name: "nothing.app.example.com", type: "A", status: "NXDOMAIN", authority: ["SOA"]),
      Case(name: "host.internal.app.example.com", type: "A", status: "NOERROR", authority: ["NS"], flags: []),
      Case(name: "example.org", type: "A", status: "REFUSED", flags: []),
      // The pool makes its owner exist for both families; it has no IPv6 member.
      Case(name: "app.example.com", type: "AAAA", status: "NOERROR", authority: ["SOA"]),
    ]

    private func ask(_ question: Case, _ way: Way) throws -> DigResult {
      let alula = try Self.alula.get()
      let server = way == .udp4 || way == .tcp4 ? alula.ipv4 : alula.ipv6
      let transport = way == .udp4 || way == .udp6 ? "+notcp" : "+tcp"
      return try dig(server, question.name, question.type, [transport, "+norec"])
    }

    @Test(arguments: cases, Way.allCases)
    func answers(question: Case, way: Way) throws {
      let reply = try ask(question, way)
      #expect(reply.status == question.status)
      #expect(reply.data(question.type).sorted() == question.data)
      #expect(reply.flags == question.flags.union(["qr"]))
      if !question.authority.isEmpty { #expect(Set(reply.authority.map(\.type)) == question.authority) }
    }

    @Test(arguments: Way.allCases)
    func poolAnswersWithItsPrimaryAtTheApexAndThroughCNAME(way: Way) throws {
      for name in ["app.example.com", "www.app.example.com"] {
        let reply = try ask(Case(name: name, type: "A", status: "NOERROR"), way)
        #expect(reply.data("A").count == 1)
        #expect(reply.data("A").allSatisfy { $0.hasPrefix("127.100.") })
        #expect(reply.data("CNAME") == (name.hasPrefix("www") ? ["app.example.com."] : []))
      }
    }

    /// Both wildcards together, and each reply from the address that was asked: dig takes no other.
    @Test func wildcardListenersReplyFromTheAddressAsked() throws {
      let folder = try Folder()
      let port = freePort()
      try folder.write("app.example.com.zone", try exampleZone())
      let path = try folder.write(
        "alula.yaml",
        """
        server: { listen: ["0.0.0.0:\(port)", "[::]:\(port)"] }
        zones: { app.example.com: { file: app.example.com.zone } }
        """)
      let child = try Child([alulaProgram, "serve", "--config", path], in: folder, output: "log")
      for address in ["127.0.0.1", "127.0.0.5", "127.200.3.4", "::1"] {
        for options in [["+time=1", "+tries=1"], ["+time=1", "+tries=1", "+tcp"]] {
          let answered = try becomesTrue {
            try dig(Endpoint(address, port), "mail.app.example.com", "A", options).data("A") == ["192.0.2.25"]
          }
          #expect(answered, "\(address) \(options)\n\(child.output)")
        }
      }
      child.stop()
    }

    @Test func referralCarriesGlue() throws {
      let reply = try Self.alula.get().ask("host.internal.app.example.com", "A", ["+norec"])
      #expect(reply.authority.map(\.data) == ["ns.internal.app.example.com."])
      #expect(reply.additional.map(\.data) == ["192.0.2.90"])
    }

    @Test func negativeAnswersCarryTheNegativeTTL() throws {
      let reply = try Self.alula.get().ask("nothing.app.example.com")
      #expect(reply.authority.map(\.ttl) == [60])
    }

    @Test func caseOfTheQuestionIsEchoed() throws {
      #expect(try Self.alula.get().ask("nS1.aPP.example.com").text.contains(";nS1.aPP.example.com."))
    }

    @Test func anyAtAPoolOfIPv6AloneHasItsAddress() throws {
      let alula = try Alula(
        """
        zones: { app.example.com: { file: app.example.com.zone } }
        pools: { six.app.example.com: { check: none, endpoints: [{ name: six, address: "2001:db8::6" }] } }

        """, files: ["app.example.com.zone": try exampleZone()])
      try alula.waitUntilReady()
      let reply = try alula.ask("six.app.example.com", "ANY", ["+tcp"])
      #expect(reply.data("AAAA") == ["2001:db8::6"])
      #expect(reply.authority.isEmpty)
    }
  }
}
