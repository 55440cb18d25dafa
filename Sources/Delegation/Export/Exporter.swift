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
    /// Networks by the locations of the one CIDR collection that is needed; empty: none is.
    package let locations: [(name: String, networks: [String])]
    package let report: ImportReport
  }

  let zone: DomainName
  /// Of the hosted zone, for aliases.
  let zoneID: String
  var records: [JSON] = []
  var checks = ExportedChecks()
  var locations: [(name: String, networks: [String])] = []
  var report = ImportReport()
  /// Identifiers by name and type, and names that groups cannot have.
  var identifiers: Set<String> = []
  var taken: Set<DomainName> = []
  /// Names made up for groups.
  var groups = 0

  package init(zone: DomainName, zoneID: String) {
    self.zone = zone
    self.zoneID = zoneID
  }

  package mutating func run(_ configuration: Configuration, _ built: BuiltZone) -> Result {
    taken = Set(configuration.pools.flatMap { $0.owners.map(\.value) })
    built.zone.value.forEachRecord { taken.insert($0.owner) }
    for pool in configuration.pools {
      for owner in pool.owners where owner.value.isAtOrBelow(zone) { export(pool, owner.value) }
    }
    exportRecords(built)
    if configuration.blastRadius != nil { report.note("blast-radius", "Route 53 has no such limit") }
    if configuration.canaries != nil { report.note("canaries", "Route 53 looks from many places instead") }
    return Result(
      records: records, checks: checks.checks.map { ($0.name, $0.config) }, locations: locations, report: report)
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
      let record = plain(set.owner, "\(set.type)", set.ttl, set.values, [])
      guard ChangeBatch(comment: "", changes: [.init(.upsert, record)]).fits, set.values.count <= Exporter.mostValues
      else {
        report.gap("\(set.owner.shortText) \(set.type)", "its \(set.values.count) values are more than Route 53 takes")
        continue
      }
      records.append(record)
    }
    if !sets.isEmpty { report.map("\(sets.count) RRsets of the zone file", "simple record sets") }
  }

  /// Of one record set (Route 53's quotas).
  private static var mostValues: Int { 400 }

  /// That Route 53 has.
  private static let types: Set<String> = [
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SPF", "SRV", "SSHFP", "SVCB", "TLSA",
    "TXT",
  ]

  func plain(
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
      let family = Family(pool: pool, type: type, isIPv6: isIPv6)
      guard family.hasAny(pool.choice.branches.flatMap(\.target.members)) else { continue }
      add(pool.choice, family, at: owner)
      report.map("pool \(owner.shortText)", "\(type) record sets")
    }
  }

  /// A pool's addresses of one family, which are chosen apart.
  struct Family {
    let pool: Configuration.Pool
    let type: String
    let isIPv6: Bool

    /// Seconds.
    var ttl: UInt32 { pool.ttl.minimum }

    func addresses(_ member: Int) -> [IPAddress] {
      pool.members[member].addresses.map(\.value).filter { $0.isIPv6 == isIPv6 }
    }

    func hasAny(_ members: [Int]) -> Bool { members.contains { !addresses($0).isEmpty } }
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
    if case .all(let most) = group.policy, most.map({ $0 != 8 }) ?? (group.branches.count > 8) {
      report.note(subject, "`max-answers`: Route 53 answers with at most 8")
    }
    if group.floor != nil { report.note(subject, "`min-healthy` is not known to Route 53") }
    if case .failover(let failback) = group.policy {
      if case .immediate = failback {} else { report.note(subject, "`failback`: Route 53 goes back at once") }
    }
    for case .group(let inner) in group.branches.map(\.target) {
      if case .client = inner.policy {
        report.note(
          subject,
          "where all that a client should get of an inner choice by client is down, Route 53 goes back to the primary of the outer one; Alula goes on with what comes next"
        )
      }
      noteLosses(inner, subject)
    }
  }
}
