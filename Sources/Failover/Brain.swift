/// The failover brain: a deterministic function of settings and timed events.
///
/// Production, rehearsals and tests run this same code. It has no clock and no thread: two brains that saw
/// the same events at the same times give the same answers.
package struct Brain: Sendable {
  package let settings: FailoverSettings
  /// By probe index.
  package private(set) var health: [HealthState]
  /// By pool index, as of the last `evaluate`; nil before the first.
  package private(set) var answers: [PoolAnswer?]
  /// By pool index, as of the last `evaluate`.
  package private(set) var deadlines: [Deadlines]
  /// By pool index.
  package private(set) var memories: [PoolMemory]
  /// The operator's orders that are in force, the oldest first.
  package private(set) var overrides: [Override]
  /// When `evaluate` has something to do though nothing else happens; nil: never.
  package private(set) var wakeAt: Instant?

  /// By pool index: when it has to be decided anew though nothing happens.
  private var wakes: [Instant?]
  private let dependents: Dependents
  private var stale: [Int]
  private var isStale: [Bool]
  private var undecided: Int
  private var firstRoundEnded = false

  /// - Parameters:
  ///   - carriedOver: by index of the new settings' probes, the health known from before, so
  ///     that a reload forgets nothing.
  ///   - state: overrides and the pools' memories, from before a reload or a restart.
  package init(
    _ settings: FailoverSettings, carrying carriedOver: (Int) -> HealthState? = { _ in nil },
    state: BrainState = BrainState()
  ) {
    self.settings = settings
    dependents = Dependents(settings)
    health = settings.probes.indices.map { carriedOver($0) ?? HealthState() }
    answers = Array(repeating: nil, count: settings.pools.count)
    deadlines = Array(repeating: Deadlines(), count: settings.pools.count)
    memories = settings.pools.map { state.pools[$0.name] ?? PoolMemory() }
    wakes = Array(repeating: nil, count: settings.pools.count)
    overrides = state.overrides
    stale = Array(settings.pools.indices)
    isStale = Array(repeating: true, count: settings.pools.count)
    undecided = health.count(where: { $0.verdict == .unknown })
  }

  /// Takes one probe's outcome; the transition that it caused, if any.
  ///
  /// - Parameter next: when its next attempt starts.
  @discardableResult
  package mutating func observe(
    probe: Int, outcome: ProbeOutcome, at now: Instant, next: Instant? = nil
  ) -> Transition? {
    guard let transition = health[probe].observe(outcome, settings.probes[probe], at: now, next: next) else {
      return nil
    }
    if transition.from == .unknown { undecided -= 1 }
    for pool in dependents.pools(ofProbe: probe) { touch(pool) }
    return transition
  }

  /// Waits no longer for first results: members without one count as up, and their first one still decides.
  package mutating func endFirstRound() { firstRoundEnded = true }

  /// Whether answers may be served: every probe has a verdict, or the first round was ended.
  package var isDecided: Bool { firstRoundEnded || undecided == 0 }

  /// Decides anew what the events since the last call, or the time, touch.
  package mutating func evaluate(at now: Moment) -> Evaluation {
    var evaluation = Evaluation()
    if let wake = wakeAt, wake <= now.instant {
      for (pool, wake) in wakes.enumerated() { if let wake, wake <= now.instant { touch(pool) } }
    }
    for pool in stale.sorted() {
      isStale[pool] = false
      var chooser = Chooser(
        settings, pool: pool, at: now, memory: memories[pool], standings: standings(in: pool, at: now))
      let answer = chooser.decide()
      memories[pool] = chooser.memory
      wakes[pool] = chooser.wakeAt
      deadlines[pool] = settings.pools[pool].ttl.adapts ? chooser.deadlines(of: answer) : Deadlines()
      guard answer != answers[pool] else { continue }
      evaluation.changes.append(PoolChange(pool: pool, before: answers[pool], after: answer))
      answers[pool] = answer
    }
    stale.removeAll(keepingCapacity: true)
    wakeAt = wakes.lazy.compactMap(\.self).min()
    return evaluation
  }

  /// By candidate of the pool, then by the place of the member in its endpoint.
  package func standings(in pool: Int, at now: Moment) -> [[Standing]] {
    settings.pools[pool].candidates.map { candidate in
      settings.endpoints[candidate.endpoint].members.map { standing(of: $0, in: pool, at: now) }
    }
  }

  /// What the pool has to know of one of its members.
  package func standing(of member: Int, in pool: Int, at now: Moment) -> Standing {
    let isUp = isUp(member: member)
    return Standing(isUp: isUp, real: isUp ? .up : .down)
  }

  /// Unknown counts as up: what was never probed is not withdrawn.
  package func isUp(member: Int) -> Bool { holds(settings.members[member].condition) }

  private func holds(_ condition: Condition) -> Bool {
    switch condition {
    case .probe(let probe): health[probe].verdict != .down
    case .all(let parts): parts.allSatisfy(holds)
    case .atLeast(let weight, let parts):
      parts.reduce(0) { $0 + (holds($1.condition) ? $1.weight : 0) } >= weight
    case .not(let part): !holds(part)
    case .fixed(let isUp): isUp
    case .manual: true
    }
  }

  private mutating func touch(_ pool: Int) {
    if isStale[pool] { return }
    isStale[pool] = true
    stale.append(pool)
  }

  /// What must last over a restart.
  ///
  /// - Parameter name: of a probe, the same for the same probe whenever it is asked.
  package func state(name: (Int) -> String) -> BrainState {
    var state = BrainState()
    for probe in health.indices { state.health[name(probe)] = health[probe] }
    state.overrides = overrides
    for (pool, memory) in zip(settings.pools, memories) where memory != PoolMemory() { state.pools[pool.name] = memory }
    return state
  }
}

/// Which pools a probe can change.
private struct Dependents: Sendable {
  private var byProbe: [[Int]]

  init(_ settings: FailoverSettings) {
    byProbe = Array(repeating: [], count: settings.probes.count)
    for (pool, settingsOfPool) in settings.pools.enumerated() {
      for member in settingsOfPool.candidates.flatMap({ settings.endpoints[$0.endpoint].members }) {
        for probe in settings.members[member].condition.probes where byProbe[probe].last != pool {
          byProbe[probe].append(pool)
        }
      }
    }
  }

  func pools(ofProbe probe: Int) -> [Int] { byProbe[probe] }
}
