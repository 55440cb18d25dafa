package import Failover
package import Probing
package import Wire

/// What the brain needs of a configuration: the pools as indices, and what each index stands for.
package struct HealthPlan: Sendable {
  /// What makes two probes the same, over pools and over reloads.
  package struct Identity: Hashable, Sendable {
    package let specification: ProbeSpecification
    package let settings: ProbeSettings
  }

  /// What a pool's block is made of, besides the addresses in service.
  package struct Pool: Sendable {
    package let name: String
    /// Seconds.
    package let ttl: UInt32
  }

  package private(set) var settings = FailoverSettings()
  /// By probe index.
  package private(set) var probes: [Identity] = []
  /// By member index.
  package private(set) var addresses: [IPAddress] = []
  package private(set) var pools: [Pool] = []
  /// By the table index of `Choice.Policy.client`; those of the same rules are one.
  package private(set) var clientTables: [ClientRules] = []
  /// For people, by probe index: which endpoints it is for.
  package private(set) var probeNames: [String] = []
  private var indices: [Identity: Int] = [:]

  /// The longest that an attempt can take: what the first round waits for when nothing else is said.
  package var longestTimeout: Duration { probes.map(\.specification.timeout).max() ?? .zero }

  mutating func add(_ pool: PoolDescription, ttl: UInt32) {
    let tiers = pool.tiers.map { tier in
      tier.map { endpoint in
        settings.addEndpoint(
          endpoint.name,
          endpoint.addresses.map { address in
            addresses.append(address)
            let probes = endpoint.probes(address).map { index($0, endpoint.name) }
            return Member(family: address.isIPv6 ? .v6 : .v4, address: "\(address)", probes: probes)
          })
      }
    }
    var settingsOfPool = Failover.Pool(name: pool.name, tiers: tiers)
    settingsOfPool.ttl = Failover.Pool.TTL(minimum: Int(ttl), maximum: Int(ttl))
    settings.pools.append(settingsOfPool)
    pools.append(Pool(name: pool.name, ttl: ttl))
  }

  /// Identical probes run once, however many pools need them.
  private mutating func index(_ identity: Identity, _ endpoint: String) -> Int {
    if let known = indices[identity] { return known }
    indices[identity] = probes.count
    probes.append(identity)
    probeNames.append("\(endpoint) \(identity.specification.place)")
    settings.probes.append(identity.settings)
    return probes.count - 1
  }

  /// The addresses that a decision puts into service, in the order of the configuration.
  package func addresses(_ answer: PoolAnswer) -> [IPAddress] {
    (answer.v4.members + answer.v6.members).map { addresses[$0] }
  }
}

/// A pool as the configuration has it, in terms of addresses and probes.
struct PoolDescription {
  struct Endpoint {
    let name: String
    let addresses: [IPAddress]
    let probes: (IPAddress) -> [HealthPlan.Identity]
  }

  let name: String
  let tiers: [[Endpoint]]
}
