import Memory
package import Wire

extension Zone {
  /// Appends an RRset whole, or not at all.
  ///
  /// - Parameters:
  ///   - owner: offset in the message of the owner's name.
  ///   - apex: offset in the message of this zone's apex within a name that stands there.
  ///   - signed: with its signatures, if it has any.
  /// - Returns: false when it does not fit.
  package func append(
    _ rrset: RRset, owner: Int, apex: Int, signed: Bool = false, to message: inout Message, _ section: Section
  ) -> Bool {
    guard signed, rrset.isSigned else { return appendAlone(rrset, owner: owner, apex: apex, to: &message, section) }
    let signatures = RRset(octets.bytes, at: rrset.end)
    guard message.fits(rrset.length + signatures.length) else { return false }
    return appendAlone(rrset, owner: owner, apex: apex, to: &message, section)
      && appendAlone(signatures, owner: owner, apex: apex, to: &message, section)
  }

  /// Appends the node's own A and AAAA RRsets to the additional section, each whole or not at all; their signatures
  /// only if they fit too (RFC 4035 §3.1.1).
  ///
  /// - Parameter owner: offset in the message of the node's name.
  /// - Returns: whether both fitted, or as far as there are any.
  package func appendAddresses(of node: Node, owner: Int, signed: Bool, to message: inout Message) -> Bool {
    let octets = octets.bytes
    let header = NodeHeader(octets, node)
    var at = node.offset &+ NodeLayout.rrsets(nameLength: header.nameLength)
    var left = header.rrsetCount
    var fit = true
    while left > 0 {
      let rrset = RRset(octets, at: at)
      if rrset.type == .a || rrset.type == .aaaa {
        let isAppended =
          append(rrset, owner: owner, apex: 0, signed: signed, to: &message, .additional)
          || append(rrset, owner: owner, apex: 0, signed: false, to: &message, .additional)
        fit = fit && isAppended
      }
      at = rrset.end
      left &-= 1
    }
    return fit
  }

  @inline(__always) func appendAlone(
    _ rrset: RRset, owner: Int, apex: Int, to message: inout Message, _ section: Section
  ) -> Bool {
    let start = message.length
    let octets = octets.bytes
    // Behind a very long chain of aliases pointers into the records may not reach so far.
    guard rrset.fixUpCount == 0 || start &+ min(rrset.length, RRsetLayout.lastPointedTo) < 0x4000,
      message.append(octets, from: rrset.records, count: rrset.length)
    else { return false }
    if owner != Message.headerLength { setOwners(rrset, to: owner, at: start, in: &message) }
    if rrset.fixUpCount > 0 { setPointers(rrset, owner: owner, apex: apex, at: start, in: &message) }
    message.count(rrset.recordCount, in: section)
    return true
  }

  private func setPointers(_ rrset: RRset, owner: Int, apex: Int, at start: Int, in message: inout Message) {
    let octets = octets.bytes
    var fixUp = rrset.fixUps
    octets.check(fixUp, rrset.fixUpCount &* RRsetLayout.fixUpSize)
    for _ in 0..<rrset.fixUpCount {
      let position = Int(octets.checked(fixUp, as: UInt16.self))
      let target = octets.checked(fixUp &+ 2, as: UInt16.self)
      let octet = Int(target & ~(RRsetLayout.apexBit | RRsetLayout.ownerBit))
      // A name that stands in an alias's data may itself end in a pointer.
      let place =
        if target & RRsetLayout.apexBit != 0 {
          message.position(octet, inNameAt: apex)
        } else if target & RRsetLayout.ownerBit != 0 {
          message.position(octet, inNameAt: owner)
        } else {
          start &+ octet
        }
      message.put(pointer(place), at: start &+ position)
      fixUp &+= RRsetLayout.fixUpSize
    }
  }

  /// Appends a node's RRset, with its signatures, under the node's own name, which need not stand in the
  /// message before; whole, or not at all.
  ///
  /// - Parameters:
  ///   - labels: of the node's last ones, those that stand in the message; at least the apex's.
  ///   - suffix: where they stand.
  package func append(
    named node: Node, sharing labels: Int, at suffix: Int, _ rrset: RRset, to message: inout Message,
    _ section: Section
  ) -> Bool {
    let octets = octets.bytes
    let written = lengthOfName(node, withoutLast: labels)
    let signatures = rrset.isSigned ? RRset(octets, at: rrset.end) : nil
    guard message.fits(written + rrset.length + (signatures?.length ?? 0)) else { return false }
    let owner = written > 0 ? message.length : suffix
    // The first record's pointer to its owner becomes the end of the name itself.
    _ = message.append(octets, from: node.offset + NodeLayout.name, count: written)
    let start = message.length
    _ = appendAlone(rrset, owner: owner, apex: suffix, to: &message, section)
    message.put(pointer(suffix), at: start)
    if let signatures { _ = appendAlone(signatures, owner: owner, apex: suffix, to: &message, section) }
    return true
  }

  /// Octets of a node's name before its last `labels` labels.
  private func lengthOfName(_ node: Node, withoutLast labels: Int) -> Int {
    let octets = octets.bytes
    let start = node.offset + NodeLayout.name
    var at = start
    for _ in 0..<(self.labels(node) - labels) { at += 1 + Int(octets.octet(at)) }
    return at - start
  }

  /// Appends all signatures of a node: what a question of type RRSIG asks for.
  package func appendSignatures(of node: Node, owner: Int, to message: inout Message) -> Bool {
    var entries = entries(of: node)
    while let entry = entries.next(octets.bytes) {
      if entry.type == .rrsig, !appendAlone(entry, owner: owner, apex: 0, to: &message, .answer) { return false }
    }
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
  package func appendNegativeSOA(apex: Int, signed: Bool, to message: inout Message) -> Bool {
    if signed, isSigned {
      return append(negativeSOA, owner: apex, apex: apex, signed: true, to: &message, .authority)
    }
    return appendAlone(negativeSOA, owner: apex, apex: apex, to: &message, .authority)
  }

  package func additional(_ rrset: RRset, _ index: Int) -> AdditionalOwner {
    let octets = octets.bytes
    let at = rrset.additional &+ index &* RRsetLayout.additionalSize
    octets.check(at, RRsetLayout.additionalSize)
    return AdditionalOwner(
      namePosition: Int(octets.checked(at, as: UInt16.self)),
      flags: AdditionalFlags(rawValue: octets.checked(at &+ 2, as: UInt16.self)),
      node: Node(reference: octets.checked(at &+ 4, as: UInt32.self)))
  }
}

/// A name in an RRset's data whose addresses the zone knows.
package struct AdditionalOwner: Sendable, BitwiseCopyable {
  /// Where the name stands, in octets from the RRset's start in the message.
  package let namePosition: Int
  let flags: AdditionalFlags
  package let node: Node

  /// In-domain glue: a referral without it is truncated (RFC 9471 §3.1).
  package var isRequired: Bool { flags.contains(.required) }
  /// The name is the RRset's owner, and where it should stand there is `.`.
  package var isOwner: Bool { flags.contains(.owner) }
  /// The record's hints are the addresses of the name's pool.
  package var givesHints: Bool { flags.contains(.hints) }
  /// Its addresses are sent for an earlier record.
  package var isRepeated: Bool { flags.contains(.repeated) }
}

/// A compression pointer (RFC 1035 §4.1.4).
@inlinable package func pointer(_ offset: Int) -> UInt16 { 0xC000 | UInt16(truncatingIfNeeded: offset) }
