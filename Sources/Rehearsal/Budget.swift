package import Failover

/// How long a failure can last for a resolver that honours TTLs, from a pool's settings alone: pure.
package struct Budget: Hashable, Sendable {
  /// From the failure until the verdict, at worst: the failure just misses one attempt, and every later one
  /// takes its whole timeout. Nil: a member has no probe, and its failure is never noticed.
  package let detection: Duration?
  /// The same of those members that have one; nil: none has.
  let noticed: Duration?
  /// Endpoints with a member that has none.
  let unchecked: [String]
  /// From the verdict until every answer shows it: a bound.
  package let publication = Simulation.publication
  /// The largest TTL of an answer given just before.
  package let cache: Duration
  /// Seconds: the smallest and the largest TTL that the healthy pool hands out.
  package let healthyTTL: ClosedRange<Int>

  package var total: Duration? { detection.map { $0 + publication + cache } }

  /// - Parameter pool: index of the settings' pools; nobody in it is forced, held or damped.
  package init(_ settings: FailoverSettings, pool index: Int) {
    let pool = settings.pools[index]
    let endpoints = pool.candidates.map { settings.endpoints[$0.endpoint] }
    let detections = endpoints.map { $0.members.map { Budget.detection(settings, member: $0) } }
    unchecked = zip(endpoints, detections).filter { $1.contains(nil) }.map(\.0.name)
    noticed = detections.joined().compactMap(\.self).max()
    detection = unchecked.isEmpty ? noticed : nil
    // An adaptive answer lives until the earliest moment at which it could change, which is no later than the
    // moment at which it does; only the lower limit can outlast that.
    cache = .seconds(pool.ttl.minimum == pool.ttl.maximum ? pool.ttl.maximum : pool.ttl.minimum)
    healthyTTL = settings.steadyTTL(pool: index)
  }

  private static func detection(_ settings: FailoverSettings, member: Int) -> Duration? {
    settings.members[member].condition.probes.map { detection(settings.probes[$0]) }.max()
  }

  /// Interval to the next attempt, then the missing failures at the fast interval, the last with its timeout.
  package static func detection(_ probe: ProbeSettings) -> Duration {
    probe.interval + spacing(probe) * (probe.fall - 1) + probe.timeout
  }

  /// Two attempts never run at once: one that takes longer than the interval delays the next to the grid's next point.
  private static func spacing(_ probe: ProbeSettings) -> Duration {
    let step = max(1, min(probe.fastInterval, probe.interval).nanoseconds)
    return .nanoseconds((probe.timeout.nanoseconds / step + 1) * step)
  }
}
