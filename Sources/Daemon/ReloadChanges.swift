import Assembly
import Failover
import Probing
import Wire

/// What a reload changes, for the operator.
enum ReloadChanges {
  static func between(_ old: Summary, _ new: Summary) -> [String] {
    named("zone", old.zones, new.zones) + named("pool", old.pools, new.pools)
      + new.restart.map { "\($0) changed: it takes effect at the next restart" }
  }

  /// What is compared, without the zones themselves.
  struct Summary: Sendable {
    let zones: [String: String]
    let pools: [String: String]
    /// Keys that a reload cannot apply.
    let restart: [String]

    init(_ assembled: Assembled, restart: [String] = []) {
      zones = Dictionary(
        assembled.zones.map { ($0.summary.name, "serial \($0.summary.serial), \($0.summary.records) records") },
        uniquingKeysWith: { first, _ in first })
      pools = Dictionary(
        assembled.health.pools.indices.map { (assembled.health.pools[$0].name, assembled.health.outline($0)) },
        uniquingKeysWith: { first, _ in first })
      self.restart = restart
    }
  }

  private static func named(_ kind: String, _ old: [String: String], _ new: [String: String]) -> [String] {
    var changes: [String] = []
    for name in Set(old.keys).union(new.keys).sorted() {
      switch (old[name], new[name]) {
      case (nil, let new?): changes.append("\(kind) \(name) is new: \(new)")
      case (_?, nil): changes.append("\(kind) \(name) is gone")
      case (let old?, let new?) where old != new: changes.append("\(kind) \(name): \(new); before: \(old)")
      default: break
      }
    }
    return changes
  }
}

extension HealthPlan {
  /// A pool in a line: two outlines are the same if what is answered and probed is.
  fileprivate func outline(_ index: Int) -> String {
    let pool = settings.pools[index]
    let endpoints = pool.candidates.map { candidate in
      let endpoint = settings.endpoints[candidate.endpoint]
      let addresses = endpoint.members.map { member in
        let condition = settings.members[member].condition
        let checks = condition.probes.map { probe in
          let check = probes[probe]
          return "\(check.specification.place) every \(check.settings.interval.text)"
        }
        return settings.members[member].address + (checks.isEmpty ? "" : " by \(checks.joined(separator: " and "))")
      }
      return "\(endpoint.name) \(addresses.joined(separator: ", "))"
    }
    return "TTL \(pool.ttl.maximum); \(endpoints.joined(separator: "; "))"
  }
}
