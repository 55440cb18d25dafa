import Failover

extension Explanation {
  /// For programs; times in seconds before now.
  package var json: JSONText {
    .object([
      ("pool", .string(pool)), ("type", .string(type)),
      ("answer", .array((decision?.members.isEmpty ?? true) ? [] : answering.map(json))),
      ("failedOpen", .bool(decision?.failedOpen ?? false)), ("reason", .string(reason)),
      ("steps", .array(steps.map { .string($0) })), ("candidates", .array(candidates.map(json))),
      ("overrides", .array(overrides.map(json))),
      (
        "ttl",
        .object([
          ("seconds", .number(seconds)), ("min", .number(ttl.minimum)), ("max", .number(ttl.maximum)),
          ("untilChange", .seconds(deadline.map { $0 - at.instant })),
        ])
      ),
      ("recovery", recovery),
    ])
  }

  private var answering: [Candidate] { candidates.filter { $0.percent != nil } }

  private var recovery: JSONText {
    .object([
      ("detection", .seconds(budget.detection)), ("publication", .seconds(budget.publication)),
      ("cache", .seconds(budget.cache)), ("total", .seconds(budget.total)),
    ])
  }

  private func json(_ candidate: Candidate) -> JSONText {
    .object([
      ("endpoint", .string(candidate.endpoint)), ("address", .string(candidate.address)),
      ("up", .bool(candidate.standing.isUp)), ("checks", json(candidate.standing.real)),
      ("forced", .bool(candidate.standing.override != nil)), ("heldUp", .bool(candidate.standing.isHeldUp)),
      ("degraded", .bool(candidate.standing.isDegraded)), ("percent", .number(candidate.percent ?? 0)),
      ("probes", .array(candidate.evidence.map(json))),
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
