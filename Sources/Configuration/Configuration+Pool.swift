package import Diagnostics
package import Wire

extension Configuration {
  package struct Pool: Sendable {
    /// The name it is configured under, then those of `also`.
    package var owners: [Placed<DomainName>]
    package var ttl: TTL
    package var allDown = AllDown.primary
    package var coupling = Coupling.independent
    /// Within which a failure shall be out of caches; nil: nothing is promised.
    package var recoveryTime: Placed<Duration>?
    /// All endpoints that may answer, each once, in the order written.
    package var members: [Member]
    package var choice: Group

    package var name: DomainName { owners[0].value }
    package var position: Position { owners[0].position }

    /// What can answer by each branch of its own policy.
    package var tiers: [[Member]] { choice.branches.map { $0.target.members.map { members[$0] } } }
  }

  /// Seconds. Fixed where both are the same.
  package struct TTL: Hashable, Sendable {
    package var maximum: UInt32
    package var minimum: UInt32
  }

  package enum AllDown: Sendable {
    case primary, all, lastGood, noData, serverFailure
    case addresses([Placed<IPAddress>])
  }

  package enum Coupling: Sendable { case independent, both, v6WithV4 }

  /// A pool's own choice, one of `groups`, or a tier.
  package struct Group: Sendable {
    /// Of one of `groups`; nil: a pool's own, or a tier.
    package var name: String?
    package var policy: Policy
    package var branches: [Branch]
    package var floor: Floor?
  }

  package struct Branch: Sendable {
    package var weight: Int
    package var target: Target
  }

  package indirect enum Target: Sendable {
    /// Index of the pool's members.
    case member(Int)
    case group(Group)

    package var members: [Int] {
      switch self {
      case .member(let index): [index]
      case .group(let group): group.branches.flatMap(\.target.members)
      }
    }
  }

  /// `min-healthy`.
  package enum Floor: Sendable {
    case count(Int)
    case percent(Int)
  }

  package enum Policy: Sendable {
    case failover(Failback)
    case all(atMost: Int?)
    case weighted
    case sticky
    case client(Clients)
    /// Percent.
    case fastest(margin: Int, for: Duration)
  }

  package enum Failback: Sendable {
    case immediate, manual
    case after(Duration)
    case window([WeekWindow])
    case ramp(Duration)
  }

  /// Seconds since Monday 00:00 UTC; may run over the week's end.
  package struct WeekWindow: Hashable, Sendable {
    package var start: Int
    package var length: Int
  }

  package struct Clients: Sendable {
    package var rules: [ClientRule]
    /// Index of the branch for all others; nil: they get no address.
    package var other: Int?
  }

  package struct ClientRule: Sendable {
    package var networks: [IPPrefix]
    /// ISO 3166-1 codes in capitals.
    package var countries: [String]
    package var continents: [String]
    /// Index of the branch.
    package var branch: Int
  }

  /// An endpoint as one pool uses it.
  package struct Member: Sendable {
    package var name: Placed<String>
    package var addresses: [Placed<IPAddress>]
    /// All must pass; none: always up.
    package var conditions: [MemberCondition]
    /// Whether nothing was said about checks, not even `none`.
    package var unchecked: Bool
  }
}
