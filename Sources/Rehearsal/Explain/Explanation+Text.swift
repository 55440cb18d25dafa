package import Failover

extension Explanation {
  /// For people.
  ///
  /// - Parameter time: how to write an instant.
  package func text(_ time: (Instant) -> String) -> String {
    var lines = ["\(trace.pool) \(type): \(answerText(sticking?.outcome ?? trace.outcome))"]
    if let sticking {
      lines.append(
        "  for all clients in \(sticking.network), who stick to it; over all networks: \(answerText(trace.outcome))")
    }
    lines += ["  because \(reason)", "steps:"]
    lines += trace.steps.filter { !$0.isPlain }.map { "  \($0.text(time))" }
    lines.append("candidates:")
    for index in trace.candidates.indices { lines += text(index, time) }
    lines += trace.overrides.map { "order: \(text($0))" }
    lines.append("TTL: \(ttlText(time))")
    lines.append("recovery: \(budget.text)")
    return lines.joined(separator: "\n")
  }

  var type: String { trace.family == .v4 ? "A" : "AAAA" }

  private func answerText(_ outcome: Trace.Outcome) -> String {
    switch outcome {
    case .noData: return "no address (NODATA)"
    case .serverFailure: return "SERVFAIL"
    case .addresses, .odds: break
    }
    let answering = zip(trace.candidates, percents(outcome)).filter { $0.1 != nil }
    if answering.isEmpty { return "an address of no candidate" }
    let isCertain = answering.allSatisfy { $0.1 == 100 }
    let addresses = answering.map { isCertain ? $0.address : "\($0.address) (\($1 ?? 0)%)" }
    return addresses.joined(separator: ", ") + (trace.decision.failedOpen ? " (failed open)" : "")
  }

  private func text(_ index: Int, _ time: (Instant) -> String) -> [String] {
    let candidate = trace.candidates[index]
    let standing = candidate.standing
    var state = standing.isUp ? "up" : "down"
    if standing.override != nil { state += " by order; its checks say \(text(standing.real))" }
    if standing.isHeldUp { state += ", though its checks say down: held" }
    if standing.isDegraded { state += ", degraded" }
    if standing.isUp, !candidate.counts { state += ", but does not count without its other family" }
    let answers = percents[index].map { $0 == 100 ? " and answers" : " and answers \($0)%" } ?? ""
    return ["  \(candidate.endpoint) \(candidate.address) is \(state)\(answers)"]
      + evidence[index].map { "    \(text($0, time))" }
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
    let ttl = trace.ttl.bounds
    guard ttl.adapts else { return "\(ttl.maximum) s, fixed" }
    let limits = "at least \(ttl.minimum) s, at most \(ttl.maximum) s"
    guard let deadline = trace.ttl.deadline else {
      return "\(trace.ttl.seconds) s: the answer cannot change by itself; \(limits)"
    }
    let left = StoryTime.text(deadline - at.instant)
    return "\(trace.ttl.seconds) s: the answer can change in \(left) at the earliest; \(limits)"
  }
}

extension Trace.Step {
  /// A tier of one: nothing was chosen.
  fileprivate var isPlain: Bool {
    if case .together(_, let branches, nil) = self { branches.count == 1 } else { false }
  }

  /// One step of the policy.
  package func text(_ time: (Instant) -> String) -> String {
    switch self {
    case .took(let set, let branch, let skipped):
      "\(set): \(branch)\(skipped.isEmpty ? "" : ", as nobody is up in \(skipped.joined(separator: ", "))")"
    case .held(let set, let back, let failback, let since):
      "\(set): \(back) is up again since \(time(since)) and waits: \(failback.text)"
    case .ramp(let set, let to, let step, let steps): "\(set): \(to) comes back, step \(step + 1) of \(steps)"
    case .together(let set, let branches, let most):
      "\(set): \(branches.joined(separator: ", ")) together\(most.map { ", at most \($0) addresses" } ?? "")"
    case .shared(let set, let shares, let isSticky):
      "\(set): one of \(shares.map { "\($0.branch) (weight \($0.weight))" }.joined(separator: ", "))"
        + (isSticky ? ", the same for each client network" : "")
    case .compared(let set, let latencies):
      "\(set): " + latencies.map { "\($0.branch) in \($0.latency?.text ?? "?")" }.joined(separator: ", ")
    case .client(let set, let table, let index, let branches):
      "\(set): clients of class \(index) of table \(table) get the first of \(branches.joined(separator: ", "))"
    case .opened(let set): "\(set): too few are up, so all count"
    case .allDown(let choice): "nobody is up: \(choice.text)"
    case .noMembers: "there is no address of this family"
    }
  }
}

extension Choice.Failback {
  fileprivate var text: String {
    switch self {
    case .immediate: "not at all"
    case .after(let time): "it returns after \(time.text) without a break"
    case .window: "it returns in its window of the week"
    case .manual: "it returns when the operator says so"
    case .ramp(let time): "it returns over \(time.text)"
    }
  }
}

extension Pool.AllDown {
  fileprivate var text: String {
    switch self {
    case .primary: "the policy's first choice answers all the same"
    case .all: "all answer all the same"
    case .lastGood: "who answered last while somebody was up still does"
    case .fixed: "the sorry address answers"
    case .noData: "NODATA"
    case .serverFailure: "SERVFAIL"
    }
  }
}
