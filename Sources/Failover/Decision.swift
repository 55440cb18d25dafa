/// What a pool answers to one address family.
package struct Decision: Hashable, Sendable {
  /// Member indices in the order of the configuration; empty: NODATA.
  package var members: [Int]
  /// The tier that answers; nil when no tier has a member of the family.
  package var tier: Int?
  /// Nobody was up: the primary answers all the same.
  package var failedOpen: Bool

  package init(members: [Int], tier: Int?, failedOpen: Bool) {
    self.members = members
    self.tier = tier
    self.failedOpen = failedOpen
  }
}

/// The families are decided independently of each other.
package struct PoolAnswer: Hashable, Sendable {
  package var v4: Decision
  package var v6: Decision

  package init(v4: Decision, v6: Decision) {
    self.v4 = v4
    self.v6 = v6
  }

  package subscript(family: AddressFamily) -> Decision { family == .v4 ? v4 : v6 }
}

/// A pool whose answer is new.
package struct PoolChange: Hashable, Sendable {
  package let pool: Int
  /// Nil for the first decision.
  package let before: PoolAnswer?
  package let after: PoolAnswer
}

extension Brain {
  func decide(_ pool: Int) -> PoolAnswer {
    switch settings.pools[pool].policy {
    case .failover: PoolAnswer(v4: failover(pool, .v4), v6: failover(pool, .v6))
    }
  }

  ///     first tier with                    answer                          flag
  ///     --------------------------------   -----------------------------   -----------
  ///     a member up                        its members that are up
  ///     no member up, but members at all   all of that tier: the primary   failed open
  ///     no tier has members                nothing: NODATA
  private func failover(_ pool: Int, _ family: AddressFamily) -> Decision {
    var primary: Decision?
    for (tier, endpoints) in settings.pools[pool].tiers.enumerated() {
      let members = members(of: endpoints, family)
      let up = members.filter(isUp(member:))
      if !up.isEmpty { return Decision(members: up, tier: tier, failedOpen: false) }
      if primary == nil, !members.isEmpty { primary = Decision(members: members, tier: tier, failedOpen: true) }
    }
    return primary ?? Decision(members: [], tier: nil, failedOpen: false)
  }

  private func members(of endpoints: [Int], _ family: AddressFamily) -> [Int] {
    endpoints.flatMap { settings.endpoints[$0].members.filter { settings.members[$0].family == family } }
  }
}
