import TestSupport

/// What an owner gets: plain records, an alias, a redirection, a delegation, more than fits.
extension ZoneGenerator {
  mutating func add(_ owner: Name, _ type: String, _ data: [String]) {
    take(owner)
    let ttl = random.pick(Self.ttls)
    var seen: Set<String> = []
    for data in data where seen.insert(data).inserted {
      zone.records.append(GeneratedZone.Record(owner: owner, ttl: ttl, type: type, data: data))
    }
  }

  mutating func add(_ owner: Name, _ type: String, count: Int) {
    take(owner)
    add(owner, type, (0..<count).map { _ in data(type) })
  }

  mutating func addApex() {
    let apex = zone.apex
    let minimum = random.pick([0, 30, 300, 7200])
    add(apex, "SOA", ["ns.\(apex) HostMaster.\(apex) \(random.below(4_000_000_000)) 3600 600 86400 \(minimum)"])
    let names = ["ns", "NS2"].compactMap { apex.child($0) }
    add(apex, "NS", names.map(\.description) + ["ns.outside.invalid."])
    for name in names { add(name, random.pick(["A", "AAAA"]), count: random.within(1...3)) }
    for _ in 0..<random.below(4) { addPlain(apex) }
  }

  /// A whole zone that is redirected: nothing may be below its apex.
  mutating func addRedirectedApex() {
    zone.closed.append(zone.apex)
    add(zone.apex, "SOA", ["ns.outside.invalid. h.outside.invalid. 1 3600 600 86400 300"])
    add(zone.apex, "NS", ["ns.outside.invalid."])
    add(zone.apex, "DNAME", count: 1)
    addPlain(zone.apex)
  }

  /// The zone itself is served by a host below one of its cuts.
  mutating func addServerBelowCut() {
    guard let glue = zone.records.first(where: { r in r.type == "A" && cuts.contains { r.owner.isBelow($0) } }),
      let known = zone.records.first(where: { $0.type == "NS" && $0.owner == zone.apex })
    else { return }
    let record = GeneratedZone.Record(owner: zone.apex, ttl: known.ttl, type: "NS", data: "\(glue.owner)")
    zone.records.append(record)
  }

  mutating func addOwner() {
    guard let owner = newOwner() else { return }
    switch random.below(100) {
    case ..<50: for _ in 0...random.below(3) { addPlain(owner) }
    case ..<68: addAlias(owner)
    case ..<84 where !owner.isWildcard: addCut(owner)
    case ..<89 where !owner.isWildcard && !hasBelow(owner): addRedirection(owner)
    case ..<95: addBig(owner)
    default: addPlain(owner)
    }
  }

  private mutating func addPlain(_ owner: Name) {
    let type = random.pick(Types.plain).name
    guard !zone.types(owner).contains(type) else { return }
    add(owner, type, count: random.chance(percent: 40) ? random.within(2...5) : 1)
  }

  private mutating func addAlias(_ owner: Name) {
    take(owner)
    add(owner, "CNAME", [random.chance(percent: 5) ? "\(owner)" : "\(target())"])
  }

  private mutating func addRedirection(_ owner: Name) {
    zone.closed.append(owner)
    add(owner, "DNAME", count: 1)
    if random.chance(percent: 40) { addPlain(owner) }
  }

  /// More than fits 512, 1232 or 4096 octets.
  private mutating func addBig(_ owner: Name) {
    switch random.below(4) {
    case 0: add(owner, "A", count: random.within(20...90))
    case 1: add(owner, "TXT", count: random.within(10...60))
    case 2: add(owner, "MX", count: random.within(10...40))
    default: add(owner, "AAAA", count: random.within(10...60))
    }
  }

  /// An insecure delegation far down: with opt-out, the names between are in no NSEC3 record either.
  mutating func addInsecureBranch() {
    guard let owner = newOwner(between: random.within(1...3)), !owner.isWildcard else { return }
    addCut(owner, isInsecure: true)
  }

  /// A delegation, with whatever glue and with names below that the cut hides.
  mutating func addCut(_ owner: Name, isInsecure: Bool = false) {
    take(owner)
    var servers: [Name] = []
    for _ in 0...(random.chance(percent: 10) ? random.within(5...20) : random.below(3)) {
      switch random.below(10) {
      case 0...3: servers.append(owner.child(random.pick(["ns", "ns1", "ns2", "Glue"])) ?? owner)
      case 4: servers.append(owner)
      case 5, 6: servers.append(cuts.isEmpty ? target() : random.pick(cuts).child("ns") ?? owner)
      default: servers.append(target())
      }
    }
    zone.targets += servers
    cuts.append(owner)
    add(owner, "NS", servers.map(\.description))
    if !isInsecure, random.chance(percent: zone.signing == nil ? 30 : 50) {
      add(owner, "DS", count: random.within(1...2))
    }
    for server in Set(servers.map(\.key)).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard let name = servers.first(where: { $0.key == server }), name.isAtOrBelow(owner) else { continue }
      if name != owner, taken.contains(name.key) || isClosed(name) { continue }
      if random.chance(percent: 80) { add(name, "A", count: random.within(1...3)) }
      if random.chance(percent: 50) { add(name, "AAAA", count: random.within(1...3)) }
    }
    if random.chance(percent: 30), let wildcard = owner.child("*"), !taken.contains(wildcard.key),
      !isClosed(wildcard)
    {
      add(wildcard, random.pick(["A", "TXT", "MX"]), count: 1)
    }
    if random.chance(percent: 15) { addPlain(owner) }
  }
}
