import Memory
import Wire

/// The chain by which a signed zone proves what does not exist: NSEC (RFC 4034 §4) or NSEC3 (RFC 5155).
package struct Denial: ~Copyable, Sendable {
  package enum Kind: UInt8, Sendable, BitwiseCopyable {
    case none, nsec, nsec3

    var isNone: Bool { if case .none = self { true } else { false } }
  }

  package let kind: Kind
  /// In the chain's order.
  private(set) var links: Slab<Link>
  /// Hash rounds beyond the first (RFC 5155 §5).
  let iterations: Int
  let salt: Slab<UInt8>
  let saltLength: Int

  /// A node of the chain. Keys order as the chain does, but for links of the same key, whose names decide.
  struct Link: BitwiseCopyable, Sendable {
    var key: UInt64
    var node: UInt32
  }

  /// More rounds are not served: each costs every NXDOMAIN (RFC 9276 §3.2).
  package static var mostIterations: Int { 50 }

  init(_ kind: Kind, _ links: [Link], iterations: Int = 0, salt: [UInt8] = []) {
    self.kind = links.isEmpty ? .none : kind
    self.links = Slab(copying: links.span)
    self.iterations = iterations
    self.salt = Slab(copying: salt.span)
    saltLength = salt.count
  }

  /// - Precondition: all of it has been checked.
  init(_ kind: Kind, adopting links: consuming Slab<Link>, iterations: Int, salt: consuming Slab<UInt8>) {
    self.kind = kind
    self.iterations = iterations
    saltLength = salt.count
    self.links = links
    self.salt = salt
  }

  static var none: Denial { Denial(.none, []) }

  /// Puts the nodes' places where their numbers stand.
  mutating func place(_ places: borrowing Slab<UInt32>) {
    for i in 0..<links.count { links[i].node = places[Int(links[i].node)] }
  }
}

/// A name's hash as NSEC3 has it.
package struct NameHash3: Sendable {
  let digest: InlineArray<5, UInt32>

  /// The hash of the name that begins at octet `start` of `name`, in lower case.
  init(_ name: borrowing NameBuffer, from start: Int, _ denial: borrowing Denial) {
    var sha = SHA1()
    sha.update(name.bytes, from: start, count: name.length - start)
    sha.update(denial.salt.bytes, from: 0, count: denial.saltLength)
    var digest = sha.finish()
    for _ in 0..<denial.iterations {
      var next = SHA1()
      for i in 0..<20 { next.update(NameHash3.octet(digest, i)) }
      next.update(denial.salt.bytes, from: 0, count: denial.saltLength)
      digest = next.finish()
    }
    self.digest = digest
  }

  var key: UInt64 { UInt64(digest[0]) << 32 | UInt64(digest[1]) }

  private static func octet(_ digest: InlineArray<5, UInt32>, _ i: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: digest[i >> 2] >> UInt32(24 - 8 * (i & 3)))
  }

  /// Character `i` of the 32 that the owner's first label has, in lower case (RFC 5155 §1.3).
  func character(_ i: Int) -> UInt8 {
    let bit = 5 * i
    let word = bit >> 5
    let pair = UInt64(digest[word]) << 32 | (word < 4 ? UInt64(digest[word + 1]) : 0)
    let digit = UInt8(truncatingIfNeeded: pair >> UInt64(59 - bit & 31)) & 31
    return digit < 10 ? 0x30 + digit : 0x57 + digit
  }
}
