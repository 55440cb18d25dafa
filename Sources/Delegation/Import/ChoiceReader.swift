import Wire

/// Reads what Route 53 chooses for a name and type out of its record sets (FEATURES: alias trees back out of branches
/// with nobody healthy, and with nobody healthy at all choose as if all were).
struct ChoiceReader {
  let records: [DomainName: [RecordSet]]
  /// Names of checks by their ids.
  let checks: [String: String]
  /// Networks by collection and location.
  let networks: [String: [String: [String]]]
  private(set) var report = ImportReport()

  init(_ records: [RecordSet], checks: [String: String], networks: [String: [String: [String]]]) {
    self.records = Dictionary(grouping: records, by: \.name)
    self.checks = checks
    self.networks = networks
  }

  /// Aliases of aliases; also what ends one that leads to itself.
  private static var deepest: Int { 12 }

  func sets(_ name: DomainName, _ type: String) -> [RecordSet] { (records[name] ?? []).filter { $0.type == type } }

  /// What a name answers; nil where nothing of it can be taken over, which the report says.
  mutating func choice(_ name: DomainName, _ type: String) -> Choice? {
    // Without aliases what is chosen with nobody up is what the pool chooses by itself then.
    sets(name, type).contains { $0.alias != nil } ? always(name, type, and: [], []) : read(.up, name, type, and: [], [])
  }

  /// Who counts in a group.
  private enum Mode {
    /// Those that are healthy.
    case up
    /// All of them: the last resort where nobody is. What aliases lead to is chosen by its own health once more.
    case resort
  }

  /// A choice that is never passed over while the checks pass: of those that are healthy, else of all.
  private mutating func always(_ name: DomainName, _ type: String, and checks: [String], _ path: [DomainName])
    -> Choice?
  {
    guard let up = read(.up, name, type, and: checks, path) else { return nil }
    guard up.has(otherChecksThan: checks), let resort = read(.resort, name, type, and: checks, path) else { return up }
    return .group(
      Choice.Group(
        label: "\(name.shortText)-\(type.lowercased())-or-all", policy: .failover,
        items: [.init(choice: up), .init(choice: resort)]))
  }

  /// - Parameter checks: that must pass besides the records' own.
  private mutating func read(
    _ mode: Mode, _ name: DomainName, _ type: String, and checks: [String], _ path: [DomainName]
  ) -> Choice? {
    let sets = sets(name, type)
    guard let first = sets.first else { return nil }
    guard path.count <= Self.deepest, !path.contains(name) else {
      report.gap("\(name.shortText) \(type)", "its aliases lead in a circle, or more than \(Self.deepest) deep")
      return nil
    }
    let isInner = !path.isEmpty
    let path = path + [name]
    guard let policy = policy(first) else { return nil }
    guard let policy else { return member(mode, first, and: checks, path) }
    var group = Choice.Group(label: "\(name.shortText)-\(type.lowercased())", policy: policy, items: [])
    for set in ordered(sets) {
      guard let member = member(mode, set, and: checks, path) else { continue }
      if policy == .client {
        guard let clients = clients(set) else { continue }
        group.clients.append(clients)
      }
      group.items.append(Choice.Group.Item(choice: member, weight: weight(set)))
    }
    if isInner, policy == .client,
      !group.clients.contains(where: { if case .everybodyElse = $0 { true } else { false } })
    {
      report.note(
        "\(name.shortText) \(type)",
        "clients whom no location fits get what comes next where this is one of several choices; Route 53 has no answer for them"
      )
    }
    if policy == .weighted, group.items.contains(where: { $0.choice.isByClient }) {
      report.note(
        "\(name.shortText) \(type)",
        "weights over choices by client: where all that one of them has for a client is down, its share goes to the next, not to all others by their weights"
      )
    }
    // Everybody gets the same.
    if group.clients.count == 1, case .everybodyElse = group.clients[0] { return group.items[0].choice }
    return group.items.isEmpty ? nil : .group(group)
  }

  private func ordered(_ sets: [RecordSet]) -> [RecordSet] {
    sets.filter { $0.routing == .failover(isPrimary: true) } + sets.filter { $0.routing != .failover(isPrimary: true) }
  }

  private func weight(_ set: RecordSet) -> Int? { if case .weighted(let weight) = set.routing { weight } else { nil } }

  /// Outer nil: cannot be taken over. Inner nil: there is no policy.
  private mutating func policy(_ set: RecordSet) -> Choice.Group.Policy?? {
    let subject = "\(set.name.shortText) \(set.type)"
    switch set.routing {
    case .simple: return .some(nil)
    case .failover: return .failover
    case .weighted: return .weighted
    case .multivalue: return .allHealthy
    case .geolocation, .network: return .client
    case .latency:
      report.note(
        subject,
        "latency between AWS regions is not known here: the policy is `fastest`, by how soon the sites answer this server's probes"
      )
      return .fastest
    case .geoproximity:
      report.gap(
        subject,
        "geoproximity is not known here: write a pool with `policy: client` by countries or networks, or `fastest`")
      return nil
    case .trafficPolicy(let instance):
      report.gap(
        subject,
        "it is made by the traffic policy instance \(instance): export the policy's document and write groups after it")
      return nil
    }
  }

  private mutating func member(
    _ mode: Mode, _ set: RecordSet, and checks: [String], _ path: [DomainName]
  ) -> Choice? {
    let conditions = mode == .up ? with(set, checks) : checks
    if let alias = set.alias { return target(mode, of: alias, set, conditions, path) }
    let addresses = set.values.compactMap { IPAddress($0) }
    guard addresses.count == set.values.count, !addresses.isEmpty else {
      report.gap(set.title, "a value is no address: \(set.values.joined(separator: ", "))")
      return nil
    }
    let label = set.setIdentifier ?? "\(set.name.labels.first.map { String(decoding: $0, as: UTF8.self) } ?? "apex")"
    return .endpoint(Choice.Endpoint(label: label, addresses: addresses, checks: conditions))
  }

  private mutating func with(_ set: RecordSet, _ checks: [String]) -> [String] {
    guard let id = set.healthCheck else { return checks }
    guard let check = self.checks[id] else {
      report.gap(set.title, "its health check \(id) is not in the list of health checks: it counts as healthy")
      return checks
    }
    return checks.contains(check) ? checks : checks + [check]
  }

  private mutating func target(
    _ mode: Mode, of alias: RecordSet.Alias, _ set: RecordSet, _ checks: [String], _ path: [DomainName]
  ) -> Choice? {
    guard records[alias.target]?.contains(where: { $0.type == set.type }) == true else {
      report.gap(
        set.title,
        "an alias of \(alias.target.shortText), which is no record of the hosted zone: use an Elastic IP and a pool, or keep this name in Route 53"
      )
      return nil
    }
    return mode == .up && alias.evaluatesHealth
      ? read(.up, alias.target, set.type, and: checks, path)
      : always(alias.target, set.type, and: checks, path)
  }

  private mutating func clients(_ set: RecordSet) -> Choice.Group.Clients? {
    switch set.routing {
    case .geolocation(.default): return .everybodyElse
    case .geolocation(.continent(let code)): return .continents([code])
    case .geolocation(.country(let code)): return .countries([code])
    case .geolocation(.subdivision(let country, let code)):
      report.gap(
        set.title,
        "subdivisions are not known here (\(country)-\(code)): its clients get what \(country) gets; write their networks as a rule of `clients`"
      )
      return nil
    case .network(let collection, let location):
      if location == "*" { return .everybodyElse }
      guard let blocks = networks[collection]?[location], !blocks.isEmpty else {
        report.gap(
          set.title,
          "the networks of location \(location) of collection \(collection) are not known: give --cidr FILE, or --zone-id to have them asked for"
        )
        return nil
      }
      return .networks(blocks)
    default: return nil
    }
  }
}
