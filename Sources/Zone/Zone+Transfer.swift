import Memory
package import Wire

/// How far a walk over the whole zone has come: nodes in the order in which they lie, of each its entries.
package struct ZoneWalk: Sendable, BitwiseCopyable {
  package fileprivate(set) var node: Node
  fileprivate var entries: Zone.Entries
}

/// One entry of a node.
package enum ZoneEntry: Sendable, BitwiseCopyable {
  case rrset(RRset)
  /// The node's addresses are those of this pool, in the zone's own count.
  case pool(Int)
}

extension Zone {
  /// A walk that stands at the zone's first entry.
  package var walk: ZoneWalk {
    var walk = ZoneWalk(node: Zone.apexNode, entries: entries(of: Zone.apexNode))
    skipFinished(&walk)
    return walk
  }

  /// The entry at which the walk stands; nil behind the last one.
  package func entry(_ walk: ZoneWalk) -> ZoneEntry? {
    var entries = walk.entries
    guard let rrset = entries.next(octets.bytes) else { return nil }
    return rrset.type == Zone.poolMarker ? .pool(rrset.recordCount) : .rrset(rrset)
  }

  package func advance(_ walk: inout ZoneWalk) {
    _ = walk.entries.next(octets.bytes)
    skipFinished(&walk)
  }

  /// Goes to the next node that has an entry; names that exist only for those below them have none.
  private func skipFinished(_ walk: inout ZoneWalk) {
    while walk.entries.isEmpty {
      let next = (walk.entries.at + 7) & ~7
      guard next < nodesEnd else { return }
      walk.node = Node(offset: next)
      walk.entries = entries(of: walk.node)
    }
  }
}

extension Zone {
  /// Octets of the node's name without the apex.
  package func nameLength(_ node: Node) -> Int { Int(octets.bytes.octet(node.offset + NodeLayout.nameLength)) }

  /// Appends the node's name without the apex: what comes next in the message must be a pointer to that.
  package func appendName(_ node: Node, to message: inout Message) -> Bool {
    message.append(octets.bytes, from: node.offset + NodeLayout.name, count: nameLength(node))
  }

  /// Appends an RRset without its signatures, whole or not at all, with its owner's name written out before
  /// the apex in the question.
  ///
  /// - Precondition: the question's name is the apex.
  /// - Returns: false when it does not fit.
  package func append(_ rrset: RRset, named node: Node, to message: inout Message, _ section: Section) -> Bool {
    let apex = Message.headerLength
    let end = message.length
    guard appendName(node, to: &message) else { return false }
    let start = message.length
    guard appendAlone(rrset, owner: start > end ? end : apex, apex: apex, to: &message, section) else {
      message.length = end
      return false
    }
    // The first record's pointer to its owner becomes the end of the name itself.
    message.put(pointer(apex), at: start)
    return true
  }
}
