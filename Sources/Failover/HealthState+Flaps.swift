/// How often a target went down lately, and what it has earned by that.
///
/// Each time that `turns` turns to down fall within `within`, the target is held down: for `hold` the first time,
/// twice as long each further time, at most `longest`. While there is a penalty every single turn to down
/// brings the next one; it sinks by one step for each `within` that the target stays up.
package struct Flaps: Hashable, Sendable {
  /// Turns to down since the last hold, at most `turns`, the oldest first.
  package internal(set) var recent: [Instant] = []
  /// Steps of penalty; 0: none.
  package internal(set) var penalty = 0
  /// Nil: it was never held.
  package internal(set) var heldUntil: Instant?

  package init() {}

  mutating func fell(_ limit: ProbeSettings.FlapLimit, at now: Instant, upSince: Instant?) {
    if let upSince { penalty = max(0, penalty - Int((now - upSince).nanoseconds / max(1, limit.within.nanoseconds))) }
    recent.removeAll { now - $0 > limit.within }
    recent.append(now)
    guard penalty > 0 || recent.count >= limit.turns else { return }
    penalty = min(penalty + 1, 64)
    heldUntil = now + limit.hold(penalty)
    recent = []
  }
}

extension ProbeSettings.FlapLimit {
  /// Of the penalty's step, from 1.
  package func hold(_ step: Int) -> Duration {
    var time = hold
    for _ in 1..<max(1, step) where time < longest { time = time * 2 }
    return min(time, longest)
  }
}

extension HealthState {
  /// The earliest time at which the verdict can turn by itself; never later than it does.
  ///
  /// The next attempt is one result; what is missing then comes at the fast interval, as late as an attempt that
  /// gave no result is repeated out of its turn.
  package func mayTurn(_ settings: ProbeSettings) -> Instant {
    let next = nextAttempt ?? lastResult ?? Instant(nanoseconds: 0)
    // What is guarded goes as soon as somebody lets it.
    if wantsToFall(settings) { return lastResult ?? next }
    switch verdict {
    case .unknown: return next
    case .up: return results(settings.fall - run, from: next, settings)
    case .down:
      if let returnAt { return returnAt }
      let proven = results(settings.rise - run, from: next, settings) + settings.holdDown
      return max(proven, flaps.heldUntil ?? proven)
    }
  }

  private func results(_ missing: Int, from next: Instant, _ settings: ProbeSettings) -> Instant {
    let more = missing - (lastTrouble == nil ? 1 : 2)
    // Mostly none: multiplying durations, 128 bits each, is what a turn of ten thousand pools would spend its time on.
    return more > 0 ? next + settings.fastInterval * more : next
  }
}
