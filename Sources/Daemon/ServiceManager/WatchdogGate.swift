import Failover

/// Decides when the watchdog is fed: every half of its time, and only if each of the watched threads has turned
/// since. One that has not keeps it from being fed until it does.
struct WatchdogGate {
  enum Verdict: Equatable {
    case feed
    /// Nothing to do before so many nanoseconds have passed.
    case wait(UInt64)
    /// These threads have not turned, by index; to be asked again after so many nanoseconds.
    case closed([Int], again: UInt64)
  }

  /// Nanoseconds.
  private let interval: UInt64
  private var seen: [UInt64]
  private var due: UInt64

  /// - Parameter watchdog: within which it must be fed.
  init(watchdog: Duration, turns: [UInt64], now: UInt64) {
    interval = UInt64(max(2, watchdog.nanoseconds)) / 2
    seen = turns
    due = now + interval
  }

  /// - Parameter turns: how often each thread has turned so far, always in the same order.
  func ask(_ turns: [UInt64], at now: UInt64) -> Verdict {
    guard now >= due else { return .wait(due - now) }
    let still = turns.indices.filter { turns[$0] == seen[$0] }
    return still.isEmpty ? .feed : .closed(still, again: max(1_000_000, interval / 8))
  }

  /// - Parameter turns: that the question was asked with.
  mutating func fed(_ turns: [UInt64], at now: UInt64) {
    seen = turns
    due = now + interval
  }
}
