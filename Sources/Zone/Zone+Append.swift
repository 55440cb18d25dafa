import Memory
package import Wire

extension Zone {
  /// Appends an RRset whole, or not at all.
  ///
  /// - Parameters:
  ///   - owner: offset in the message of the owner's name.
  ///   - apex: offset in the message of this zone's apex within a name that stands there.
  /// - Returns: false when it does not fit.
  package func append(
    _ rrset: RRset, owner: Int, apex: Int, to message: inout Message, _ section: Section
  ) -> Bool {
    let start = message.length
    let octets = octets.bytes
    guard message.append(octets, from: rrset.records, count: rrset.length) else { return false }
    if owner != Message.headerLength { setOwners(rrset, to: owner, at: start, in: &message) }
    var fixUp = rrset.fixUps
    for _ in 0..<rrset.fixUpCount {
      let position = Int(octets.native(fixUp, as: UInt16.self))
      let target = octets.native(fixUp + 2, as: UInt16.self)
      let octet = Int(target & ~(RRsetLayout.apexBit | RRsetLayout.ownerBit))
      // A name that stands in an alias's data may itself end in a pointer.
      let place =
        if target & RRsetLayout.apexBit != 0 {
          message.position(octet, inNameAt: apex)
        } else if target & RRsetLayout.ownerBit != 0 {
          message.position(octet, inNameAt: owner)
        } else {
          start + octet
        }
      message.put(pointer(place), at: start + position)
      fixUp += RRsetLayout.fixUpSize
    }
    message.count(rrset.recordCount, in: section)
    return true
  }

  private func setOwners(_ rrset: RRset, to owner: Int, at start: Int, in message: inout Message) {
    var at = start
    for _ in 0..<rrset.recordCount {
      message.put(pointer(owner), at: at)
      at += 12 + Int(message.uint16(at + 10))
    }
  }

  /// The zone's SOA for the authority section of a negative answer.
  package func appendNegativeSOA(apex: Int, to message: inout Message) -> Bool {
    append(negativeSOA, owner: apex, apex: apex, to: &message, .authority)
  }

  /// Owners whose addresses belong beside `rrset`.
  package func additionalCount(_ rrset: RRset) -> Int { rrset.additionalCount }

  package func additional(_ rrset: RRset, _ index: Int) -> AdditionalOwner {
    let octets = octets.bytes
    let at = rrset.additional + index * RRsetLayout.additionalSize
    return AdditionalOwner(
      namePosition: Int(octets.native(at, as: UInt16.self)),
      isRequired: octets.native(at + 2, as: UInt16.self) != 0,
      node: Node(reference: octets.native(at + 4, as: UInt32.self)))
  }
}

/// A name in an RRset's data whose addresses the zone knows.
package struct AdditionalOwner: Sendable, BitwiseCopyable {
  /// Where the name stands, in octets from the RRset's start in the message.
  package let namePosition: Int
  /// In-domain glue: a referral without it is truncated (RFC 9471 §3.1).
  package let isRequired: Bool
  package let node: Node
}

/// A compression pointer (RFC 1035 §4.1.4).
@inlinable package func pointer(_ offset: Int) -> UInt16 { 0xC000 | UInt16(truncatingIfNeeded: offset) }
