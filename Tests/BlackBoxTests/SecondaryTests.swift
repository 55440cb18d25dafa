import TestSupport
import Testing

extension BlackBox {
  /// NSD, Knot and BIND take the zones, hold the same records, and follow a changed serial.
  @Suite struct SecondaryTests {
    private static let zone = """
      $TTL 300
      @ SOA ns1 hostmaster.example.com. SERIAL 2 1 600 60
      @ NS ns1
      @ NS ns.elsewhere.example.
      ns1 A 192.0.2.1
      *.wild TXT "any \\"name\\"" ""
      wild MX 10 a.very.deep.name
      a.very.deep.name AAAA 2001:db8::1
      alias CNAME a.very.deep.name
      moved DNAME elsewhere.example.
      cut NS ns.cut
      cut DS 1 13 2 0123456789012345678901234567890123456789012345678901234567890123
      ns.cut A 192.0.2.2
      _443._tcp SRV 1 2 443 alias
      svc HTTPS 1 . alpn=h2 ipv4hint=192.0.2.9
      odd TYPE65280 \\# 3 010203
      $GENERATE 0-2999 host$ CNAME target-$.ns1

      """

    private func zone(serial: Int) -> String {
      Self.zone.replacing("SERIAL", with: "\(serial)")
    }

    private func zones(_ pool: String = "192.0.2.7") -> String {
      """
      zones:
        app.example.com: { file: app.example.com.zone, transfer: 127.0.0.1 }
        signed.example: { file: signed.zone, transfer: 127.0.0.1 }
      pools: { pool.app.example.com: { check: none, endpoints: [[{ name: a, address: \(pool) }, { name: b, address: "2001:db8::7" }]] } }

      """
    }

    /// The zone signed by BIND's own tool, with NSEC3 and opt-out.
    private func signed() throws -> String {
      let folder = try Folder()
      try folder.write("zone", zone(serial: 1))
      let key = try Peers.run(
        "dnssec-keygen", ["-q", "-a", "ECDSAP256SHA256", "-f", "KSK", "-K", folder.path, "signed.example"])
      let second = try Peers.run(
        "dnssec-keygen", ["-q", "-a", "ECDSAP256SHA256", "-K", folder.path, "signed.example"])
      let output = try Peers.run(
        "dnssec-signzone",
        [
          "-S", "-K", folder.path, "-3", "-", "-A", "-d", folder.path, "-o", "signed.example", "-f",
          folder.path("signed"),
          folder.path("zone"),
        ])
      guard let text = try? readFile(folder.path("signed")) else { throw Trouble("\(key)\(second)\(output)") }
      return text
    }

    @Test(arguments: Peers.Kind.allCases) func secondaryHasAndFollows(kind: Peers.Kind) throws {
      try #require(Peers.areThere, "run .ci/peers first")
      let alula = try Alula(
        zones(), files: ["app.example.com.zone": zone(serial: 1), "signed.zone": try signed()])
      try alula.waitUntilReady()
      let folder = try Folder()
      let endpoint = Endpoint("127.0.0.1", freePort())
      let names = ["app.example.com", "signed.example"]
      let peer = try Peers.secondary(kind, of: alula.ipv4, zones: names, at: endpoint, in: folder)
      defer { peer.stop() }

      for name in names { try agree(name, serial: 1, alula, endpoint, peer) }
      try alula.folder.write("app.example.com.zone", zone(serial: 2).replacing("any ", with: "some "))
      try alula.reload(zones("192.0.2.8"))
      try agree("app.example.com", serial: 2, alula, endpoint, peer)
      #expect(try dig(endpoint, "pool.app.example.com").data("A") == ["192.0.2.8"])
      #expect(try dig(endpoint, "x.wild.app.example.com", "TXT").data("TXT") == ["\"some \\\"name\\\"\" \"\""])
    }

    private func agree(_ name: String, serial: Int, _ alula: Alula, _ endpoint: Endpoint, _ peer: Child) throws {
      let hasIt = try becomesTrue(seconds: 60) {
        try dig(endpoint, name, "SOA", ["+time=1"]).data("SOA").first?.split(separator: " ").dropFirst(2).first
          == "\(serial)"
      }
      try #require(hasIt, "\(peer.output.suffix(4000))")
      let records = try transfer(name, from: alula.ipv4)
      #expect(records.count > 3000)
      let theirs = try transfer(name, from: endpoint)
      let difference = Set(theirs).symmetricDifference(records)
      #expect(difference.isEmpty, "\(difference.sorted().prefix(10))")
      #expect(theirs.count == records.count)
    }
  }
}
