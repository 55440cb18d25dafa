package import Failover
import Probing

/// Where in its interval each probe runs, counted from its first start: what chance decides in production.
package enum Phases: Hashable, Sendable {
  /// Every interval from the start.
  case aligned
  /// As chance would have it, the same for the same seed.
  case seeded(UInt64)
  /// Probes meet `time` just in time to see what changes then, or just too late; those of `except` the other way round.
  case meeting(Instant, late: Bool, except: Int?)

  /// A point of the grid of a probe that starts at `start` for the `round`th time.
  func phase(probe: Int, interval: Duration, start: Instant, round: Int) -> Instant {
    switch self {
    case .aligned: return start
    case .seeded(let seed):
      var random = SeededRandom(seed: seed ^ (UInt64(probe) &* 0x9E37_79B9_7F4A_7C15) ^ (UInt64(round) << 48))
      return start + .nanoseconds(Int64.random(in: 1...max(1, interval.nanoseconds), using: &random))
    case .meeting(let time, let late, let except):
      let isLate = late != (except == probe)
      let point = (time - start).nanoseconds - (isLate ? 1 : 0)
      let step = max(1, interval.nanoseconds)
      return start + .nanoseconds(((point % step) + step) % step)
    }
  }
}
