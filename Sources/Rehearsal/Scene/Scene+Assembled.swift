package import Assembly
import Configuration
import Failover
import Wire

extension Scene {
  /// The endpoints and pools of a configuration.
  package init(_ assembled: Assembled) {
    self.init()
    let plan = assembled.health
    for (probe, name) in zip(plan.settings.probes, plan.probeNames) { _ = addProbe(probe, name: name, subjects: []) }
    let (probes, start) = (settings.probes, assembled.configuration.server.startWithin)
    settings = plan.settings
    settings.probes = probes
    startWithin = start
    for endpoint in settings.endpoints {
      for member in endpoint.members.map({ settings.members[$0] }) {
        for probe in member.condition.probes { for name in [endpoint.name, member.address] { add(probe, to: name) } }
      }
    }
    for (index, pool) in zip(settings.pools.indices, assembled.configuration.pools) { nameChecks(pool, index) }
  }

  /// `check@endpoint`, where each check of an endpoint is one probe for each address.
  private mutating func nameChecks(_ pool: Configuration.Pool, _ index: Int) {
    let members = Dictionary(
      pool.tiers.joined().map { ($0.name.value, $0.checks.map(\.check.name.value)) },
      uniquingKeysWith: { first, _ in first })
    for candidate in settings.pools[index].candidates {
      let endpoint = settings.endpoints[candidate.endpoint]
      for member in endpoint.members.map({ settings.members[$0] }) {
        let (probes, checks) = (member.condition.probes, members[endpoint.name] ?? [])
        guard probes.count == checks.count else { continue }
        for (probe, check) in zip(probes, checks) {
          add(probe, to: "\(check)@\(endpoint.name)")
          add(probe, to: "\(check)@\(member.address)")
        }
      }
    }
  }
}
