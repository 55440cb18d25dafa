package import Assembly
package import Configuration
package import JSONFormat
import Memory
package import Wire
import Zone

/// Turns pools, checks and records into record sets and health checks of Route 53.
package struct Exporter {
  /// Record sets, health checks by local names, and what became of everything.
  package struct Result: Sendable {
    package let records: [JSON]
    package let checks: [(name: String, config: JSON)]
    package let report: ImportReport
  }

  private let zone: DomainName
  /// Of the hosted zone, for aliases.
  private let zoneID: String
  private var records: [JSON] = []
  private var checks = ExportedChecks()
  private var report = ImportReport()
  /// Names made up for groups.
  private var groups = 0

  package init(zone: DomainName, zoneID: String) {
    self.zone = zone
    self.zoneID = zoneID
  }

  package mutating func run(_ configuration: Configuration, _ built: BuiltZone) -> Result {
    for pool in configuration.pools {
      for owner in pool.owners where owner.value.isAtOrBelow(zone) { export(pool, owner.value) }
    }
    exportRecords(built)
    return Result(records: records, checks: checks.checks.map { ($0.name, $0.config) }, report: report)
  }

  // MARK: - Records of the zone file

  private mutating func exportRecords(_ built: BuiltZone) {
    var sets: [(owner: DomainName, type: RecordType, ttl: UInt32, values: [String])] = []
    built.zone.value.forEachRecord { record in
      let isApex = record.owner == zone && (record.type == .soa || record.type == .ns)
      if isApex { return }
      let value = RecordValue.route53(RDataFormat(record.type).text(record.data.rawBytes))
      if let i = sets.indices.last, sets[i].owner == record.owner, sets[i].type == record.type {
        sets[i].values.append(value)
      } else {
        sets.append((record.owner, record.type, record.ttl, [value]))
      }
    }
    for set in sets {
      guard Exporter.types.contains("\(set.type)") else {
        report.gap("\(set.owner.shortText) \(set.type)", "Route 53 does not have this type")
        continue
      }
      records.append(plain(set.owner, "\(set.type)", set.ttl, set.values, []))
    }
    if !sets.isEmpty { report.map("\(sets.count) RRsets of the zone file", "simple record sets") }
  }

  /// That Route 53 has.
  private static let types: Set<String> = [
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SPF", "SRV", "SSHFP", "SVCB", "TLSA",
    "TXT",
  ]

  private func plain(
    _ name: DomainName, _ type: String, _ ttl: UInt32, _ values: [String], _ more: [JSON.Member]
  ) -> JSON {
    .object(
      [.init(name: "Name", value: .string(Route53Name.text(name))), .init(name: "Type", value: .string(type))] + more
        + [
          .init(name: "TTL", value: .integer(ttl)),
          .init(name: "ResourceRecords", value: .array(values.map { .object(["Value": .string($0)]) })),
        ])
  }

  // MARK: - Pools

  private mutating func export(_ pool: Configuration.Pool, _ owner: DomainName) {
    noteLosses(pool)
    for (type, isIPv6) in [("A", false), ("AAAA", true)] {
      guard pool.members.contains(where: { $0.addresses.contains { $0.value.isIPv6 == isIPv6 } }) else { continue }
      let family = Family(
        type: type, isIPv6: isIPv6, ttl: pool.ttl.minimum == pool.ttl.maximum ? pool.ttl.maximum : pool.ttl.minimum)
      add(pool.choice, pool, at: owner, family)
      report.map("pool \(owner.shortText)", "\(type) record sets")
    }
  }

  private struct Family {
    let type: String
    let isIPv6: Bool
    let ttl: UInt32
  }

  private mutating func noteLosses(_ pool: Configuration.Pool) {
    let subject = "pool \(pool.name.shortText)"
    if pool.ttl.minimum != pool.ttl.maximum {
      report.note(subject, "TTLs are fixed in Route 53: it becomes \(pool.ttl.minimum) s, the least")
    }
    if case .primary = pool.allDown {
    } else {
      report.note(subject, "`all-down`: with nobody healthy Route 53 answers as if all were")
    }
    if pool.coupling != .independent { report.note(subject, "A and AAAA are independent in Route 53") }
    noteLosses(pool.choice, subject)
  }

  private mutating func noteLosses(_ group: Configuration.Group, _ subject: String) {
    if group.floor != nil { report.note(subject, "`min-healthy` is not known to Route 53") }
    if case .failover(let failback) = group.policy {
      if case .immediate = failback {} else { report.note(subject, "`failback`: Route 53 goes back at once") }
    }
    for case .group(let inner) in group.branches.map(\.target) { noteLosses(inner, subject) }
  }

  /// Puts the record sets of a choice at a name.
  private mutating func add(
    _ group: Configuration.Group, _ pool: Configuration.Pool, at name: DomainName, _ family: Family
  ) {
    let subject = "\(name.shortText) \(family.type)"
    let branches = group.branches.filter { has($0.target, pool, family) }
    switch group.policy {
    case .failover: addFailover(branches[...], pool, at: name, family)
    case .weighted: addWeighted(branches, pool, at: name, family)
    case .sticky:
      report.note(subject, "`sticky` is not known to Route 53: it becomes weighted")
      addWeighted(branches, pool, at: name, family)
    case .fastest:
      report.note(
        subject,
        "`fastest` is not known to Route 53: it becomes weighted with equal weights; latency records need the sites' regions"
      )
      addWeighted(branches, pool, at: name, family, alike: true)
    case .all: addAll(branches, pool, at: name, family)
    case .client(let clients): addByClient(group, clients, pool, at: name, family)
    }
  }

  private func has(_ target: Configuration.Target, _ pool: Configuration.Pool, _ family: Family) -> Bool {
    target.members.contains { pool.members[$0].addresses.contains { $0.value.isIPv6 == family.isIPv6 } }
  }

  private mutating func addFailover(
    _ branches: ArraySlice<Configuration.Branch>, _ pool: Configuration.Pool, at name: DomainName, _ family: Family
  ) {
    guard let first = branches.first else { return }
    // What is always up never gives way, and a primary without health check is refused.
    guard branches.count > 1, !isAlwaysUp(first.target, pool) else {
      return addAlone(first.target, pool, at: name, family)
    }
    put(first.target, pool, at: name, family, id: "primary", [.init(name: "Failover", value: "PRIMARY")])
    let rest = branches.dropFirst()
    let second: [JSON.Member] = [.init(name: "Failover", value: "SECONDARY")]
    if rest.count == 1, let last = rest.first {
      put(last.target, pool, at: name, family, id: "secondary", second)
    } else {
      let inner = groupName()
      addFailover(rest, pool, at: inner, family)
      alias(inner, at: name, family, id: "secondary", second)
    }
  }

  private func isAlwaysUp(_ target: Configuration.Target, _ pool: Configuration.Pool) -> Bool {
    target.members.contains { member in
      pool.members[member].conditions.allSatisfy { if case .fixed(true) = $0 { true } else { false } }
    }
  }

  private mutating func addWeighted(
    _ branches: [Configuration.Branch], _ pool: Configuration.Pool, at name: DomainName, _ family: Family,
    alike: Bool = false
  ) {
    let largest = alike ? 1 : branches.map(\.weight).max() ?? 0
    if largest > 255 {
      report.note("\(name.shortText) \(family.type)", "weights end at 255 in Route 53: they are scaled down")
    }
    for (i, branch) in branches.enumerated() {
      let own = alike ? 1 : branch.weight
      let weight = largest > 255 && own > 0 ? max(1, own * 255 / largest) : own
      put(
        branch.target, pool, at: name, family, id: "weighted-\(i + 1)", [.init(name: "Weight", value: .integer(weight))]
      )
    }
  }

  private mutating func addAll(
    _ branches: [Configuration.Branch], _ pool: Configuration.Pool, at name: DomainName, _ family: Family
  ) {
    let members = Array(Set(branches.flatMap(\.target.members))).sorted()
    if branches.contains(where: { if case .group = $0.target { true } else { false } }) {
      report.note(
        "\(name.shortText) \(family.type)",
        "groups within `all-healthy` become their endpoints: Route 53 has no aliases there")
    }
    for member in members {
      for address in addresses(member, pool, family) {
        put(
          member, [address], pool, at: name, family, id: "\(pool.members[member].name.value)-\(address)",
          [.init(name: "MultiValueAnswer", value: .bool(true))])
      }
    }
  }

  private mutating func addByClient(
    _ group: Configuration.Group, _ clients: Configuration.Clients, _ pool: Configuration.Pool, at name: DomainName,
    _ family: Family
  ) {
    func location(_ key: String, _ code: String) -> [JSON.Member] {
      [.init(name: "GeoLocation", value: .object([.init(name: key, value: .string(code))]))]
    }
    for rule in clients.rules {
      let target = group.branches[rule.branch].target
      guard has(target, pool, family) else { continue }
      for code in rule.countries { put(target, pool, at: name, family, id: code, location("CountryCode", code)) }
      for code in rule.continents {
        put(target, pool, at: name, family, id: "continent-\(code)", location("ContinentCode", code))
      }
      if !rule.networks.isEmpty {
        report.gap(
          "\(name.shortText) \(family.type)",
          "networks need a CIDR collection in Route 53: create it, and a record set for each location; its clients get the default"
        )
      }
    }
    if let other = clients.other, has(group.branches[other].target, pool, family) {
      put(group.branches[other].target, pool, at: name, family, id: "default", location("CountryCode", "*"))
    }
  }

  // MARK: - Record sets

  private func addresses(_ member: Int, _ pool: Configuration.Pool, _ family: Family) -> [IPAddress] {
    pool.members[member].addresses.map(\.value).filter { $0.isIPv6 == family.isIPv6 }
  }

  private mutating func addAlone(
    _ target: Configuration.Target, _ pool: Configuration.Pool, at name: DomainName, _ family: Family
  ) {
    switch target {
    case .member(let member):
      records.append(plain(name, family.type, family.ttl, addresses(member, pool, family).map { "\($0)" }, []))
    case .group(let group): add(group, pool, at: name, family)
    }
  }

  /// One record set of several at a name.
  private mutating func put(
    _ target: Configuration.Target, _ pool: Configuration.Pool, at name: DomainName, _ family: Family, id: String,
    _ routing: [JSON.Member]
  ) {
    guard case .member(let member) = target else {
      guard case .group(let group) = target else { return }
      let inner = groupName()
      add(group, pool, at: inner, family)
      return alias(inner, at: name, family, id: id, routing)
    }
    let all = addresses(member, pool, family)
    let names = all.map { checks.name(for: pool.members[member], $0, &report) }
    // Addresses that are probed one by one are record sets of their own.
    guard Set(names).count > 1 else {
      return put(member, all, pool, at: name, family, id: pool.members[member].name.value, routing)
    }
    let inner = groupName()
    for address in all {
      put(
        member, [address], pool, at: inner, family, id: "\(address)",
        [.init(name: "MultiValueAnswer", value: .bool(true))])
    }
    alias(inner, at: name, family, id: id, routing)
  }

  private mutating func put(
    _ member: Int, _ addresses: [IPAddress], _ pool: Configuration.Pool, at name: DomainName, _ family: Family,
    id: String, _ routing: [JSON.Member]
  ) {
    guard let first = addresses.first else { return }
    var more: [JSON.Member] = [.init(name: "SetIdentifier", value: .string(id))] + routing
    if let check = checks.name(for: pool.members[member], first, &report) {
      more.append(.init(name: "HealthCheckId", value: .string(ExportedChecks.reference(check))))
    }
    records.append(plain(name, family.type, family.ttl, addresses.map { "\($0)" }, more))
  }

  private mutating func alias(
    _ target: DomainName, at name: DomainName, _ family: Family, id: String, _ routing: [JSON.Member]
  ) {
    records.append(
      .object(
        [
          .init(name: "Name", value: .string(Route53Name.text(name))), .init(name: "Type", value: .string(family.type)),
          .init(name: "SetIdentifier", value: .string(id)),
        ] + routing + [
          .init(
            name: "AliasTarget",
            value: .object([
              "HostedZoneId": .string(zoneID), "DNSName": .string(Route53Name.text(target)),
              "EvaluateTargetHealth": .bool(true),
            ]))
        ]))
  }

  private mutating func groupName() -> DomainName {
    groups += 1
    let label = Array("alula-group-\(groups)".utf8)
    return DomainName(wire: [UInt8(label.count)] + label + zone.wire) ?? zone
  }
}
