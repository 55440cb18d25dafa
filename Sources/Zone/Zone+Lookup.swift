import Memory
package import Wire

/// Where a name leads in a zone (RFC 1034 §4.3.2, RFC 4592).
@usableFromInline package struct Lookup: Sendable, BitwiseCopyable {
  @usableFromInline package enum Outcome: UInt8, Sendable, BitwiseCopyable {
    /// The name exists, or a wildcard stands for it: look at the node's RRsets.
    case found
    /// The name is at or below a zone cut: the node is the cut.
    case referral
    /// The name is below a DNAME: the node is its owner.
    case redirection
    /// Neither the name nor a wildcard that could stand for it exists; the node is the closest encloser.
    case noSuchName
  }

  @usableFromInline package let outcome: Outcome
  @usableFromInline package let node: Node
  /// Octets of the name to the left of the closest encloser; 0 when the name itself exists.
  @usableFromInline package let unmatched: Int
  /// Of a node that was found: it is a CNAME's owner, or its addresses are a pool's.
  @usableFromInline package let isAlias: Bool
  @usableFromInline package let isPooled: Bool

  @inline(__always) init(_ outcome: Outcome, _ node: Node, unmatched: Int, flags: NodeFlags = []) {
    self.outcome = outcome
    self.node = node
    self.unmatched = unmatched
    isAlias = flags.contains(.alias)
    isPooled = flags.contains(.pooled)
  }
}

/// A name's node, before it is known what it means.
@usableFromInline package struct Found: Sendable, BitwiseCopyable {
  /// The node's offset, or below 0.
  @usableFromInline let offset: Int

  @usableFromInline init(offset: Int) { self.offset = offset }
  init(_ node: Node) { offset = node.offset }

  /// No node has the name.
  @inlinable package static var nothing: Found { Found(offset: -1) }
  /// The answer stands in the message.
  static var answered: Found { Found(offset: -2) }

  /// The name is an owner whose addresses, which were asked for, are a pool's: the zone's number of it.
  @inline(__always) static func pooled(_ pool: Int) -> Found { Found(offset: -3 &- pool) }

  @inlinable package var isAnswered: Bool { offset == -2 }
  @inlinable package var pool: Int? { offset <= -3 ? -3 &- offset : nil }
  var node: Node? { offset >= 0 ? Node(offset: offset) : nil }
}

extension Zone {
  /// What `lookup` finds `name`, which is at or below the apex, by.
  package func hash(_ name: borrowing NameBuffer) -> UInt64 {
    nameHash(name.bytes, from: 0, count: name.length - apexLength)
  }

  /// Finds `name`, which is at or below the apex, and gives at once the most frequent answers: an RRset of the name
  /// in question that needs nothing beside it, or which pool its addresses are.
  ///
  /// - Parameter hash: the name's own.
  package func answer(
    _ name: borrowing NameBuffer, hash: UInt64, _ type: RecordType, into message: inout Message
  ) -> Found {
    guard let node = find(name.bytes, from: 0, count: name.length &- apexLength, hash) else { return .nothing }
    let header = NodeHeader(octets.bytes, node)
    // Of signatures there is an RRset for each type that is signed.
    if header.flags.rawValue == 0, type != .rrsig, let rrset = rrset(node, header, type), rrset.standsAlone,
      message.append(octets.bytes, from: rrset.records, count: rrset.length)
    {
      message.count(rrset.recordCount, in: .answer)
      return .answered
    }
    if header.flags.rawValue == NodeFlags.pooled.rawValue, header.rrsetCount > 0, type == .a || type == .aaaa {
      // The pool's entry is the owner's first.
      let first = RRset(octets.bytes, at: node.offset &+ NodeLayout.rrsets(nameLength: header.nameLength))
      if first.type == Zone.poolMarker { return .pooled(first.recordCount) }
    }
    return Found(node)
  }

  /// Finds `name`, which is at or below the apex.
  ///
  /// - Parameter hash: the name's own.
  package func find(_ name: borrowing NameBuffer) -> Found { find(name, hash: hash(name)) }

  package func find(_ name: borrowing NameBuffer, hash: UInt64) -> Found {
    find(name.bytes, from: 0, count: name.length &- apexLength, hash).map { Found($0) } ?? .nothing
  }

  /// What `found`, which is `name`'s, means for a question. One for DS is answered by the parent's side of a cut
  /// (RFC 4035 §3.1.4.1).
  package func lookup(_ name: borrowing NameBuffer, _ found: Found, _ type: RecordType) -> Lookup {
    guard let node = found.node else { return lookupBelow(name, name.length &- apexLength) }
    let header = NodeHeader(octets.bytes, node)
    if header.flags.isDisjoint(with: [.cut, .belowCut]) || (type == .ds && header.flags.isCut) {
      return Lookup(.found, node, unmatched: 0, flags: header.flags)
    }
    return Lookup(.referral, cut(node, header), unmatched: 0)
  }

  package func lookup(_ name: borrowing NameBuffer, _ type: RecordType) -> Lookup {
    lookup(name, find(name, hash: hash(name)), type)
  }

  /// The name does not exist: what its closest encloser has to say.
  @inline(__always) private func lookupBelow(_ name: borrowing NameBuffer, _ relative: Int) -> Lookup {
    let (encloser, unmatched) = closestEncloser(name, relative)
    let header = NodeHeader(octets.bytes, encloser)
    if !header.flags.isDisjoint(with: [.cut, .belowCut]) {
      return Lookup(.referral, cut(encloser, header), unmatched: unmatched)
    }
    if header.flags.contains(.redirection) { return Lookup(.redirection, encloser, unmatched: unmatched) }
    if header.flags.contains(.hasWildcard) {
      return Lookup(
        .found, header.link, unmatched: unmatched, flags: NodeHeader(octets.bytes, header.link).flags)
    }
    return Lookup(.noSuchName, encloser, unmatched: unmatched)
  }

  /// The longest existing ancestor. Names deeper than any owner are cut first, so that a question with
  /// a hundred labels costs no more than one with the zone's own depth.
  @inline(__always) private func closestEncloser(
    _ name: borrowing NameBuffer, _ relative: Int
  ) -> (Node, unmatched: Int) {
    var labels = min(name.labelCount &- apexLabels &- 1, depth)
    while labels > 0 {
      let start = name.start(ofLast: apexLabels &+ labels)
      let hash = nameHash(name.bytes, from: start, count: relative &- start)
      if let node = find(name.bytes, from: start, count: relative &- start, hash) { return (node, start) }
      labels &-= 1
    }
    return (Zone.apexNode, relative)
  }

  /// The node whose relative name is the `count` octets of `name` from `start`.
  @inline(__always) private func find(_ name: RawSpan, from start: Int, count: Int, _ hash: UInt64) -> Node? {
    if count == 0 { return Zone.apexNode }
    let tag = Zone.tag(hash)
    let slots = slots.span
    let octets = octets.bytes
    var i = Zone.home(hash, slots.count)
    while true {
      let slot = slots[i]
      if slot.tag == 0 { return nil }
      if slot.tag == tag {
        let node = Node(reference: slot.node)
        if Int(octets.octet(node.offset)) == count,
          sameOctets(octets, at: node.offset &+ NodeLayout.name, name, at: start, count: count)
        {
          return node
        }
      }
      i &+= 1
      if i == slots.count { i = 0 }
    }
  }

  @inline(__always) static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) | 1 }

  /// The first slot to look at: the upper half of the hash, scaled to the table.
  @inline(__always) package static func home(_ hash: UInt64, _ slots: Int) -> Int {
    Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: slots)) &>> 32)
  }

  private func cut(_ node: Node, _ header: NodeHeader) -> Node {
    header.flags.contains(.belowCut) ? header.link : node
  }
}

/// Memory that a lookup will read, for the processor to fetch meanwhile.
extension Zone {
  /// Whether it is worth while to fetch: table and octets are more than a processor's own cache holds, some 1.3 MB.
  package var isLarge: Bool { slots.count > 1 << 15 }

  package func prefetchSlot(_ hash: UInt64) { slots.prefetch(Zone.home(hash, slots.count)) }

  /// The octets of the first node that has the name's tag, and some behind them: mostly all that an answer reads.
  package func prefetchNode(_ hash: UInt64) {
    let tag = Zone.tag(hash)
    let slots = slots.span
    var i = Zone.home(hash, slots.count)
    while slots[i].tag != tag {
      if slots[i].tag == 0 { return }
      i &+= 1
      if i == slots.count { i = 0 }
    }
    let node = Node(reference: slots[i].node)
    octets.prefetch(node.offset)
    octets.prefetch(node.offset &+ Zone.prefetched)
  }

  /// Octets of a small owner: header, name, an address record.
  private static var prefetched: Int { 44 }
}

extension Zone {
  package func isPooled(_ node: Node) -> Bool { NodeHeader(octets.bytes, node).flags.contains(.pooled) }

  /// The node's RRset of one type.
  package func rrset(_ node: Node, _ type: RecordType) -> RRset? { rrset(node, NodeHeader(octets.bytes, node), type) }

  @inline(__always) func rrset(_ node: Node, _ header: NodeHeader, _ type: RecordType) -> RRset? {
    type == Zone.poolMarker ? nil : entry(node, header, type)
  }

  @inline(__always) private func entry(_ node: Node, _ header: NodeHeader, _ type: RecordType) -> RRset? {
    let octets = octets.bytes
    var at = node.offset &+ NodeLayout.rrsets(nameLength: header.nameLength)
    var left = header.rrsetCount
    while left > 0 {
      let entry = RRset(octets, at: at)
      if entry.type == type { return entry }
      at = entry.end
      left &-= 1
    }
    return nil
  }

  /// A node's RRsets one after another.
  struct Entries: BitwiseCopyable, Sendable {
    /// The offset of the next one, or of the end.
    private(set) var at: Int
    private var count: UInt16
    var isEmpty: Bool { count == 0 }

    init(at: Int, count: UInt16) { (self.at, self.count) = (at, count) }

    mutating func next(_ octets: RawSpan) -> RRset? {
      guard count > 0 else { return nil }
      let entry = RRset(octets, at: at)
      at = entry.end
      count -= 1
      return entry
    }
  }

  func entries(of node: Node) -> Entries {
    let header = NodeHeader(octets.bytes, node)
    return Entries(
      at: node.offset + NodeLayout.rrsets(nameLength: header.nameLength), count: UInt16(header.rrsetCount))
  }

  /// Any one RRset that is the node's own (RFC 8482 §4.1), the first written.
  package func anyRRset(_ node: Node) -> RRset? {
    var entries = entries(of: node)
    guard let first = entries.next(octets.bytes) else { return nil }
    return first.type == Zone.poolMarker ? nil : first
  }

  /// The number, in the zone's own count, of the pool that answers for the node's addresses.
  package func pool(_ node: Node) -> Int? {
    entry(node, NodeHeader(octets.bytes, node), Zone.poolMarker)?.recordCount
  }

  /// Stands among a pooled node's RRsets; its record count is the pool's number. Type 0 is reserved:
  /// no record has it, but a question can.
  static var poolMarker: RecordType { RecordType(0) }
}
