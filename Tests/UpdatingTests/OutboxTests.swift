import TestSupport
import Testing
import Updating
import Wire

@Suite struct OutboxTests {
  private let one = record("_acme-challenge", "TXT", "one", ttl: 60)
  private let two = record("_acme-challenge", "TXT", "two", ttl: 60)

  @Test func aBatchIsAnUpdateThatIsNotPassedOnAgain() throws {
    var outbox = Outbox()
    outbox.put([.add(one), .remove(two.identity)], in: zone, at: 1)
    let batch = try #require(outbox.next(upTo: 1232, identifier: 0x4711))
    let request = try UpdateRequest(batch.message)
    #expect(request.identifier == 0x4711 && request.zone == zone && request.isPassedOn && batch.zone == zone)
    #expect(Set(request.changes) == [.add(one), .delete(two.identity)] && request.prerequisites.isEmpty)
    #expect(batch.count == 2 && outbox.count == 2)
    outbox.acknowledge(batch)
    #expect(outbox.isEmpty && outbox.next(upTo: 1232, identifier: 1) == nil)
    #expect(request.peerSerial == nil)
  }

  @Test(
    arguments: [(7, 8, 8), (7, 12, 12), (7, 3, 8), (UInt32.max, 1, 1), (UInt32.max, 5, 5)] as [(UInt32, UInt32, UInt32)]
  )
  func aReceiverDoesNotStayBehind(serial: UInt32, peer: UInt32, after: UInt32) throws {
    var outbox = Outbox()
    outbox.put([.add(one)], in: zone, at: 1)
    let batch = try #require(outbox.next(upTo: 1232, identifier: 1) { $0 == zone ? peer : nil })
    let request = try UpdateRequest(batch.message)
    #expect(request.isPassedOn && request.peerSerial == peer)
    var overlay = Overlay(zone: zone, fileSerial: serial, fileHash: 1)
    try overlay.apply([.add(one)], after: request.peerSerial) { _ in false }
    #expect(overlay.serial == after)
  }

  @Test func theLaterChangeOfARecordWins() throws {
    var outbox = Outbox()
    outbox.put([.add(one)], in: zone, at: 1)
    outbox.put([.remove(one.identity)], in: zone, at: 1)
    #expect(outbox.count == 1)
    let batch = try #require(outbox.next(upTo: 1232, identifier: 1))
    #expect(try UpdateRequest(batch.message).changes == [.delete(one.identity)])
    // It changes again before the peer has said that it got that.
    outbox.put([.add(one)], in: zone, at: 1)
    outbox.acknowledge(batch)
    #expect(outbox.count == 1)
    let next = try #require(outbox.next(upTo: 1232, identifier: 2))
    #expect(try UpdateRequest(next.message).changes == [.add(one)])
  }

  @Test func itIsTheOldestThatCounts() throws {
    var outbox = Outbox()
    outbox.put([.add(one)], in: zone, at: 10)
    outbox.put([.add(two)], in: zone, at: 20)
    #expect(outbox.oldest == 10)
    // Who changes a record again and again does not hide that the peer has lacked it all the while.
    outbox.put([.remove(one.identity)], in: zone, at: 30)
    #expect(outbox.oldest == 10)
    #expect(try Outbox(outbox.octets).oldest == 10)
    outbox.acknowledge(try #require(outbox.next(upTo: 1232, identifier: 1)))
    #expect(outbox.oldest == nil)
    outbox.put([.add(one)], in: zone, at: 40)
    #expect(outbox.oldest == 40)
  }

  @Test func messagesStayWithinTheirSizeAndOneZone() throws {
    var outbox = Outbox()
    let other = name("other.example")
    let foreign = Record(owner: other, type: .a, data: [192, 0, 2, 1], ttl: 1)
    let records = (0..<100).map { record("a\($0)", "TXT", "\"some text that takes a few octets\"") }
    outbox.put(records.prefix(50).map { .add($0) }, in: zone, at: 1)
    outbox.put([.add(foreign)], in: other, at: 1)
    outbox.put(records.suffix(50).map { .add($0) }, in: zone, at: 1)
    var seen: [Change] = []
    while let batch = outbox.next(upTo: 600, identifier: 1) {
      #expect(batch.message.count <= 600 && batch.count > 0)
      let request = try UpdateRequest(batch.message)
      #expect(request.zone == batch.zone && request.changes.count == batch.count)
      seen += request.changes
      outbox.acknowledge(batch)
    }
    #expect(Set(seen) == Set((records + [foreign]).map { .add($0) }) && seen.count == 101)
    #expect(seen.prefix(5) == records.prefix(5).map { Change.add($0) }[...])
  }

  @Test func aLargeRecordGoesAlone() throws {
    var outbox = Outbox()
    let large = Record(
      owner: zone, type: .txt, data: (0..<120).flatMap { _ in [255] + [UInt8](repeating: 65, count: 255) }, ttl: 1)
    outbox.put([.add(large)], in: zone, at: 1)
    outbox.put([.add(one)], in: zone, at: 1)
    let batch = try #require(outbox.next(upTo: 1232, identifier: 1))
    #expect(batch.count == 1)
    #expect(try UpdateRequest(batch.message).changes == [.add(large)])
  }

  @Test func theOldestAreGivenUp() {
    var outbox = Outbox()
    let edits = (0..<Outbox.limit).map { Edit.add(record("a\($0)", "A", "192.0.2.1")) }
    let lost = [outbox.put(edits, in: zone, at: 1), outbox.put([.add(one), .add(two)], in: zone, at: 1)]
    #expect(lost == [0, 2] && outbox.count == Outbox.limit)
    let none = outbox.put([.remove(two.identity)], in: zone, at: 1)
    #expect(none == 0)
    outbox.drop(zone: zone)
    #expect(outbox.isEmpty)
  }

  /// Two servers, each with a client; messages between them are lost as often as not, and so are the answers, and
  /// the servers start anew. In the end both have the same. Without conflicts, that is what the clients made.
  @Test(arguments: 0..<8 as Range<UInt64>, [true, false])
  func peersAgreeInTheEnd(seed: UInt64, haveConflicts: Bool) throws {
    var random = Random(seed: seed)
    var peers = [Peer(), Peer()]
    var wanted: [RecordIdentity: UInt32] = [:]
    for step in 0..<200 {
      let i = random.below(2)
      let owner = haveConflicts ? "any server" : "server \(i)"
      let value = record("_acme-challenge", "TXT", "\"\(owner) value \(random.below(6))\"", ttl: 60)
      let isAdded = random.chance(percent: 60)
      wanted[value.identity] = isAdded ? 60 : nil
      let line = isAdded ? Line.add(value) : .delete(value.identity)
      try peers[i].receive(update([], [line]))
      try deliver(
        &peers, from: random.below(2), isLost: random.chance(percent: 50), answerIsLost: random.chance(percent: 30))
      if step % 20 == 0 { for i in peers.indices { try peers[i].restart() } }
    }
    while !peers[0].outbox.isEmpty || !peers[1].outbox.isEmpty {
      for i in 0..<2 { try deliver(&peers, from: i, isLost: false, answerIsLost: false) }
    }
    #expect(peers[0].overlay.added == peers[1].overlay.added)
    #expect(haveConflicts || peers[0].overlay.added == wanted)
    #expect(peers[0].overlay.removed.isEmpty && peers[1].overlay.removed.isEmpty)
  }

  private func deliver(_ peers: inout [Peer], from i: Int, isLost: Bool, answerIsLost: Bool) throws {
    guard !isLost, let batch = peers[i].outbox.next(upTo: 300, identifier: 1) else { return }
    try peers[1 - i].receive(batch.message)
    if !answerIsLost { peers[i].outbox.acknowledge(batch) }
  }
}

private struct Peer {
  var overlay = Overlay(zone: zone, fileSerial: 1, fileHash: 1)
  var outbox = Outbox()

  mutating func receive(_ message: [UInt8]) throws {
    let request = try UpdateRequest(message)
    let records = overlay.additions
    let outcome = try request.evaluate(for: key().name, rules: nil, view: TestZone(records: records).view)
    try overlay.apply(outcome.edits, isInFile: { _ in false })
    if request.isPassedOn { outbox.yield(to: request) } else { outbox.put(outcome.edits, in: zone, at: 1) }
  }

  mutating func restart() throws {
    overlay = try Overlay(overlay.octets, zone: zone)
    outbox = try Outbox(outbox.octets)
  }
}
