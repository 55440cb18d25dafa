import Configuration
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

  package internal(set) var settings = FailoverSettings()
  /// By probe index.
  package private(set) var probes: [Identity] = []
  /// By member index.
  package private(set) var addresses: [IPAddress] = []
  package private(set) var pools: [Pool] = []
  /// By the table index of `Choice.Policy.client`; those of the same rules are one.
  package private(set) var clientTables: [ClientRules] = []
  /// For people, by probe index: which endpoints it is for.
  package private(set) var probeNames: [String] = []
  /// By probe index: the same for the same target, whenever a configuration is read.
  package private(set) var probeKeys: [String] = []
  private var indices: [Identity: Int] = [:]
  private var keyCounts: [String: Int] = [:]

  /// The longest that an attempt can take: what the first round waits for when nothing else is said.
  package var longestTimeout: Duration { probes.map(\.specification.timeout).max() ?? .zero }

  mutating func add(_ pool: Configuration.Pool, _ endpoints: [EndpointDescription]) {
    let candidates = endpoints.map { Failover.Pool.Candidate(endpoint: add($0)) }
    var result = Failover.Pool(name: pool.name.shortText, candidates: candidates, choice: choice(pool))
    result.ttl = Failover.Pool.TTL(minimum: Int(pool.ttl.minimum), maximum: Int(pool.ttl.maximum))
    result.allDown = allDown(pool.allDown)
    result.coupling = HealthPlan.coupling(pool.coupling)
    result.recoveryTime = pool.recoveryTime?.value
    settings.pools.append(result)
    pools.append(Pool(name: result.name, ttl: pool.ttl.maximum))
  }

  private mutating func add(_ endpoint: EndpointDescription) -> Int {
    settings.addEndpoint(
      endpoint.name,
      endpoint.addresses.map { address in
        addresses.append(address)
        let condition = endpoint.condition(address) { index($0, endpoint.name) }
        return Member(family: address.isIPv6 ? .v6 : .v4, address: "\(address)", condition: condition)
      })
  }

  /// Fixed addresses are members of an endpoint that is in no pool.
  private mutating func allDown(_ choice: Configuration.AllDown) -> Failover.Pool.AllDown {
    switch choice {
    case .primary: return .primary
    case .all: return .all
    case .lastGood: return .lastGood
    case .noData: return .noData
    case .serverFailure: return .serverFailure
    case .addresses(let fixed):
      let endpoint = add(EndpointDescription(name: "all-down", addresses: fixed.map(\.value)) { _, _ in .all([]) })
      return .fixed(Array(settings.endpoints[endpoint].members))
    }
  }

  private mutating func choice(_ pool: Configuration.Pool) -> Choice {
    var tree = ChoiceTree(tables: clientTables)
    let choice = tree.choice(pool.choice)
    clientTables = tree.tables
    return choice
  }

  /// Identical probes run once, however many pools need them.
  mutating func index(_ identity: Identity, _ endpoint: String) -> Int {
    if let known = indices[identity] { return known }
    indices[identity] = probes.count
    probes.append(identity)
    probeNames.append("\(endpoint) \(identity.specification.place)")
    settings.probes.append(identity.settings)
    let key = identity.specification.key
    let count = keyCounts[key, default: 0] + 1
    keyCounts[key] = count
    probeKeys.append(count == 1 ? key : "\(key) #\(count)")
    return probes.count - 1
  }

  /// The addresses that a decision puts into service, in the order of the configuration.
  package func addresses(_ answer: PoolAnswer) -> [IPAddress] {
    (answer.v4.members + answer.v6.members).map { addresses[$0] }
  }
}

/// An endpoint as the configuration has it, in terms of addresses and probes.
struct EndpointDescription {
  let name: String
  let addresses: [IPAddress]
  /// When the address counts as up; its probes as the function numbers them.
  let condition: (IPAddress, (HealthPlan.Identity) -> Int) -> Condition
}
