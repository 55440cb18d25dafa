package import Assembly
import Configuration
package import Diagnostics
package import Failover

extension Budget {
  /// What every report of budgets has to say with them.
  package static func outside(_ settings: FailoverSettings) -> String {
    var cases = [
      "resolvers that keep answers for a minimum time of their own, or serve stale ones (RFC 8767)",
      "a failure while nobody else is up who could answer", "trouble of the prober's own, which is no result",
    ]
    if let canaries = settings.canaries {
      cases.append("a failure while too few canaries answer, which waits up to \(canaries.longest.text) for them")
    }
    if settings.blastRadius != nil {
      cases.append("a failure that the blast radius has no room for, which waits until it has")
    }
    return "outside of these times: \(cases.joined(separator: "; "))"
  }

  /// One line: `a failure is out of honest caches within 32.550 s at worst: …`.
  package var text: String {
    let ttl =
      healthyTTL.lowerBound == healthyTTL.upperBound
      ? "\(healthyTTL.lowerBound) s" : "\(healthyTTL.lowerBound) to \(healthyTTL.upperBound) s"
    guard let noticed else {
      return "a failure is not noticed, as no check of its own takes an endpoint down; TTL while healthy \(ttl)"
    }
    let total = noticed + publication + cache
    let notes = [partialText, uncheckedText, keptText].compactMap(\.self).map { "; \($0)" }.joined()
    return "a failure is out of honest caches within \(StoryTime.text(total)) at worst: noticed within "
      + "\(StoryTime.text(noticed)), published within \(publication.text), cached for \(cache.text)\(notes); "
      + "TTL while healthy \(ttl)"
  }

  private var partialText: String? {
    partial.map { "one that only some of an endpoint's checks see is noticed within \(StoryTime.text($0))" }
  }

  private var uncheckedText: String? {
    unchecked.isEmpty
      ? nil : "that of \(unchecked.joined(separator: ", ")) is not noticed, as no check of its own takes it down"
  }

  private var keptText: String? {
    kept.isEmpty
      ? nil : "that of \(kept.joined(separator: " or ")) changes nothing, as the pool opens without it"
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
    if let promised = pool.recoveryTime, let problem = problem(pool.name, promised, position) {
      problems.append(problem)
    }
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
    let promise = "`recovery-time` of `\(name)`"
    guard let total else { return Problem(.error, position, "\(promise) cannot be kept: \(obstacle)") }
    if total > promised {
      return Problem(
        .error, position,
        "\(promise) is \(promised.text), but a failure can last \(StoryTime.text(total)): shorten the "
          + "check's interval or timeout, lower `fall`, or lower the TTL (\(text))")
    }
    guard let partialTotal, partialTotal > promised else { return nil }
    return Problem(
      .warning, position,
      "\(promise) is \(promised.text), which a whole site's failure keeps to, but one that only some of an endpoint's "
        + "checks see can last \(StoryTime.text(partialTotal)): make the slower checks as fast as the others (\(text))")
  }

  private var obstacle: String {
    kept.isEmpty
      ? "no check of its own finds \(unchecked.joined(separator: ", ")) to have failed"
      : "without \(kept.joined(separator: ", ")) too few are up, the pool opens and answers it all the same; "
        + "lower `min-healthy`, or add endpoints"
  }
}
