import TestSupport
import Testing
import Updating
import Wire

/// Updates at random, edits of the zone file and restarts between them, against RFC 2136 taken to the letter.
@Suite struct RandomUpdateTests {
  private static let owners = ["@", "www", "alias", "a", "b", "a.b"]
  private static let values: [(String, String)] = [
    ("A", "192.0.2.1"), ("A", "192.0.2.2"), ("TXT", "one"), ("TXT", "two"), ("MX", "10 a"), ("MX", "10 b"),
  ]

  private static let records: [Record] = owners.flatMap { owner in
    values.flatMap { type, data in [60, 300].map { record(owner, type, data, ttl: $0) } }
  }

  private func anyRecord(_ random: inout Random) -> Record { random.pick(Self.records) }

  private func anyLine(_ random: inout Random) -> Line {
    let record = anyRecord(&random)
    return switch random.below(8) {
    case 0..<4: .add(record)
    case 4, 5: .delete(record.identity)
    case 6: Line(owner: record.identity.owner.shortText, type: record.identity.type.rawValue, recordClass: 255)
    default: Line(owner: random.pick(["www", "a", "b"]) + ".app.example.com", type: 255, recordClass: 255)
    }
  }

  /// The pseudo code of RFC 2136 §3.4.2.7 for types that updates may change.
  private func naive(_ changes: [Change], _ zone: TestZone) -> TestZone {
    var zone = zone
    for change in changes {
      switch change {
      case .add(let record):
        let owner = record.identity.owner
        if zone.records.contains(where: { $0.identity.owner == owner && $0.identity.type == .cname }) { continue }
        zone.records.removeAll { $0.identity == record.identity }
        zone.records.append(record)
      case .deleteRRset(let owner, let type):
        zone.records.removeAll { $0.identity.owner == owner && $0.identity.type == type }
      case .deleteName(let owner): zone.records.removeAll { $0.identity.owner == owner }
      case .delete(let identity): zone.records.removeAll { $0.identity == identity }
      }
    }
    return zone
  }

  private func served(_ file: TestZone, _ overlay: Overlay) -> TestZone {
    TestZone(records: file.records.filter { overlay.keeps($0.identity) } + overlay.additions)
  }

  private func edited(_ file: TestZone, _ random: inout Random) -> TestZone {
    var file = file
    let record = anyRecord(&random)
    file.records.removeAll { $0.identity == record.identity }
    if random.chance(percent: 60), record.identity.owner != name("alias.app.example.com") {
      file.records.append(record)
    }
    return file
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func likeTheRFC(seed: UInt64) throws {
    var random = Random(seed: seed)
    var file = TestZone.usual
    var overlay = Overlay(zone: zone, fileSerial: UInt32(truncatingIfNeeded: random.next()), fileHash: 0)
    for step in 0..<200 {
      let before = overlay.serial
      if random.chance(percent: 85) {
        let request = try UpdateRequest(update([], (0..<random.within(1...4)).map { _ in anyLine(&random) }))
        let content = served(file, overlay)
        let outcome = try request.evaluate(for: key().name, rules: nil, view: content.view)
        try overlay.apply(outcome.edits) { identity in file.records.contains { $0.identity == identity } }
        let expected = naive(request.changes, content)
        #expect(served(file, overlay).set == expected.set)
        #expect((overlay.serial == before) == (expected.set == content.set))
        #expect(outcome.edits.isEmpty == (expected.set == content.set))
      } else {
        file = edited(file, &random)
        let serial = before &+ UInt32(truncatingIfNeeded: random.pick([-5, 0, 1, 1000]))
        overlay.meet(fileSerial: serial, fileHash: UInt64(step + 1)) { identity in
          file.records.contains { $0.identity == identity }
        }
        #expect(Serial.isAhead(overlay.serial, of: before))
      }
      #expect(overlay.serial == before || Serial.isAhead(overlay.serial, of: before))
      #expect(overlay.removed.isSubset(of: file.records.map(\.identity)))
      if random.chance(percent: 10) { overlay = try Overlay(overlay.octets, zone: zone) }
    }
  }
}
