import Control
import Failover
import Sockets
import Synchronization

/// Whether the brain's loop turns, written by its thread and read by any other.
final class Pulse: Sendable {
  private let lastTurn = Atomic<UInt64>(0)
  private let turns = Atomic<UInt64>(0)
  private let isDecided = Atomic(false)
  private let currentLag = Atomic<UInt64>(0)
  private let longest = Atomic<UInt64>(0)
  private let delays = Mutex(Delays())
  private let successes = Atomic<UInt64>(0)
  private let failures = Atomic<UInt64>(0)
  private let withoutResult = Atomic<UInt64>(0)

  /// The loop wakes at least this often, however little there is to do.
  let heartbeat: Duration
  /// Nanoseconds beyond the heartbeat from which the loop counts as stalled.
  private static var tolerance: UInt64 { 2_000_000_000 }

  init(heartbeat: Duration = .seconds(1)) { self.heartbeat = heartbeat }

  /// So far.
  var turnCount: UInt64 { turns.load(ordering: .relaxed) }

  /// - Parameter lag: how long the loop kept its sockets waiting.
  func turned(lag: Duration, at now: UInt64 = Clock.monotonic()) {
    let lag = UInt64(max(0, lag.nanoseconds))
    currentLag.store(lag, ordering: .relaxed)
    if lag > longest.load(ordering: .relaxed) { longest.store(lag, ordering: .relaxed) }
    lastTurn.store(now, ordering: .relaxed)
    turns.wrappingAdd(1, ordering: .relaxed)
  }

  func probed(_ outcome: ProbeOutcome) {
    switch outcome {
    case .success: successes.wrappingAdd(1, ordering: .relaxed)
    case .failure: failures.wrappingAdd(1, ordering: .relaxed)
    case .noResult: withoutResult.wrappingAdd(1, ordering: .relaxed)
    }
  }

  /// By how they ended.
  var probes: Figures.Probes {
    Figures.Probes(
      successes: successes.load(ordering: .relaxed), failures: failures.load(ordering: .relaxed),
      withoutResult: withoutResult.load(ordering: .relaxed))
  }

  /// - Parameter since: the first verdict of those that changed so many answers.
  func published(_ changes: Int, since: Instant, at now: Instant) {
    delays.withLock { $0.add(UInt64(max(0, (now - since).nanoseconds)), count: UInt64(changes)) }
  }

  /// From a verdict to the publication of each answer that it changed.
  var publication: Delays { delays.withLock { $0 } }

  func decided() { isDecided.store(true, ordering: .relaxed) }

  /// Why the brain cannot be relied on; nil: it can.
  func trouble(at now: UInt64 = Clock.monotonic()) -> String? {
    if !isDecided.load(ordering: .relaxed) { return "starting: the first round of probes is not over" }
    let silent = now - min(now, lastTurn.load(ordering: .relaxed))
    let late = silent - min(silent, UInt64(heartbeat.nanoseconds))
    return late > Self.tolerance ? "the prober's loop has stood still for \(duration(Int64(silent)))" : nil
  }

  /// Nanoseconds: at the latest turn, or since it if that is longer; and at most so far.
  func lag(at now: UInt64 = Clock.monotonic()) -> (now: UInt64, longest: UInt64) {
    let silent = now - min(now, lastTurn.load(ordering: .relaxed))
    let late = silent - min(silent, UInt64(heartbeat.nanoseconds))
    let current = isDecided.load(ordering: .relaxed) ? max(late, currentLag.load(ordering: .relaxed)) : 0
    return (current, max(current, longest.load(ordering: .relaxed)))
  }
}
