package import Assembly
import Configuration
package import Diagnostics
import Failover

extension Budget {
  /// What every report of a budget has to say with it.
  package static let outside =
    "outside of these times: resolvers that keep answers for a minimum time of their own, or serve stale ones (RFC 8767)"

  /// One line: `a failure is out of honest caches within 32.550 s at worst: …`.
  package var text: String {
    let ttl =
      healthyTTL.lowerBound == healthyTTL.upperBound
      ? "\(healthyTTL.lowerBound) s" : "\(healthyTTL.lowerBound) to \(healthyTTL.upperBound) s"
    guard let noticed else { return "a failure is not noticed, as no endpoint has a check; TTL while healthy \(ttl)" }
    let total = noticed + publication + cache
    let others =
      unchecked.isEmpty ? "" : "; that of \(unchecked.joined(separator: ", ")) is not noticed, without a check"
    return "a failure is out of honest caches within \(StoryTime.text(total)) at worst: noticed within "
      + "\(StoryTime.text(noticed)), published within \(publication.text), cached for \(cache.text)\(others); "
      + "TTL while healthy \(ttl)"
  }

  /// What is wrong with each pool's budget, at the pool's place.
  package static func problems(_ assembled: Assembled) -> [Problem] {
    let settings = assembled.health.settings
    return zip(settings.pools.indices, assembled.configuration.pools).flatMap { index, pool in
      Budget(settings, pool: index).problems(settings.pools[index], at: pool.owners.first?.position)
    }
  }

  private func problems(_ pool: Pool, at position: Position?) -> [Problem] {
    var problems: [Problem] = []
    if let promised = pool.recoveryTime { problems += self.problem(pool.name, promised, position).map { [$0] } ?? [] }
    let (least, most) = (healthyTTL.upperBound, pool.ttl.maximum)
    if pool.ttl.minimum < most, least * 3 < most {
      problems.append(
        Problem(
          .warning, position,
          "the TTL of `\(pool.name)` never comes near its `max` of \(most) s: while healthy it is \(least) s at most, the "
            + "time in which the pool can fail; a longer interval or a larger `fall` lengthens it"))
    }
    return problems
  }

  private func problem(_ name: String, _ promised: Duration, _ position: Position?) -> Problem? {
    guard let total else {
      return Problem(
        .error, position,
        "`recovery-time` of `\(name)` cannot be kept: an endpoint without a check is never found to have failed")
    }
    guard total > promised else { return nil }
    return Problem(
      .error, position,
      "`recovery-time` of `\(name)` is \(promised.text), but a failure can last \(StoryTime.text(total)): shorten the "
        + "check's interval or timeout, lower `fall`, or lower the TTL (\(text))")
  }
}
