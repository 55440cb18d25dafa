import Memory
package import Wire

/// The names of the keys that requests may be signed with (RFC 8945): what is signed with one of them is handed
/// over to who has its secret.
package struct KeyNames: ~Copyable, Sendable {
  /// Wire form in lower case, one behind the other, with a margin for reading by words.
  private let octets: Slab<UInt8>
  private let end: Int
  private let pinned = Pinned()

  package init(_ names: [DomainName] = []) {
    let wire = names.flatMap(\.lowercased.wire)
    octets = Slab(copying: (wire + [UInt8](repeating: 0, count: 16)).span)
    end = wire.count
  }

  func contains(_ name: borrowing NameBuffer) -> Bool {
    let octets = octets.bytes
    var at = 0
    while at < end {
      let count = length(octets, at)
      if count == name.length, sameOctets(octets, at: at, name.bytes, at: 0, count: count) { return true }
      at += count
    }
    return false
  }

  private func length(_ octets: RawSpan, _ start: Int) -> Int {
    var at = start
    while octets.octet(at) != 0 { at += 1 + Int(octets.octet(at)) }
    return at + 1 - start
  }
}
