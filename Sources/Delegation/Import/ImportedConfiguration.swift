import Wire

/// The configuration that an import writes: checks, endpoints and groups by name, and pools by owner.
struct ImportedConfiguration {
  struct Pool {
    let owner: DomainName
    let ttl: UInt32
    var keys: [(key: String, value: String)]
    var lists: [(key: String, items: [String])]
  }

  private(set) var checks: [CheckDraft] = []
  private(set) var endpoints: [(name: String, value: String)] = []
  private(set) var groups: [Pool] = []
  private(set) var pools: [Pool] = []
  private(set) var groupNames: [String] = []
  private(set) var usesLocations = false
  private var names = ImportNames()

  // MARK: - Checks

  /// - Returns: the checks' names by their ids.
  mutating func take(
    _ healthChecks: [HealthCheck], tags: [String: String], _ report: inout ImportReport
  ) -> [String: String] {
    var known: [String: String] = [:]
    // A calculated check refers to others, so their names come first.
    for check in healthChecks { known[check.id] = names.make(tags[check.id] ?? "check-\(check.id.prefix(8))") }
    for check in healthChecks {
      guard let name = known[check.id] else { continue }
      let subject = "health check \(check.id) (\(check.type.rawValue))"
      if let obstacle = check.obstacle { report.gap(subject, obstacle) } else { report.map(subject, "check \(name)") }
      checks.append(CheckDraft(name: name, keys: check.keys(known, &report, as: name)))
    }
    return known
  }

  // MARK: - Pools

  /// - Parameters:
  ///   - choices: by family, A first; at least one.
  mutating func addPool(_ owner: DomainName, ttl: UInt32, _ choices: [Choice]) {
    let choice =
      choices.count == 1
      ? choices[0]
      : .group(
        Choice.Group(
          label: owner.shortText, policy: .failover, items: choices.map { Choice.Group.Item(choice: $0, weight: nil) }))
    var pool = Pool(owner: owner, ttl: ttl, keys: [], lists: [])
    fill(&pool, choice)
    pools.append(pool)
  }

  private mutating func fill(_ pool: inout Pool, _ choice: Choice) {
    switch choice {
    case .endpoint(let endpoint):
      pool.keys = [("policy", "failover")]
      pool.lists = [("endpoints", [declare(endpoint)])]
    case .group(let group):
      pool.keys = [("policy", group.policy.rawValue)]
      if group.policy == .client { return fillClients(&pool, group) }
      if group.policy == .allHealthy { pool.keys.append(("max-answers", "8")) }
      var here: Set<String> = []
      pool.lists = [
        (
          "endpoints",
          group.items.map { item in
            let name = name(item.choice, notOf: here)
            here.insert(name)
            return item.weight.map { "{ name: \(name), weight: \($0) }" } ?? name
          }
        )
      ]
    }
  }

  private mutating func fillClients(_ pool: inout Pool, _ group: Choice.Group) {
    var rules: [String] = []
    var otherwise = "none"
    for (item, clients) in zip(group.items, group.clients) {
      let name = name(item.choice)
      switch clients {
      case .countries(let codes): rules.append("{ countries: [\(codes.joined(separator: ", "))], use: \(name) }")
      case .continents(let codes): rules.append("{ continents: [\(codes.joined(separator: ", "))], use: \(name) }")
      case .networks(let blocks):
        rules.append("{ networks: [\(blocks.map { YAML.text($0) }.joined(separator: ", "))], use: \(name) }")
      case .everybodyElse: otherwise = name
      }
      if case .countries = clients { usesLocations = true }
      if case .continents = clients { usesLocations = true }
    }
    pool.keys.append(("default", otherwise))
    pool.lists = [("clients", rules)]
  }

  /// The name of an endpoint or group, declared here.
  ///
  /// - Parameter here: names that stand in the same list, in which none can stand twice.
  private mutating func name(_ choice: Choice, notOf here: Set<String> = []) -> String {
    switch choice {
    case .endpoint(let endpoint): return declare(endpoint, notOf: here)
    case .group(let group):
      let name = names.make(group.label)
      var pool = Pool(owner: .root, ttl: 0, keys: [], lists: [])
      fill(&pool, choice)
      groups.append(pool)
      groupNames.append(name)
      return name
    }
  }

  private mutating func declare(_ endpoint: Choice.Endpoint, notOf here: Set<String> = []) -> String {
    let list = endpoint.addresses.map { YAML.text("\($0)") }
    let checks = endpoint.checks
    let value = YAML.mapping([
      ("address", list.count == 1 ? list[0] : "[\(list.joined(separator: ", "))]"),
      ("check", checks.isEmpty ? "none" : checks.count == 1 ? checks[0] : "[\(checks.joined(separator: ", "))]"),
    ])
    // The same endpoint of several names is declared once.
    let isSame = { (other: (name: String, value: String)) in
      other.value == value && other.name.hasPrefix(endpoint.label) && !here.contains(other.name)
    }
    if let same = endpoints.first(where: isSame) { return same.name }
    let name = names.make(endpoint.label)
    endpoints.append((name, value))
    return name
  }

  // MARK: - Text

  /// - Parameters:
  ///   - zone: its file lies beside the configuration.
  ///   - locations: the database for countries and continents, where they are used.
  func text(zone: DomainName, file: String, locations: String, origin: String) -> String {
    var lines = [
      "# Made by `alula route53 import` out of \(origin).", "server:", "  listen: [\"0.0.0.0:53\", \"[::]:53\"]",
      "state: /var/lib/alula",
    ]
    if usesLocations { lines.append("location-database: \(YAML.text(locations))") }
    lines += ["zones:", "  \(YAML.text(zone.shortText)): { file: \(YAML.text(file)) }"]
    if !checks.isEmpty {
      lines.append("checks:")
      for check in checks { lines.append("  \(check.name): \(YAML.mapping(check.keys))") }
    }
    if !endpoints.isEmpty {
      lines.append("endpoints:")
      for endpoint in endpoints { lines.append("  \(endpoint.name): \(endpoint.value)") }
    }
    if !groups.isEmpty {
      lines.append("groups:")
      for (name, group) in zip(groupNames, groups) { lines += block("\(name)", group, ttl: nil) }
    }
    if !pools.isEmpty {
      lines.append("pools:")
      for pool in pools { lines += block(YAML.text(pool.owner.shortText), pool, ttl: pool.ttl) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func block(_ name: String, _ pool: Pool, ttl: UInt32?) -> [String] {
    var lines = ["  \(name):"]
    if let ttl { lines.append("    ttl: \(ttl)s") }
    lines += pool.keys.map { "    \($0.key): \($0.value)" }
    for (key, items) in pool.lists {
      lines.append(items.isEmpty ? "    \(key): []" : "    \(key):")
      lines += items.map { "      - \($0)" }
    }
    return lines
  }
}
