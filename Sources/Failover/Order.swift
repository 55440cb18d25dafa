/// What an operator may tell the brain.
package enum Order: Hashable, Sendable {
  case override(Override)
  /// Ends every override whose subject the pattern matches.
  case release(pattern: String, by: String, reason: String)
  /// Lets pools that the pattern matches go back to what they prefer.
  case failback(pattern: String, by: String)
  /// Lets withdrawals through that the blast radius holds back.
  case confirm(by: String)
}

/// An operator's hand on endpoints: stronger than any probe, kept over restarts.
package struct Override: Hashable, Sendable {
  package enum State: Hashable, Sendable { case up, down }

  /// `endpoint`, `endpoint@pool` or the pool's name, or a glob (`*`, `?`) of one; or a manual check's name.
  package var pattern: String
  package var state: State
  /// Down by `drain`, which is a matter of planning, not of trouble.
  package var isDrain: Bool
  package var reason: String
  package var by: String
  /// Nanoseconds since 1970 UTC.
  package var since: Int64
  /// The same; nil: until released.
  package var expires: Int64?

  package init(
    pattern: String, state: State, isDrain: Bool = false, reason: String, by: String, since: Int64,
    expires: Int64? = nil
  ) {
    self.pattern = pattern
    self.state = state
    self.isDrain = isDrain
    self.reason = reason
    self.by = by
    self.since = since
    self.expires = expires
  }
}

/// What an order met: `endpoint@pool`, pool and check names that it concerns. Empty: it concerns nothing, and is refused.
package struct OrderOutcome: Hashable, Sendable {
  package var subjects: [String]

  package init(subjects: [String]) { self.subjects = subjects }
}
