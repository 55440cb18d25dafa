import TestSupport
import Testing

extension BlackBox {
  /// Validators believe what Alula says of signed zones: unbound, delv and drill, with NSEC and NSEC3.
  @Suite struct SignedZoneTests {
    enum Denial: String, CaseIterable {
      case nsec, nsec3, optout
      var zone: String { "\(rawValue).example" }
      var options: [String] {
        switch self {
        case .nsec: []
        case .nsec3: ["-3", "aabbccdd", "-H", "12"]
        case .optout: ["-3", "-", "-A"]
        }
      }
    }

    /// What a validating resolver makes of an answer: AD, or not, or SERVFAIL.
    enum Trust { case secure, insecure, bogus }

    struct Case: Sendable, CustomTestStringConvertible {
      let name: String
      let type: String
      var status = "NOERROR"
      /// Types in the answer, without RRSIG.
      var answer: Set<String> = []
      /// In the zone with opt-out, the proof may not be one: RFC 5155 §9.2 forbids AD.
      var isOptedOut = false
      var trust = Trust.secure
      var testDescription: String { "\(name) \(type)" }
    }

    static let text = """
      $TTL 300
      @ SOA ns hostmaster 1 3600 600 86400 60
      @ NS ns
      @ TXT "an apex"
      ns A 127.0.0.1
      a A 192.0.2.1
      a AAAA 2001:db8::1
      alias CNAME a
      dangling CNAME no
      host.deep.ent A 192.0.2.2
      *.wild TXT "wild"
      *.wildalias CNAME a
      x.*.hollow A 192.0.2.3
      moved DNAME ent
      insecure NS ns
      x.y.far NS ns

      """ + (0..<40).map { "big TXT \"\($0) 345678901234567890\"\n" }.joined()

    static let unsigned = """
      $TTL 300
      @ SOA ns hostmaster 1 3600 600 86400 60
      @ NS ns
      ns A 127.0.0.1
      a A 192.0.2.9

      """

    static let cases = [
      Case(name: "a", type: "A", answer: ["A"]),
      Case(name: "@", type: "SOA", answer: ["SOA"]),
      Case(name: "@", type: "DNSKEY", answer: ["DNSKEY"]),
      Case(name: "big", type: "TXT", answer: ["TXT"]),
      Case(name: "alias", type: "A", answer: ["CNAME", "A"]),
      Case(name: "alias", type: "TXT", answer: ["CNAME"]),
      Case(name: "dangling", type: "A", status: "NXDOMAIN", answer: ["CNAME"], isOptedOut: true),
      Case(name: "host.deep.moved", type: "A", answer: ["DNAME", "CNAME", "A"]),
      Case(name: "a", type: "MX"),
      Case(name: "ent", type: "A"),
      Case(name: "deep.ent", type: "A"),
      Case(name: "no", type: "A", status: "NXDOMAIN", isOptedOut: true),
      Case(name: "a.b.c.no", type: "A", status: "NXDOMAIN", isOptedOut: true),
      Case(name: "no.a", type: "A", status: "NXDOMAIN", isOptedOut: true),
      Case(name: "any.wild", type: "TXT", answer: ["TXT"], isOptedOut: true),
      Case(name: "any.thing.wild", type: "TXT", answer: ["TXT"], isOptedOut: true),
      Case(name: "any.wild", type: "A", isOptedOut: true),
      Case(name: "any.wildalias", type: "A", answer: ["CNAME", "A"], isOptedOut: true),
      Case(name: "any.wildalias", type: "TXT", answer: ["CNAME"], isOptedOut: true),
      Case(name: "any.hollow", type: "A", isOptedOut: true),
      Case(name: "insecure", type: "DS", isOptedOut: true),
      Case(name: "a.insecure", type: "A", answer: ["A"], trust: .insecure),
      Case(name: "no.insecure", type: "A", status: "NXDOMAIN", trust: .insecure),
      Case(name: "y.far", type: "A", isOptedOut: true),
    ]

    /// Alula with the three zones, one more that is trusted by the wrong key, and what unbound says of them.
    final class World: Sendable {
      let folder: Folder
      let zones: [SignedZone]
      let alula: Alula
      let resolver = Endpoint(freeAddress(), freePort())
      let unbound: Child

      init() throws {
        try #require(Peers.areThere, "run .ci/peers first")
        let folder = try Folder()
        zones = try Denial.allCases.map { denial in
          try SignedZone(denial.zone, at: folder.write(denial.zone, SignedZoneTests.text), options: denial.options)
        }
        let wrong = try SignedZone("wrong.example", at: folder.write("wrong.example", SignedZoneTests.text))
        let stranger = try SignedZone("wrong.example", at: folder.write("stranger", SignedZoneTests.text))
        let unsigned = try folder.write("unsigned", SignedZoneTests.unsigned)
        let children = Denial.allCases.flatMap { ["insecure.\($0.zone)", "x.y.far.\($0.zone)"] }
        let files = (zones + [wrong]).map { ($0.name, $0.path) } + children.map { ($0, unsigned) }
        alula = try Alula("zones:\n" + files.map { "  \($0.0): { file: \"\($0.1)\" }\n" }.joined())
        try alula.waitUntilReady("nsec.example")
        unbound = try Peers.unbound(
          zones: files.map(\.0), parent: alula.ipv4, trusting: (zones + [stranger]).map(\.anchor), at: resolver,
          in: folder)
        self.folder = folder
        let resolves = try becomesTrue { [resolver] in
          try dig(resolver, "a.nsec.example", "A", ["+time=1"]).data("A") == ["192.0.2.1"]
        }
        try #require(resolves, "\(unbound.output)\n\(alula.log)")
      }
    }

    static let world = Result { try World() }

    private func full(_ name: String, _ denial: Denial) -> String {
      name == "@" ? denial.zone : "\(name).\(denial.zone)"
    }

    @Test(arguments: cases, Denial.allCases)
    func unboundBelieves(question: Case, denial: Denial) throws {
      let world = try Self.world.get()
      let reply = try dig(world.resolver, full(question.name, denial), question.type, ["+dnssec"])
      #expect(reply.status == question.status, "\(reply)\n\(world.unbound.output.suffix(2000))")
      #expect(Set(reply.answer.map(\.type)).subtracting(["RRSIG"]) == question.answer)
      let isSecure = question.trust == .secure && !(denial == .optout && question.isOptedOut)
      #expect(reply.flags.contains("ad") == isSecure, "\(reply)")
    }

    /// The instrument itself: with the wrong key nothing is believed.
    @Test func unboundDoubtsAWrongKey() throws {
      let reply = try dig(Self.world.get().resolver, "a.wrong.example", "A", ["+dnssec"])
      #expect(reply.status == "SERVFAIL")
    }

    /// delv asks Alula itself.
    @Test(arguments: Denial.allCases)
    func delvBelieves(denial: Denial) throws {
      let world = try Self.world.get()
      let zone = try #require(world.zones.first { $0.name == denial.zone })
      let anchors = try world.folder.write("anchors.\(denial)", zone.trustAnchors)
      func ask(_ name: String, _ type: String) throws -> String {
        try run([
          "delv", "@\(world.alula.ipv4.address)", "-p", "\(world.alula.ipv4.port)", "-a", anchors,
          "+root=\(denial.zone)",
          full(name, denial), type,
        ]).output
      }
      for (name, type) in [("a", "A"), ("alias", "A"), ("@", "TXT"), ("host.deep.moved", "A"), ("big", "TXT")] {
        #expect(try ask(name, type).contains("; fully validated"), "\(name) \(type)")
      }
      if denial != .optout {
        #expect(try ask("any.wild", "TXT").contains("; fully validated"))
        #expect(try ask("no", "A").contains("; negative response, fully validated"))
      }
      #expect(try ask("a", "MX").contains("; negative response, fully validated"))
      #expect(try ask("a.insecure", "A").contains("; unsigned answer"))
    }

    /// drill checks signatures with the key that it is given.
    @Test(arguments: Denial.allCases)
    func drillBelieves(denial: Denial) throws {
      let world = try Self.world.get()
      let zone = try #require(world.zones.first { $0.name == denial.zone })
      let key = try world.folder.write("key.\(denial)", zone.anchor + "\n")
      let server = world.alula.ipv4
      let output = try Peers.run(
        "drill", ["-D", "-k", key, "-p", "\(server.port)", "@\(server.address)", "a.\(denial.zone)", "A"])
      #expect(output.contains("RRSIG") && output.contains("rcode: NOERROR") && !output.contains("BOGUS"))
    }
  }
}
