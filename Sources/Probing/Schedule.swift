package import Failover

/// When a probe starts: every interval from start to start, on a grid that neither a slow answer nor
/// a stalled loop shifts, so that probes once spread stay spread.
package struct Schedule {
  /// Any point of the grid.
  private var phase: Instant
  package let interval: Duration

  package init(phase: Instant, interval: Duration) {
    self.phase = phase
    self.interval = max(interval, .milliseconds(1))
  }

  /// The first point of the grid after `now`.
  package func next(after now: Instant) -> Instant {
    if now < phase { return phase }
    let (elapsed, step) = ((now - phase).nanoseconds, interval.nanoseconds)
    return phase + .nanoseconds((elapsed / step + 1) * step)
  }
}

/// SplitMix64: small, fast and the same everywhere for the same seed. Spreads probes; nothing secret.
package struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// More than zero, at most `limit`.
  mutating func duration(upTo limit: Duration) -> Duration {
    .nanoseconds(Int64.random(in: 1...max(1, limit.nanoseconds), using: &self))
  }
}
