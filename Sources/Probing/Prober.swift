package import Failover
package import Sockets
import Wire

/// Runs all probes on one thread: one poller, one timer heap, nothing that blocks.
///
/// The owner calls `turn` again and again and gets each outcome with the probe's index, in the order
/// of the specifications last given.
package struct Prober: ~Copyable {
  /// Interrupts `turn`, from any thread.
  package let waker: Waker
  private let poller: Poller
  private var probes: [Probe] = []
  private var timers = TimerHeap(slots: 0)
  private var workshop = Workshop()
  private var random: SeededRandom
  private var watch = LoopWatch()
  /// What the latest wait brought and is not seen to yet.
  private var arrivals: [Poller.Event] = []
  /// When that wait ended.
  private var waited = Instant(nanoseconds: 0)
  private var hadProbes = false

  private struct Probe {
    let specification: ProbeSpecification
    /// What its attempts share; nil until the first start.
    var setup: Workshop.Setup?
    /// Nil until the first start.
    var schedule: Schedule?
    var attempt: Attempt?
    var pace = Pace.usual
    /// When the latest attempt began.
    var started: Instant?
    /// Since when it could have begun, if other programs had not kept it from it.
    var waiting: Instant?
  }

  /// How often a probe is made: every `interval`, or every `fastInterval` while its verdict is about to turn.
  package enum Pace: Hashable, Sendable { case usual, fast }

  /// Takes a probe's index, its outcome, when that came, and when the probe's next attempt starts.
  package typealias Deliver = (Int, ProbeOutcome, Instant, Instant) -> Void

  private static var wakerToken: UInt64 { .max }
  /// Sockets and then timers seen to in one turn: few enough that a verdict among them waits less than a millisecond
  /// for the owner to act on it.
  private static var stepsPerTurn: Int { 16 }
  /// How soon a probe is repeated that had no result.
  private static var retryDelay: Duration { .milliseconds(250) }
  /// How soon a program that may not start yet is looked at again.
  private static var commandDelay: Duration { .milliseconds(20) }
  /// New probes of a later configuration begin within this time.
  package static var spread: Duration { .seconds(1) }

  /// - Parameters:
  ///   - seed: spreads the probes; two servers should not use the same.
  ///   - waker: one of the owner's, if it needs it before the prober is there.
  package init(seed: UInt64, waker: Waker? = nil) throws(SystemError) {
    let poller = try Poller()
    let waker = if let waker { waker } else { try Waker() }
    try poller.add(waker.descriptor, .read, token: Prober.wakerToken)
    random = SeededRandom(seed: seed)
    self.poller = poller
    self.waker = waker
  }

  package var count: Int { probes.count }
  /// How long the loop has kept its sockets waiting since the turn before.
  package var lag: Duration { watch.lag }
  package var running: Int { probes.count(where: { $0.attempt != nil }) }

  /// Takes a new list of probes. One whose specification stays keeps its phase and its running
  /// attempt; new ones start at once in the first list and within a second in later ones.
  package mutating func replaceProbes(_ specifications: [ProbeSpecification], now: Instant) {
    // Their indices are those of the old list; sockets that stay are watched anew.
    arrivals = []
    let old = probes
    let oldTimers = timers
    var known = Dictionary(old.indices.map { (old[$0].specification, $0) }, uniquingKeysWith: { first, _ in first })
    timers = TimerHeap(slots: specifications.count)
    workshop.renew()
    probes = specifications.enumerated().map { index, specification in
      guard let place = known.removeValue(forKey: specification) else {
        timers.set(index, at: hadProbes ? now + random.duration(upTo: min(Prober.spread, specification.interval)) : now)
        return Probe(specification: specification)
      }
      timers.set(index, at: oldTimers[place] ?? now)
      var probe = old[place]
      // Certificates and keys in files may be new.
      probe.setup = nil
      return probe
    }
    for place in known.values { old[place].attempt?.finish(inOrder: false) }
    for index in probes.indices { watchAgain(index) }
    hadProbes = hadProbes || !probes.isEmpty
  }

  /// A running attempt may have moved to another index: its events must find it there.
  private func watchAgain(_ index: Int) {
    guard let attempt = probes[index].attempt, !attempt.isUnwatched else { return }
    for number in attempt.descriptors { try? poller.change(number, Prober.interest, token: UInt64(index)) }
  }

  private func watch(_ attempt: Attempt, _ index: Int) throws(SystemError) {
    for number in attempt.descriptors { try poller.add(number, Prober.interest, token: UInt64(index)) }
    attempt.isUnwatched = false
  }

  /// Sets how often the probe is made from now on; a running attempt goes on.
  ///
  /// - Returns: when the next attempt starts; nil while one is running or before the first.
  @discardableResult
  package mutating func setPace(_ pace: Pace, of index: Int, now: Instant) -> Instant? {
    let probe = probes[index]
    guard probe.pace != pace else { return probe.attempt == nil && probe.schedule != nil ? timers[index] : nil }
    probes[index].pace = pace
    guard probe.attempt == nil, probe.schedule != nil else { return nil }
    let next = nextStart(of: probes[index], after: now)
    timers.set(index, at: next)
    return next
  }

  /// On the grid of the probe's interval; at the fast pace, on one that the latest attempt began.
  private func nextStart(of probe: Probe, after now: Instant) -> Instant {
    let usual = probe.schedule?.next(after: now) ?? now
    guard probe.pace == .fast, let interval = probe.specification.fastInterval, let started = probe.started else {
      return usual
    }
    return min(usual, Schedule(phase: started, interval: interval).next(after: now))
  }

  /// Waits for whatever comes first, an answer, a timer, a wake-up or `deadline`, and hands out what
  /// came of it. May return early, and without any outcome.
  package mutating func turn(
    until deadline: Instant? = nil, deliver: Deliver
  ) throws(SystemError) {
    if arrivals.isEmpty { waited = try wait(until: [timers.first?.at, deadline].compactMap(\.self).min()) }
    let events = arrivals.prefix(Prober.stepsPerTurn)
    arrivals.removeFirst(events.count)
    for event in events {
      guard event.token != Prober.wakerToken else {
        waker.clear()
        continue
      }
      let index = Int(event.token)
      guard probes.indices.contains(index), let attempt = probes[index].attempt else { continue }
      settle(index, attempt, attempt.advance(), deliver)
    }
    serveTimers(dueBy: waited, deliver)
  }

  /// - Returns: when the wait ended.
  private mutating func wait(until planned: Instant?) throws(SystemError) -> Instant {
    let entered = Instant.now
    let milliseconds = planned.map { time in
      Int32(clamping: max(0, (time - entered).nanoseconds + 999_999) / 1_000_000)
    }
    var ready: [Poller.Event] = []
    try poller.wait(milliseconds: milliseconds) { ready.append($0) }
    arrivals = ready
    let now = Instant.now
    if let trouble = watch.waitEnded(entered: entered, planned: planned, now: now, boot: .sinceBoot) {
      for index in probes.indices {
        guard let attempt = probes[index].attempt else { continue }
        attempt.disturb(trouble, at: now)
        timers.set(index, at: attempt.deadline)
      }
    }
    return now
  }

  /// - Parameter now: when the wait ended. What came due since has to wait for the next turn, which knows by then
  ///   whether the loop stood still in between.
  private mutating func serveTimers(dueBy now: Instant, _ deliver: Deliver) {
    for _ in 0..<Prober.stepsPerTurn {
      guard let (index, at) = timers.first, at <= now else { return }
      if let attempt = probes[index].attempt {
        settle(index, attempt, attempt.expire(at: now), deliver)
      } else {
        start(index, deliver)
      }
    }
  }

  private mutating func start(_ index: Int, _ deliver: Deliver) {
    let probe = probes[index]
    let now = Instant.now
    if probe.schedule == nil {
      let interval = probe.specification.interval
      probes[index].schedule = Schedule(phase: now + random.duration(upTo: interval), interval: interval)
    }
    do throws(SystemError) {
      guard let attempt = try attempt(index, now) else { return postpone(index, now, deliver) }
      probes[index].started = now
      probes[index].waiting = nil
      probes[index].attempt = attempt
      timers.set(index, at: attempt.deadline)
      settle(index, attempt, attempt.advance(), deliver)
    } catch {
      conclude(index, .noResult(.resource(error.description)), now, deliver)
    }
  }

  /// - Returns: nil when as many programs run as may.
  private mutating func attempt(_ index: Int, _ now: Instant) throws(SystemError) -> Attempt? {
    let specification = probes[index].specification
    switch specification.kind {
    case .dns(let question):
      let identifier = UInt16.random(in: 0...UInt16.max, using: &random)
      return try DNSAttempt(specification, question, identifier: identifier, workshop.errands, at: now)
    case .command(let command):
      guard workshop.mayRun else { return nil }
      return try CommandAttempt(specification, command, workshop.errands, at: now)
    case .tcp, .tcpDialogue, .http, .https:
      let setup: Workshop.Setup
      if let known = probes[index].setup { setup = known } else { setup = workshop.setup(specification) }
      guard case .ready(let ready) = setup else {
        if case .trouble(let trouble) = setup { return FailedAttempt(specification, trouble, at: now) }
        return nil
      }
      probes[index].setup = setup
      return try StreamAttempt(specification, ready, at: now)
    }
  }

  /// Programs wait for each other; one that waited for a whole interval says so.
  private mutating func postpone(_ index: Int, _ now: Instant, _ deliver: Deliver) {
    let since = probes[index].waiting ?? now
    guard now - since < probes[index].specification.interval else {
      probes[index].waiting = nil
      return conclude(index, .noResult(.resource("\(CommandAttempt.maximum) commands run already")), now, deliver)
    }
    probes[index].waiting = since
    timers.set(index, at: now + Prober.commandDelay)
  }

  private mutating func settle(
    _ index: Int, _ attempt: Attempt, _ step: Step, _ deliver: Deliver
  ) {
    let now = Instant.now
    switch step {
    case .wait:
      guard attempt.isUnwatched else { return timers.set(index, at: attempt.deadline) }
      do throws(SystemError) {
        try watch(attempt, index)
        // What came before the poller watched is reported by it all the same.
        timers.set(index, at: attempt.deadline)
      } catch { settle(index, attempt, .trouble(.resource(error.description)), deliver) }
    case .done:
      attempt.finish(inOrder: true)
      conclude(index, .success(latency: now - attempt.started, concern: attempt.concern), now, deliver)
    case .ended(let reason):
      attempt.finish(inOrder: false)
      conclude(index, attempt.disturbance.map { .noResult($0) } ?? .failure(reason), now, deliver)
    case .trouble(let trouble):
      attempt.finish(inOrder: false)
      conclude(index, .noResult(trouble), now, deliver)
    }
  }

  /// Closes the attempt, plans the next one and hands out the outcome.
  private mutating func conclude(
    _ index: Int, _ outcome: ProbeOutcome, _ now: Instant, _ deliver: Deliver
  ) {
    probes[index].attempt = nil
    let next = nextStart(of: probes[index], after: now)
    let start = if case .noResult = outcome { min(next, now + Prober.retryDelay) } else { next }
    timers.set(index, at: start)
    deliver(index, outcome, now, start)
  }

  private static var interest: Interest { [.read, .write, .edgeTriggered] }
}

extension Instant {
  /// The monotonic clock of the health path.
  package static var now: Instant { Instant(nanoseconds: Int64(Clock.monotonic())) }
  fileprivate static var sinceBoot: Instant { Instant(nanoseconds: Int64(Clock.boot())) }
}

extension Moment {
  /// By both clocks.
  package static var now: Moment { Moment(.now, wall: Int64(Clock.wall())) }
}
