import Answering
package import Failover
package import Wire

/// Why a pool answers as it does, from the brain that answers: the same on a running server and offline.
package struct Explanation: Sendable {
  /// What is asked about.
  package struct Question: Hashable, Sendable {
    /// Index of the brain's pools.
    package var pool: Int
    package var family: AddressFamily
    /// The client's class by table; where it has none, it is in no network.
    package var client: [Int: Int]
    /// The client's, or of the network that its resolver tells; nil: whoever.
    package var address: IPAddress?

    package init(pool: Int, family: AddressFamily, client: [Int: Int] = [:], address: IPAddress? = nil) {
      self.pool = pool
      self.family = family
      self.client = client
      self.address = address
    }
  }

  /// What one probe knows.
  package struct Evidence: Sendable {
    package var probe: String
    package var health: HealthState
    package var settings: ProbeSettings
  }

  /// What a client gets that sticks to a choice.
  package struct Sticking: Hashable, Sendable {
    /// All of whose clients get the same.
    package var network: IPPrefix
    package var outcome: Trace.Outcome
  }

  package var trace: Trace
  /// Nil: nobody in particular asks, or nothing sticks.
  package var sticking: Sticking?
  package var at: Moment
  /// By the trace's candidates.
  package var evidence: [[Evidence]]
  package var reason: String
  package var budget: Budget

  /// In how many of a hundred answers each of the trace's candidates is, over all networks where clients stick to
  /// one; nil: in none.
  package var percents: [Int?] { percents(trace.outcome) }

  func percents(_ outcome: Trace.Outcome) -> [Int?] {
    let odds = Odds(outcome: outcome)
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
    trace: trace, sticking: question.address.flatMap { sticking(trace, question, $0) }, at: now, evidence: evidence,
    reason: brain.reason(pool: question.pool, question.family),
    budget: Budget(settings, pool: question.pool))
}

/// By the function that serves it.
private func sticking(
  _ trace: Trace, _ question: Explanation.Question, _ address: IPAddress
) -> Explanation.Sticking? {
  let outcome = trace.decision.plan.outcome(for: address, question.client)
  if outcome == trace.outcome { return nil }
  return Explanation.Sticking(network: ClientNetwork.network(of: address), outcome: outcome)
}
