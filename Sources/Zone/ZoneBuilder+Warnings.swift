import Diagnostics
import Memory
import Wire

/// What is allowed and most probably not meant. None of it keeps a zone from being served.
extension ZoneBuilder {
  /// Where a name leads, as far as this zone knows.
  private enum Destination {
    /// Outside the zone: nobody's business here.
    case elsewhere
    /// At or below the delegation with this number; the owner's own number if it has records.
    case delegated(cut: Int, owner: Int?)
    case alias
    /// An owner, or the wildcard that stands for it.
    case owner(Int)
    case nothing
  }

  mutating func reportDoubtful(_ records: borrowing RecordStore) {
    var isGlue = BitTable(count: records.nodes.count)
    for node in 0..<records.nodes.count where !isRedirected(node) && !flags[node].contains(.belowCut) {
      records.forEach(of: node) { i in
        guard let start = ZoneBuilder.target(of: records.entries[i].type) else { return }
        let name = targetName(i, start, records)
        let destination = destination(of: name, records)
        if case .delegated(_, let owner?) = destination, records.entries[i].type == .ns { isGlue.insert(owner) }
        reportTarget(i, node, name, destination, records)
      }
    }
    for node in 0..<records.nodes.count where !flags[node].isDisjoint(with: [.cut, .belowCut]) {
      reportOccluded(node, isGlue: isGlue.contains(node), records)
    }
  }

  private func isRedirected(_ node: Int) -> Bool { flags[node].contains(.belowRedirection) }

  /// Where the name stands in the data whose owner must have an address and be no alias (RFC 2181 §10.3,
  /// RFC 2782).
  private static func target(of type: RecordType) -> Int? {
    switch type {
    case .ns: 0
    case .mx: 2
    case .srv: 6
    default: nil
    }
  }

  private func targetName(_ i: Int, _ start: Int, _ records: borrowing RecordStore) -> DomainName {
    let range = records.entries[i].dataRange
    return DomainName(unchecked: Array(copying: records.octets.bytes, range.lowerBound + start..<range.upperBound))
  }

  private func destination(of name: DomainName, _ records: borrowing RecordStore) -> Destination {
    // The root is how MX and SRV say that there is no such service (RFC 7505, RFC 2782).
    guard !name.isRoot, name.isAtOrBelow(apex) else { return .elsewhere }
    let wire = name.lowercased.wire + Array(repeating: 0, count: 16)
    let end = name.wire.count - apex.wire.count
    var at = 0
    while at < end, find(wire.rawBytes, from: at, count: end - at, records) == nil { at += 1 + Int(wire[at]) }
    guard let node = find(wire.rawBytes, from: at, count: end - at, records) else { return .nothing }
    let isItself = at == 0
    if flags[node].contains(.belowCut) { return .delegated(cut: link(node), owner: isItself ? node : nil) }
    if flags[node].contains(.cut) { return .delegated(cut: node, owner: isItself ? node : nil) }
    if isRedirected(node) || !isItself && flags[node].contains(.redirection) { return .alias }
    if isItself { return flags[node].contains(.alias) ? .alias : .owner(node) }
    guard flags[node].contains(.hasWildcard) else { return .nothing }
    return flags[link(node)].contains(.alias) ? .alias : .owner(link(node))
  }

  private mutating func reportTarget(
    _ i: Int, _ node: Int, _ name: DomainName, _ destination: Destination, _ records: borrowing RecordStore
  ) {
    let type = records.entries[i].type
    let target = name.shortText
    switch destination {
    case .elsewhere: return
    case .alias:
      warn(i, node, "\(type): \(target) is an alias; name the host itself (RFC 2181 §10.3)", records)
    case .owner(let owner):
      if !hasAddresses(owner) { warn(i, node, "\(type): \(target) has no address; add A or AAAA", records) }
    case .nothing:
      warn(i, node, "\(type): \(target) does not exist; add A or AAAA", records)
    case .delegated(let cut, let owner):
      // A name server within what it serves cannot be found without glue; one of a sibling can.
      guard type == .ns, cut == node, owner.map({ !hasAddresses($0) }) ?? true else { return }
      warn(i, node, "NS: the delegation needs glue; add A or AAAA for \(target)", records)
    }
  }

  private mutating func warn(_ i: Int, _ node: Int, _ message: String, _ records: borrowing RecordStore) {
    problems.report(Problem(.warning, records.position(of: i), "\(records.name(node).shortText) \(message)"))
  }

  /// At a delegation only NS, DS and what proves them are this zone's, below it nothing but glue (RFC 1034
  /// §4.2.1): one word for each owner that has more.
  private mutating func reportOccluded(_ node: Int, isGlue: Bool, _ records: borrowing RecordStore) {
    let isCut = !flags[node].contains(.belowCut)
    let first = records.first(of: node) { i in
      switch records.entries[i].type {
      case .a, .aaaa: !isGlue
      case .ns, .ds, .nsec, .rrsig: !isCut
      default: true
      }
    }
    guard let first else { return }
    let type = records.entries[first].type
    let place = isCut ? "at a delegation" : "below the delegation of \(records.name(link(node)).shortText)"
    warn(first, node, "\(type): not served, as it stands \(place)", records)
  }
}
