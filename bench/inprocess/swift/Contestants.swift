import Answering
import CAnswering
import Diagnostics
import Memory
import Wire
import Zone

/// Alula's responder, as a UDP worker uses it: batch by batch, and for a large zone everything read first.
struct SwiftContestant: ~Copyable {
  private var responder = Responder(seed: 1)
  var buffers = Buffers()

  /// - Returns: octets of all replies.
  mutating func run(_ queries: borrowing Queries, _ generation: borrowing Generation) -> Int {
    var total = 0
    var at = 0
    while at < queries.count {
      let count = min(Buffers.batch, queries.count - at)
      for i in 0..<count { buffers.take(queries, at + i, into: i) }
      let isLarge = generation.zones.hasLargeZone
      if isLarge { Self.read(count, queries, at, &responder, &buffers, generation) }
      for i in 0..<count {
        total &+= Self.answer(i, Int(queries.lengths[at + i]), isLarge, &responder, &buffers, generation)
      }
      at += count
    }
    return total
  }

  private static func read(
    _ count: Int, _ queries: borrowing Queries, _ at: Int, _ responder: inout Responder, _ buffers: inout Buffers,
    _ generation: borrowing Generation
  ) {
    for i in 0..<count {
      let length = Int(queries.lengths[at + i])
      responder.read(Message(buffers[i], length: length), into: i, generation)
    }
    responder.fetch(count, generation)
  }

  private static func answer(
    _ i: Int, _ length: Int, _ isRead: Bool, _ responder: inout Responder, _ buffers: inout Buffers,
    _ generation: borrowing Generation
  ) -> Int {
    var message = Message(buffers[i], length: length)
    let reply =
      isRead
      ? responder.respond(to: &message, from: i, over: generation) : responder.respond(to: &message, over: generation)
    return reply.isSent ? message.length : 0
  }
}

/// The same in C.
@safe struct CContestant: ~Copyable {
  private let generation: UnsafeMutablePointer<c_generation>
  private var queries = Slab<c_query>(count: Buffers.batch)
  private let isLarge: Bool
  var buffers = Buffers()

  init(names: Int) {
    unsafe generation = c_generation_make(UInt32(names))
    isLarge = names * 10 / 7 > 1 << 15
  }

  deinit { unsafe c_generation_free(generation) }

  mutating func run(_ queries: borrowing Queries) -> Int {
    var total = 0
    var at = 0
    let places = unsafe self.queries.address
    let octets = unsafe buffers.octets.address
    while at < queries.count {
      let count = min(Buffers.batch, queries.count - at)
      for i in 0..<count { buffers.take(queries, at + i, into: i) }
      if isLarge {
        for i in 0..<count {
          unsafe c_read(generation, octets + i * Buffers.stride, Int(queries.lengths[at + i]), places + i)
          unsafe c_fetch_slot(generation, places + i)
        }
        for i in 0..<count { unsafe c_fetch_node(generation, places + i) }
      }
      for i in 0..<count {
        let message = unsafe octets + i * Buffers.stride
        let place = unsafe isLarge ? places + i : places
        if !isLarge { unsafe c_read(generation, message, Int(queries.lengths[at + i]), place) }
        let reply = unsafe c_answer(generation, message, 1024, false, place)
        if reply.fate == UInt8(c_sent.rawValue) { total &+= reply.length }
      }
      at += count
    }
    return total
  }
}

/// A generation that several threads read.
final class Held: Sendable {
  let generation: Shared<Generation>

  /// One zone, `bench.test.`, with an A record for each of n0, n1, ….
  init(names: Int) {
    var text = Array("$TTL 300\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n".utf8)
    for i in 0..<names { text += Array("n\(i) A 10.\(i >> 16 & 255).\(i >> 8 & 255).\(i & 255)\n".utf8) }
    guard let apex = try? DomainName("bench.test.") else { preconditionFailure("a good name") }
    let parsed = ZoneFileParser.parse(file: "bench", apex: apex, text: text.span) { _, _, _ in "none" }
    var problems = parsed.problems
    guard let zone = ZoneBuilder.build(records: parsed.takeRecords(), pooled: [], problems: &problems) else {
      preconditionFailure("the bench's own zone is wrong: \(problems.listed)")
    }
    var built: Zone? = consume zone
    let entries = FixedArray<ZoneTable.Entry>(count: 1) { _ in
      guard let zone = built.take() else { preconditionFailure("one zone") }
      return ZoneTable.Entry(zone: Shared(zone), pools: [])
    }
    generation = Shared(
      Generation(
        zones: ZoneTable(entries), pools: FixedArray(count: 0) { _ in PoolSlot(PoolBlock(ttl: 1, addresses: [])) },
        settings: AnswerSettings(udpSize: 1232)))
  }
}
