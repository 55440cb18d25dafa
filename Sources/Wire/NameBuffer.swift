public import Memory

/// The name that a worker is looking up: lower case, uncompressed, with the start of each label.
///
/// It belongs to the worker and is filled again for every question and every link of a CNAME chain.
@usableFromInline package struct NameBuffer: ~Copyable {
  /// The name's 255 octets with a margin for access by words, and behind them where each of its labels
  /// begins, the root's not included: at most 127.
  @usableFromInline var octets = Slab<UInt8>(count: 400)
  @inlinable static var starts: Int { 272 }
  /// In octets, the root's included; 0 while there is no name.
  @usableFromInline package internal(set) var length = 0
  @usableFromInline package internal(set) var labelCount = 0

  package init() {}

  @inlinable package var bytes: RawSpan {
    @_lifetime(borrow self) borrowing get { octets.bytes }
  }

  /// The octet at which the last `labels` labels begin.
  @inlinable package func start(ofLast labels: Int) -> Int {
    labels == 0 ? length &- 1 : Int(octets.bytes.octet(Self.starts &+ labelCount &- labels))
  }

  /// Where the label begins that ends before octet `start`, at which another label begins.
  package func start(before start: Int) -> Int {
    var at = 0
    while true {
      let next = at + 1 + Int(bytes.octet(at))
      if next >= start { return at }
      at = next
    }
  }

  /// Where the label begins that follows the one at octet `start`.
  package func start(after start: Int) -> Int { start + 1 + Int(bytes.octet(start)) }

  /// Becomes the wildcard below the name that begins at octet `start` of `other`.
  package mutating func setWildcard(of other: borrowing NameBuffer, at start: Int) {
    let count = other.length - start
    var target = octets.mutableBytes(at: 0, count: 400)
    target.put(UInt8(1), at: 0)
    target.put(UInt8(ascii: "*"), at: 1)
    target.copy(other.bytes, from: start, count: count, at: 2)
    length = 2 + count
  }

  /// Reads the uncompressed name of a question, and lower-cases it sixteen octets at a time: lengths are
  /// below 64, so that they pass unchanged.
  ///
  /// - Returns: the offset behind the name; nil when it is malformed, compressed or too long.
  @inline(__always) package mutating func read(question message: borrowing Message, at offset: Int) -> Int? {
    var target = octets.mutableBytes(at: 0, count: 400)
    guard let (at, labels) = message.labels(at: offset, to: &target, from: Self.starts) else { return nil }
    let end = at &+ 1 &- offset
    target.putLowercased(message.octets, from: offset, count: end)
    length = end
    labelCount = labels
    return at + 1
  }

  /// Reads a name anywhere in the reply so far, following pointers backwards (RFC 1035 §4.1.4).
  ///
  /// - Returns: the offset behind the name as it stands there; nil when it is malformed.
  package mutating func read(compressed message: borrowing Message, at offset: Int) -> Int? {
    var at = offset
    var end: Int?
    var written = 0
    var labels = 0
    var target = octets.mutableBytes(at: 0, count: 400)
    while true {
      guard at < message.length else { return nil }
      let label = Int(message.octet(at))
      if label >= 0xC0 {
        guard at + 1 < message.length else { return nil }
        let pointer = Int(message.uint16(at) & 0x3FFF)
        guard pointer < at else { return nil }
        end = end ?? at + 2
        at = pointer
        continue
      }
      guard label <= 63, written + label + 1 <= DomainName.maximumLength, at + label < message.length else {
        return nil
      }
      if label == 0 { break }
      target.put(UInt8(truncatingIfNeeded: written), at: Self.starts + labels)
      labels += 1
      for i in 0...label { target.put(DomainName.lowercase(message.octet(at + i)), at: written + i) }
      written += label + 1
      at += label + 1
    }
    target.put(UInt8(0), at: written)
    length = written + 1
    labelCount = labels
    return end ?? at + 1
  }
}

/// ASCII capitals in sixteen octets become small letters; all else stays (RFC 4343).
///
/// As two numbers: on vectors of octets the compiler (6.3) compares one by one.
@inlinable @inline(__always) func lowercased(_ words: SIMD2<UInt64>) -> SIMD2<UInt64> {
  let ones = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
  let highest = ones &* 0x80
  let sevenBits = words & (ones &* 0x7F)
  let atLeastA = sevenBits &+ ones &* (0x80 - 0x41)
  let aboveZ = sevenBits &+ ones &* (0x7F - 0x5A)
  let capitals = (atLeastA ^ aboveZ) & highest & (words ^ highest)
  return words | capitals &>> 2
}

extension NameBuffer {
  /// Takes a name that is kept elsewhere.
  package mutating func set(_ name: DomainName) {
    var target = octets.mutableBytes(at: 0, count: 400)
    var at = 0
    var labels = 0
    while name.wire[at] != 0 {
      target.put(UInt8(at), at: Self.starts + labels)
      labels += 1
      at += 1 + Int(name.wire[at])
    }
    for (i, octet) in name.wire.enumerated() { target.put(DomainName.lowercase(octet), at: i) }
    length = name.wire.count
    labelCount = labels
  }
}

extension NameBuffer {
  /// Whether it is the name whose wire form, in lower case, is `wire`.
  package func isSame(as wire: StaticString) -> Bool {
    guard length == wire.utf8CodeUnitCount else { return false }
    for i in 0..<length where bytes.octet(i) != wire.octet(i) { return false }
    return true
  }
}
