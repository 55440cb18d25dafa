/// What is believed of one probe's target.
package enum Verdict: Hashable, Sendable { case unknown, up, down }

/// A verdict that turned.
package struct Transition: Hashable, Sendable {
  package let from: Verdict
  package let to: Verdict
  package let at: Instant
  /// The failure that turned it; nil when it came up.
  package let reason: FailureReason?

  package init(from: Verdict, to: Verdict, at: Instant, reason: FailureReason?) {
    self.from = from
    self.to = to
    self.at = at
    self.reason = reason
  }
}

/// The health machine of one probe. Its *run* is what speaks against the verdict: failures that are not
/// forgiven, or successes in a row.
///
///     verdict   result      run                                 becomes
///     -------   ---------   ---------------------------------   -------------------------------------------
///     any       no result   kept                                the same: it is not a result
///     unknown   success     0                                   up: the first result decides
///     unknown   failure     0                                   down
///     up        success     0 after as many successes in a      up
///                           row as forgive, kept until then
///     up        failure     + 1                                 down when the run reaches `fall`
///     down      failure     0                                   down
///     down      success     + 1                                 up when the run has reached `rise`, and the
///                                                               hold on return and any penalty have ended
///
/// One success forgives where failures count in a row. What is *guarded* does not go down by itself: its
/// run stays at `fall` until somebody lets it.
package struct HealthState: Hashable, Sendable {
  package internal(set) var verdict = Verdict.unknown
  package internal(set) var run = 0
  /// When the run began; nil while it is 0.
  package internal(set) var runSince: Instant?
  /// Successes in a row on the way to forgiving a run of failures.
  package internal(set) var amends = 0
  /// When the verdict was reached; nil while it is unknown.
  package internal(set) var since: Instant?
  /// Of the latest result, whatever it was.
  package internal(set) var lastResult: Instant?
  package internal(set) var lastSuccess: Instant?
  package internal(set) var lastLatency: Duration?
  /// Smoothed over about eight successes.
  package internal(set) var latency: Duration?
  /// Of the latest success.
  package internal(set) var concern: Concern?
  /// Kept over successes, so that a target that flaps can be explained.
  package internal(set) var lastFailure: FailureReason?
  /// Trouble of our own since the last result; nil after a result.
  package internal(set) var lastTrouble: OwnTrouble?
  /// When the next attempt starts, as of the latest outcome.
  package internal(set) var nextAttempt: Instant?
  /// When what has succeeded often enough comes up, if it stays good; nil: it has not.
  package internal(set) var returnAt: Instant?
  package internal(set) var flaps = Flaps()
  package internal(set) var counters = Counters()

  package struct Counters: Hashable, Sendable {
    package var successes = 0
    package var failures = 0
    package var noResults = 0
    package var transitions = 0

    package init() {}
  }

  package init() {}

  /// Results contradict the verdict, or there is none: the target is probed at its fast interval. Not while
  /// it waits for a hold to end, which may take long.
  package var isUnsettled: Bool { verdict == .unknown || run > 0 && returnAt == nil }

  /// The latest result was a success.
  package var answers: Bool { lastSuccess != nil && lastSuccess == lastResult }

  /// Takes one outcome; the transition that it caused, if any.
  ///
  /// - Parameters:
  ///   - next: when the next attempt starts.
  ///   - isGuarded: only `fall` takes it down.
  package mutating func observe(
    _ outcome: ProbeOutcome, _ settings: ProbeSettings, at now: Instant, next: Instant? = nil, isGuarded: Bool = false
  ) -> Transition? {
    nextAttempt = next
    switch outcome {
    case .noResult(let trouble):
      lastTrouble = trouble
      counters.noResults += 1
      return nil
    case .success(let latency, let concern):
      note(latency, concern, at: now)
      return succeed(settings, at: now)
    case .failure(let reason):
      lastResult = now
      lastTrouble = nil
      lastFailure = reason
      counters.failures += 1
      return fail(settings, at: now, isGuarded)
    }
  }

  private mutating func note(_ latency: Duration, _ concern: Concern?, at now: Instant) {
    lastResult = now
    lastSuccess = now
    lastTrouble = nil
    lastLatency = latency
    let smoothed = (self.latency ?? latency).nanoseconds
    self.latency = .nanoseconds(smoothed + (latency.nanoseconds - smoothed) / 8)
    self.concern = concern
    counters.successes += 1
  }

  private mutating func succeed(_ settings: ProbeSettings, at now: Instant) -> Transition? {
    switch verdict {
    case .unknown: return turn(to: .up, at: now)
    case .up:
      if run > 0 { amends += 1 }
      if amends >= settings.counting.forgivenAfter { forget() }
      return nil
    case .down:
      if run < settings.rise { count(at: now) }
      guard run >= settings.rise else { return nil }
      returnAt = returnAt ?? max(now + settings.holdDown, flaps.heldUntil ?? now)
      return advance(to: now)
    }
  }

  private mutating func fail(_ settings: ProbeSettings, at now: Instant, _ isGuarded: Bool) -> Transition? {
    if verdict == .down {
      forget()
      return nil
    }
    amends = 0
    if run < settings.fall { count(at: now) }
    return wantsToFall(settings) && !isGuarded ? fall(settings, at: now) : nil
  }

  /// It has failed often enough to go down.
  package func wantsToFall(_ settings: ProbeSettings) -> Bool {
    switch verdict {
    case .unknown: run > 0
    case .up: run >= settings.fall
    case .down: false
    }
  }

  /// Takes down what wants to fall.
  package mutating func fall(_ settings: ProbeSettings, at now: Instant) -> Transition {
    if verdict == .up, let limit = settings.flapLimit { flaps.fell(limit, at: now, upSince: since) }
    return turn(to: .down, at: now)
  }

  /// Lets time pass: brings back what a hold kept down until now.
  package mutating func advance(to now: Instant) -> Transition? {
    guard verdict == .down, let time = returnAt, time <= now else { return nil }
    return turn(to: .up, at: now)
  }

  /// Begins to count anew.
  package mutating func forget() {
    run = 0
    runSince = nil
    amends = 0
    returnAt = nil
  }

  private mutating func count(at now: Instant) {
    if run == 0 { runSince = now }
    run += 1
  }

  private mutating func turn(to result: Verdict, at now: Instant) -> Transition {
    let transition = Transition(from: verdict, to: result, at: now, reason: result == .down ? lastFailure : nil)
    verdict = result
    since = now
    counters.transitions += 1
    forget()
    return transition
  }
}

extension ProbeSettings.Counting {
  /// So many successes in a row forgive failures.
  var forgivenAfter: Int {
    switch self {
    case .consecutive: 1
    case .interleaved(let successes): max(1, successes)
    }
  }
}
