import Memory
package import Wire

/// Generated names below one name: `h` and a number of fixed width, so that all queries have one size.
package struct RandomNames: Sendable {
  private let count: UInt64
  /// The question, with zeros for digits.
  private let pattern: [UInt8]
  private let digits: Int
  private var random: SeededRandom

  /// Nil when there is no number, or the names would be too long.
  package init?(count: UInt64, below name: DomainName, type: RecordType, seed: UInt64) {
    guard count > 0 else { return nil }
    digits = String(count - 1).count
    var wire: [UInt8] = [UInt8(digits + 1), UInt8(ascii: "h")]
    wire += [UInt8](repeating: UInt8(ascii: "0"), count: digits)
    wire += name.wire
    guard wire.count <= DomainName.maximumLength else { return nil }
    pattern = wire + [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xFF), 0, 1]
    self.count = count
    random = SeededRandom(seed: seed)
  }

  /// Writes the next question and returns its length.
  mutating func write(to target: inout MutableRawSpan, at offset: Int) -> Int {
    target.copy(pattern.rawBytes, from: 0, count: pattern.count, at: offset)
    var number = random.below(count)
    var at = offset + 1 + digits
    while number > 0 {
      target.put(UInt8(ascii: "0") + UInt8(number % 10), at: at)
      number /= 10
      at -= 1
    }
    return pattern.count
  }
}
