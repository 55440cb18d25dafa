/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed 64-bit hash that nobody without the key can predict.
@usableFromInline package struct SipHash: Sendable {
  package struct Key: Hashable, Sendable, BitwiseCopyable {
    /// The key's 16 octets as two little-endian numbers.
    package let low, high: UInt64

    package init(_ low: UInt64, _ high: UInt64) { (self.low, self.high) = (low, high) }

    package static func random() -> Key { Key(.random(in: .min ... .max), .random(in: .min ... .max)) }
  }

  private var v0, v1, v2, v3: UInt64

  package init(_ key: Key) {
    v0 = key.low ^ 0x736f_6d65_7073_6575
    v1 = key.high ^ 0x646f_7261_6e64_6f6d
    v2 = key.low ^ 0x6c79_6765_6e65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  /// Takes eight octets, the first one lowest.
  package mutating func absorb(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  /// - Parameters:
  ///   - rest: the last octets that are no whole word, the first one lowest; at most seven.
  ///   - length: of all that was taken.
  package mutating func finish(_ rest: UInt64 = 0, length: Int) -> UInt64 {
    absorb(rest | UInt64(truncatingIfNeeded: length) << 56)
    v2 ^= 0xFF
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  private mutating func round() {
    v0 &+= v1
    v1 = rotated(v1, 13) ^ v0
    v0 = rotated(v0, 32)
    v2 &+= v3
    v3 = rotated(v3, 16) ^ v2
    v0 &+= v3
    v3 = rotated(v3, 21) ^ v0
    v2 &+= v1
    v1 = rotated(v1, 17) ^ v2
    v2 = rotated(v2, 32)
  }

  private func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 &- bits) }
}
