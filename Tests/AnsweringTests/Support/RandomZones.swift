import Wire

/// splitmix64: the same numbers from the same seed, always.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Small zones whose names collide as often as they can: few labels, wildcards, cuts, aliases, pools.
struct RandomZones {
  private var random: SeededGenerator
  private static let apexes = ["example.", "a.example.", "b.a.example.", "other."]
  private static let labels = ["a", "b", "*", "a", "b", "c"]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Master files by apex, pools in order, and the same for the reference.
  ///
  /// - Parameter transfer: networks that may transfer any of them.
  mutating func make(
    transfer: [String] = [], image: ((inout Image) -> Void)? = nil
  ) throws -> (world: World, reference: ReferenceResolver) {
    var texts: [(apex: String, text: String)] = []
    var pools: [TestPool] = []
    var zones: [ReferenceResolver.ZoneData] = []
    for apex in Self.apexes where apex == "example." || Bool.random(using: &random) {
      let (text, own) = try zone(apex)
      texts.append((apex, text))
      var data = ReferenceResolver.ZoneData(apex: try DomainName(apex), records: try records(text))
      for pool in own {
        let owner = try DomainName(pool.owners[0])
        // In a zone below this one it would be that zone's.
        data.pools[owner] = try records(pool.addresses.map { "\(owner) 30 \($0.contains(":") ? "AAAA" : "A") \($0)" })
      }
      zones.append(data)
      pools += own
    }
    let apexes = try Self.apexes.filter { apex in texts.contains { $0.apex == apex } }.map { try DomainName($0) }
    let isOwn = { (owner: DomainName, apex: DomainName) in
      apexes.filter(owner.isAtOrBelow).max { $0.wire.count < $1.wire.count } == apex
    }
    for i in zones.indices {
      let apex = zones[i].apex
      zones[i].pools = zones[i].pools.filter { isOwn($0.key, apex) }
    }
    let kept = try pools.filter { pool in
      let owner = try DomainName(pool.owners[0])
      return zones.contains { $0.pools[owner] != nil }
    }
    let world = try World(
      texts, pools: kept.map { TestPool(owners: $0.owners, addresses: $0.addresses) }, transfer: transfer,
      image: image)
    return (world, ReferenceResolver(zones: zones))
  }

  mutating func question() -> (name: String, type: String) {
    let types = ["A", "AAAA", "TXT", "MX", "NS", "CNAME", "DS", "ANY", "SOA", "SRV"]
    return (name(Self.apexes.randomElement(using: &random) ?? "."), types.randomElement(using: &random) ?? "A")
  }

  /// At or below the apex, at most four labels.
  private mutating func name(_ apex: String) -> String {
    let count = Int.random(in: 0...4, using: &random)
    return (0..<count).map { _ in (Self.labels.randomElement(using: &random) ?? "a") + "." }.joined() + apex
  }

  private mutating func zone(_ apex: String) throws -> (text: String, pools: [TestPool]) {
    var lines = ["\(apex) 300 SOA ns.\(apex) h.example. 1 2 3 4 60", "\(apex) 300 NS \(name(apex))"]
    var taken: [String: Set<String>] = [apex: ["SOA", "NS"]]
    for _ in 0..<Int.random(in: 1...14, using: &random) {
      let owner = name(apex)
      let types = ["A", "A", "AAAA", "TXT", "MX", "NS", "CNAME", "CNAME", "DS", "SRV"]
      let type = types.randomElement(using: &random) ?? "A"
      let there = taken[owner] ?? []
      if there.contains("CNAME") || (type == "CNAME" && !there.isEmpty) { continue }
      // NS at a wildcard has no agreed meaning (RFC 4592 §4.2).
      if type == "NS" && owner.hasPrefix("*") { continue }
      taken[owner, default: []].insert(type)
      lines.append("\(owner) 300 \(type) \(data(type))")
    }
    return (lines.joined(separator: "\n"), try pools(apex, taken))
  }

  private mutating func data(_ type: String) -> String {
    let number = Int.random(in: 1...3, using: &random)
    let target = name(Self.apexes.randomElement(using: &random) ?? "example.")
    return switch type {
    case "A": "192.0.2.\(number)"
    case "AAAA": "2001:db8::\(number)"
    case "TXT": "text\(number)"
    case "MX": "\(number) \(target)"
    case "SRV": "0 0 \(number) \(target)"
    case "DS": "\(number) 8 1 0101010101010101010101010101010101010101"
    default: target
    }
  }

  /// Up to two, where a pool may be: not beside an alias, not at or below a cut.
  private mutating func pools(_ apex: String, _ taken: [String: Set<String>]) throws -> [TestPool] {
    let cuts = try taken.filter { $0.key != apex && $0.value.contains("NS") }.map { try DomainName($0.key) }
    var pools: [String: TestPool] = [:]
    for i in 0..<Int.random(in: 0...2, using: &random) {
      let owner = name(apex)
      let domain = try DomainName(owner)
      if taken[owner]?.contains("CNAME") == true || cuts.contains(where: { domain.isAtOrBelow($0) }) { continue }
      let families = Int.random(in: 1...3, using: &random)
      pools[owner] = TestPool(
        owners: [owner],
        addresses: (families & 1 != 0 ? ["198.51.100.\(i)"] : []) + (families & 2 != 0 ? ["2001:db8:1::\(i)"] : []))
    }
    return pools.keys.sorted().compactMap { pools[$0] }
  }

  /// Lines of owner, TTL, type and data as records, each once.
  private func records(_ text: String) throws -> [Record] {
    try records(text.split(separator: "\n").map(String.init))
  }

  private func records(_ lines: [String]) throws -> [Record] {
    var records: [Record] = []
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      guard let type = RecordType(text: words[2]), let ttl = UInt32(words[1]) else { continue }
      let record = Record(
        owner: try DomainName(words[0]), type: type, ttl: ttl,
        data: try RDataFormat(type).wire(text: words[3], origin: .root))
      if !records.contains(record) { records.append(record) }
    }
    return records
  }
}
