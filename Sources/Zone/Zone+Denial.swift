import Memory
package import Wire

/// Which nodes of the zone's chain prove that something does not exist.
extension Zone {
  /// The node whose NSEC record is that of the name, or covers it: the last one in canonical order
  /// (RFC 4034 §6.1) that is not behind the name. The name begins at octet `start` of the buffer.
  package func nsec(for name: borrowing NameBuffer, from start: Int) -> Node? {
    let labels = NameLabels(name, from: start, to: name.length - apexLength)
    let at = lastLink(notBehind: labels.key(name.bytes)) { node in
      compare(node, labels, name.bytes) <= 0
    }
    return at.map { Node(reference: denial.links.span[$0].node) }
  }

  /// The node whose NSEC3 record is that of the name, or covers its hash.
  package func nsec3(for name: borrowing NameBuffer, from start: Int) -> (node: Node, matches: Bool)? {
    let links = denial.links.span
    guard links.count > 0 else { return nil }
    let hash = NameHash3(name, from: start, denial)
    // Before the first one lies what the last one covers.
    let at = lastLink(notBehind: hash.key) { compare($0, hash) <= 0 } ?? links.count - 1
    let node = Node(reference: links[at].node)
    return (node, links[at].key == hash.key && compare(node, hash) == 0)
  }

  /// How many of its last labels a node's name has in common with `name`, the apex's included.
  package func labels(_ node: Node, sharedWith name: borrowing NameBuffer) -> Int {
    let octets = octets.bytes
    let own = NameLabels(
      octets, from: node.offset + NodeLayout.name, count: Int(octets.octet(node.offset + NodeLayout.nameLength)))
    let other = NameLabels(name, from: 0, to: name.length - apexLength)
    return apexLabels + own.countShared(octets, other, name.bytes)
  }

  /// The last link whose key is below `key`, or the same and `isNotBehind`.
  private func lastLink(notBehind key: UInt64, _ isNotBehind: (Node) -> Bool) -> Int? {
    let links = denial.links.span
    var (low, high) = (0, links.count)
    while low < high {
      let middle = (low + high) / 2
      let link = links[middle]
      if link.key < key || link.key == key && isNotBehind(Node(reference: link.node)) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low > 0 ? low - 1 : nil
  }

  /// In canonical order: below 0 when the node's name comes first.
  private func compare(_ node: Node, _ labels: NameLabels, _ name: RawSpan) -> Int {
    let octets = octets.bytes
    let own = NameLabels(
      octets, from: node.offset + NodeLayout.name, count: Int(octets.octet(node.offset + NodeLayout.nameLength)))
    return own.compare(octets, labels, name)
  }

  private func compare(_ node: Node, _ hash: NameHash3) -> Int {
    let octets = octets.bytes
    for i in 0..<32 {
      let difference = Int(octets.octet(node.offset + NodeLayout.name + 1 + i)) - Int(hash.character(i))
      if difference != 0 { return difference }
    }
    return 0
  }
}

/// Where the labels of a name relative to the apex begin.
struct NameLabels {
  private var starts = InlineArray<128, UInt16>(repeating: 0)
  private var count = 0
  /// What the starts are counted from.
  private let base: Int

  init(_ octets: RawSpan, from base: Int, count length: Int) {
    self.base = base
    var at = 0
    while at < length {
      starts[count] = UInt16(truncatingIfNeeded: at)
      count += 1
      at += 1 + Int(octets.octet(base + at))
    }
  }

  init(_ name: borrowing NameBuffer, from start: Int, to end: Int) {
    self.init(name.bytes, from: start, count: end - start)
  }

  /// The label nearest to the apex, its first octets first: orders as the names do, or not at all.
  func key(_ octets: RawSpan) -> UInt64 {
    guard count > 0 else { return 0 }
    let start = base + Int(starts[count - 1])
    var key: UInt64 = 0
    for i in 0..<8 { key = key << 8 | (i < Int(octets.octet(start)) ? UInt64(octets.octet(start + 1 + i)) : 0) }
    return key
  }

  /// Label by label from the apex down, each as octets (RFC 4034 §6.1); below 0 when this one comes first.
  func compare(_ octets: RawSpan, _ other: NameLabels, _ others: RawSpan) -> Int {
    var i = 1
    while i <= count, i <= other.count {
      let difference = NameLabels.compare(
        octets, base + Int(starts[count - i]), others, other.base + Int(other.starts[other.count - i]))
      if difference != 0 { return difference }
      i += 1
    }
    return count - other.count
  }

  /// How many labels are the same, counted from the apex down.
  func countShared(_ octets: RawSpan, _ other: NameLabels, _ others: RawSpan) -> Int {
    var i = 1
    while i <= count, i <= other.count,
      NameLabels.compare(
        octets, base + Int(starts[count - i]), others, other.base + Int(other.starts[other.count - i])) == 0
    { i += 1 }
    return i - 1
  }

  private static func compare(_ a: RawSpan, _ i: Int, _ b: RawSpan, _ j: Int) -> Int {
    let (aLength, bLength) = (Int(a.octet(i)), Int(b.octet(j)))
    var at = 1
    while at <= aLength, at <= bLength {
      let difference = Int(a.octet(i + at)) - Int(b.octet(j + at))
      if difference != 0 { return difference }
      at += 1
    }
    return aLength - bLength
  }
}
