package import Failover

/// How often each address is in the answer, over all queries of one client's kind.
package struct Odds {
  /// By member, 0 to 1.
  package private(set) var shares: [Int: Double] = [:]

  /// Of one client.
  package init(outcome: Trace.Outcome) { add(outcome, share: 1) }

  /// Of a client that is in no network.
  package init(_ decision: Decision?) {
    if let plan = decision?.plan, !plan.nodes.isEmpty { add(plan.outcome([:]), share: 1) }
  }

  private mutating func add(_ outcome: Trace.Outcome, share: Double) {
    switch outcome {
    case .addresses(let members, let most):
      let each = min(1, Double(most) / Double(max(1, members.count)))
      for member in members { shares[member, default: 0] += share * each }
    case .odds(let odds, _):
      let total = Double(max(1, odds.reduce(0) { $0 + $1.weight }))
      for part in odds { add(part.outcome, share: share * Double(part.weight) / total) }
    case .noData, .serverFailure: break
    }
  }

  package func percent(of address: String, _ settings: FailoverSettings) -> Int {
    let share = shares.reduce(0) { settings.members[$1.key].address == address ? $0 + $1.value : $0 }
    return Int((share * 100).rounded())
  }
}

extension Scene {
  /// `203.0.113.10 203.0.113.11`, `open 203.0.113.10`, `nothing` or `servfail`.
  ///
  /// - Parameter clientClass: of which clients; nil: of all.
  package func text(_ decision: Decision, class clientClass: Int? = nil) -> String {
    var members = decision.members
    if let clientClass { members = Array(Odds(outcome: decision.plan.outcome([0: clientClass])).shares.keys) }
    guard !members.isEmpty else { return decision.plan.isFailure ? "servfail" : "nothing" }
    let addresses = members.sorted().map { settings.members[$0].address }
    return ((decision.failedOpen ? ["open"] : []) + addresses).joined(separator: " ")
  }
}

extension Plan {
  fileprivate var isFailure: Bool { if case .failure? = nodes.first { true } else { false } }
}
