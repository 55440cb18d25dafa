package import Failover

/// How often each address is in the answer, over all queries of one client's kind.
package struct Odds {
  /// By member, 0 to 1.
  package private(set) var shares: [Int: Double] = [:]
  private let settings: FailoverSettings

  package init(_ decision: Decision?, _ settings: FailoverSettings) {
    self.settings = settings
    if let plan = decision?.plan, !plan.nodes.isEmpty { add(plan, node: 0, share: 1) }
  }

  private mutating func add(_ plan: Plan, node: Int, share: Double) {
    switch plan.nodes[node] {
    case .addresses(let members, let most):
      let each = min(1, Double(most) / Double(max(1, members.count)))
      for member in members { shares[member, default: 0] += share * each }
    case .weighted(let odds), .sticky(let odds):
      let total = Double(max(1, odds.reduce(0) { $0 + $1.weight }))
      for part in odds { add(plan, node: part.node, share: share * Double(part.weight) / total) }
    case .client(_, let nodes):
      // Of a client that is in no network.
      if let first = nodes.first { add(plan, node: first, share: share) }
    case .nothing, .failure: break
    }
  }

  package func percent(of address: String) -> Int {
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
    if let clientClass { members = decision.plan.members(forClass: clientClass) }
    guard !members.isEmpty else { return decision.plan.isFailure ? "servfail" : "nothing" }
    let addresses = members.sorted().map { settings.members[$0].address }
    return ((decision.failedOpen ? ["open"] : []) + addresses).joined(separator: " ")
  }
}

extension Plan {
  fileprivate var isFailure: Bool { if case .failure? = nodes.first { true } else { false } }

  /// What clients of one class may get.
  fileprivate func members(forClass clientClass: Int) -> [Int] {
    func under(_ node: Int) -> [Int] {
      switch nodes[node] {
      case .addresses(let members, _): members
      case .weighted(let odds), .sticky(let odds): odds.filter { $0.weight > 0 }.flatMap { under($0.node) }
      case .client(_, let nodes): nodes.indices.contains(clientClass) ? under(nodes[clientClass]) : []
      case .nothing, .failure: []
      }
    }
    return nodes.isEmpty ? [] : under(0)
  }
}
