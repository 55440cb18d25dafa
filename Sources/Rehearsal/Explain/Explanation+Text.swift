package import Failover

extension Explanation {
  /// For people.
  ///
  /// - Parameter time: how to write an instant.
  package func text(_ time: (Instant) -> String) -> String {
    var lines = ["\(pool) \(type): \(answerText)"]
    lines.append("  because \(reason)")
    lines += steps.map { "  \($0)" }
    lines.append("candidates:")
    for candidate in candidates { lines += text(candidate, time) }
    lines += overrides.map { "order: \(text($0))" }
    lines.append("TTL: \(ttlText(time))")
    lines.append("recovery: \(budget.text)")
    return lines.joined(separator: "\n") + "\n"
  }

  var type: String { family == .v4 ? "A" : "AAAA" }

  private var answerText: String {
    guard decision != nil else { return "not decided yet" }
    let answering = candidates.filter { $0.percent != nil }
    if answering.isEmpty { return decision?.members.isEmpty == false ? "an address of no candidate" : "no address" }
    let isCertain = answering.allSatisfy { $0.percent == 100 }
    let addresses = answering.map { isCertain ? $0.address : "\($0.address) (\($0.percent ?? 0)%)" }
    return addresses.joined(separator: ", ") + (decision?.failedOpen == true ? " (failed open)" : "")
  }

  private func text(_ candidate: Candidate, _ time: (Instant) -> String) -> [String] {
    let standing = candidate.standing
    var state = standing.isUp ? "up" : "down"
    if standing.override != nil { state += ", by order; its checks say \(text(standing.real))" }
    if standing.isHeldUp { state += ", though its checks say down: held" }
    if standing.isDegraded { state += ", degraded" }
    let head =
      "  \(candidate.endpoint) \(candidate.address) is \(state)\(candidate.percent == nil ? "" : " and answers")"
    return [head] + candidate.evidence.map { "    \(text($0, time))" }
  }

  private func text(_ verdict: Verdict) -> String {
    switch verdict {
    case .unknown: "nothing yet"
    case .up: "up"
    case .down: "down"
    }
  }

  private func text(_ evidence: Evidence, _ time: (Instant) -> String) -> String {
    let health = evidence.health
    var parts = ["\(evidence.probe): \(text(health.verdict))"]
    if let since = health.since { parts[0] += " since \(time(since))" }
    if health.verdict == .down, let failure = health.lastFailure { parts.append("\(failure)") }
    if let latency = health.lastLatency, health.verdict == .up { parts.append("answered in \(latency.text)") }
    if health.run > 0 {
      let (needed, what) =
        health.verdict == .up ? (evidence.settings.fall, "failed") : (evidence.settings.rise, "passed")
      parts.append("\(health.run) of \(needed) \(what)")
    }
    if let trouble = health.lastTrouble { parts.append("no result: \(trouble)") }
    return parts.joined(separator: ", ")
  }

  private func text(_ order: Override) -> String {
    "\(order.pattern) \(order.isDrain ? "drained" : order.state == .up ? "forced up" : "forced down") by \(order.by): "
      + order.reason
  }

  private func ttlText(_ time: (Instant) -> String) -> String {
    guard ttl.minimum < ttl.maximum else { return "\(ttl.maximum) s, fixed" }
    let limits = "at least \(ttl.minimum) s, at most \(ttl.maximum) s"
    guard let deadline else { return "\(seconds) s: the answer cannot change by itself; \(limits)" }
    return "\(seconds) s: the answer can change in \(StoryTime.text(deadline - at.instant)) at the earliest; \(limits)"
  }
}
