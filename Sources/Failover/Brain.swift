/// The failover brain: a deterministic function of settings and timed events.
///
/// Production, rehearsals and tests run this same code. It has no clock, no thread and no memory of
/// anything but health: two brains that saw the same events give the same answers.
package struct Brain: Sendable {
  package let settings: FailoverSettings
  /// By probe index.
  package private(set) var health: [HealthState]
  /// By pool index, as of the last `evaluate`; nil before the first.
  package private(set) var answers: [PoolAnswer?]

  private let dependents: Dependents
  private var stale: [Int]
  private var isStale: [Bool]
  private var undecided: Int
  private var firstRoundEnded = false

  /// - Parameter carriedOver: by index of the new settings' probes, the health known from before, so
  ///   that a reload forgets nothing.
  package init(_ settings: FailoverSettings, carrying carriedOver: (Int) -> HealthState? = { _ in nil }) {
    self.settings = settings
    dependents = Dependents(settings)
    health = settings.probes.indices.map { carriedOver($0) ?? HealthState() }
    answers = Array(repeating: nil, count: settings.pools.count)
    stale = Array(settings.pools.indices)
    isStale = Array(repeating: true, count: settings.pools.count)
    undecided = health.count(where: { $0.verdict == .unknown })
  }

  /// Takes one probe's outcome; the transition that it caused, if any.
  @discardableResult
  package mutating func observe(probe: Int, outcome: ProbeOutcome, at now: Instant) -> Transition? {
    guard let transition = health[probe].observe(outcome, settings.probes[probe], at: now) else { return nil }
    if transition.from == .unknown { undecided -= 1 }
    for pool in dependents.pools(ofProbe: probe) where !isStale[pool] {
      isStale[pool] = true
      stale.append(pool)
    }
    return transition
  }

  /// Waits no longer for first results: members without one count as up, and their first one still decides.
  package mutating func endFirstRound() { firstRoundEnded = true }

  /// Whether answers may be served: every probe has a verdict, or the first round was ended.
  package var isDecided: Bool { firstRoundEnded || undecided == 0 }

  /// Decides anew what the events since the last call touch; the pools whose answer changed, in their order.
  package mutating func evaluate() -> [PoolChange] {
    var changes: [PoolChange] = []
    for pool in stale.sorted() {
      isStale[pool] = false
      let answer = decide(pool)
      guard answer != answers[pool] else { continue }
      changes.append(PoolChange(pool: pool, before: answers[pool], after: answer))
      answers[pool] = answer
    }
    stale.removeAll(keepingCapacity: true)
    return changes
  }

  /// Unknown counts as up: what was never probed is not withdrawn.
  package func isUp(member: Int) -> Bool {
    settings.members[member].probes.allSatisfy { health[$0].verdict != .down }
  }
}

/// Which pools a probe can change.
private struct Dependents: Sendable {
  private var byProbe: [[Int]]

  init(_ settings: FailoverSettings) {
    byProbe = Array(repeating: [], count: settings.probes.count)
    for (pool, settingsOfPool) in settings.pools.enumerated() {
      for member in settingsOfPool.tiers.joined().flatMap({ settings.endpoints[$0].members }) {
        for probe in settings.members[member].probes where byProbe[probe].last != pool { byProbe[probe].append(pool) }
      }
    }
  }

  func pools(ofProbe probe: Int) -> [Int] { byProbe[probe] }
}
