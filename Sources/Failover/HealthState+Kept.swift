extension HealthState {
  /// What of a health machine outlives the process: enough to go on as if nothing had happened.
  package struct Kept: Hashable, Sendable {
    package var verdict = Verdict.unknown
    package var run = 0
    package var runSince: Instant?
    package var amends = 0
    package var since: Instant?
    package var lastResult: Instant?
    package var lastSuccess: Instant?
    package var lastLatency: Duration?
    package var latency: Duration?
    package var concern: Concern?
    /// In words.
    package var lastFailure: String?
    package var nextAttempt: Instant?
    package var returnAt: Instant?
    package var flaps: [Instant] = []
    package var penalty = 0
    package var heldUntil: Instant?
    package var counters = Counters()

    package init() {}
  }

  package var kept: Kept {
    var kept = Kept()
    (kept.verdict, kept.run, kept.runSince, kept.amends, kept.since) = (verdict, run, runSince, amends, since)
    (kept.lastResult, kept.lastSuccess, kept.lastLatency) = (lastResult, lastSuccess, lastLatency)
    (kept.latency, kept.concern, kept.lastFailure) = (latency, concern, lastFailure?.description)
    (kept.nextAttempt, kept.returnAt, kept.counters) = (nextAttempt, returnAt, counters)
    (kept.flaps, kept.penalty, kept.heldUntil) = (flaps.recent, flaps.penalty, flaps.heldUntil)
    return kept
  }

  package init(_ kept: Kept) {
    (verdict, run, runSince, amends, since) = (kept.verdict, kept.run, kept.runSince, kept.amends, kept.since)
    (lastResult, lastSuccess, lastLatency) = (kept.lastResult, kept.lastSuccess, kept.lastLatency)
    (latency, concern, lastFailure) = (kept.latency, kept.concern, kept.lastFailure.map { .network($0) })
    (nextAttempt, returnAt, counters) = (kept.nextAttempt, kept.returnAt, kept.counters)
    (flaps.recent, flaps.penalty, flaps.heldUntil) = (kept.flaps, kept.penalty, kept.heldUntil)
  }
}
