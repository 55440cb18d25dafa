import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// AXFR as real clients see it, and what the operator sees of it.
  @Suite struct TransferTests {
    private static let zones = "zones: { app.example.com: { file: app.example.com.zone, transfer: [127.0.0.0/8] } }\n"

    private func alula(_ configuration: String = zones, zone: String? = nil, server: String = "") throws -> Alula {
      let alula = try Alula(
        configuration, files: ["app.example.com.zone": try zone ?? exampleZone()], server: server)
      try alula.waitUntilReady()
      return alula
    }

    /// The example's records as `dig` prints them, with the pool in place of the address in the file.
    @Test func digGetsTheZoneOfTheFile() throws {
      let alula = try self.alula(
        Self.zones
          + "pools: { app.example.com: { check: none, ttl: 7s, endpoints: [{ name: a, address: [192.0.2.7, 2001:db8::7] }] } }\n"
      )
      let records = try transfer("app.example.com", from: alula.ipv4)
      let name = "app.example.com."
      let soa = "\(name) 3600 IN SOA ns1.\(name) hostmaster.example.com. 2026112201 3600 600 1209600 60"
      #expect(records.first == soa && records.last == soa)
      #expect(
        records.dropFirst().dropLast().sorted()
          == [
            "\(name) 3600 IN NS ns1.\(name)", "\(name) 3600 IN NS ns2.\(name)",
            "ns1.\(name) 3600 IN A 192.0.2.1", "ns1.\(name) 3600 IN AAAA 2001:db8::1",
            "ns2.\(name) 3600 IN A 192.0.2.2", "ns2.\(name) 3600 IN AAAA 2001:db8::2",
            "\(name) 7 IN A 192.0.2.7", "\(name) 7 IN AAAA 2001:db8::7", "www.\(name) 30 IN CNAME \(name)",
            "\(name) 3600 IN MX 10 mail.\(name)", "\(name) 3600 IN MX 20 mail.example.net.",
            "\(name) 3600 IN TXT \"v=spf1 mx -all\"", "\(name) 3600 IN CAA 0 issue \"letsencrypt.org\"",
            "\(name) 3600 IN CAA 0 iodef \"mailto:security@example.com\"", "mail.\(name) 3600 IN A 192.0.2.25",
            "_dmarc.\(name) 3600 IN TXT \"v=DMARC1; p=reject; \" \"rua=mailto:dmarc@example.com\"",
            "_sip._tcp.\(name) 3600 IN SRV 10 60 5060 sip.\(name)", "sip.\(name) 3600 IN A 192.0.2.60",
            "*.preview.\(name) 3600 IN A 192.0.2.80", "*.preview.\(name) 3600 IN TXT \"a preview of a branch\"",
            "internal.\(name) 3600 IN NS ns.internal.\(name)", "ns.internal.\(name) 3600 IN A 192.0.2.90",
          ].sorted())
      #expect(
        becomesTrue {
          alula.log.contains("info zone app.example.com transferred client=127.0.0.1")
            && alula.log.contains("records=\(records.count) serial=2026112201")
        }, "\(alula.log)")
      #expect(try transfer("app.example.com", from: alula.ipv4, ["+noedns"]).count == records.count)
      #expect(try transfer("app.example.com", from: alula.ipv4, ["ixfr=1"]).count == records.count)
      #expect(try alula.ask("app.example.com", "IXFR=2026112201", ["+tcp"]).text.contains("2026112201"))
      #expect(try alula.ask("app.example.com", "AXFR", ["+notcp"]).status == nil)
    }

    /// IPv6 is not in the list, and without a list nobody is.
    @Test func othersAreRefused() throws {
      let alula = try self.alula()
      #expect(try transfer("app.example.com", from: alula.ipv6).isEmpty)
      #expect(try transfer("app.example.com", from: alula.ipv4).count > 20)
      try alula.reload("zones: { app.example.com: { file: app.example.com.zone } }\n")
      #expect(try becomesTrue { try transfer("app.example.com", from: alula.ipv4).isEmpty }, "\(alula.log)")
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0))
      #expect(alula.log.contains("transfers_refused=2"), "\(alula.log)")
    }

    @Test func poolsInATransferredZoneAreWarnedOf() throws {
      let folder = try Folder()
      try folder.write("app.example.com.zone", try exampleZone())
      let pool = "pools: { app.example.com: { check: none, endpoints: [{ name: a, address: 192.0.2.7 }] } }\n"
      func check(_ text: String) throws -> String {
        let path = try folder.write("alula.yaml", text)
        let (status, output) = try run([alulaProgram, "check", "--config", path])
        #expect(status == .exited(0), "\(output)")
        return output
      }
      #expect(try check(Self.zones + pool).contains("alula.yaml:1:10: warning: the zone app.example.com has pools"))
      #expect(try !check(Self.zones).contains("warning"))
      #expect(try !check("zones: { app.example.com: { file: app.example.com.zone } }\n" + pool).contains("warning"))
    }

    /// RFC 7766 §6.2.1.1: what is asked behind a transfer is answered behind it.
    @Test func queriesAroundTransfersAreAnsweredInOrder() throws {
      let alula = try self.alula(zone: largeZone(records: 500))
      let stream = try Stream(to: alula.ipv4)
      let queries = [
        Message.query(identifier: 1), Message.query(type: 252, identifier: 2), Message.query(identifier: 3),
        Message.query(type: 252, identifier: 4), Message.query(type: 252, identifier: 5), Message.query(identifier: 6),
      ]
      stream.send(queries.flatMap { [0, UInt8($0.count)] + $0 })
      stream.finishWriting()
      var order: [UInt16] = []
      while let identifier = stream.receiveMessage().flatMap(Message.identifier) {
        if order.last != identifier { order.append(identifier) }
      }
      #expect(order == [1, 2, 3, 4, 5, 6])
      #expect(alula.child.ended() == nil)
    }
  }
}

/// The delegated zone with so many TXT records of 200 octets in it, each beginning with `word`.
func largeZone(records: Int, serial: Int = 1, word: String = "text") -> String {
  "$TTL 300\n@ SOA ns1 hostmaster.example.com. \(serial) 2 1 600 60\n@ NS ns1\nns1 A 192.0.2.1\n"
    + (0..<records).map { "host\($0) TXT \"\(word) \(String(repeating: "x", count: 190))\"\n" }.joined()
}
