import Configuration
import Diagnostics
import Failover
import Wire

extension Assembler {
  /// A TTL that adapts is as short as a failure is found fast, even while all is well: resolvers then ask more often
  /// than `max` promises.
  mutating func warnOfShortTTLs(_ configuration: Configuration, _ plan: HealthPlan) {
    for (index, pool) in configuration.pools.enumerated() where pool.ttl.minimum < pool.ttl.maximum {
      let steady = plan.settings.steadyTTL(pool: index)
      guard steady.upperBound * 3 < Int(pool.ttl.maximum) else { continue }
      let seconds =
        steady.count == 1 ? "\(steady.lowerBound) s" : "\(steady.lowerBound) to \(steady.upperBound) s"
      problems.report(
        Problem(
          .warning, pool.position,
          "the TTL of `\(pool.name.shortText)` is \(seconds) while all is well, as a failure is found that fast, and never "
            + "near its `max` of \(pool.ttl.maximum) s: lower `max`, or raise `interval` or `fall` of its checks"))
    }
  }
}
