extension Configuration {
  /// How results become a verdict, besides `rise` and `fall`; and what a check is that asks other checks.
  package struct Judgement: Sendable {
    /// Successes in a row that forgive failures; nil: failures count in a row.
    package var forgiveAfter: Int?
    package var flap: FlapLimit?
    package var holdDown = Duration.zero
    /// Its opposite counts.
    package var isInverted = false
    /// It is not made, and passes.
    package var isDisabled = false
    /// Of a calculated check.
    package var parts: [Part] = []
    /// The least weight of the parts that pass.
    package var atLeast = 1
  }

  package struct FlapLimit: Sendable {
    package var turns = 3
    package var within = Duration.seconds(600)
    package var hold = Duration.seconds(300)
    package var longest = Duration.seconds(3600)
  }

  /// One of the checks that a calculated check asks.
  package struct Part: Sendable {
    package var check: Placed<String>
    package var weight = 1
  }

  /// When a member counts as up, with every reference resolved.
  package indirect enum MemberCondition: Sendable {
    case probe(MemberCheck)
    case atLeast(Int, [(weight: Int, condition: MemberCondition)])
    case not(MemberCondition)
    case fixed(Bool)
    case manual(String)

    package var probes: [MemberCheck] {
      switch self {
      case .probe(let check): [check]
      case .atLeast(_, let parts): parts.flatMap(\.condition.probes)
      case .not(let part): part.probes
      case .fixed, .manual: []
      }
    }
  }

  package struct BlastRadius: Sendable {
    package enum Limit: Sendable {
      case members(Int)
      /// Of all addresses.
      case percent(Int)
    }

    package var limit: Limit
    package var within: Duration
  }

  package struct Canaries: Sendable {
    package var endpoints: [Member]
    package var needed: Int
    package var longest: Duration
  }
}

extension Configuration.Member {
  /// All that is probed for it.
  package var checks: [Configuration.MemberCheck] { conditions.flatMap(\.probes) }
}
