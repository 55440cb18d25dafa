package import Diagnostics
import Memory
package import Wire

/// Turns parsed records into a `Zone`, or into the list of what is wrong with them.
///
/// Owners are numbered by a hash table and records grouped by a counting sort, so that the time is
/// linear in the number of records.
package struct ZoneBuilder: ~Copyable {
  let apex: DomainName
  var nodes: NodeTable
  var problems = ProblemList()
  /// For each node: its flags, the node of its cut or wildcard, its place in the arena.
  var flags: [NodeFlags] = []
  var links: [UInt32] = []
  var places: [UInt32] = []
  /// The pool number of a node.
  var pools: [Int: Int] = [:]
  var lacking: [Set<RecordType>] = []
  /// Records grouped by node: `grouped[groupStarts[n]..<groupStarts[n + 1]]`.
  var grouped: [UInt32] = []
  var groupStarts: [UInt32] = []

  private init(apex: DomainName, expecting owners: (count: Int, octets: Int)) {
    self.apex = apex.lowercased
    nodes = NodeTable(expecting: owners)
  }

  /// Builds the zone.
  ///
  /// - Parameters:
  ///   - records: as parsed; their owners lie at or below the apex.
  ///   - lacking: by pool, the address types that it has no member for; none where it is not said.
  ///   - memory: octets that building may take.
  ///   - pooled: owners whose addresses come from pools, in the pools' order; they exist even without records.
  /// - Returns: the zone, nil if any problem is an error.
  package static func build(
    apex: DomainName, records: borrowing RecordStore, pooled: [DomainName], lacking: [Set<RecordType>] = [],
    memory: Int = .max, problems: inout ProblemList
  ) -> Zone? {
    var builder = ZoneBuilder(apex: apex, expecting: records.owners)
    builder.lacking = lacking
    swap(&builder.problems, &problems)
    let fits = builder.number(records, memory)
    if fits {
      builder.number(pools: pooled)
      builder.classify(records)
    }
    let isWhole = fits && builder.hasApexRecords(records)
    if isWhole { builder.reportDoubtful(records) }
    let written = isWhole ? builder.write(records) : nil
    swap(&builder.problems, &problems)
    return problems.hasErrors ? nil : written
  }

  /// Gives every owner its number and groups the records by it; false when owners and their ancestors are
  /// more than there is memory for.
  private mutating func number(_ records: borrowing RecordStore, _ memory: Int) -> Bool {
    var owners = [UInt32](repeating: 0, count: records.count)
    groupStarts = [0, 0]
    groupStarts.reserveCapacity(records.owners.count + 2)
    // A name in lower case, with the margin that hashing by words needs.
    var scratch = Slab<UInt8>(count: 272)
    var known = (offset: UInt32.max, owner: 0)
    for i in 0..<records.count {
      let record = records.entries[i]
      if record.owner != known.offset { known = (record.owner, number(ownerOf: record, records, &scratch)) }
      owners[i] = UInt32(known.owner)
      while groupStarts.count <= nodes.entries.count { groupStarts.append(0) }
      let needed = ZoneMemory.needed(
        records: records.count, octets: records.octets.count, nodes: nodes.entries.count, names: nodes.names.count)
      guard needed <= memory else {
        problems.report(Problem(.error, place(i, records), ZoneMemory.message(memory)))
        return false
      }
      groupStarts[known.owner + 1] += 1
    }
    for node in 1..<groupStarts.count { groupStarts[node] += groupStarts[node - 1] }
    grouped = Array(repeating: 0, count: records.count)
    var next = groupStarts
    for i in 0..<records.count {
      let owner = Int(owners[i])
      grouped[Int(next[owner])] = UInt32(i)
      next[owner] += 1
    }
    return true
  }

  private mutating func number(
    ownerOf record: RecordEntry, _ records: borrowing RecordStore, _ scratch: inout Slab<UInt8>
  ) -> Int {
    let octets = records.octets.bytes
    let count = Int(record.ownerLength)
    var target = scratch.mutableBytes(at: 0, count: 272)
    target.copy(octets, from: Int(record.owner), count: count, at: 0)
    for at in stride(from: 0, to: count, by: 8) { target.putWord(lowercased(target.word(at)), at: at) }
    return nodes.intern(scratch.bytes, from: 0, count: count - apex.wire.count)
  }

  func place(_ i: Int, _ records: borrowing RecordStore) -> Position { records.position(of: records.entries[i]) }

  private mutating func number(pools owners: [DomainName]) {
    let most = RRsetEncoder.mostPools
    if owners.count > most {
      problems.report(
        Problem(.error, nil, "\(owners.count) names of \(apex.shortText) have pools; a zone can have \(most) of them"))
    }
    for (pool, owner) in owners.prefix(most).enumerated() {
      var wire = owner.lowercased.wire
      let length = wire.count
      wire += Array(repeating: 0, count: 16)
      pools[nodes.intern(wire.rawBytes, from: 0, count: length - apex.wire.count)] = pool
    }
    while groupStarts.count <= nodes.entries.count { groupStarts.append(UInt32(grouped.count)) }
  }

  /// Finds delegations, aliases and redirections, what lies below them, and wildcards.
  private mutating func classify(_ records: borrowing RecordStore) {
    flags = Array(repeating: [], count: nodes.entries.count)
    links = Array(repeating: 0, count: nodes.entries.count)
    places = Array(repeating: Self.leftOut, count: nodes.entries.count)
    for node in 0..<nodes.entries.count {
      for i in group(node) {
        switch records.entries[i].type {
        case .ns where node != 0: flags[node].insert(.cut)
        case .cname: flags[node].insert(.alias)
        case .dname: flags[node].insert(.redirection)
        default: break
        }
      }
      if pools[node] != nil { flags[node].insert(.pooled) }
    }
    markHashed(records)
    inheritFromParents()
    reportOccluded(records)
  }

  /// Names below a DNAME do not exist: they are redirected (RFC 6672 §2.4).
  private mutating func reportOccluded(_ records: borrowing RecordStore) {
    for node in 0..<nodes.entries.count where flags[node].contains(.belowRedirection) {
      guard let first = group(node).first else { continue }
      problems.report(
        Problem(
          .warning, place(first, records), "\(name(node).shortText) lies below a DNAME, which redirects it; dropped"))
    }
  }

  /// A parent has a lower number than its children, so it is done before them.
  private mutating func inheritFromParents() {
    for node in 1..<max(1, nodes.entries.count) {
      let parent = Int(nodes.entries[node].parent)
      if flags[parent].contains(.belowCut) {
        flags[node].insert(.belowCut)
        links[node] = links[parent]
      } else if flags[parent].contains(.cut) {
        flags[node].insert(.belowCut)
        links[node] = UInt32(parent)
      } else if !flags[parent].isDisjoint(with: [.redirection, .belowRedirection]), !flags[node].contains(.hashed) {
        flags[node].insert(.belowRedirection)
      } else if isWildcard(node) {
        flags[parent].insert(.hasWildcard)
        links[parent] = UInt32(node)
      }
    }
  }

  func isWildcard(_ node: Int) -> Bool {
    let name = nodes.entries[node].name
    return nodes.names[name] == 1 && nodes.names[name + 1] == UInt8(ascii: "*")
  }

  func link(_ node: Int) -> Int { Int(links[node]) }

  func isWritten(_ node: Int) -> Bool { places[node] != Self.leftOut }

  /// No node begins there: a zone has less than 32 GiB.
  private static var leftOut: UInt32 { .max }

  func group(_ node: Int) -> RecordGroup {
    RecordGroup(numbers: grouped[Int(groupStarts[node])..<Int(groupStarts[node + 1])])
  }

  /// The full name of a node.
  func name(_ node: Int) -> DomainName {
    let entry = nodes.entries[node]
    return DomainName(unchecked: Array(nodes.names[entry.name..<(entry.name + Int(entry.length))]) + apex.wire)
  }

  /// A zone without SOA or NS at its apex cannot be served (RFC 1035 §5.2).
  private mutating func hasApexRecords(_ records: borrowing RecordStore) -> Bool {
    var types: Set<RecordType> = []
    for i in group(0) { types.insert(records.entries[i].type) }
    let place = records.files.first.map { Position(file: $0, line: 1, column: 1) }
    if !types.contains(.soa) {
      problems.report(Problem(.error, place, "the zone has no SOA record at its apex \(apex.shortText)"))
    }
    if !types.contains(.ns) {
      problems.report(Problem(.error, place, "the zone has no NS record at its apex \(apex.shortText)"))
    }
    return types.contains(.soa) && types.contains(.ns)
  }
}

/// The records of one owner, by their numbers in the store, in the order of the file.
struct RecordGroup: RandomAccessCollection {
  fileprivate let numbers: ArraySlice<UInt32>

  var startIndex: Int { numbers.startIndex }
  var endIndex: Int { numbers.endIndex }
  subscript(index: Int) -> Int { Int(numbers[index]) }
}
