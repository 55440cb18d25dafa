package import Diagnostics
package import Failover

/// What a play brought, in the order of time.
package struct Chronicle: Sendable {
  package struct Step: Sendable {
    package let at: Instant
    package let happening: Happening
  }

  package enum Happening: Sendable {
    /// Index of the story's events.
    case story(Int)
    case verdict(probe: Int, Transition)
    case answer(Answer)
    case notice(HealthNotice)
  }

  /// One family of one pool is answered otherwise from now on.
  package struct Answer: Hashable, Sendable {
    package let pool: Int
    package let family: AddressFamily
    /// Nil: the first.
    package let before: Decision?
    package let after: Decision
    /// Seconds; what is handed out at this moment.
    package let ttl: Int
    package let reason: String
  }

  /// From then on the pool's answers can change at the earliest at these times.
  package struct Countdown: Sendable {
    package let at: Instant
    package let deadlines: Deadlines
  }

  package internal(set) var steps: [Step] = []
  /// By pool.
  package internal(set) var countdowns: [[Countdown]]
  /// Expectations that were not met.
  package internal(set) var unmet: [Problem] = []
  package internal(set) var end: Instant

  init(pools: Int, end: Instant) {
    countdowns = Array(repeating: [], count: pools)
    self.end = end
  }

  package var answers: [(at: Instant, answer: Answer)] {
    steps.compactMap { step in
      if case .answer(let answer) = step.happening { (step.at, answer) } else { nil }
    }
  }
}
