/// The failover brain: a deterministic function of settings and timed events.
///
/// Production, rehearsals and tests run this same code. It has no clock and no thread: two brains that saw
/// the same events at the same times give the same answers. What time alone brings (a hold that ends, an
/// override that expires) happens in `evaluate`, which `wakeAt` asks for.
package struct Brain: Sendable {
  package let settings: FailoverSettings
  /// By probe index.
  package internal(set) var health: [HealthState]
  /// By pool index, as of the last `evaluate`; nil before the first.
  package private(set) var answers: [PoolAnswer?]
  /// By pool index, as of the last `evaluate`; only of pools with an adaptive TTL.
  package private(set) var deadlines: [Deadlines]
  /// By pool index.
  package internal(set) var memories: [PoolMemory]

  let dependents: Dependents
  let subjects: Subjects
  /// By pool.
  let frames: [Frame]
  let shapes: Shapes
  var hand: Hand
  var watch: Watch?
  var blast: BlastControl?
  /// Latest time by both clocks.
  var clock = Moment(Instant(nanoseconds: 0), wall: 0)
  /// When a probe's verdict has to be looked at, then when a pool's answer has.
  var agenda: TimerHeap
  /// What the next evaluation says.
  var turns: [ProbeTurn] = []
  var notices: [HealthNotice] = []
  private var stale: [Int]
  private var isStale: [Bool]
  private var undecided: Int
  private var firstRoundEnded = false
  /// Whether anything was in service before.
  private(set) var hasServed: Bool

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
    subjects = Subjects(settings)
    frames = settings.pools.map { Frame(settings, $0) }
    shapes = Shapes(settings)
    health = settings.probes.indices.map { carriedOver($0) ?? HealthState() }
    answers = Array(repeating: nil, count: settings.pools.count)
    deadlines = Array(repeating: Deadlines(), count: settings.pools.count)
    memories = settings.pools.map { state.pools[$0.name] ?? PoolMemory() }
    hand = Hand(state.overrides, subjects, settings)
    agenda = TimerHeap(slots: settings.probes.count + settings.pools.count)
    stale = Array(settings.pools.indices)
    isStale = Array(repeating: true, count: settings.pools.count)
    undecided = health.count(where: { $0.verdict == .unknown })
    hasServed = state.blast != nil
    watch = settings.canaries.map { Watch($0, of: settings.probes.count) }
    blast = BlastControl(settings)
    resume(state.blast)
  }

  /// Takes up what the state of before left to be done.
  private mutating func resume(_ memory: BlastMemory?) {
    let down = settings.members.indices.map { !isUp(member: $0) }
    blast?.remember(memory, settings, isDown: { down[$0] })
    for probe in health.indices { plan(probe) }
  }

  /// The operator's orders that are in force, the oldest first.
  package var overrides: [Override] { hand.overrides }

  /// When `evaluate` has something to do though nothing else happens; nil: never.
  package var wakeAt: Instant? {
    let expiry = hand.nextExpiry.map { clock.instant(ofWall: $0) }
    return [agenda.first?.at, expiry, blast?.wakeAt].compactMap(\.self).min()
  }

  /// Takes one probe's outcome; the transition that it caused, if any.
  ///
  /// - Parameter next: when its next attempt starts.
  @discardableResult
  package mutating func observe(
    probe: Int, outcome: ProbeOutcome, at now: Instant, next: Instant? = nil
  ) -> Transition? {
    let isGuarded = watch?.guards(probe) ?? false
    let concern = health[probe].concern
    let penalty = health[probe].flaps.penalty
    let before = health[probe].returnAt
    var transition = health[probe].observe(
      outcome, settings.probes[probe], at: now, next: next, isGuarded: isGuarded)
    if isGuarded, transition == nil { transition = judge(probe, at: now) }
    if health[probe].returnAt != before || isGuarded { plan(probe) }
    if let transition {
      turned(probe, transition, penalty)
    } else {
      touchWatchers(probe, concernChanged: health[probe].concern != concern)
    }
    if watch?.isCanary(probe) ?? false { canarySpoke(at: now) }
    return transition
  }

  /// Has all that a verdict touches decided anew.
  mutating func turned(_ probe: Int, _ transition: Transition, _ penalty: Int) {
    if transition.from == .unknown { undecided -= 1 }
    if health[probe].flaps.penalty > penalty, let end = health[probe].flaps.heldUntil {
      notices.append(.flapping(probe: probe, for: end - transition.at))
    }
    blast?.turned(probe: probe)
    for pool in dependents.pools(ofProbe: probe) { touch(pool) }
  }

  /// Hears that the probe's next attempt starts at another time than its latest outcome said.
  package mutating func expect(_ next: Instant, ofProbe probe: Int) {
    if health[probe].nextAttempt == next { return }
    health[probe].nextAttempt = next
    touchWatchers(probe, concernChanged: false)
  }

  private mutating func touchWatchers(_ probe: Int, concernChanged: Bool) {
    let pools = concernChanged ? dependents.pools(ofProbe: probe) : dependents.watchers(ofProbe: probe)
    for pool in pools { touch(pool) }
  }

  /// Waits no longer for first results: members without one count as up, and their first one still decides.
  package mutating func endFirstRound() { firstRoundEnded = true }

  /// Whether answers may be served: every probe has a verdict, the prober is cut off and none can be had, or the
  /// first round was ended.
  package var isDecided: Bool {
    firstRoundEnded || undecided == 0 || (watch?.isCutOff ?? false) && !health.contains { $0.lastResult == nil }
  }

  /// Whether to probe it at its fast interval.
  package func isUnsettled(probe: Int) -> Bool {
    if health[probe].isUnsettled { return true }
    guard let watch, watch.isCanary(probe) else { return false }
    return watch.hasPending
  }

  /// Decides anew what the events since the last call, or the time, touch.
  package mutating func evaluate(at now: Moment) -> Evaluation {
    advance(to: now)
    var evaluation = Evaluation()
    stale.sort()
    var known: [Int: Ruling] = [:]
    for pool in stale { decide(pool, at: now, &known, &evaluation) }
    stale.removeAll(keepingCapacity: true)
    hasServed = true
    swap(&evaluation.turns, &turns)
    swap(&evaluation.notices, &notices)
    return evaluation
  }

  /// What a pool's settings, standings and memory come to.
  private struct Ruling {
    let answer: PoolAnswer
    let deadlines: Deadlines
    let wakeAt: Instant?
    let memory: (before: PoolMemory, after: PoolMemory)
  }

  /// - Parameter known: by shape, what this evaluation came to last.
  private mutating func decide(
    _ pool: Int, at now: Moment, _ known: inout [Int: Ruling], _ evaluation: inout Evaluation
  ) {
    isStale[pool] = false
    let ruling = rule(pool, at: now, &known)
    memories[pool] = ruling.memory.after
    wake(pool, at: ruling.wakeAt, now)
    let isNew = ruling.answer != answers[pool]
    if isNew || ruling.deadlines != deadlines[pool] {
      if settings.pools[pool].ttl.adapts { evaluation.moved.append(pool) }
      deadlines[pool] = ruling.deadlines
    }
    guard isNew else { return }
    evaluation.changes.append(PoolChange(pool: pool, before: answers[pool], after: ruling.answer))
    answers[pool] = ruling.answer
  }

  /// Pools that nothing tells apart are decided once, so that ten thousand of them cost little more than one.
  private func rule(_ pool: Int, at now: Moment, _ known: inout [Int: Ruling]) -> Ruling {
    let shape = hand.concerns(pool: pool) ? nil : shapes[pool]
    if let shape, let ruling = known[shape], ruling.memory.before == memories[pool] { return ruling }
    var chooser = Chooser(
      frames[pool], at: now, memory: memories[pool], standings: standings(in: pool, at: now))
    let answer = chooser.decide()
    let ruling = Ruling(
      answer: answer, deadlines: settings.pools[pool].ttl.adapts ? chooser.deadlines(of: answer) : Deadlines(),
      wakeAt: chooser.wakeAt, memory: (memories[pool], chooser.memory))
    if let shape { known[shape] = ruling }
    return ruling
  }

  /// A time that has passed already must not keep the caller busy.
  private mutating func wake(_ pool: Int, at time: Instant?, _ now: Moment) {
    let slot = settings.probes.count + pool
    if let time {
      agenda.set(slot, at: max(time, now.instant + .milliseconds(1)))
    } else {
      agenda.remove(slot)
    }
  }

  /// What the time brings.
  private mutating func advance(to now: Moment) {
    clock = now
    while let (slot, at) = agenda.first, at <= now.instant {
      agenda.remove(slot)
      if slot < settings.probes.count {
        comeDue(slot, at: now.instant)
      } else {
        touch(slot - settings.probes.count)
      }
    }
    expire(at: now)
    settleBlast(at: now.instant)
  }

  private mutating func comeDue(_ probe: Int, at now: Instant) {
    let penalty = health[probe].flaps.penalty
    if let transition = health[probe].advance(to: now) ?? judge(probe, at: now) {
      turns.append(ProbeTurn(probe: probe, transition: transition))
      turned(probe, transition, penalty)
    }
    plan(probe)
  }

  /// When the probe's verdict turns without a further result.
  mutating func plan(_ probe: Int) {
    if let time = health[probe].returnAt ?? patience(probe) {
      agenda.set(probe, at: time)
    } else {
      agenda.remove(probe)
    }
  }

  mutating func touch(_ pool: Int) {
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
    state.blast = blastMemory
    for (pool, memory) in zip(settings.pools, memories) where memory != PoolMemory() { state.pools[pool.name] = memory }
    return state
  }
}
