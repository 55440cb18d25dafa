import TestSupport
import Testing
import Updating
import Wire

/// Octets from anybody: all that may happen is a refusal.
@Suite struct HostileTests {
  private func take(_ octets: [UInt8]) {
    let keys = KeyRing([key()])
    switch keys.verify(octets, now: captureTime) {
    case .refused(let refusal):
      let reply = UpdateReply.octets(to: octets, refusal.responseCode).map { refusal.complete($0, now: captureTime) }
      #expect((reply == nil) == (octets.count < 12 || octets[2] & 0x80 != 0) && !refusal.description.isEmpty)
    case .good(let request): apply(request.message)
    case .unsigned: apply(octets)
    }
    let sent = SignedMessage(octets: octets, mac: [1, 2, 3])
    #expect(throws: ReplyFault.self) { try key().verify(reply: octets, to: sent, now: captureTime) }
    #expect((key().sign(request: octets, time: captureTime) == nil) == (octets.count < 12))
  }

  private func apply(_ octets: [UInt8]) {
    guard let request = try? UpdateRequest(octets) else { return }
    _ = try? request.evaluate(for: key().name, rules: nil, view: TestZone.usual.view)
    _ = UpdateReply.octets(to: octets, .noError)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func octetsAtRandom(seed: UInt64) {
    var random = Random(seed: seed)
    for _ in 0..<2000 {
      var octets = random.octets(random.below(200))
      take(octets)
      // Something that looks like an update goes further.
      if octets.count > 12 {
        octets.replaceSubrange(0..<12, with: [0x47, 0x11, 0x28, 0, 0, 1, 0, UInt8(random.below(3)), 0, 2, 0, 1])
        take(octets)
      }
    }
  }

  @Test(arguments: captured.keys.sorted(), 0..<3 as Range<UInt64>)
  func mutated(name: String, seed: UInt64) throws {
    let octets = try #require(captured[name])
    var random = Random(seed: seed)
    for _ in 0..<300 {
      var mutated = octets
      for _ in 0..<random.within(1...4) {
        let at = random.below(mutated.count)
        switch random.below(4) {
        case 0: mutated[at] = UInt8(truncatingIfNeeded: random.next())
        case 1: mutated.remove(at: at)
        case 2: mutated.insert(random.pick([0, 0xC0, 0xFF, 63]), at: at)
        default: mutated[at] = 0xC0
        }
      }
      take(mutated)
    }
  }

  /// Names that lead to themselves, to the header, and as deep as they can.
  @Test func pointers() {
    for target in 0..<64 {
      take(Message.header(flags: 0x2800) + [0xC0, UInt8(target)] + [0, 6, 0, 1])
      take(
        Message.header(flags: 0x2800, additionals: 1) + Message.question() + [0xC0, UInt8(target)] + [
          0, 250, 0, 255, 0, 0, 0, 0, 0, 0,
        ])
    }
  }

  @Test func theLargestMessages() {
    let line = Line.add(record("a", "A", "192.0.2.1"))
    let lines = [Line](repeating: line, count: (65_535 - 100) / line.octets.count)
    take(update([], lines))
    take(update([Line](repeating: .equals(identity("a", "A", "192.0.2.1")), count: lines.count), []))
    take(Message.header(flags: 0x2800, questions: 0xFFFF, answers: 0xFFFF, authorities: 0xFFFF, additionals: 0xFFFF))
    take([UInt8](repeating: 0xFF, count: 65_535))
    take([UInt8](repeating: 0, count: 65_535))
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func keptFiles(seed: UInt64) {
    var random = Random(seed: seed)
    for _ in 0..<2000 {
      let octets = random.octets(random.below(100))
      #expect(throws: UpdateDamage.self) { try Overlay(octets, zone: zone) }
      #expect(throws: UpdateDamage.self) { try Outbox(octets) }
    }
  }
}
