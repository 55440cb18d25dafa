import Diagnostics
package import Failover
import Probing

/// Plays a story on a scripted clock: probes start as `Prober` starts them, what they would have seen goes into the
/// same brain that production runs, and what it answers is written down.
///
/// At one moment results come first, then what the time brings, then the story's lines, then new attempts.
package struct Play {
  let scene: Scene
  let story: Story
  private(set) var brain: Brain
  private(set) var chronicle: Chronicle
  /// How far the wall clock was set since the beginning.
  private var clockOffset = Duration.zero
  private var targets: [TargetState]
  private var isIsolated = false
  private let phases: Phases
  private var probes: [Probing] = []
  private var timers: TimerHeap
  private var firstRoundEnds: Instant?
  private var round = 0
  /// Nil: no line of the story kills the server, and nobody reads it.
  private var disk: Disk?
  /// Verdicts have turned that the disk does not have yet.
  private var hasTurned = false
  /// Of the last order; nil before the first.
  private(set) var lastOrder: OrderOutcome?
  private(set) var now = Instant(nanoseconds: 0)

  private struct Probing {
    var schedule: Schedule
    /// When the running attempt began, and what will come of it.
    var attempt: (began: Instant, outcome: ProbeOutcome)?
  }

  /// How soon a probe is repeated that had no result, as in `Prober`.
  private static var retryDelay: Duration { .milliseconds(250) }

  package init(_ scene: Scene, _ story: Story, phases: Phases) {
    self.scene = scene
    self.story = story
    self.phases = phases
    brain = Brain(scene.settings)
    chronicle = Chronicle(pools: scene.settings.pools.count, end: story.end)
    targets = Array(repeating: .usual, count: scene.settings.probes.count)
    timers = TimerHeap(slots: scene.settings.probes.count)
    let isKilled = story.events.contains { if case .kill = $0.action { true } else { false } }
    disk = isKilled ? Disk() : nil
  }

  /// The whole story.
  package static func chronicle(_ scene: Scene, _ story: Story, phases: Phases) -> Chronicle {
    var play = Play(scene, story, phases: phases)
    play.run()
    return play.chronicle
  }

  package var moment: Moment { Moment(now, wall: story.begins + now.nanoseconds + clockOffset.nanoseconds) }

  // MARK: - Time

  mutating func run() {
    startProbes()
    var next = 0
    while next < story.events.count {
      now = [story.events[next].at, timers.first?.at, firstRoundEnds, brain.wakeAt].compactMap(\.self).min() ?? now
      let starting = takeResults()
      if let end = firstRoundEnds, end <= now { endFirstRound() }
      decide()
      while next < story.events.count, story.events[next].at <= now {
        take(next)
        next += 1
      }
      for probe in starting where probes[probe].attempt == nil && timers[probe] == nil { start(probe) }
    }
  }

  /// Hands over the attempts that end now; the probes whose attempts begin now.
  private mutating func takeResults() -> [Int] {
    var due: [Int] = []
    while let (probe, at) = timers.first, at <= now {
      timers.remove(probe)
      due.append(probe)
    }
    due.sort()
    let starting = due.filter { probes[$0].attempt == nil }
    for probe in due {
      guard let attempt = probes[probe].attempt else { continue }
      probes[probe].attempt = nil
      conclude(probe, attempt.began, attempt.outcome)
    }
    return starting
  }

  private mutating func conclude(_ probe: Int, _ began: Instant, _ outcome: ProbeOutcome) {
    let next = nextStart(probe, began, outcome)
    timers.set(probe, at: next)
    guard let transition = brain.observe(probe: probe, outcome: outcome, at: now, next: next) else { return }
    note(.verdict(probe: probe, transition))
    hasTurned = true
  }

  /// As `Prober` plans it: on the grid; at the fast pace while results contradict the verdict; sooner without a result.
  private func nextStart(_ probe: Int, _ began: Instant, _ outcome: ProbeOutcome) -> Instant {
    let settings = scene.settings.probes[probe]
    var next = probes[probe].schedule.next(after: now)
    let canaries = scene.settings.canaries?.probes ?? []
    let isCanary = canaries.contains(probe)
    var health = brain.health[probe]
    _ = health.observe(outcome, settings, at: now, isGuarded: !isCanary && !canaries.isEmpty)
    if health.isUnsettled || isCanary && brain.isUnsettled(probe: probe), settings.fastInterval < settings.interval {
      next = min(next, Schedule(phase: began, interval: settings.fastInterval).next(after: now))
    }
    if case .noResult = outcome { next = min(next, now + Play.retryDelay) }
    return next
  }

  private mutating func start(_ probe: Int) {
    let timeout = scene.settings.probes[probe].timeout
    let (time, outcome) = (isIsolated ? .hangs : targets[probe]).outcome(timeout: timeout)
    probes[probe].attempt = (now, outcome)
    timers.set(probe, at: now + time)
  }

  /// All probes begin at once; from then on each keeps to its own phase.
  private mutating func startProbes() {
    probes = scene.settings.probes.enumerated().map { index, probe in
      let phase = phases.phase(probe: index, interval: probe.interval, start: now, round: round)
      return Probing(schedule: Schedule(phase: phase, interval: probe.interval))
    }
    for probe in probes.indices { timers.set(probe, at: now) }
    round += 1
    firstRoundEnds = brain.isDecided ? nil : now + scene.firstRound
  }

  private mutating func endFirstRound() {
    firstRoundEnds = nil
    brain.endFirstRound()
  }

  // MARK: - What the brain says

  /// Nothing is answered before the first round is over.
  private mutating func decide() {
    if hasTurned { disk?.note(brain, at: now, lasting: now + .milliseconds(100)) }
    hasTurned = false
    disk?.save(brain, at: now)
    guard brain.isDecided else { return }
    firstRoundEnds = nil
    let evaluation = brain.evaluate(at: moment)
    for turn in evaluation.turns { note(.verdict(probe: turn.probe, turn.transition)) }
    for notice in evaluation.notices { note(.notice(notice)) }
    for change in evaluation.changes { note(change, after: change.before) }
    for pool in Set(evaluation.changes.map(\.pool) + evaluation.moved) {
      chronicle.countdowns[pool].append(Chronicle.Countdown(at: now, deadlines: brain.deadlines[pool]))
    }
  }

  private mutating func note(_ change: PoolChange, after known: PoolAnswer?) {
    for family in AddressFamily.allCases where known?[family] != change.after[family] {
      let answer = Chronicle.Answer(
        pool: change.pool, family: family, before: known?[family], after: change.after[family],
        ttl: ttl(pool: change.pool, family), reason: brain.reason(pool: change.pool, family))
      note(.answer(answer))
    }
  }

  /// Seconds.
  func ttl(pool: Int, _ family: AddressFamily) -> Int {
    scene.settings.pools[pool].ttl.seconds(until: brain.deadlines[pool][family], now: now)
  }

  private mutating func note(_ happening: Chronicle.Happening) {
    chronicle.steps.append(Chronicle.Step(at: now, happening: happening))
  }

  // MARK: - The story's lines

  private mutating func take(_ index: Int) {
    let event = story.events[index]
    if case .expect(let expectation) = event.action {
      if let complaint = complaint(expectation, before: index) {
        chronicle.unmet.append(Problem(.error, event.position, complaint))
      }
      return
    }
    note(.story(index))
    switch event.action {
    case .target(let subject, let state): for probe in scene.subjects[subject] ?? [] { targets[probe] = state }
    case .proberIsolated(let isolated): isIsolated = isolated
    case .restart(let forgetting): restart(forgetting ? BrainState() : brain.state { String($0) })
    case .kill: restart(disk?.read(at: now, overrides: brain.overrides) ?? BrainState())
    case .reload:
      let state = brain.state { String($0) }
      resume(state, forgetting: false)
    case .serve: endFirstRound()
    case .clock(let step): clockOffset += step
    case .order(let order):
      lastOrder = obey(order)
      disk?.save(brain, at: now)
    case .expect: break
    }
    decide()
  }

  private mutating func restart(_ state: BrainState) {
    resume(state, forgetting: true)
    for probe in probes.indices { timers.remove(probe) }
    startProbes()
  }

  /// A brain with what was known; one that forgets the answers gives them anew, which is news only where they differ.
  private mutating func resume(_ state: BrainState, forgetting: Bool) {
    let wasServing = brain.isDecided
    let known = brain.answers
    brain = Brain(scene.settings, carrying: { state.health[String($0)] }, state: state)
    if !forgetting, wasServing { brain.endFirstRound() }
    guard brain.isDecided else { return }
    for change in brain.evaluate(at: moment).changes { note(change, after: known[change.pool]) }
  }

  private mutating func obey(_ order: StoryOrder) -> OrderOutcome {
    let wall = moment.wall
    let by = "story"
    let order: Order =
      switch order {
      case .override(let pattern, let state, let isDrain, let time):
        .override(
          Override(
            pattern: pattern, state: state, isDrain: isDrain, reason: "the story says so", by: by, since: wall,
            expires: time.map { wall + $0.nanoseconds }))
      case .release(let pattern): .release(pattern: pattern, by: by, reason: "the story says so")
      case .failback(let pattern): .failback(pattern: pattern, by: by)
      case .confirm: .confirm(by: by)
      }
    return brain.take(order, at: moment)
  }
}
