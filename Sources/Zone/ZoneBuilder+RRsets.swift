import Diagnostics
import Memory
import Wire

extension ZoneBuilder {
  /// The owner's record when there is one only and nothing about it to be looked at: what most owners have.
  @inline(__always) func onlyRecord(_ node: Int, _ records: borrowing RecordStore) -> Int? {
    guard let first = records.first(of: node), records.isAlone(first),
      flags[node].isDisjoint(with: [.pooled, .alias]), records.entries[first].type != .soa
    else { return nil }
    return first
  }

  /// The records of one owner, by type in the order of the file, without duplicates and what may not
  /// stand there; signatures by the type that they cover. What is wrong goes to `problems`.
  mutating func rrsets(_ node: Int, _ records: borrowing RecordStore) -> [[Int]] {
    var sets: [[Int]] = []
    // The data of each set that has a second record.
    var known: [Set<[UInt8]>] = []
    for i in records.numbers(of: node) {
      let record = records.entries[i]
      if let pool = pools[node], record.type == .a || record.type == .aaaa {
        reportReplaced(i, node, pool, records)
        continue
      }
      let covered = covered(i, records)
      let ownSet = sets.firstIndex {
        records.entries[$0[0]].type == record.type && self.covered($0[0], records) == covered
      }
      guard let set = ownSet else {
        sets.append([i])
        known.append([])
        continue
      }
      if known[set].isEmpty { known[set].insert(foldedData(sets[set][0], of: node, records)) }
      guard known[set].insert(foldedData(i, of: node, records)).inserted else {
        problems.report(
          Problem(
            .note, records.position(of: i), "\(records.name(node).shortText) \(record.type): duplicate record dropped"))
        continue
      }
      if records.entries[sets[set][0]].ttl != record.ttl {
        problems.report(
          Problem(
            .warning, records.position(of: i),
            "\(records.name(node).shortText) \(record.type): the TTLs of an RRset differ; the lowest is used (RFC 2181 §5.2)"
          ))
      }
      sets[set].append(i)
    }
    checkCompany(node, sets, records)
    return sets
  }

  /// The data in the form in which two are the same record: names in lower case (RFC 4034 §6.2).
  private func foldedData(_ i: Int, of node: Int, _ records: borrowing RecordStore) -> [UInt8] {
    let record = records.entries[i]
    var data =
      (pools.isEmpty ? nil : withoutHints(i, of: node, records))
      ?? Array(copying: records.octets.bytes, record.dataRange)
    RDataFormat(record.type).fold(&data)
    return data
  }

  /// A family that the pool has no member for is not replaced but gone, which whoever moves here should know.
  private mutating func reportReplaced(_ i: Int, _ node: Int, _ pool: Int, _ records: borrowing RecordStore) {
    let type = records.entries[i].type
    let title = "\(records.name(node).shortText) \(type)"
    let isLost = lacking.indices.contains(pool) && lacking[pool].contains(type)
    problems.report(
      isLost
        ? Problem(
          .warning, records.position(of: i),
          "\(title): not served, and the pool of this name has no such address to answer with")
        : Problem(.note, records.position(of: i), "\(title): replaced by the pool of this name"))
  }

  /// What may not stand beside what (RFC 1034 §3.6.2, RFC 2181 §10.1, RFC 6672 §2.4).
  private mutating func checkCompany(_ node: Int, _ sets: [[Int]], _ records: borrowing RecordStore) {
    let types = sets.map { records.entries[$0[0]].type }
    func fail(_ set: [Int], _ message: String) {
      problems.report(
        Problem(.error, records.position(of: set[set.count - 1]), "\(records.name(node).shortText): \(message)"))
    }
    for (set, type) in zip(sets, types) where set.count > 1 {
      if type == .cname { fail(set, "a name can have one CNAME record only") }
      if type == .dname { fail(set, "a name can have one DNAME record only") }
      if type == .soa { fail(set, "a zone can have one SOA record only") }
    }
    if node != 0, let soa = types.firstIndex(of: .soa) {
      fail(sets[soa], "the SOA record belongs to the apex \(apex.shortText) only")
    }
    if let alias = types.firstIndex(of: .cname) {
      let beside = types.first { ![.cname, .rrsig, .nsec].contains($0) }
      if let beside {
        fail(sets[alias], "CNAME and \(beside) at the same name; a CNAME stands alone (RFC 1034 §3.6.2)")
      }
      if pools[node] != nil { fail(sets[alias], "a pool cannot answer at a name that has a CNAME record") }
    }
    if types.contains(.dname), pools[node] != nil, let set = types.firstIndex(of: .dname) {
      fail(sets[set], "a pool cannot answer at a name that has a DNAME record")
    }
  }
}
