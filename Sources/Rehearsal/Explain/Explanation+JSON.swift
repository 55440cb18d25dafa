import Failover

extension Explanation {
  /// For programs; times in seconds before now.
  package var json: JSONText {
    .object([
      ("pool", .string(trace.pool)), ("type", .string(type)), ("answer", answer(trace.outcome)), ("client", client),
      ("failedOpen", .bool(trace.decision.failedOpen)), ("reason", .string(reason)),
      ("steps", .array(trace.steps.map { .string($0.text { "\(StoryTime.text(at.instant - $0)) ago" }) })),
      ("candidates", .array(trace.candidates.indices.map(json))), ("overrides", .array(trace.overrides.map(json))),
      (
        "ttl",
        .object([
          ("seconds", .number(trace.ttl.seconds)), ("min", .number(trace.ttl.bounds.minimum)),
          ("max", .number(trace.ttl.bounds.maximum)),
          ("untilChange", .seconds(trace.ttl.deadline.map { $0 - at.instant })),
        ])
      ),
      ("recovery", recovery),
    ])
  }

  private func answer(_ outcome: Trace.Outcome) -> JSONText {
    .array(
      zip(trace.candidates, percents(outcome)).compactMap { candidate, percent in
        percent.map { .object([("address", .string(candidate.address)), ("percent", .number($0))]) }
      })
  }

  private var client: JSONText {
    sticking.map { .object([("network", .string("\($0.network)")), ("answer", answer($0.outcome))]) } ?? .null
  }

  private var recovery: JSONText {
    .object([
      ("detection", .seconds(budget.detection)), ("partialDetection", .seconds(budget.partial)),
      ("publication", .seconds(budget.publication)),
      ("cache", .seconds(budget.cache)), ("total", .seconds(budget.total)),
    ])
  }

  private func json(_ index: Int) -> JSONText {
    let candidate = trace.candidates[index]
    let standing = candidate.standing
    return .object([
      ("endpoint", .string(candidate.endpoint)), ("address", .string(candidate.address)), ("up", .bool(standing.isUp)),
      ("counts", .bool(candidate.counts)), ("checks", json(standing.real)), ("forced", .bool(standing.override != nil)),
      ("heldUp", .bool(standing.isHeldUp)), ("degraded", .bool(standing.isDegraded)),
      ("percent", .number(percents[index] ?? 0)), ("probes", .array(evidence[index].map(json))),
    ])
  }

  private func json(_ verdict: Verdict) -> JSONText {
    switch verdict {
    case .unknown: .null
    case .up: .string("up")
    case .down: .string("down")
    }
  }

  private func json(_ evidence: Evidence) -> JSONText {
    let health = evidence.health
    return .object([
      ("probe", .string(evidence.probe)), ("verdict", json(health.verdict)),
      ("since", .seconds(health.since.map { at.instant - $0 })), ("run", .number(health.run)),
      ("lastResult", .seconds(health.lastResult.map { at.instant - $0 })), ("latency", .seconds(health.lastLatency)),
      ("lastFailure", health.lastFailure.map { .string("\($0)") } ?? .null),
      ("trouble", health.lastTrouble.map { .string("\($0)") } ?? .null),
    ])
  }

  private func json(_ order: Override) -> JSONText {
    .object([
      ("pattern", .string(order.pattern)), ("state", .string(order.state == .up ? "up" : "down")),
      ("drain", .bool(order.isDrain)), ("by", .string(order.by)), ("reason", .string(order.reason)),
    ])
  }
}
