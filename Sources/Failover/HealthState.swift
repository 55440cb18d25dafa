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

/// The health machine of one probe. A *run* is the number of results in a row that contradict the verdict.
///
///     verdict   result      run        becomes
///     -------   ---------   --------   -------------------------------
///     any       no result   kept       the same: it is not a result
///     unknown   success     0          up: the first result decides
///     unknown   failure     0          down
///     up        success     0          up
///     up        failure     + 1        down when the run reaches `fall`
///     down      failure     0          down
///     down      success     + 1        up when the run reaches `rise`
package struct HealthState: Hashable, Sendable {
  package private(set) var verdict = Verdict.unknown
  package private(set) var run = 0
  /// When the verdict was reached; nil while it is unknown.
  package private(set) var since: Instant?
  /// Of the latest result, whatever it was.
  package private(set) var lastResult: Instant?
  package private(set) var lastLatency: Duration?
  /// Kept over successes, so that a target that flaps can be explained.
  package private(set) var lastFailure: FailureReason?
  /// Trouble of our own since the last result; nil after a result.
  package private(set) var lastTrouble: OwnTrouble?
  /// When the next attempt starts, as of the latest outcome.
  package private(set) var nextAttempt: Instant?
  package private(set) var counters = Counters()

  package struct Counters: Hashable, Sendable {
    package var successes = 0
    package var failures = 0
    package var noResults = 0
    package var transitions = 0
  }

  package init() {}

  /// Results contradict the verdict, or there is none: the target is probed at its fast interval.
  package var isUnsettled: Bool { run > 0 || verdict == .unknown }

  /// Takes one outcome; the transition that it caused, if any.
  package mutating func observe(
    _ outcome: ProbeOutcome, _ settings: ProbeSettings, at now: Instant, next: Instant? = nil
  ) -> Transition? {
    nextAttempt = next
    switch outcome {
    case .noResult(let trouble):
      lastTrouble = trouble
      counters.noResults += 1
      return nil
    case .success(let latency, _):
      lastLatency = latency
      counters.successes += 1
      return take(.up, needed: settings.rise, at: now)
    case .failure(let reason):
      lastFailure = reason
      counters.failures += 1
      return take(.down, needed: settings.fall, at: now)
    }
  }

  private mutating func take(_ result: Verdict, needed: Int, at now: Instant) -> Transition? {
    lastResult = now
    lastTrouble = nil
    run = result == verdict ? 0 : run + 1
    guard run > 0, verdict == .unknown || run >= needed else { return nil }
    let transition = Transition(
      from: verdict, to: result, at: now, reason: result == .down ? lastFailure : nil)
    verdict = result
    since = now
    run = 0
    counters.transitions += 1
    return transition
  }
}
