/// Which pools something can change.
struct Dependents: Sendable {
  /// By probe, all pools that ask it, and those of them that each of its results concerns: by their TTL or
  /// by latency.
  private var byProbe: [[Int]]
  private var watchersByProbe: [[Int]]
  private var byCheck: [String: [Int]] = [:]
  /// By endpoint.
  private var byEndpoint: [[Int]]
  private var endpointOfMember: [Int]

  init(_ settings: FailoverSettings) {
    byProbe = Array(repeating: [], count: settings.probes.count)
    watchersByProbe = byProbe
    byEndpoint = Array(repeating: [], count: settings.endpoints.count)
    endpointOfMember = Array(repeating: 0, count: settings.members.count)
    for (index, endpoint) in settings.endpoints.enumerated() {
      for member in endpoint.members { endpointOfMember[member] = index }
    }
    for (index, pool) in settings.pools.enumerated() {
      let watches = pool.ttl.adapts || pool.choice.usesLatency
      for candidate in pool.candidates {
        Dependents.add(index, to: &byEndpoint[candidate.endpoint])
        for member in settings.endpoints[candidate.endpoint].members {
          add(index, settings.members[member].condition, watches)
        }
      }
    }
  }

  private mutating func add(_ pool: Int, _ condition: Condition, _ watches: Bool) {
    for probe in condition.probes {
      Dependents.add(pool, to: &byProbe[probe])
      if watches { Dependents.add(pool, to: &watchersByProbe[probe]) }
    }
    for check in condition.manualChecks { Dependents.add(pool, to: &byCheck[check, default: []]) }
  }

  /// Pools come in their order, so that the last one is the only one that can be there already.
  private static func add(_ pool: Int, to pools: inout [Int]) { if pools.last != pool { pools.append(pool) } }

  func pools(ofProbe probe: Int) -> [Int] { byProbe[probe] }
  func watchers(ofProbe probe: Int) -> [Int] { watchersByProbe[probe] }
  func pools(ofCheck name: String) -> [Int] { byCheck[name] ?? [] }
  func pools(ofMember member: Int) -> [Int] { byEndpoint[endpointOfMember[member]] }
  func endpoint(ofMember member: Int) -> Int { endpointOfMember[member] }
}
