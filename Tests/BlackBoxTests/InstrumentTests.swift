import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// The instruments of the other tests, each shown to work without Alula: where these fail, the machine is at fault.
  @Suite struct InstrumentTests {
    @Test func bindServesAndUnboundResolvesThroughIt() throws {
      try #require(Peers.areThere, "run .ci/peers first")
      let folder = try Folder()
      let server = Endpoint("127.0.0.1", freePort())
      let resolver = Endpoint(freeAddress(), freePort())
      let text = "@ 300 IN SOA ns hostmaster 1 3600 600 86400 60\n@ 300 IN NS ns\nns 300 IN A \(server.address)\n"
      let bind = try Peers.bind(zone: "example.com", text: text, at: server, in: folder)
      let unbound = try Peers.unbound(zone: "example.com", parent: server, at: resolver, in: folder)
      let resolved = try becomesTrue {
        try dig(resolver, "ns.example.com", "A", ["+time=1"]).data("A") == [server.address]
      }
      #expect(resolved, "\(bind.output)\n\(unbound.output)")
      let reply = try dig(server, "ns.example.com")
      #expect(reply.status == "NOERROR" && reply.flags.contains("aa"))
      #expect(reply.answer == [DigRecord(name: "ns.example.com.", ttl: 300, type: "A", data: server.address)])
    }

    @Test func siteFailsAtOnceAndHeals() throws {
      let site = try Site.http(at: Endpoint(freeAddress(), freePort()))
      site.fail()
      #expect(!site.endpoint.accepts)
      let healed = try site.healed()
      let stream = try Stream(to: healed.endpoint)
      stream.send(Array("GET /health HTTP/1.0\r\n\r\n".utf8))
      #expect(stream.receive(15).map { String(decoding: $0, as: UTF8.self) } == "HTTP/1.0 200 OK")
      healed.fail()
    }

    @Test func httpsSitePresentsItsCertificate() throws {
      let certificate = try Certificate(for: "app.example.com")
      let site = try Site.https(at: Endpoint(freeAddress(), freePort()), certificate: certificate)
      let reply = try run([
        "curl", "-sS", "--http1.0", "--cacert", certificate.path, "--noproxy", "*", "--connect-to",
        "app.example.com:443:\(site.endpoint)", "-o", "/dev/null", "-w", "%{http_code}", "https://app.example.com/",
      ])
      #expect(reply.output == "200")
      site.fail()
    }

    @Test func programEndsAsItSays() throws {
      #expect(try run(["sh", "-c", "echo out; echo error >&2; exit 3"]).status == .exited(3))
      #expect(try run(["sh", "-c", "echo out; echo error >&2"]).output == "out\nerror\n")
      let child = try Child(["sleep", "600"], in: try Folder())
      child.signal(SIGTERM)
      #expect(child.wait() == .signalled(SIGTERM))
    }

    @Test func wrongAnswersOfDigAreSeen() {
      let text = """
        ;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1
        ;; flags: qr aa; QUERY: 1, ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 1

        ;; AUTHORITY SECTION:
        app.example.com.\t60\tIN\tSOA\tns1 hostmaster 1 2 3 4 60
        """
      let reply = DigResult(text)
      #expect(reply.status == "NXDOMAIN" && reply.flags == ["qr", "aa"] && reply.answer.isEmpty)
      #expect(reply.authority.map(\.ttl) == [60])
    }
  }
}
