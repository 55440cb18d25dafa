/// What a pool answers to one address family.
package struct Decision: Hashable, Sendable {
  package var plan: Plan
  /// The root set's branch that answers, where it is one; nil: there is none of this family, or several.
  package var tier: Int?
  /// Nobody was up, or too few were: what answers does so all the same.
  package var failedOpen: Bool

  package init(plan: Plan, tier: Int?, failedOpen: Bool) {
    self.plan = plan
    self.tier = tier
    self.failedOpen = failedOpen
  }

  package init(members: [Int], tier: Int?, failedOpen: Bool) {
    self.init(plan: Plan(members), tier: tier, failedOpen: failedOpen)
  }

  /// All that some query may get; empty: NODATA, or SERVFAIL.
  package var members: [Int] { plan.members }
}

package struct PoolAnswer: Hashable, Sendable {
  package var v4: Decision
  package var v6: Decision

  package init(v4: Decision, v6: Decision) {
    self.v4 = v4
    self.v6 = v6
  }

  package subscript(family: AddressFamily) -> Decision {
    get { family == .v4 ? v4 : v6 }
    set { if family == .v4 { v4 = newValue } else { v6 = newValue } }
  }
}

/// A pool whose answer is new.
package struct PoolChange: Hashable, Sendable {
  package let pool: Int
  /// Nil for the first decision.
  package let before: PoolAnswer?
  package let after: PoolAnswer
}

/// When a pool's answers can change at the earliest: what an adaptive TTL counts down to. Nil: not by itself.
package struct Deadlines: Hashable, Sendable {
  package var v4: Instant?
  package var v6: Instant?

  package init(v4: Instant? = nil, v6: Instant? = nil) {
    self.v4 = v4
    self.v6 = v6
  }

  package subscript(family: AddressFamily) -> Instant? {
    get { family == .v4 ? v4 : v6 }
    set { if family == .v4 { v4 = newValue } else { v6 = newValue } }
  }
}

/// What one evaluation brings.
package struct Evaluation: Hashable, Sendable {
  /// In the order of the pools.
  package var changes: [PoolChange] = []
  /// Pools whose deadlines moved, changed ones included; only of those with an adaptive TTL.
  package var moved: [Int] = []
  /// Verdicts that turned since the last evaluation though `observe` did not say so: by time, or by another probe.
  package var turns: [ProbeTurn] = []
  package var notices: [HealthNotice] = []

  package init() {}
}

/// A probe's verdict that turned.
package struct ProbeTurn: Hashable, Sendable {
  package let probe: Int
  package let transition: Transition
}

/// What happened to health beyond single verdicts, and an operator should know.
package enum HealthNotice: Hashable, Sendable {
  /// Too few canaries answer: no verdict goes down until they do.
  case cutOff
  case reachable
  /// The probe's target flaps, and is held down until then at least.
  case flapping(probe: Int, for: Duration)
  /// The checks say down, but too many members were withdrawn just before.
  case heldUp(member: Int)
  /// No longer held up, as there is room for one more, or an operator confirmed.
  case letGo(member: Int)
  /// By the clock.
  case overrideExpired(Override)
}
