import Memory
package import Wire

/// Which class each client belongs to: the longest of many prefixes, flattened at load into ranges in order.
///
/// Class 0 is what no prefix contains. A lookup is a binary search, with no allocation.
package struct ClientTable: ~Copyable, Sendable {
  /// What a client is, and for which of its neighbours the same holds.
  package struct Match: Hashable, Sendable, BitwiseCopyable {
    package let classIndex: Int
    /// Bits of the shortest prefix around the client whose addresses are all of its class: the scope of
    /// RFC 7871 §7.2.1.
    package let scope: Int
  }

  /// All addresses from `start` on, up to the next range's, are of this class.
  package struct Range<Address: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
    let start: Address
    let classIndex: UInt32

    package init(start: Address, classIndex: Int) {
      self.start = start
      self.classIndex = UInt32(clamping: classIndex)
    }
  }

  private let v4: Slab<Range<UInt32>>
  private let v6: Slab<Range<UInt128>>
  private let pinned = Pinned()

  /// - Parameters:
  ///   - prefixes: with their classes; of equal ones the first counts.
  ///   - elsewhere4: the classes of what is in no prefix, ascending from address 0 on.
  ///   - elsewhere6: the same of IPv6.
  package init(
    _ prefixes: [(prefix: IPPrefix, classIndex: Int)],
    elsewhere4: [Range<UInt32>] = [Range(start: 0, classIndex: 0)],
    elsewhere6: [Range<UInt128>] = [Range(start: 0, classIndex: 0)]
  ) {
    var (short, long): ([ClientRanges<UInt32>.Prefix], [ClientRanges<UInt128>.Prefix]) = ([], [])
    for (prefix, classIndex) in prefixes {
      switch prefix.address {
      case .v4(let value): short.append(.init(start: value, length: prefix.length, classIndex: UInt32(classIndex)))
      case .v6(let high, let low):
        long.append(
          .init(start: UInt128(high) << 64 | UInt128(low), length: prefix.length, classIndex: UInt32(classIndex)))
      }
    }
    let ranges4 = ClientRanges.overlay(ClientRanges.flatten(short), elsewhere4)
    let ranges6 = ClientRanges.overlay(ClientRanges.flatten(long), elsewhere6)
    v4 = Slab(copying: ranges4.span)
    v6 = Slab(copying: ranges6.span)
  }

  package func find(_ address: IPAddress) -> Match {
    switch address {
    case .v4(let value): ClientTable.find(value, v4.span)
    case .v6(let high, let low): ClientTable.find(UInt128(high) << 64 | UInt128(low), v6.span)
    }
  }

  /// The last range that begins at or before `address`; the first one begins at 0.
  @inline(__always) private static func find<Address: FixedWidthInteger & UnsignedInteger & Sendable>(
    _ address: Address, _ ranges: Span<Range<Address>>
  ) -> Match {
    var (low, high) = (0, ranges.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if ranges[middle].start <= address { low = middle } else { high = middle }
    }
    // A prefix stays inside the range when it leaves out the addresses just before and behind it.
    var scope = 0
    if low > 0 { scope = common(address, ranges[low].start - 1) + 1 }
    if high < ranges.count { scope = max(scope, common(address, ranges[high].start) + 1) }
    return Match(classIndex: Int(ranges[low].classIndex), scope: scope)
  }

  /// How many bits two addresses begin with alike.
  private static func common<Address: FixedWidthInteger>(_ a: Address, _ b: Address) -> Int {
    (a ^ b).leadingZeroBitCount
  }
}

/// Nested prefixes as ranges beside each other.
enum ClientRanges<Address: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable> {
  struct Prefix {
    let start: Address
    let length: Int
    let classIndex: UInt32

    /// The last address inside.
    var end: Address { length == 0 ? .max : start | (Address.max >> Address(length)) }
  }

  typealias Range = ClientTable.Range<Address>

  /// Stands for the class of what is in no prefix.
  private static var outside: UInt32 { .max }

  /// - Returns: with `outside` between them.
  static func flatten(_ prefixes: [Prefix]) -> [Range] {
    let sorted = prefixes.enumerated().sorted {
      ($0.element.start, $0.element.length, $0.offset) < ($1.element.start, $1.element.length, $1.offset)
    }.map(\.element)
    var ranges: [Range] = []
    var open: [Prefix] = []
    func emit(_ start: Address, _ classIndex: UInt32) {
      ClientRanges.add(start, classIndex, to: &ranges)
    }
    func close(before start: Address?) {
      while let last = open.last, start.map({ last.end < $0 }) ?? true {
        open.removeLast()
        if last.end < .max { emit(last.end + 1, open.last?.classIndex ?? outside) }
      }
    }
    emit(0, outside)
    for prefix in sorted {
      close(before: prefix.start)
      // Equal to the one that is open: that one was there first.
      if let last = open.last, last.start == prefix.start, last.length == prefix.length { continue }
      emit(prefix.start, prefix.classIndex)
      open.append(prefix)
    }
    close(before: nil)
    return ranges
  }

  /// The lower ranges wherever the upper ones are `outside`. Both begin at address 0.
  static func overlay(_ upper: [Range], _ lower: [Range]) -> [Range] {
    var ranges: [Range] = []
    var (i, j) = (0, 0)
    while true {
      let classIndex = upper[i].classIndex == outside ? lower[j].classIndex : upper[i].classIndex
      add(max(upper[i].start, lower[j].start), classIndex, to: &ranges)
      let (next, below) = (start(i + 1, upper), start(j + 1, lower))
      if next == nil, below == nil { return ranges }
      if let next, next <= below ?? .max { i += 1 }
      if let below, below <= next ?? .max { j += 1 }
    }
  }

  private static func start(_ index: Int, _ ranges: [Range]) -> Address? {
    index < ranges.count ? ranges[index].start : nil
  }

  private static func add(_ start: Address, _ classIndex: UInt32, to ranges: inout [Range]) {
    if ranges.last?.start == start { ranges.removeLast() }
    if ranges.last?.classIndex != classIndex { ranges.append(Range(start: start, classIndex: Int(classIndex))) }
  }
}
