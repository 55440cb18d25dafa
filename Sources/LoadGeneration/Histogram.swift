import Memory

/// Times in nanoseconds, each kept to three significant digits, in a table of fixed size.
///
/// Exact below 2,048 ns; above, each power of two is divided into 1,024 steps. Longer than a minute counts as
/// the last step; the largest time is kept as it is.
package struct Histogram: ~Copyable {
  private static var precision: Int { 11 }
  private static var half: Int { 1 << (precision - 1) }
  private static var longest: UInt64 { 1 << 36 - 1 }

  private var counts = Slab<UInt64>(count: Histogram.index(longest) + 1)
  /// The steps that may hold anything.
  private var used = Int.max..<Int.max
  package private(set) var count: UInt64 = 0
  package private(set) var sum: UInt64 = 0
  package private(set) var largest: UInt64 = 0

  package init() {}

  package mutating func record(_ value: UInt64) {
    let i = Self.index(min(value, Self.longest))
    counts[i] &+= 1
    count &+= 1
    sum &+= value
    if value > largest { largest = value }
    if i < used.lowerBound || i >= used.upperBound { widen(i..<i + 1) }
  }

  private mutating func widen(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    used =
      used.isEmpty
      ? range : min(used.lowerBound, range.lowerBound)..<max(used.upperBound, range.upperBound)
  }

  /// Takes all that `other` has, and leaves it empty.
  package mutating func take(_ other: inout Histogram) {
    for i in other.used {
      counts[i] &+= other.counts[i]
      other.counts[i] = 0
    }
    widen(other.used)
    count += other.count
    sum &+= other.sum
    largest = max(largest, other.largest)
    (other.count, other.sum, other.largest, other.used) = (0, 0, 0, Int.max..<Int.max)
  }

  /// The time that a share of `share` of all times do not exceed: the upper end of its step; 0 when empty.
  package func quantile(_ share: Double) -> UInt64 {
    let rank = max(1, UInt64((share * Double(count)).rounded(.up)))
    var seen: UInt64 = 0
    for i in used {
      seen += counts[i]
      if seen >= rank { return min(Self.upper(i), largest) }
    }
    return largest
  }

  package var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  private static func index(_ value: UInt64) -> Int {
    let width = 64 - value.leadingZeroBitCount
    let shift = max(0, width - precision)
    return shift * half + Int(value >> UInt64(shift))
  }

  /// The largest value of step `i`.
  private static func upper(_ i: Int) -> UInt64 {
    guard i >= 2 * half else { return UInt64(i) }
    let shift = i / half - 1
    return UInt64(i - shift * half + 1) << UInt64(shift) - 1
  }
}
