import Answering
import Assembly
import Configuration
import Failover
import Probing
import Wire

/// One configuration's pools as the brain sees them.
struct View {
  fileprivate(set) var assembled: Assembled
  var brain: Brain
  /// For each probe that runs, its index in the brain's settings, if it has one there.
  var indices: [Int?] = []

  /// What pools of earlier generations were asked, by name.
  var counted: [String: PoolTally] = [:]
  /// By pool index, what it was asked altogether; only where somebody looks.
  var tallies: [PoolTally] = []

  var plan: HealthPlan { assembled.health }

  /// With what the pools were asked so far.
  func counting(_ generation: borrowing Generation) -> View {
    var result = self
    result.tallies = plan.pools.indices.map {
      generation.tally(pool: $0) + (counted[plan.pools[$0].name] ?? PoolTally())
    }
    return result
  }

  init(
    _ assembled: Assembled, carrying health: [HealthPlan.Identity: HealthState] = [:],
    state: BrainState = BrainState()
  ) {
    let plan = assembled.health
    self.assembled = assembled
    brain = Brain(plan.settings, carrying: { health[plan.probes[$0]] }, state: state)
  }

  /// As it was when the process before this one ended.
  init(_ assembled: Assembled, restoring state: BrainState) {
    let plan = assembled.health
    self.assembled = assembled
    brain = Brain(plan.settings, carrying: { state.health[plan.probeKeys[$0]] }, state: state)
  }

  /// Where a changed check has given no result yet, what was known of the same address and port counts
  /// on: a target known to be down does not come back because its check was edited.
  func inheriting(from old: View) -> View {
    let known = Dictionary(
      zip(old.plan.probes.map(\.specification.place), old.brain.health), uniquingKeysWith: { first, _ in first })
    var result = self
    let carried = { (probe: Int) in
      let own = brain.health[probe]
      return own.verdict == .unknown ? known[plan.probes[probe].specification.place] ?? own : own
    }
    result.brain = Brain(plan.settings, carrying: carried, state: old.brain.state { _ in "" })
    return result
  }

  /// By pool name, the addresses that are answered.
  var answers: [String: [IPAddress]] {
    let addresses = brain.answers.map { $0.map(plan.addresses) ?? [] }
    return Dictionary(zip(plan.pools.map(\.name), addresses), uniquingKeysWith: { first, _ in first })
  }
}

/// The view that answers and, during a reload, the one that will: both see the same probes, so that a
/// new generation is right from its first answer.
struct Views {
  private(set) var active: View
  /// Told of verdicts and changes of answer.
  private let witness: Witness
  private let readers: Int
  private var successor: View?
  /// What is probed: the active view's probes, then those that only the successor has.
  private var running: [HealthPlan.Identity] = []
  /// By index of what is probed.
  private var isFast: [Bool] = []
  /// Of those, what the prober does not know yet.
  private var paced: [Int] = []
  /// The first verdict that turned since the last evaluation.
  private(set) var turned: Instant?
  /// When members without a result count as up.
  private(set) var deadline: Instant?

  /// The longest wait for first results when nothing else is said.
  private static var longestWait: Duration { .seconds(5) }
  /// A probe that times out says so a little after its timeout; the first round waits for that.
  private static var margin: Duration { .milliseconds(200) }

  /// - Parameter readers: workers that answer from a generation.
  init(_ assembled: Assembled, now: Instant, witness: Witness, readers: Int) {
    self.readers = readers
    self.witness = witness
    let state = witness.keeper?.restored(within: assembled.configuration.stateAge) ?? BrainState()
    active = View(assembled, restoring: state)
    wait(for: assembled, now)
    match()
  }

  var specifications: [ProbeSpecification] { running.map(\.specification) }
  var hasSuccessor: Bool { successor != nil }

  /// A new configuration waits beside the old until its own probes have spoken. Health is carried over
  /// by the probes' identity.
  mutating func prepare(_ assembled: Assembled, now: Instant) {
    // What an earlier successor learned is kept too: its probes may not run again for a whole interval.
    let health = [active, successor].compactMap(\.self).reduce(into: [HealthPlan.Identity: HealthState]()) {
      known, view in
      known.merge(zip(view.plan.probes, view.brain.health), uniquingKeysWith: { first, _ in first })
    }
    successor = View(assembled, carrying: health, state: active.brain.state { _ in "" })
    wait(for: assembled, now + Prober.spread)
    match()
  }

  /// Whether the view in waiting, or the first one, may answer.
  func isReady(at now: Instant) -> Bool {
    (successor ?? active).brain.isDecided || deadline.map { now >= $0 } ?? true
  }

  /// The successor takes over; the generation that it begins with. Only what it answers otherwise is news.
  ///
  /// - Parameter old: the generation that has been answering.
  mutating func succeed(at now: Moment, _ old: borrowing Generation) -> Generation {
    let known = active.answers
    let tallies = active.counting(old).tallies
    let counted = Dictionary(zip(active.plan.pools.map(\.name), tallies), uniquingKeysWith: { first, _ in first })
    if let view = successor { active = view.inheriting(from: active) }
    active.counted = counted
    successor = nil
    match()
    return settle(known: known, at: now)
  }

  /// The same pools over other zones: what was decided goes on.
  ///
  /// - Parameter assembled: of the configuration that answers.
  mutating func replaceZones(_ assembled: Assembled, _ old: borrowing Generation) -> Generation {
    let tallies = active.counting(old).tallies
    active.counted = Dictionary(
      zip(active.plan.pools.map(\.name), tallies), uniquingKeysWith: { first, _ in first })
    active.assembled = assembled
    return generation
  }

  private var generation: Generation {
    active.assembled.generation(
      active.brain.answers.map { $0 ?? .none }, active.brain.deadlines, workers: readers)
  }

  /// Ends the first round and makes the generation that the active view begins with.
  mutating func settle(known: [String: [IPAddress]] = [:], at now: Moment) -> Generation {
    deadline = nil
    active.brain.endFirstRound()
    let evaluation = active.brain.evaluate(at: now)
    tell(evaluation)
    for change in evaluation.changes {
      let name = active.plan.pools[change.pool].name
      if known[name] != active.plan.addresses(change.after) { witness.changed(change, active) }
    }
    return generation
  }

  /// - Parameter next: when the probe's next attempt starts.
  mutating func observe(_ probe: Int, _ outcome: ProbeOutcome, at now: Instant, next: Instant) {
    if let index = active.indices[probe] {
      let wasTroubled = active.brain.health[index].lastTrouble != nil
      let transition = active.brain.observe(probe: index, outcome: outcome, at: now, next: next)
      if transition != nil {
        turned = turned ?? now
        witness.keeper?.turned(active.plan.probeKeys[index], active.brain.health[index])
      }
      witness.observed(outcome, transition, of: active.plan.probeNames[index], wasTroubled: wasTroubled)
    }
    observeInSuccessor(probe, outcome, at: now, next: next)
    setPace(probe)
  }

  private mutating func observeInSuccessor(_ probe: Int, _ outcome: ProbeOutcome, at now: Instant, next: Instant) {
    guard let index = successor?.indices[probe] else { return }
    let wasTroubled = successor?.brain.health[index].lastTrouble != nil
    let transition = successor?.brain.observe(probe: index, outcome: outcome, at: now, next: next)
    if active.indices[probe] == nil, let name = successor?.plan.probeNames[index] {
      witness.observed(outcome, transition, of: name, wasTroubled: wasTroubled)
    }
  }

  /// Takes an order; what it concerns. A view that waits begins with the orders of the one that answers.
  mutating func give(_ order: Order, at now: Moment) -> [String] {
    let subjects = active.brain.take(order, at: now).subjects
    witness.ordered(order, subjects)
    return subjects
  }

  /// Decides what the observations since the last call touch. What comes of it is published first, and told then.
  mutating func evaluate(at now: Moment) -> Evaluation {
    turned = nil
    return active.brain.evaluate(at: now)
  }

  /// - Parameter expiries: by the evaluation's changes, when the last answer given before expires.
  mutating func tell(_ evaluation: Evaluation, _ expiries: [UInt64?]) {
    tell(evaluation)
    for (change, expiry) in zip(evaluation.changes, expiries) {
      witness.changed(change, active)
      witness.replaced(expiry, pool: active.plan.pools[change.pool].name, at: .now)
    }
  }

  private mutating func tell(_ evaluation: Evaluation) {
    for notice in evaluation.notices { witness.noticed(notice, active) }
    if !(evaluation.changes.isEmpty && evaluation.notices.isEmpty), let blast = active.brain.blastMemory {
      witness.keeper?.withdrew(blast)
    }
    // What is probed begins with the active view's probes, so that their indices are the same.
    for turn in evaluation.turns {
      witness.turned(turn.transition, of: active.plan.probeNames[turn.probe])
      witness.keeper?.turned(active.plan.probeKeys[turn.probe], active.brain.health[turn.probe])
      setPace(turn.probe)
    }
    for canary in active.brain.settings.canaries?.probes ?? [] { setPace(canary) }
  }

  private mutating func wait(for assembled: Assembled, _ now: Instant) {
    let usual = min(Self.longestWait, assembled.health.longestTimeout + Self.margin)
    let new = now + (assembled.configuration.server.startWithin ?? usual)
    // A reload while one is waiting does not wait longer: reloads that keep coming are adopted all the same.
    deadline = min(deadline ?? new, new)
  }

  private mutating func match() {
    running = active.plan.probes
    let known = Set(running)
    running += (successor?.plan.probes ?? []).filter { !known.contains($0) }
    active.indices = Views.indices(running, active.plan)
    if let successor { self.successor?.indices = Views.indices(running, successor.plan) }
    isFast = Array(repeating: false, count: running.count)
    paced = Array(running.indices)
    for probe in running.indices { setPace(probe) }
  }

  private static func indices(_ running: [HealthPlan.Identity], _ plan: HealthPlan) -> [Int?] {
    let own = Dictionary(zip(plan.probes, plan.probes.indices), uniquingKeysWith: { first, _ in first })
    return running.map { own[$0] }
  }
}

extension Views {
  /// When there is something to do though no probe says anything; nil: never.
  var wakeAt: Instant? { [deadline, active.brain.wakeAt].compactMap(\.self).min() }

  /// Tells the prober which targets to probe at their fast interval, and the brain when it will.
  mutating func setPaces(of prober: inout Prober, now: Instant) {
    for probe in paced {
      guard let next = prober.setPace(isFast[probe] ? .fast : .usual, of: probe, now: now) else { continue }
      if let index = active.indices[probe] { active.brain.expect(next, ofProbe: index) }
      if let index = successor?.indices[probe] { successor?.brain.expect(next, ofProbe: index) }
    }
    paced.removeAll(keepingCapacity: true)
  }

  private mutating func setPace(_ probe: Int) {
    let inActive = active.indices[probe].map { active.brain.isUnsettled(probe: $0) } ?? false
    let inSuccessor = (successor?.indices[probe]).flatMap { $0 }.map {
      successor?.brain.isUnsettled(probe: $0) ?? false
    }
    let wanted = inActive || inSuccessor ?? false
    if isFast[probe] == wanted { return }
    isFast[probe] = wanted
    paced.append(probe)
  }
}

extension PoolAnswer {
  static var none: PoolAnswer {
    let nothing = Decision(members: [], tier: nil, failedOpen: false)
    return PoolAnswer(v4: nothing, v6: nothing)
  }
}
