package import Failover

/// Why a pool answers as it does, from the brain that answers: the same on a running server and offline.
package struct Explanation: Sendable {
  /// What is asked about.
  package struct Question: Hashable, Sendable {
    /// Index of the brain's pools.
    package var pool: Int
    package var family: AddressFamily
    /// The client's class by table; where it has none, it is in no network.
    package var client: [Int: Int]

    package init(pool: Int, family: AddressFamily, client: [Int: Int] = [:]) {
      self.pool = pool
      self.family = family
      self.client = client
    }
  }

  /// What one probe knows.
  package struct Evidence: Sendable {
    package var probe: String
    package var health: HealthState
    package var settings: ProbeSettings
  }

  package var trace: Trace
  package var at: Moment
  /// By the trace's candidates.
  package var evidence: [[Evidence]]
  package var reason: String
  package var budget: Budget

  /// In how many of a hundred answers each of the trace's candidates is; nil: in none.
  package var percents: [Int?] {
    let odds = Odds(outcome: trace.outcome)
    return trace.candidates.map { candidate in odds.shares[candidate.member].map { Int(($0 * 100).rounded()) } }
  }
}

/// Explains one answer.
///
/// - Parameter probeNames: for people, by probe index.
package func explain(
  _ brain: Brain, probeNames: [String], _ question: Explanation.Question, at now: Moment
) -> Explanation {
  let settings = brain.settings
  let trace = brain.explain(pool: question.pool, family: question.family, client: question.client, at: now)
  let evidence = trace.candidates.map { candidate in
    settings.members[candidate.member].condition.probes.map {
      Explanation.Evidence(probe: probeNames[$0], health: brain.health[$0], settings: settings.probes[$0])
    }
  }
  return Explanation(
    trace: trace, at: now, evidence: evidence, reason: brain.reason(pool: question.pool, question.family),
    budget: Budget(settings, pool: question.pool))
}
