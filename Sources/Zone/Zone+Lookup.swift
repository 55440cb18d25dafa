import Memory
package import Wire

/// Where a name leads in a zone (RFC 1034 §4.3.2, RFC 4592).
package struct Lookup: Sendable, BitwiseCopyable {
  package enum Outcome: UInt8, Sendable, BitwiseCopyable {
    /// The name exists, or a wildcard stands for it: look at the node's RRsets.
    case found
    /// The name is at or below a zone cut: the node is the cut.
    case referral
    /// The name is below a DNAME: the node is its owner.
    case redirection
    /// Neither the name nor a wildcard that could stand for it exists; the node is the closest encloser.
    case noSuchName
  }

  package let outcome: Outcome
  package let node: Node
  /// Octets of the name to the left of the closest encloser; 0 when the name itself exists.
  package let unmatched: Int
}

extension Zone {
  /// Finds `name`, which is at or below the apex.
  ///
  /// - Parameter atParent: the question is for DS, which the parent's side of a cut answers (RFC 4035 §3.1.4.1).
  package func lookup(_ name: borrowing NameBuffer, atParent: Bool) -> Lookup {
    let relative = name.length - apexLength
    if let node = find(name, from: 0, to: relative) {
      let flags = flags(node)
      if flags.isDisjoint(with: [.cut, .belowCut]) || (atParent && flags.contains(.cut) && !flags.contains(.belowCut)) {
        return Lookup(outcome: .found, node: node, unmatched: 0)
      }
      return Lookup(outcome: .referral, node: cut(node, flags), unmatched: 0)
    }
    return lookupBelow(name, relative)
  }

  /// The name does not exist: what its closest encloser has to say.
  private func lookupBelow(_ name: borrowing NameBuffer, _ relative: Int) -> Lookup {
    let (encloser, unmatched) = closestEncloser(name, relative)
    let flags = flags(encloser)
    if !flags.isDisjoint(with: [.cut, .belowCut]) {
      return Lookup(outcome: .referral, node: cut(encloser, flags), unmatched: unmatched)
    }
    if flags.contains(.redirection) {
      return Lookup(outcome: .redirection, node: encloser, unmatched: unmatched)
    }
    if flags.contains(.hasWildcard) {
      return Lookup(outcome: .found, node: link(encloser), unmatched: unmatched)
    }
    return Lookup(outcome: .noSuchName, node: encloser, unmatched: unmatched)
  }

  /// The longest existing ancestor. Names deeper than any owner are cut first, so that a question with
  /// a hundred labels costs no more than one with the zone's own depth.
  private func closestEncloser(_ name: borrowing NameBuffer, _ relative: Int) -> (Node, unmatched: Int) {
    var labels = min(name.labelCount - apexLabels - 1, depth)
    while labels > 0 {
      let start = name.start(ofLast: apexLabels + labels)
      if let node = find(name, from: start, to: relative) { return (node, start) }
      labels -= 1
    }
    return (Zone.apexNode, relative)
  }

  /// The node whose relative name is `name[start..<end]`.
  func find(_ name: borrowing NameBuffer, from start: Int, to end: Int) -> Node? {
    find(name.bytes, from: start, count: end - start)
  }

  func find(_ name: RawSpan, from start: Int, count: Int) -> Node? {
    if count == 0 { return Zone.apexNode }
    let hash = nameHash(name, from: start, count: count)
    let tag = Zone.tag(hash)
    let slots = slots.span
    let octets = octets.bytes
    var i = Zone.home(hash, slots.count)
    while true {
      let slot = slots[i]
      if slot.tag == 0 { return nil }
      if slot.tag == tag {
        let node = Node(reference: slot.node)
        if Int(octets.octet(node.offset + NodeLayout.nameLength)) == count,
          sameOctets(octets, at: node.offset + NodeLayout.name, name, at: start, count: count)
        {
          return node
        }
      }
      i += 1
      if i == slots.count { i = 0 }
    }
  }

  static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) | 1 }

  /// The first slot to look at: the upper half of the hash, scaled to the table.
  package static func home(_ hash: UInt64, _ slots: Int) -> Int {
    Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: slots)) >> 32)
  }

  func flags(_ node: Node) -> NodeFlags {
    NodeFlags(rawValue: octets.bytes.octet(node.offset + NodeLayout.flags))
  }

  private func link(_ node: Node) -> Node {
    Node(reference: octets.bytes.native(node.offset + NodeLayout.link, as: UInt32.self))
  }

  private func cut(_ node: Node, _ flags: NodeFlags) -> Node { flags.contains(.belowCut) ? link(node) : node }
}

extension Zone {
  package func isPooled(_ node: Node) -> Bool { flags(node).contains(.pooled) }
  package func isAlias(_ node: Node) -> Bool { flags(node).contains(.alias) }

  /// The node's RRset of one type.
  package func rrset(_ node: Node, _ type: RecordType) -> RRset? {
    type == Zone.poolMarker ? nil : entry(node, type)
  }

  private func entry(_ node: Node, _ type: RecordType) -> RRset? {
    var entries = entries(of: node)
    while let entry = entries.next(octets.bytes) {
      if entry.type == type { return entry }
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
    Entries(at: firstRRset(node), count: octets.bytes.native(node.offset + NodeLayout.rrsetCount, as: UInt16.self))
  }

  /// Any one RRset that is the node's own (RFC 8482 §4.1), the first written.
  package func anyRRset(_ node: Node) -> RRset? {
    let octets = octets.bytes
    guard octets.native(node.offset + NodeLayout.rrsetCount, as: UInt16.self) > 0 else { return nil }
    let first = RRset(octets, at: firstRRset(node))
    return first.type == Zone.poolMarker ? nil : first
  }

  /// The number, in the zone's own count, of the pool that answers for the node's addresses.
  package func pool(_ node: Node) -> Int? {
    guard let marker = entry(node, Zone.poolMarker) else { return nil }
    return marker.recordCount
  }

  /// Stands among a pooled node's RRsets; its record count is the pool's number. Type 0 is reserved:
  /// no record has it, but a question can.
  static var poolMarker: RecordType { RecordType(0) }

  private func firstRRset(_ node: Node) -> Int {
    node.offset + NodeLayout.rrsets(nameLength: Int(octets.bytes.octet(node.offset + NodeLayout.nameLength)))
  }
}
