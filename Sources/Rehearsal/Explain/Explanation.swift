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

  /// One address that could answer.
  package struct Candidate: Sendable {
    package var endpoint: String
    package var address: String
    package var standing: Standing
    /// In how many of a hundred answers it is; nil: in none.
    package var percent: Int?
    package var evidence: [Evidence]
  }

  /// What one probe knows.
  package struct Evidence: Sendable {
    package var probe: String
    package var health: HealthState
    package var settings: ProbeSettings
  }

  package var pool: String
  package var family: AddressFamily
  package var at: Moment
  package var candidates: [Candidate]
  /// Of the policy, in the order taken.
  package var steps: [String]
  /// Nil: nothing is decided yet.
  package var decision: Decision?
  package var ttl: Pool.TTL
  package var deadline: Instant?
  package var overrides: [Override]
  package var reason: String
  package var budget: Budget

  package var seconds: Int { ttl.seconds(until: deadline, at: at.instant) }
}

/// Explains one answer.
///
/// - Parameter probeNames: for people, by probe index.
package func explain(
  _ brain: Brain, probeNames: [String], _ question: Explanation.Question, at now: Moment
) -> Explanation {
  let settings = brain.settings
  let pool = settings.pools[question.pool]
  let decision = brain.answers[question.pool]?[question.family]
  let odds = Odds(decision, settings)
  let candidates = pool.candidates.flatMap { candidate in
    let endpoint = settings.endpoints[candidate.endpoint]
    return endpoint.members.filter { settings.members[$0].family == question.family }.map { member in
      Explanation.Candidate(
        endpoint: endpoint.name, address: settings.members[member].address,
        standing: brain.standing(of: member, in: question.pool, at: now),
        percent: odds.shares[member].map { Int(($0 * 100).rounded()) },
        evidence: settings.members[member].condition.probes.map {
          Explanation.Evidence(probe: probeNames[$0], health: brain.health[$0], settings: settings.probes[$0])
        })
    }
  }
  let decisive = Set(candidates.compactMap(\.standing.override)).sorted()
  return Explanation(
    pool: pool.name, family: question.family, at: now, candidates: candidates, steps: steps(brain, question, now),
    decision: decision, ttl: pool.ttl, deadline: brain.deadlines[question.pool][question.family],
    overrides: decisive.map { brain.overrides[$0] }, reason: brain.reason(pool: question.pool, question.family),
    budget: Budget(settings, pool: question.pool))
}

/// The brain does not tell its steps yet.
private func steps(_ brain: Brain, _ question: Explanation.Question, _ now: Moment) -> [String] { [] }
