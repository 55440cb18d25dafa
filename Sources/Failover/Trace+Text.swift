extension Trace {
  /// The steps, the outcome and the TTL, a line each, for people.
  ///
  /// - Parameter time: how to write an instant; nil leaves times out.
  package func lines(time: ((Instant) -> String)? = nil) -> [String] {
    candidates.map { line($0) } + steps.map { line($0, time) } + [line(outcome), ttl.line]
  }

  private func line(_ candidate: Candidate) -> String {
    let standing = candidate.standing
    var text = "\(candidate.endpoint) \(candidate.address) is \(standing.isUp ? "up" : "down")"
    if standing.override != nil { text += " by order (its checks say \(standing.real.word))" }
    if standing.isHeldUp { text += " though its checks say down: held up" }
    if standing.isDegraded { text += ", degraded" }
    if standing.isUp != candidate.counts { text += ", counts as down: its other family is" }
    return text
  }

  private func line(_ step: Step, _ time: ((Instant) -> String)?) -> String {
    switch step {
    case .took(let set, let branch, let skipped):
      "\(set): \(branch)" + (skipped.isEmpty ? "" : ", as nobody of \(skipped.joined(separator: ", ")) is up")
    case .held(let set, let back, let failback, let since):
      "\(set): \(back) is up again\(time.map { " since " + $0(since) } ?? ""), \(failback.reason)"
    case .ramp(let set, let branch, let step, let steps): "\(set): \(branch) comes back, step \(step + 1) of \(steps)"
    case .together(let set, let branches, let limit):
      "\(set): \(branches.joined(separator: ", "))" + (limit.map { ", at most \($0) addresses" } ?? "")
    case .shared(let set, let shares, let isSticky):
      "\(set): \(shares.map { "\($0.branch) \($0.weight)" }.joined(separator: ", "))"
        + (isSticky ? ", the same for one client network" : ", at random")
    case .compared(let set, let latencies):
      "\(set): " + latencies.map { "\($0.branch) \($0.latency?.text ?? "unknown")" }.joined(separator: ", ")
    case .client(let set, _, let index, let branches):
      "\(set): class \(index) of clients tries \(branches.isEmpty ? "nobody" : branches.joined(separator: ", "))"
    case .opened(let set): "\(set): fewer are up than min-healthy wants: all count as up"
    case .allDown(let choice): "nobody is up: \(choice.word)"
    case .noMembers: "no address of this family"
    }
  }

  private func line(_ outcome: Outcome) -> String {
    switch outcome {
    case .addresses(let members, let limit):
      "answer: " + members.map(address).joined(separator: ", ") + (limit < members.count ? ", \(limit) of them" : "")
    case .odds(let odds, _):
      "answer: one of " + odds.map { "\($0.weight) × \(addresses($0.outcome))" }.joined(separator: ", ")
    case .noData: "answer: NODATA"
    case .serverFailure: "answer: SERVFAIL"
    }
  }

  private func addresses(_ outcome: Outcome) -> String {
    switch outcome {
    case .addresses(let members, _): members.map(address).joined(separator: " + ")
    case .odds(let odds, _): "(" + odds.map { "\($0.weight) × \(addresses($0.outcome))" }.joined(separator: ", ") + ")"
    case .noData: "NODATA"
    case .serverFailure: "SERVFAIL"
    }
  }

  private func address(_ member: Int) -> String { addresses[member] ?? "member \(member)" }
}

extension Trace.TimeToLive {
  fileprivate var line: String {
    guard bounds.adapts else { return "TTL: \(seconds) s, fixed" }
    let bounds = "whole seconds from \(bounds.minimum) to \(bounds.maximum)"
    guard let deadline else { return "TTL: \(seconds) s: it cannot change by itself; \(bounds)" }
    return "TTL: \(seconds) s: it can change in \((deadline - now).text) at the earliest; \(bounds)"
  }
}

extension Verdict {
  package var word: String {
    switch self {
    case .unknown: "unknown"
    case .up: "up"
    case .down: "down"
    }
  }
}

extension Choice.Failback {
  fileprivate var reason: String {
    switch self {
    case .immediate: "and takes over"
    case .after(let time): "and takes over when it has been for \(time.text)"
    case .window: "and takes over in the next window"
    case .manual: "and takes over when the operator says so"
    case .ramp(let time): "and takes over within \(time.text)"
    }
  }
}

extension Pool.AllDown {
  package var word: String {
    switch self {
    case .primary: "all count as up"
    case .all: "all addresses"
    case .lastGood: "those that answered last"
    case .fixed: "the fixed addresses"
    case .noData: "no address (NODATA)"
    case .serverFailure: "SERVFAIL"
    }
  }
}
