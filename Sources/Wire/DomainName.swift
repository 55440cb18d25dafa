/// A domain name that is kept: uncompressed wire form with the root's octet (RFC 1035 §3.1), in the
/// case it was written. Names compare and hash without regard to ASCII case (RFC 4343).
///
/// For configuration, zone loading and tools; the query path works on octets in the message.
package struct DomainName: Sendable {
  /// 1 to 255 octets, ending in the root's zero octet.
  package let wire: [UInt8]

  package static let root = DomainName(unchecked: [0])
  package static var maximumLength: Int { 255 }

  package init(unchecked wire: [UInt8]) { self.wire = wire }

  /// Nil unless `wire` is one whole uncompressed name.
  package init?(wire: [UInt8]) {
    guard DomainName.length(wire[...]) == wire.count else { return nil }
    self.wire = wire
  }

  /// The length in octets of the uncompressed name at the start of `octets`, or nil.
  package static func length(_ octets: ArraySlice<UInt8>) -> Int? {
    var at = octets.startIndex
    while at < octets.endIndex, at - octets.startIndex < maximumLength {
      let label = Int(octets[at])
      if label == 0 { return at - octets.startIndex + 1 }
      guard label <= 63 else { return nil }
      at += label + 1
    }
    return nil
  }

  /// The labels, leftmost first, without the root.
  package var labels: [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    var at = 0
    while wire[at] != 0 {
      let next = at + 1 + Int(wire[at])
      result.append(wire[(at + 1)..<next])
      at = next
    }
    return result
  }

  package var isRoot: Bool { wire.count == 1 }

  /// The name without its leftmost label; nil for the root.
  package var parent: DomainName? {
    isRoot ? nil : DomainName(unchecked: Array(wire[(1 + Int(wire[0]))...]))
  }

  /// Whether the leftmost label is `*` (RFC 4592 §2.1.1).
  package var isWildcard: Bool { wire.count >= 3 && wire[0] == 1 && wire[1] == UInt8(ascii: "*") }

  package var lowercased: DomainName { DomainName(unchecked: wire.map(DomainName.lowercase)) }

  /// Whether this name is `other` or below it.
  package func isAtOrBelow(_ other: DomainName) -> Bool {
    var at = 0
    while wire.count - at > other.wire.count { at += 1 + Int(wire[at]) }
    return wire.count - at == other.wire.count
      && zip(wire[at...], other.wire).allSatisfy { DomainName.lowercase($0) == DomainName.lowercase($1) }
  }

  /// Lengths are below 64, so that a whole wire name can be lower-cased blindly.
  @inlinable package static func lowercase(_ octet: UInt8) -> UInt8 {
    octet &- 0x41 < 26 ? octet | 0x20 : octet
  }
}

extension DomainName: Hashable {
  package static func == (a: DomainName, b: DomainName) -> Bool {
    a.wire.count == b.wire.count && zip(a.wire, b.wire).allSatisfy { lowercase($0) == lowercase($1) }
  }

  package func hash(into hasher: inout Hasher) {
    for octet in wire { hasher.combine(DomainName.lowercase(octet)) }
  }
}

extension DomainName: Comparable {
  /// Canonical order: label by label from the right, as octets in lower case (RFC 4034 §6.1).
  package static func < (a: DomainName, b: DomainName) -> Bool {
    for (x, y) in zip(a.labels.reversed(), b.labels.reversed()) {
      let (x, y) = (x.map(lowercase), y.map(lowercase))
      if x != y { return x.lexicographicallyPrecedes(y) }
    }
    return a.labels.count < b.labels.count
  }
}
