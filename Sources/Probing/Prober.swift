import Crypto
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
  private var contexts: [TLSContext.Verification: TLSContext] = [:]
  private var random: SeededRandom
  private var watch = LoopWatch()
  private var arrivals: [Poller.Event] = []
  private var hadProbes = false

  private struct Probe {
    let specification: ProbeSpecification
    let request: [UInt8]
    /// Nil until the first start.
    var schedule: Schedule?
    var attempt: Attempt?
  }

  /// Takes a probe's index, its outcome, when that came, and when the probe's next attempt starts.
  package typealias Deliver = (Int, ProbeOutcome, Instant, Instant) -> Void

  private static var wakerToken: UInt64 { .max }
  /// Timers served between two looks at the sockets: starting that many takes a few milliseconds.
  private static var timersPerTurn: Int { 128 }
  /// How soon a probe is repeated that had no result.
  private static var retryDelay: Duration { .milliseconds(250) }
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
  package var running: Int { probes.count(where: { $0.attempt != nil }) }

  /// Takes a new list of probes. One whose specification stays keeps its phase and its running
  /// attempt; new ones start at once in the first list and within a second in later ones.
  package mutating func replaceProbes(_ specifications: [ProbeSpecification], now: Instant) {
    let old = probes
    let oldTimers = timers
    var known = Dictionary(old.indices.map { (old[$0].specification, $0) }, uniquingKeysWith: { first, _ in first })
    timers = TimerHeap(slots: specifications.count)
    contexts = [:]
    probes = specifications.enumerated().map { index, specification in
      guard let place = known.removeValue(forKey: specification) else {
        timers.set(index, at: hadProbes ? now + random.duration(upTo: min(Prober.spread, specification.interval)) : now)
        return Probe(specification: specification, request: specification.requestOctets)
      }
      timers.set(index, at: oldTimers[place] ?? now)
      return old[place]
    }
    for place in known.values { old[place].attempt?.finish(inOrder: false) }
    for index in probes.indices { watchAgain(index) }
    hadProbes = hadProbes || !probes.isEmpty
  }

  /// A running attempt may have moved to another index: its events must find it there.
  private func watchAgain(_ index: Int) {
    guard let attempt = probes[index].attempt else { return }
    try? poller.change(attempt.descriptor, Prober.interest, token: UInt64(index))
  }

  /// Waits for whatever comes first, an answer, a timer, a wake-up or `deadline`, and hands out what
  /// came of it. May return early, and without any outcome.
  package mutating func turn(
    until deadline: Instant? = nil, deliver: Deliver
  ) throws(SystemError) {
    let now = try wait(until: [timers.first?.at, deadline].compactMap(\.self).min())
    let events = arrivals
    for event in events {
      guard event.token != Prober.wakerToken else {
        waker.clear()
        continue
      }
      let index = Int(event.token)
      guard probes.indices.contains(index), let attempt = probes[index].attempt else { continue }
      settle(index, attempt, attempt.advance(), deliver)
    }
    serveTimers(dueBy: now, deliver)
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
    for _ in 0..<Prober.timersPerTurn {
      guard let (index, at) = timers.first, at <= now else { return }
      if let attempt = probes[index].attempt {
        settle(index, attempt, attempt.expire(), deliver)
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
      let attempt = try Attempt(probe.specification, request: probe.request, at: now)
      probes[index].attempt = attempt
      timers.set(index, at: attempt.deadline)
      if let trouble = prepareTLS(attempt, probe.specification) {
        return settle(index, attempt, .trouble(trouble), deliver)
      }
      let step = attempt.advance()
      if case .wait = step { try poller.add(attempt.descriptor, Prober.interest, token: UInt64(index)) }
      settle(index, attempt, step, deliver)
    } catch {
      conclude(index, .noResult(.resource(error.description)), now, deliver)
    }
  }

  private mutating func prepareTLS(_ attempt: Attempt, _ specification: ProbeSpecification) -> OwnTrouble? {
    guard case .https(_, let tls) = specification.kind else { return nil }
    do throws(TLSFailure) {
      let context = try context(tls.verification)
      try attempt.startTLS(context, to: tls.serverName.map { .host($0) } ?? .address("\(specification.target.address)"))
      return nil
    } catch {
      return .resource(error.description)
    }
  }

  /// Reads the roots once for each list of probes.
  private mutating func context(_ verification: TLSContext.Verification) throws(TLSFailure) -> TLSContext {
    if let known = contexts[verification] { return known }
    let context = try TLSContext(verification)
    contexts[verification] = context
    return context
  }

  private mutating func settle(
    _ index: Int, _ attempt: Attempt, _ step: Step, _ deliver: Deliver
  ) {
    let now = Instant.now
    switch step {
    case .wait: return
    case .done:
      attempt.finish(inOrder: true)
      conclude(index, .success(latency: now - attempt.started), now, deliver)
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
    let next = probes[index].schedule?.next(after: now) ?? now
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
