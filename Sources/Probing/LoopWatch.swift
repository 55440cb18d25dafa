package import Failover

/// Notices when the prober's loop, or the machine under it, stood still: what fails across such a
/// gap is no verdict on anybody else.
package struct LoopWatch {
  /// What a busy machine's scheduler may take without a word; far below the shortest sensible timeout.
  package static var tolerance: Duration { .milliseconds(20) }

  private var returned: Instant?
  /// What the latest turn took beyond waiting: being busy before it, and waking too late.
  package private(set) var lag = Duration.zero
  /// How much further the clock that runs while suspended is than the monotonic one.
  private var offset: Duration?

  package init() {}

  /// Called when a wait has ended; the disturbance since the wait before it, if there was one.
  ///
  /// - Parameters:
  ///   - entered: when the wait began: what passed since the one before, the loop was busy.
  ///   - planned: when it should have ended at the latest.
  ///   - boot: the clock that goes on while the machine is suspended, read at `now`.
  package mutating func waitEnded(entered: Instant, planned: Instant?, now: Instant, boot: Instant) -> OwnTrouble? {
    let suspended = (boot - now) - (offset ?? boot - now)
    let busy = entered - (returned ?? entered)
    let overslept = planned.map { max(.zero, now - max(entered, $0)) } ?? .zero
    offset = boot - now
    returned = now
    lag = busy + overslept
    if suspended > LoopWatch.tolerance { return .suspended(suspended) }
    return busy + overslept > LoopWatch.tolerance ? .ranLate(by: busy + overslept) : nil
  }
}
