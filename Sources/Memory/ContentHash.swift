/// xxHash64 of octets that come in pieces: it tells damage and change, at memory's speed, but is no
/// protection against somebody who wants two contents to look the same.
package struct ContentHash {
  /// Octets that are absorbed at once; every piece but the last is a multiple of them.
  package static var stripe: Int { 32 }

  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (prime1 &+ prime2, prime2, 0, 0 &- prime1)
  private var count = 0

  package init() {}

  /// The hash of octets that are there at once.
  package static func of(_ octets: RawSpan) -> UInt64 { ContentHash().finish(octets) }

  /// - Precondition: the piece is a multiple of `stripe`.
  package mutating func absorb(_ piece: RawSpan) {
    precondition(piece.byteCount % Self.stripe == 0)
    var (a, b, c, d) = lanes
    var at = 0
    while at < piece.byteCount {
      a = Self.round(a, Self.word(piece, at))
      b = Self.round(b, Self.word(piece, at + 8))
      c = Self.round(c, Self.word(piece, at + 16))
      d = Self.round(d, Self.word(piece, at + 24))
      at += Self.stripe
    }
    lanes = (a, b, c, d)
    count += piece.byteCount
  }

  /// The hash of all pieces and a last one of any size.
  package consuming func finish(_ last: RawSpan) -> UInt64 {
    var at = last.byteCount / Self.stripe * Self.stripe
    absorb(last.extracting(0..<at))
    var hash = count > 0 ? joined : prime5
    hash &+= UInt64(count + last.byteCount - at)
    while at + 8 <= last.byteCount {
      hash = (hash ^ Self.round(0, Self.word(last, at))).rotated(27) &* prime1 &+ prime4
      at += 8
    }
    if at + 4 <= last.byteCount {
      let half = unsafe last.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self)
      hash = (hash ^ UInt64(half) &* prime1).rotated(23) &* prime2 &+ prime3
      at += 4
    }
    while at < last.byteCount {
      let octet = unsafe last.unsafeLoad(fromByteOffset: at, as: UInt8.self)
      hash = (hash ^ UInt64(octet) &* prime5).rotated(11) &* prime1
      at += 1
    }
    hash = (hash ^ hash >> 33) &* prime2
    hash = (hash ^ hash >> 29) &* prime3
    return hash ^ hash >> 32
  }

  private var joined: UInt64 {
    var hash = lanes.0.rotated(1) &+ lanes.1.rotated(7) &+ lanes.2.rotated(12) &+ lanes.3.rotated(18)
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { hash = (hash ^ Self.round(0, lane)) &* prime1 &+ prime4 }
    return hash
  }

  @inline(__always) private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    (lane &+ word &* prime2).rotated(31) &* prime1
  }

  @inline(__always) private static func word(_ octets: RawSpan, _ offset: Int) -> UInt64 {
    unsafe octets.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}

private let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
private let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
private let prime3: UInt64 = 0x1656_67B1_9E37_79F9
private let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
private let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

extension UInt64 {
  @inline(__always) fileprivate func rotated(_ bits: UInt64) -> UInt64 { self << bits | self >> (64 - bits) }
}
