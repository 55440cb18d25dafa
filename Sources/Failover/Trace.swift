/// Why a pool answers one client as it does: everything that the decision was made of.
package struct Trace: Hashable, Sendable {
  package struct Candidate: Hashable, Sendable {
    package var endpoint: String
    package var address: String
    /// Index of `FailoverSettings.members`.
    package var member: Int
    package var standing: Standing
    /// What counts, coupling included.
    package var counts: Bool
  }

  /// One step of the walk over the pool's choices, in the order taken. Sets and branches by name.
  package enum Step: Hashable, Sendable {
    /// The first that can, after those that have nobody up.
    case took(set: String, String, skipped: [String])
    /// A preferred branch is up again and waits.
    case held(set: String, back: String, Choice.Failback, since: Instant)
    case ramp(set: String, to: String, step: Int, of: Int)
    case together(set: String, [String], atMost: Int?)
    case shared(set: String, [Share], isSticky: Bool)
    case compared(set: String, [Latency])
    /// The client's class in a table, and the branches it may have.
    case client(set: String, table: Int, class: Int, [String])
    /// Too few of its branches are up, and nobody else has enough.
    case opened(set: String)
    case allDown(Pool.AllDown)
    case noMembers
  }

  package struct Share: Hashable, Sendable {
    package var branch: String
    package var weight: Int
  }

  package struct Latency: Hashable, Sendable {
    package var branch: String
    package var latency: Duration?
  }

  /// What the client gets.
  package enum Outcome: Hashable, Sendable {
    /// At most so many of these for each query.
    case addresses([Int], atMost: Int)
    /// One of these, with odds by weight; sticky: always the same for one network.
    case odds([Odds], isSticky: Bool)
    case noData
    case serverFailure
  }

  package struct Odds: Hashable, Sendable {
    package var weight: Int
    package var outcome: Outcome
  }

  package struct TimeToLive: Hashable, Sendable {
    package var bounds: Pool.TTL
    package var now: Instant
    /// Nil: the answer cannot change by itself.
    package var deadline: Instant?
    package var seconds: Int { bounds.seconds(until: deadline, now: now) }
  }

  package var pool: String
  package var family: AddressFamily
  package var candidates: [Candidate] = []
  package var steps: [Step] = []
  package var decision: Decision
  package var outcome: Outcome
  package var ttl: TimeToLive
  /// Those that decide about one of the candidates.
  package var overrides: [Override] = []
}

extension Brain {
  /// The decision of `family` made anew at `now`, with all its steps.
  ///
  /// - Parameter client: the client's class by table; where it has none, it is in no network.
  package func explain(
    pool: Int, family: AddressFamily, client: [Int: Int] = [:], at now: Moment
  ) -> Trace {
    let chooser = Chooser(
      settings, pool: pool, at: now, memory: memories[pool], standings: standings(in: pool, at: now))
    var trace = chooser.explain(family, client)
    let indices = Set(trace.candidates.compactMap(\.standing.override))
    trace.overrides = overrides.indices.filter(indices.contains).map { overrides[$0] }
    return trace
  }
}

extension Chooser {
  func explain(_ family: AddressFamily, _ client: [Int: Int]) -> Trace {
    var decider = Decider(self, family)
    decider.steps = []
    decider.classes = client
    let decision = decider.decide()
    var after = self
    let answer = after.decide()
    return Trace(
      pool: pool.name, family: family, candidates: candidates(decider),
      steps: decider.steps ?? [], decision: decision, outcome: decision.plan.outcome(client),
      ttl: Trace.TimeToLive(bounds: pool.ttl, now: now.instant, deadline: after.deadlines(of: answer)[family]))
  }

  private func candidates(_ decider: Decider) -> [Trace.Candidate] {
    pool.candidates.indices.flatMap { candidate in
      let first = frame.firstMember(ofCandidate: candidate)
      return frame.places(ofCandidate: candidate, decider.family).map { place in
        Trace.Candidate(
          endpoint: settings.endpoints[pool.candidates[candidate].endpoint].name,
          address: settings.members[first + place].address, member: first + place,
          standing: standings[candidate][place], counts: decider.isUp(candidate, place))
      }
    }
  }
}

extension Plan {
  /// What a client gets who has these classes.
  ///
  /// - Parameter choose: the place of the one of these to which the client sticks; nil: nobody asks for one client,
  ///   and the odds are told.
  package func outcome(_ client: [Int: Int], choose: (([Odds]) -> Int)? = nil) -> Trace.Outcome {
    outcome(of: 0, client, choose)
  }

  private func outcome(of node: Int, _ client: [Int: Int], _ choose: (([Odds]) -> Int)?) -> Trace.Outcome {
    switch nodes[node] {
    case .addresses(let members, let limit): return .addresses(members, atMost: limit)
    case .weighted(let odds): return .odds(outcomes(odds, client, choose), isSticky: false)
    case .sticky(let odds):
      guard let choose, !odds.isEmpty else { return .odds(outcomes(odds, client, choose), isSticky: true) }
      return outcome(of: odds[choose(odds)].node, client, choose)
    case .client(let table, let classes):
      return outcome(of: classes[known(client[table], in: classes)], client, choose)
    case .nothing: return .noData
    case .failure: return .serverFailure
    }
  }

  private func known(_ index: Int?, in classes: [Int]) -> Int {
    index.flatMap { classes.indices.contains($0) ? $0 : nil } ?? 0
  }

  private func outcomes(_ odds: [Odds], _ client: [Int: Int], _ choose: (([Odds]) -> Int)?) -> [Trace.Odds] {
    odds.map { Trace.Odds(weight: $0.weight, outcome: outcome(of: $0.node, client, choose)) }
  }
}

extension Decider {
  func name(of option: Option) -> String {
    option.path == Decider.rootPath ? rootName(option) : name(of: option.choice)
  }

  func names(_ options: [Option]) -> [String] { options.map { name(of: $0) } }

  func latencies(_ options: [Option]) -> [Trace.Latency] {
    options.map { Trace.Latency(branch: name(of: $0), latency: latency(of: $0.choice)) }
  }

  private func rootName(_ option: Option) -> String {
    if case .endpoint = option.choice { return name(of: option.choice) }
    return pool.name
  }

  /// A tier is called by what is in it.
  private func name(of choice: Choice) -> String {
    switch choice {
    case .endpoint(let candidate): settings.endpoints[pool.candidates[candidate].endpoint].name
    case .set(let set): set.name ?? set.branches.map { name(of: $0.choice) }.joined(separator: " + ")
    }
  }
}
