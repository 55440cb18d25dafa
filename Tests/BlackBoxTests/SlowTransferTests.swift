import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// Transfers to clients that take their time: of one state, bounded, and at nobody else's cost.
  @Suite struct SlowTransferTests {
    /// More than all buffers between the two hold.
    private static let records = 8000
    private static let zones = "zones: { app.example.com: { file: app.example.com.zone, transfer: [127.0.0.1] } }\n"

    private func alula(_ configuration: String = zones, server: String) throws -> Alula {
      let zone = largeZone(records: Self.records, serial: 0x5354_4131, word: "before")
      let alula = try Alula(configuration, files: ["app.example.com.zone": zone], server: server)
      try alula.waitUntilReady()
      return alula
    }

    /// Asks for the zone and reads no more than the first message.
    private func begin(_ server: Endpoint) throws -> (stream: Stream, first: [UInt8]) {
      let stream = try Stream(to: server, receiveBuffer: 4096)
      stream.sendMessage(Message.query(type: 252))
      return (stream, try #require(stream.receiveMessage()))
    }

    private func count(_ part: some Collection<UInt8>, in octets: [UInt8]) -> Int {
      let part = Array(part)
      return octets.indices.dropLast(part.count - 1).count {
        octets[$0] == part[0] && octets[$0..<($0 + part.count)].elementsEqual(part)
      }
    }

    /// Between its first message and its last the pool fails over and the zone is replaced; meanwhile all others
    /// are answered. The serials are the octets "STA1" and "STA2".
    @Test func oneStateThroughFailoverAndReloadWhileOthersAreAnswered() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      // The pool's first name is the zone's first, and its last name the last.
      let configuration = sites.configuration()
        .replacing("zone }", with: "zone, transfer: [127.0.0.1] }")
        .replacing("policy:", with: "also: [zz.app.example.com]\n    policy:")
      let alula = try self.alula(configuration, server: "  tcp: { idle: 60s }\n")
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)
      let (slow, first) = try begin(alula.ipv4)

      #expect(try alula.ask("host1.app.example.com", "TXT", ["+notcp"]).answer.count == 1)
      #expect(try alula.ask("host1.app.example.com", "TXT", ["+tcp"]).answer.count == 1)
      #expect(try transfer("app.example.com", from: alula.ipv4).count == Self.records + 6)

      primary.fail()
      try watch.waitFor(sites.secondary.address)
      try alula.folder.write(
        "app.example.com.zone", largeZone(records: Self.records, serial: 0x5354_4132, word: "after"))
      alula.child.signal(SIGHUP)
      #expect(try becomesTrue { try alula.ask("host1.app.example.com", "TXT").text.contains("after") })
      let after = try transfer("app.example.com", from: alula.ipv4)
      #expect(after.filter { $0.contains("after") }.count == Self.records)
      #expect(after.filter { $0.contains(sites.secondary.address) }.count == 2)

      // So far two transfers have ended, and the slow one is none of them.
      #expect(becomesTrue { alula.log.split(separator: " transferred client=").count == 3 }, "\(alula.log)")
      var octets = first
      while count(Array("STA1".utf8), in: octets.suffix(100)) == 0 {
        octets += try #require(slow.receiveMessage(), "ended after \(octets.count) octets")
      }
      #expect(count(Array("STA1".utf8), in: octets) == 2 && count(Array("STA2".utf8), in: octets) == 0)
      #expect(count(Array("before ".utf8), in: octets) == Self.records && count(Array("after ".utf8), in: octets) == 0)
      #expect(count(octetsOf(sites.primary.address), in: octets) == 2)
      #expect(count(octetsOf(sites.secondary.address), in: octets) == 0)
      #expect(becomesTrue { alula.log.split(separator: " transferred client=").count == 4 }, "\(alula.log)")
      // The connection is as good as before.
      slow.sendMessage(Message.query(identifier: 9))
      #expect(slow.receiveMessage().flatMap(Message.identifier) == 9)
      secondary.fail()
    }

    private func octetsOf(_ address: String) -> [UInt8] { address.split(separator: ".").compactMap { UInt8($0) } }

    @Test func whoStopsReadingIsClosed() throws {
      let alula = try self.alula(server: "  tcp: { idle: 1s }\n")
      let (slow, _) = try begin(alula.ipv4)
      #expect(becomesTrue { alula.log.contains("not transferred whole: the client stopped reading") }, "\(alula.log)")
      #expect(slow.isClosed())
      #expect(try transfer("app.example.com", from: alula.ipv4).count == Self.records + 4)
    }

    @Test func asManyAsMayRunAndThenRoomAgain() throws {
      let alula = try self.alula(server: "  tcp: { idle: 60s }\n")
      var slow = try (0..<10).map { _ in try begin(alula.ipv4) }
      let (_, refused) = try begin(alula.ipv4)
      #expect(Message.responseCode(refused) == 5)
      slow.removeLast()
      #expect(
        becomesTrue { alula.log.contains("not transferred whole: the client closed the connection") }, "\(alula.log)")
      #expect(Message.responseCode(try begin(alula.ipv4).first) == 0)
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0), "\(alula.log)")
      #expect(alula.log.contains("the server stops"), "\(alula.log)")
      for counter in ["transfers_started=11", "transfers_aborted=11", "transfers_refused=1"] {
        #expect(alula.log.contains(counter), "\(alula.log)")
      }
    }
  }
}
