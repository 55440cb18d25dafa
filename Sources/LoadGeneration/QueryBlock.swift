import Memory
import Sockets
import Wire

/// The next queries, ready to be sent but for their IDs, in one flat memory.
///
/// Within a block they are ordered by size, so that neighbours leave in runs that the kernel cuts
/// (`SendBuffer`); from block to block they come in the order of their sources.
struct QueryBlock: ~Copyable {
  static var capacity: Int { 512 }
  private static var largest: Int { 12 + DomainName.maximumLength + 4 + 11 + 4 + 40 }

  private var sources: FixedArray<QuerySource>
  private var weights: [Int]
  private let totalWeight: Int
  private var random: SeededRandom
  var options: QueryOptions {
    didSet { tail = options.tail }
  }
  private var tail: [UInt8]

  /// The queries as their sources gave them.
  private var staging = Slab<UInt8>(count: capacity * largest)
  private var stagedSizes = Slab<UInt16>(count: capacity)
  private var questionLengths = Slab<UInt16>(count: capacity)
  /// Where the next query of a size goes; twice, for counting.
  private var places = Slab<UInt32>(count: largest + 2)

  /// The queries in the order they leave, and what sends them.
  var sends: SendBuffer
  private var sizes = Slab<UInt16>(count: capacity)
  private var checks = Slab<UInt32>(count: capacity)
  private var order = Slab<UInt32>(count: capacity)
  /// Queries of this block, and how many of them have been sent.
  private var size = 0
  private var position = 0
  private var offset = 0

  init(sources: consuming FixedArray<QuerySource>, options: QueryOptions, seed: UInt64) {
    weights = (0..<sources.count).map { sources[$0].weight }
    totalWeight = weights.reduce(0, +)
    self.sources = sources
    self.options = options
    tail = options.tail
    random = SeededRandom(seed: seed)
    sends = SendBuffer(octets: Self.capacity * Self.largest)
  }

  /// Whether the server has a cookie to give that we do not have yet.
  var needsCookie: Bool { options.clientCookie != nil && options.serverCookie.isEmpty }

  /// Queries that are left before the next ones are made.
  var count: Int { size - position }

  /// Makes the next ones when none is left, at most `limit`, so that a run of few queries asks the first of its
  /// sources and not the shortest.
  mutating func refillIfEmpty(limit: Int) {
    guard position == size else { return }
    size = min(limit, Self.capacity)
    stage()
    arrange()
    (position, offset) = (0, 0)
  }

  /// The next query's check, to be noted before it gets its ID.
  var nextCheck: UInt32 { checks[position] }
  /// Its size in octets, and where it lies.
  var nextSize: Int { Int(sizes[position]) }

  /// Gives the next query its ID and adds it to `sends`.
  mutating func send(id: UInt16) {
    let size = nextSize
    var target = sends.octets.mutableBytes(at: offset, count: 2)
    target.put(id, at: 0)
    sends.add(offset: offset, size: size)
    offset += size
    position += 1
  }

  /// Gives the next query its ID and copies it to `target`; returns its size.
  mutating func copy(id: UInt16, to target: inout MutableRawSpan, at place: Int) -> Int {
    let size = nextSize
    target.copy(sends.octets.bytes, from: offset, count: size, at: place)
    target.put(id, at: place)
    offset += size
    position += 1
    return size
  }

  private mutating func pick() -> Int {
    guard weights.count > 1 else { return 0 }
    var left = Int(random.below(UInt64(totalWeight)))
    for i in 0..<weights.count {
      left -= weights[i]
      if left < 0 { return i }
    }
    return 0
  }

  private mutating func stage() {
    var at = 0
    for i in 0..<size {
      let source = pick()
      let length = Self.write(&sources[source], tail, to: &staging, at: at)
      let octets = 12 + length + tail.count
      stagedSizes[i] = UInt16(octets)
      questionLengths[i] = UInt16(length)
      at += octets
    }
  }

  /// Writes a message with the source's next question; returns the question's length.
  private static func write(
    _ source: inout QuerySource, _ tail: borrowing [UInt8], to staging: inout Slab<UInt8>, at offset: Int
  ) -> Int {
    var target = staging.mutableBytes(at: offset, count: largest)
    target.put(UInt32(0), at: 0)
    target.put(UInt32(0x0001_0000), at: 4)
    target.put(UInt32(tail.isEmpty ? 0 : 1), at: 8)
    let length = source.write(to: &target, at: 12)
    target.copy(tail.rawBytes, from: 0, count: tail.count, at: 12 + length)
    return length
  }

  private static func copy(
    _ source: borrowing Slab<UInt8>, from start: Int, count: Int, to target: inout Slab<UInt8>, at offset: Int
  ) {
    var octets = target.mutableBytes(at: offset, count: count)
    octets.copy(source.bytes, from: start, count: count, at: 0)
  }

  /// Sorts by size, keeping the order of equals, by counting.
  private mutating func arrange() {
    countSizes()
    for i in 0..<size {
      let size = Int(stagedSizes[i])
      order[Int(places[size])] = UInt32(i)
      places[size] += 1
    }
    lay()
  }

  private mutating func countSizes() {
    for i in 0..<places.count { places[i] = 0 }
    for i in 0..<size { places[Int(stagedSizes[i]) + 1] += 1 }
    for i in 1..<places.count { places[i] += places[i - 1] }
  }

  private mutating func lay() {
    var starts = InlineArray<512, UInt32>(repeating: 0)
    var at: UInt32 = 0
    for i in 0..<size {
      starts[i] = at
      at += UInt32(stagedSizes[i])
    }
    var target = 0
    for i in 0..<size {
      let query = Int(order[i])
      let size = Int(stagedSizes[query])
      Self.copy(staging, from: Int(starts[query]), count: size, to: &sends.octets, at: target)
      checks[i] = QuestionCheck.of(
        staging.bytes, at: Int(starts[query]), length: Int(questionLengths[query]))
      sizes[i] = UInt16(size)
      target += size
    }
  }
}

extension QueryBlock {
  /// Bad lines that were left out, and the first of them.
  var problems: (badLines: Int, listed: [String]) {
    var badLines = 0
    var listed: [String] = []
    for i in 0..<sources.count {
      badLines += sources[i].badLines
      listed += sources[i].problems
      if let failure = sources[i].failure { listed.append("\(failure)") }
    }
    return (badLines, listed)
  }
}
