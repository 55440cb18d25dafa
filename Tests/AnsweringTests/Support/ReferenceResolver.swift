import Wire

/// Records in lists and RFC 1034 §4.3.2 step by step, as slow as it is plain: what the server must agree with.
struct ReferenceResolver {
  struct ZoneData {
    let apex: DomainName
    var records: [Record]
    /// Owner, then its addresses as records.
    var pools: [DomainName: [Record]] = [:]
  }

  /// The sections as sets; for ANY the answer is one of `anyOf`.
  struct Answer {
    var code = 0
    var isAuthoritative = false
    var answer: [Record] = []
    var anyOf: [[Record]] = []
    var authority: [Record] = []
    var additional: Set<Record> = []
  }

  let zones: [ZoneData]

  func resolve(_ question: DomainName, _ type: RecordType) -> Answer {
    var answer = Answer()
    var name = question
    var seen: Set<DomainName> = []
    guard zone(for: name, type) != nil else {
      answer.code = 5
      return answer
    }
    // Step 1 and 2: the zone nearest to the name; again for every alias.
    while let zone = zone(for: name, type), seen.insert(name).inserted {
      guard let next = step(name, type, zone, &answer) else { break }
      name = next
      if answer.answer.count > 16 { break }
    }
    return answer
  }

  private func zone(for name: DomainName, _ type: RecordType) -> ZoneData? {
    let enclosing = zones.filter { name.isAtOrBelow($0.apex) }.sorted { $0.apex.wire.count > $1.apex.wire.count }
    if type == .ds, let first = enclosing.first, first.apex == name, enclosing.count > 1 { return enclosing[1] }
    return enclosing.first
  }

  /// Step 3: down, label by label. Returns the name that an alias leads to.
  private func step(
    _ name: DomainName, _ type: RecordType, _ zone: ZoneData, _ answer: inout Answer
  ) -> DomainName? {
    // 3b: a delegation above the name, or at it.
    if let cut = zone.cut(above: name, forDS: type == .ds) {
      answer.authority = zone.own(cut, .ns)
      addAdditional(answer.authority, zone, &answer, withGlue: true)
      return nil
    }
    answer.isAuthoritative = true
    // 3a: the name itself, or 3c: the wildcard at the closest encloser.
    guard let source = zone.source(of: name) else {
      answer.code = 3
      answer.authority = [zone.negativeSOA]
      return nil
    }
    if let alias = zone.own(source, .cname).first, type != .cname, type != .any {
      answer.answer.append(alias.renamed(name))
      return DomainName(unchecked: alias.data)
    }
    if type == .any {
      answer.anyOf = zone.everyRRset(source).map { $0.map { $0.renamed(name) } }
      if answer.anyOf.isEmpty { answer.authority = [zone.negativeSOA] }
      return nil
    }
    let records = zone.own(source, type).map { $0.renamed(name) }
    answer.answer += records
    if records.isEmpty { answer.authority = [zone.negativeSOA] }
    addAdditional(records, zone, &answer, withGlue: false)
    return nil
  }

  /// Step 6: addresses of the names in NS, MX and SRV records, as far as the zone has them.
  /// - Parameter withGlue: beside a delegation; elsewhere only what the zone has authority for.
  private func addAdditional(_ records: [Record], _ zone: ZoneData, _ answer: inout Answer, withGlue: Bool) {
    for record in records {
      let skip: Int
      switch record.type {
      case .ns: skip = 0
      case .mx: skip = 2
      case .srv: skip = 6
      default: continue
      }
      let target = DomainName(unchecked: Array(record.data[skip...]))
      guard target.isAtOrBelow(zone.apex), let source = zone.additionalSource(of: target, withGlue: withGlue)
      else { continue }
      for type in [RecordType.a, .aaaa] {
        answer.additional.formUnion(zone.own(source, type).map { $0.renamed(target) })
      }
    }
  }
}

extension ReferenceResolver.ZoneData {
  /// A node's own records of a type; a pool's addresses stand in place of the file's.
  func own(_ name: DomainName, _ type: RecordType) -> [Record] {
    if let pool = pools[name], type == .a || type == .aaaa { return pool.filter { $0.type == type } }
    return records.filter { $0.owner == name && $0.type == type }
  }

  func everyRRset(_ name: DomainName) -> [[Record]] {
    let types = Set(records.filter { $0.owner == name }.map(\.type)).union(pools[name] == nil ? [] : [.a, .aaaa])
    return types.map { own(name, $0) }.filter { !$0.isEmpty }
  }

  /// A name exists when it or a name below it has records (RFC 4592 §2.2.2).
  private func exists(_ name: DomainName) -> Bool {
    name == apex || records.contains { $0.owner.isAtOrBelow(name) } || pools.keys.contains { $0.isAtOrBelow(name) }
  }

  /// The highest zone cut at or above `name`.
  func cut(above name: DomainName, forDS: Bool) -> DomainName? {
    ancestors(name).last { cut in
      cut != apex && !own(cut, .ns).isEmpty && !(forDS && cut == name)
    }
  }

  /// The name and its ancestors down to the apex, nearest first.
  private func ancestors(_ name: DomainName) -> [DomainName] {
    Array(sequence(first: name) { $0 == apex ? nil : $0.parent })
  }

  /// The node whose records answer for `name`.
  func source(of name: DomainName) -> DomainName? {
    if exists(name) { return name }
    guard let encloser = ancestors(name).first(where: exists) else { return nil }
    let wildcard = DomainName(unchecked: [1, UInt8(ascii: "*")] + encloser.wire)
    return exists(wildcard) ? wildcard : nil
  }

  /// The same for glue, which may lie below a cut; no wildcard there stands for anything.
  func additionalSource(of name: DomainName, withGlue: Bool) -> DomainName? {
    if cut(above: name, forDS: false) == nil { return source(of: name) }
    return withGlue && exists(name) ? name : nil
  }

  var negativeSOA: Record {
    let soa = own(apex, .soa)[0]
    let minimum = soa.data.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    return Record(owner: apex, type: .soa, ttl: min(soa.ttl, minimum), data: soa.data)
  }
}

extension Record {
  fileprivate func renamed(_ owner: DomainName) -> Record {
    Record(owner: owner, type: type, ttl: ttl, data: data)
  }
}
