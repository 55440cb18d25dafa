import Memory
import TestSupport
import Testing
import Updating
import Wire

@Suite struct CodecTests {
  private static let overlay: Overlay = {
    var overlay = Overlay(zone: zone, fileSerial: 2026_11_25, fileHash: 0x0123_4567_89AB_CDEF)
    let edits: [Edit] = [
      .add(record("_acme-challenge", "TXT", "one", ttl: 60)), .add(record("a\\.b", "MX", "10 mail", ttl: .max >> 1)),
      .remove(identity("www", "A", "192.0.2.10")), .remove(identity("@", "TXT", "\"\"")),
    ]
    try? overlay.apply(edits, isInFile: { _ in true })
    return overlay
  }()

  private static let outbox: Outbox = {
    var outbox = Outbox()
    outbox.put(
      [.add(record("_acme-challenge", "TXT", "one", ttl: 60)), .remove(identity("www", "A", "192.0.2.1"))], in: zone,
      at: 3)
    outbox.put([.add(record("www.other", "AAAA", "2001:db8::1", ttl: 0))], in: name("other.app.example.com"), at: 2)
    return outbox
  }()

  @Test func roundTrips() throws {
    let overlay = try Overlay(Self.overlay.octets, zone: name("App.Example.com"))
    #expect(overlay == Self.overlay && overlay.octets == Self.overlay.octets)
    #expect(overlay.added.count == 2 && overlay.removed.count == 2)
    let outbox = try Outbox(Self.outbox.octets)
    #expect(outbox == Self.outbox && outbox.octets == Self.outbox.octets && outbox.count == 3)
    #expect(try Outbox(Outbox().octets).isEmpty)
    let empty = Overlay(zone: .root, fileSerial: 0, fileHash: 0)
    #expect(try Overlay(empty.octets, zone: .root) == empty)
  }

  @Test func flippedBits() {
    for octets in [Self.overlay.octets, Self.outbox.octets] {
      for at in octets.indices {
        for bit in 0..<8 {
          var damaged = octets
          damaged[at] ^= 1 << UInt8(bit)
          #expect(isRefused(damaged), "octet \(at), bit \(bit)")
        }
      }
    }
  }

  @Test func tornAndLengthened() {
    for octets in [Self.overlay.octets, Self.outbox.octets] {
      for count in octets.indices { #expect(isRefused(Array(octets[..<count]))) }
      #expect(isRefused(octets + [0]) && isRefused(octets + octets))
    }
  }

  private func isRefused(_ octets: [UInt8]) -> Bool {
    (try? Overlay(octets, zone: zone)) == nil && (try? Outbox(octets)) == nil
  }

  @Test func whatIsWrongIsSaid() {
    let other = name("other.example")
    #expect(description { try Overlay(Self.overlay.octets, zone: other) } == "it belongs to the zone app.example.com")
    #expect(description { try Overlay(Self.outbox.octets, zone: zone) } == "it is a file of another kind")
    #expect(description { try Overlay([1, 2, 3], zone: zone) } == "this is not a file of kept updates")
    #expect(description { try Overlay(Self.overlay.octets.dropLast() + [0], zone: zone) } == "the checksum is wrong")
  }

  /// With a checksum that is right, the content is still not believed.
  @Test(arguments: 0..<8 as Range<UInt64>)
  func wrongContent(seed: UInt64) {
    var random = Random(seed: seed)
    for octets in [Self.overlay.octets, Self.outbox.octets] {
      for _ in 0..<2000 {
        var body = Array(octets.dropLast(8))
        for _ in 0..<random.within(1...3) {
          let at = random.within(8...(body.count - 1))
          if random.chance(percent: 30) {
            body.remove(at: at)
          } else {
            body[at] = UInt8(truncatingIfNeeded: random.next())
          }
        }
        take(sealed(body))
      }
    }
  }

  private func sealed(_ body: [UInt8]) -> [UInt8] {
    let hash = ContentHash.of(body.rawBytes)
    return body + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: hash >> UInt64($0)) }
  }

  /// What is read is what would be written.
  private func take(_ octets: [UInt8]) {
    if let overlay = try? Overlay(octets, zone: zone) { #expect((try? Overlay(overlay.octets, zone: zone)) == overlay) }
    if let outbox = try? Outbox(octets) { #expect((try? Outbox(outbox.octets))?.octets == outbox.octets) }
  }

  @Test func anotherVersion() {
    var body = Array(Self.overlay.octets.dropLast(8))
    body[9] = 2
    #expect(description { try Overlay(sealed(body), zone: zone) } == "it has version 2, and this Alula reads 1")
  }

  private func description(_ body: () throws -> some Any) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return "\(error)"
    }
  }
}
