/// SHA-1 (FIPS 180-4 §6.1), for the hashed names of NSEC3 (RFC 5155 §5) and nothing else.
package struct SHA1: Sendable {
  package static var length: Int { 20 }

  private var state: InlineArray<5, UInt32> = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
  private var block = InlineArray<16, UInt32>(repeating: 0)
  /// Octets taken.
  private var count = 0

  package init() {}

  package mutating func update(_ octet: UInt8) {
    let at = count & 63
    block[at >> 2] = block[at >> 2] << 8 | UInt32(octet)
    count &+= 1
    if at == 63 { compress() }
  }

  package mutating func update(_ octets: RawSpan, from start: Int, count: Int) {
    for i in start..<(start + count) { update(octets.octet(i)) }
  }

  /// The digest as five numbers, the first octet in the highest bits.
  package mutating func finish() -> InlineArray<5, UInt32> {
    let bits = UInt64(count) &* 8
    update(0x80)
    while count & 63 != 56 { update(0) }
    for shift in stride(from: UInt64(56), through: 0, by: -8) { update(UInt8(truncatingIfNeeded: bits >> shift)) }
    return state
  }

  private mutating func compress() {
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for i in 0..<80 {
      let (mixed, constant) = SHA1.round(i, b, c, d)
      let next = rotated(a, 5) &+ mixed &+ e &+ constant &+ word(i)
      (e, d, c, b, a) = (d, c, rotated(b, 30), a, next)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
  }

  private static func round(_ i: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> (UInt32, UInt32) {
    switch i {
    case ..<20: (b & c | ~b & d, 0x5A82_7999)
    case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
    case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
    default: (b ^ c ^ d, 0xCA62_C1D6)
    }
  }

  /// The schedule's word `i`, which takes the place of the one 16 before it.
  private mutating func word(_ i: Int) -> UInt32 {
    guard i >= 16 else { return block[i] }
    let value = rotated(block[(i - 3) & 15] ^ block[(i - 8) & 15] ^ block[(i - 14) & 15] ^ block[i & 15], 1)
    block[i & 15] = value
    return value
  }

  private func rotated(_ value: UInt32, _ bits: UInt32) -> UInt32 { value << bits | value >> (32 &- bits) }
}
