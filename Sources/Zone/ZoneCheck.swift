import Memory
import Wire

/// Proves of octets that somebody else may have written what `ZoneBuilder` sees to in its own: that whatever
/// a question leads to lies in them, is as long as it says, and that every walk over it ends.
///
/// What is checked is safety, not meaning: the names may be wrong names, but none leads astray. So a lookup
/// needs no checks of its own. It goes over the nodes once, in the order in which they lie.
struct ZoneCheck: ~Copyable {
  private let apex: DomainName
  private let nodesEnd: Int
  private let apexOffset: Int
  private let pools: Int
  /// A bit for each place where a node may begin, set where one does.
  private var starts: Slab<UInt64>
  private var references = GrowableArray<Reference>()
  /// Labels of the longest name below the apex.
  private(set) var depth = 0
  /// Whether apex and nodes are as they should be; else nothing else may be asked.
  private(set) var isSound = false

  /// Octets behind the apex's name that names are compared by words with.
  static var margin: Int { 16 }

  // Not private: the compiler (6.3) makes a broken debug build of a private type in a noncopyable one's array.
  struct Reference: BitwiseCopyable {
    enum Kind: UInt8 { case cut, wildcard, additional }
    let from: UInt32
    let to: UInt32
    let kind: Kind
  }

  init(_ octets: borrowing Slab<UInt8>, nodesEnd: Int, apex: DomainName, at apexOffset: Int, pools: Int) {
    (self.apex, self.nodesEnd, self.apexOffset, self.pools) = (apex, nodesEnd, apexOffset, pools)
    let bytes = octets.bytes
    let hasRoom =
      nodesEnd > 0 && nodesEnd <= apexOffset && apexOffset <= bytes.byteCount - apex.wire.count - Self.margin
      && bytes.byteCount <= 8 << 32
    starts = Slab(count: hasRoom ? nodesEnd / 512 + 1 : 1)
    isSound = hasRoom && holdsApex(bytes) && takeNodes(bytes) && haveTargets(bytes)
  }

  private func holdsApex(_ octets: RawSpan) -> Bool {
    for (i, octet) in apex.wire.enumerated() where octets.octet(apexOffset + i) != octet { return false }
    return true
  }

  private mutating func takeNodes(_ octets: RawSpan) -> Bool {
    var at = 0
    while at < nodesEnd {
      guard let end = takeNode(octets, at) else { return false }
      if end == nodesEnd { return true }
      at = (end + 7) & ~7
    }
    return false
  }

  /// - Returns: where the node's octets end.
  private mutating func takeNode(_ octets: RawSpan, _ at: Int) -> Int? {
    guard at <= nodesEnd - NodeLayout.name else { return nil }
    let length = Int(octets.octet(at + NodeLayout.nameLength))
    var next = at + NodeLayout.rrsets(nameLength: length)
    guard next <= nodesEnd, length + apex.wire.count <= DomainName.maximumLength, (length == 0) == (at == 0),
      let labels = countLabels(octets, at + NodeLayout.name, length)
    else { return nil }
    depth = max(depth, labels)
    mark(at)
    takeLink(octets, at)
    var isSigned = false
    for _ in 0..<octets.native(at + NodeLayout.rrsetCount, as: UInt16.self) {
      guard let rrset = checked(octets, at: next, of: at, before: nodesEnd), !isSigned || rrset.type == .rrsig,
        takeAdditional(rrset, octets, at)
      else { return nil }
      isSigned = rrset.isSigned
      next = rrset.end
    }
    return isSigned ? nil : next
  }

  private mutating func mark(_ node: Int) {
    var words = starts.mutableSpan
    words[node >> 9] |= 1 << UInt64(node >> 3 & 63)
  }

  private func isNode(_ reference: UInt32) -> Bool {
    let place = Int(reference)
    guard place << 3 < nodesEnd else { return false }
    return starts.span[place >> 6] >> UInt64(place & 63) & 1 != 0
  }

  /// Nil unless the labels fill the name.
  private func countLabels(_ octets: RawSpan, _ start: Int, _ length: Int) -> Int? {
    var at = 0
    var labels = 0
    while at < length {
      let label = Int(octets.octet(start + at))
      guard 1...63 ~= label else { return nil }
      at += 1 + label
      labels += 1
    }
    return at == length ? labels : nil
  }
}

// MARK: - RRsets

extension ZoneCheck {
  /// The RRset of the node `owner` that lies at an offset and ends before another; nil when it does not.
  private func checked(_ octets: RawSpan, at offset: Int, of owner: Int, before end: Int) -> RRset? {
    guard offset <= end - RRsetLayout.records else { return nil }
    let rrset = RRset(octets, at: offset)
    guard rrset.end <= end else { return nil }
    if rrset.type == Zone.poolMarker { return isPoolMarker(rrset) ? rrset : nil }
    guard rrset.length <= RRsetLayout.largest, haveRecords(rrset, octets), haveFixUps(rrset, octets, owner),
      !rrset.isHinted || rrset.type.isService
    else {
      return nil
    }
    return rrset
  }

  private func isPoolMarker(_ rrset: RRset) -> Bool {
    rrset.recordCount < pools && rrset.length == 0 && rrset.fixUpCount == 0 && rrset.additionalCount == 0
      && !rrset.isSigned
  }

  /// The records fill the RRset.
  private func haveRecords(_ rrset: RRset, _ octets: RawSpan) -> Bool {
    var at = rrset.records
    let end = at + rrset.length
    for _ in 0..<rrset.recordCount {
      guard at <= end - 12 else { return false }
      at += 12 + Int(octets.uint16(at + 10))
    }
    return rrset.recordCount > 0 && at == end
  }

  /// Pointers stand in the records, in types that have names only, and point at labels.
  private func haveFixUps(_ rrset: RRset, _ octets: RawSpan, _ owner: Int) -> Bool {
    guard rrset.fixUpCount > 0 else { return true }
    guard EmbeddedNames(rrset.type).count > 0 else { return false }
    for i in 0..<rrset.fixUpCount {
      let at = rrset.fixUps + i * RRsetLayout.fixUpSize
      let target = octets.native(at + 2, as: UInt16.self)
      let octet = Int(target & ~(RRsetLayout.apexBit | RRsetLayout.ownerBit))
      guard Int(octets.native(at, as: UInt16.self)) + 2 <= rrset.length else { return false }
      let isGood =
        if target & RRsetLayout.apexBit != 0 {
          apex.hasLabel(within: octet)
        } else if target & RRsetLayout.ownerBit != 0 {
          isLabel(octet, ofOwner: owner, octets)
        } else {
          octet < rrset.length
        }
      guard isGood else { return false }
    }
    return true
  }

  /// A wildcard's records get other owners, so none may point into its name.
  private func isLabel(_ octet: Int, ofOwner node: Int, _ octets: RawSpan) -> Bool {
    let length = Int(octets.octet(node + NodeLayout.nameLength))
    guard !isWildcard(octets, node, length) else { return false }
    var at = 0
    while at < octet, at < length { at += 1 + Int(octets.octet(node + NodeLayout.name + at)) }
    return octet < length ? at == octet : apex.hasLabel(within: octet - length)
  }

  private func isWildcard(_ octets: RawSpan, _ node: Int, _ length: Int) -> Bool {
    length >= 2 && octets.octet(node + NodeLayout.name) == 1
      && octets.octet(node + NodeLayout.name + 1) == UInt8(ascii: "*")
  }

  /// The SOA record for negative answers, which lies between the nodes and the apex's name.
  func negativeSOA(_ octets: borrowing Slab<UInt8>, at offset: Int) -> RRset? {
    let octets = octets.bytes
    guard offset >= nodesEnd, let soa = checked(octets, at: offset, of: 0, before: apexOffset), soa.type == .soa,
      soa.additionalCount == 0
    else { return nil }
    guard soa.isSigned else { return soa }
    guard let signatures = checked(octets, at: soa.end, of: 0, before: apexOffset), signatures.type == .rrsig else {
      return nil
    }
    return soa
  }
}

// MARK: - What leads to other nodes

extension ZoneCheck {
  private mutating func takeLink(_ octets: RawSpan, _ node: Int) {
    let flags = NodeFlags(rawValue: octets.octet(node + NodeLayout.flags))
    let isBelowCut = flags.contains(.belowCut)
    guard isBelowCut || flags.contains(.hasWildcard) else { return }
    let link = octets.native(node + NodeLayout.link, as: UInt32.self)
    references.append(Reference(from: UInt32(node >> 3), to: link, kind: isBelowCut ? .cut : .wildcard))
  }

  private mutating func takeAdditional(_ rrset: RRset, _ octets: RawSpan, _ node: Int) -> Bool {
    for i in 0..<rrset.additionalCount {
      let at = rrset.additional + i * RRsetLayout.additionalSize
      guard Int(octets.native(at, as: UInt16.self)) < rrset.length else { return false }
      let owner = octets.native(at + 4, as: UInt32.self)
      references.append(Reference(from: UInt32(node >> 3), to: owner, kind: .additional))
    }
    return true
  }

  /// A cut is a proper ancestor, a wildcard the child of that name: else what they have in common with the name
  /// in question would be looked for where it is not.
  private func haveTargets(_ octets: RawSpan) -> Bool {
    let references = references.span
    for i in references.indices {
      let reference = references[i]
      guard isNode(reference.to) else { return false }
      let (from, to) = (Int(reference.from) << 3, Int(reference.to) << 3)
      let isGood =
        switch reference.kind {
        case .additional: true
        case .cut: isAncestor(to, of: from, octets)
        case .wildcard:
          isWildcard(octets, to, length(octets, to)) && length(octets, to) == length(octets, from) + 2
            && isAncestor(from, of: to, octets)
        }
      guard isGood else { return false }
    }
    return true
  }

  private func length(_ octets: RawSpan, _ node: Int) -> Int { Int(octets.octet(node + NodeLayout.nameLength)) }

  private func isAncestor(_ ancestor: Int, of node: Int, _ octets: RawSpan) -> Bool {
    let (own, other) = (length(octets, node), length(octets, ancestor))
    let name = node + NodeLayout.name
    var at = 0
    while own - at > other { at += 1 + Int(octets.octet(name + at)) }
    return at > 0 && own - at == other
      && sameOctets(octets, at: name + at, octets, at: ancestor + NodeLayout.name, count: other)
  }

  /// Entries lead to nodes, and one at least is empty, so that a search ends.
  func accepts(_ slots: borrowing Slab<Zone.Slot>) -> Bool {
    let slots = slots.span
    var empty = 0
    for i in slots.indices {
      if slots[i].tag == 0 { empty += 1 } else if !isNode(slots[i].node) { return false }
    }
    return empty > 0 && slots.count <= 1 << 32
  }

  /// The nodes of an NSEC3 chain have a hash for a name.
  func accepts(_ links: borrowing Slab<Denial.Link>, _ kind: Denial.Kind, _ octets: borrowing Slab<UInt8>) -> Bool {
    let links = links.span
    let octets = octets.bytes
    for i in links.indices {
      guard isNode(links[i].node) else { return false }
      guard case .nsec3 = kind else { continue }
      guard octets.octet(Int(links[i].node) << 3 + NodeLayout.name) == 32,
        length(octets, Int(links[i].node) << 3) == 33
      else { return false }
    }
    return true
  }
}

extension DomainName {
  /// Whether a label, or the root, begins at an offset that may lie behind the name.
  fileprivate func hasLabel(within offset: Int) -> Bool { offset < wire.count && hasLabel(at: offset) }
}
