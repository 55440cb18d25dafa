import Wire

/// How a name's addresses are chosen, as Route 53's records say it: a tree of groups and endpoints.
indirect enum Choice {
  case endpoint(Endpoint)
  case group(Group)

  struct Endpoint {
    let label: String
    let addresses: [IPAddress]
    /// All must pass; none: it is always up.
    let checks: [String]
  }

  struct Group {
    enum Policy: String {
      case failover, weighted, fastest, client
      case allHealthy = "all-healthy"
    }

    struct Item {
      let choice: Choice
      var weight: Int?
    }

    /// Who is meant by an item of a group that chooses by client.
    enum Clients {
      case countries([String])
      case continents([String])
      case networks([String])
      case everybodyElse
    }

    let label: String
    let policy: Policy
    var items: [Item]
    /// By item, where the policy is `client`.
    var clients: [Clients] = []
  }

  /// Whether somebody in it may be down while these pass.
  func has(otherChecksThan checks: [String]) -> Bool {
    switch self {
    case .endpoint(let endpoint): endpoint.checks != checks
    case .group(let group): group.items.contains { $0.choice.has(otherChecksThan: checks) }
    }
  }

  var isByClient: Bool {
    if case .group(let group) = self {
      group.policy == .client || group.items.contains { $0.choice.isByClient }
    } else {
      false
    }
  }

  /// Addresses that are always answered, all of them: no choice at all.
  var plainAddresses: [IPAddress]? {
    if case .endpoint(let endpoint) = self, endpoint.checks.isEmpty { endpoint.addresses } else { nil }
  }
}
