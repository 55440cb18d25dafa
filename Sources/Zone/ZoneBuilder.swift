package import Diagnostics
import Memory
package import Wire

/// Turns parsed records into a `Zone`, or into the list of what is wrong with them.
///
/// Owners have their numbers from the store. The store is used up: what has been written of it is given back to the
/// kernel while the zone grows, so that zone and store together are never much larger than either.
package struct ZoneBuilder: ~Copyable {
  let apex: DomainName
  var problems = ProblemList()
  /// For each node: its flags, the node of its cut or wildcard, its place in the arena.
  var flags: Slab<NodeFlags>
  var links: Slab<UInt32>
  var places: Slab<UInt32>
  /// Nodes that nothing exists at or below, and those that have addresses.
  var isGone = BitTable(count: 0)
  var hasAddress: BitTable
  /// The pool number of a node.
  var pools: [Int: Int] = [:]
  var lacking: [Set<RecordType>] = []
  var arena = Arena(capacity: 0)
  var encoder: RRsetEncoder
  /// Where numbers of nodes stand in the arena for their places.
  var patches = GrowableArray<Int>()

  private init(apex: DomainName, nodes: Int) {
    self.apex = apex.lowercased
    encoder = RRsetEncoder(apex: self.apex)
    flags = Slab(count: nodes)
    links = Slab(count: nodes)
    places = Slab(count: nodes)
    hasAddress = BitTable(count: nodes)
  }

  /// Builds the zone.
  ///
  /// - Parameters:
  ///   - records: as parsed; their owners lie at or below the apex.
  ///   - pooled: owners whose addresses come from pools, in the pools' order; they exist even without records.
  ///   - lacking: by pool, the address types that it has no member for; none where it is not said.
  ///   - memory: octets that building may take.
  ///   - step: nodes between two of the times when memory of what has been written is given back.
  ///   - holding: called at these times with the octets that store and zone take together, and at last with those of
  ///     the zone.
  /// - Returns: the zone, nil if any problem is an error.
  package static func build(
    records: consuming RecordStore, pooled: [DomainName], lacking: [Set<RecordType>] = [], memory: Int = .max,
    step: Int = 1 << 14, holding: (Int) -> Void = { _ in }, problems: inout ProblemList
  ) -> Zone? {
    var records = records
    let pools = number(pools: pooled, in: &records, &problems)
    guard records.memory <= memory else {
      let last = records.count > 0 ? records.position(of: records.count - 1) : nil
      problems.report(Problem(.error, last, ZoneMemory.message(memory)))
      return nil
    }
    var builder = ZoneBuilder(apex: records.apex, nodes: records.nodes.count)
    builder.pools = pools
    builder.lacking = lacking
    swap(&builder.problems, &problems)
    builder.classify(records)
    let isWhole = builder.hasApexRecords(records)
    if isWhole { builder.reportDoubtful(records) }
    let written = isWhole ? builder.write(&records, step, holding) : nil
    swap(&builder.problems, &problems)
    return problems.hasErrors ? nil : written
  }

  private static func number(
    pools owners: [DomainName], in records: inout RecordStore, _ problems: inout ProblemList
  ) -> [Int: Int] {
    let most = RRsetEncoder.mostPools
    if owners.count > most {
      problems.report(
        Problem(
          .error, nil, "\(owners.count) names of \(records.apex.shortText) have pools; a zone can have \(most) of them")
      )
    }
    var pools: [Int: Int] = [:]
    for (pool, owner) in owners.prefix(most).enumerated() { pools[records.intern(owner)] = pool }
    return pools
  }

  /// Finds delegations, aliases and redirections, what lies below them, and wildcards.
  private mutating func classify(_ records: borrowing RecordStore) {
    for node in 0..<records.nodes.count {
      records.forEach(of: node) { i in
        switch records.entries[i].type {
        case .a, .aaaa: hasAddress.insert(node)
        case .ns where node != 0: flags[node].insert(.cut)
        case .cname: flags[node].insert(.alias)
        case .dname: flags[node].insert(.redirection)
        default: break
        }
      }
    }
    for node in pools.keys {
      flags[node].insert(.pooled)
      hasAddress.insert(node)
    }
    if records.hasRemoved { findGone(records) }
    markHashed(records)
    inheritFromParents(records)
    reportOccluded(records)
  }

  /// Owners whose records have all been removed do not exist, unless for somebody below them.
  private mutating func findGone(_ records: borrowing RecordStore) {
    var exists = BitTable(count: records.nodes.count)
    isGone = BitTable(count: records.nodes.count)
    for node in (1..<max(1, records.nodes.count)).reversed() {
      if exists.contains(node) || records.first(of: node) != nil || pools[node] != nil {
        exists.insert(Int(records.nodes.entries[node].parent))
      } else {
        isGone.insert(node)
      }
    }
  }

  /// Names below a DNAME do not exist: they are redirected (RFC 6672 §2.4).
  private mutating func reportOccluded(_ records: borrowing RecordStore) {
    for node in 0..<records.nodes.count where flags[node].contains(.belowRedirection) {
      guard let first = records.first(of: node) else { continue }
      problems.report(
        Problem(
          .warning, records.position(of: first),
          "\(records.name(node).shortText) lies below a DNAME, which redirects it; dropped"))
    }
  }

  /// A parent has a lower number than its children, so it is done before them.
  private mutating func inheritFromParents(_ records: borrowing RecordStore) {
    for node in 1..<max(1, records.nodes.count) where !isGone.contains(node) {
      let parent = Int(records.nodes.entries[node].parent)
      if flags[parent].contains(.belowCut) {
        flags[node].insert(.belowCut)
        links[node] = links[parent]
      } else if flags[parent].contains(.cut) {
        flags[node].insert(.belowCut)
        links[node] = UInt32(parent)
      } else if !flags[parent].isDisjoint(with: [.redirection, .belowRedirection]), !flags[node].contains(.hashed) {
        flags[node].insert(.belowRedirection)
      } else if records.isWildcard(node) {
        flags[parent].insert(.hasWildcard)
        links[parent] = UInt32(node)
      }
    }
  }

  func link(_ node: Int) -> Int { Int(links[node]) }

  /// Whether the zone will have, or has, the node.
  @inline(__always) func isKept(_ node: Int) -> Bool {
    !flags[node].contains(.belowRedirection) && !isGone.contains(node)
  }

  /// A zone without SOA or NS at its apex cannot be served (RFC 1035 §5.2).
  private mutating func hasApexRecords(_ records: borrowing RecordStore) -> Bool {
    let place = records.files.first.map { Position(file: $0, line: 1, column: 1) }
    let hasStart = records.first(of: 0) { records.entries[$0].type == .soa } != nil
    let hasServer = records.first(of: 0) { records.entries[$0].type == .ns } != nil
    if !hasStart {
      problems.report(Problem(.error, place, "the zone has no SOA record at its apex \(apex.shortText)"))
    }
    if !hasServer {
      problems.report(Problem(.error, place, "the zone has no NS record at its apex \(apex.shortText)"))
    }
    return hasStart && hasServer
  }
}
