package import Failover

/// How long a failure can last for a resolver that honours TTLs, from a pool's settings alone: pure.
package struct Budget: Hashable, Sendable {
  /// From the failure until the verdict, at worst: the failure just misses one attempt, and every later one
  /// takes its whole timeout. Nil: a member has no probe, and its failure is never noticed.
  package let detection: Duration?
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
    let members = pool.candidates.flatMap { settings.endpoints[$0.endpoint].members }
    let detections = members.map { Budget.detection(settings, member: $0) }
    detection = detections.contains(nil) ? nil : detections.compactMap(\.self).max()
    // An adaptive answer lives until the earliest moment at which it could change, which is no later than the
    // moment at which it does; only the lower limit can outlast that.
    cache = .seconds(pool.ttl.minimum == pool.ttl.maximum ? pool.ttl.maximum : pool.ttl.minimum)
    healthyTTL = Budget.healthyTTL(settings, pool)
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

  /// A member that is up can go after its missing failures: the next attempt at its time, the others at the fast
  /// interval.
  private static func healthyTTL(_ settings: FailoverSettings, _ pool: Pool) -> ClosedRange<Int> {
    let ttl = pool.ttl
    guard ttl.minimum < ttl.maximum else { return ttl.maximum...ttl.maximum }
    let probes = Budget.first(pool, settings).flatMap { settings.members[$0].condition.probes }
      .map { settings.probes[$0] }
    let rest = probes.map { min($0.fastInterval, $0.interval) * ($0.fall - 1) }.min()
    let whole = probes.map { min($0.fastInterval, $0.interval) * ($0.fall - 1) + $0.interval }.min()
    func clamped(_ duration: Duration?, less: Int64) -> Int {
      let seconds = duration.map { Int(max(0, $0.nanoseconds - less) / 1_000_000_000) } ?? ttl.maximum
      return max(ttl.minimum, min(ttl.maximum, seconds))
    }
    let least = clamped(rest, less: 0)
    return least...max(least, clamped(whole, less: 1))
  }

  /// The members that answer while everybody is up.
  private static func first(_ pool: Pool, _ settings: FailoverSettings) -> [Int] {
    var alone = settings
    alone.pools = [pool]
    var brain = Brain(alone)
    brain.endFirstRound()
    _ = brain.evaluate(at: Moment(Instant(nanoseconds: 0), wall: 0))
    let answer = brain.answers.first ?? nil
    return (answer?.v4.members ?? []) + (answer?.v6.members ?? [])
  }
}
