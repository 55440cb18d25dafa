@testable import Failover

/// A pool of endpoints with one IPv4 address each, in whatever state is asked for.
struct Site {
  var settings = FailoverSettings()
  var pool = Pool(name: "p", candidates: [], choice: .endpoint(0))
  var memory = PoolMemory()
  var standings: [[Standing]] = []

  /// - Parameter names: endpoints; one that ends in `46` has both families, in `6` only IPv6.
  init(_ names: [String], _ choice: Choice) {
    for name in names {
      let families: [AddressFamily] = name.hasSuffix("46") ? [.v4, .v6] : name.hasSuffix("6") ? [.v6] : [.v4]
      let members = families.map { Member(family: $0, address: "\(name).\($0)", probes: []) }
      pool.candidates.append(.init(endpoint: settings.addEndpoint(name, members)))
      standings.append(members.map { _ in Standing(isUp: true, real: .up) })
    }
    pool.choice = choice
  }

  /// By letters, one a member in the order of the endpoints: `U` or `D`.
  mutating func set(_ letters: String) {
    var letters = letters.makeIterator()
    for candidate in standings.indices {
      for place in standings[candidate].indices { standings[candidate][place].isUp = letters.next() == "U" }
    }
  }

  mutating func mayTurn(_ times: [Int64?]) {
    var times = times.makeIterator()
    for candidate in standings.indices {
      for place in standings[candidate].indices {
        standings[candidate][place].mayTurn = times.next()?.map { Instant(nanoseconds: $0 * 1_000_000_000) }
      }
    }
  }

  func chooser(_ second: Double = 0, wall: Int64 = 0) -> Chooser {
    var settings = settings
    settings.pools = [pool]
    let now = Instant(nanoseconds: Int64(second * 1_000_000_000))
    return Chooser(settings, pool: 0, at: Moment(now, wall: wall), memory: memory, standings: standings)
  }

  /// Decides and remembers.
  @discardableResult
  mutating func decide(_ second: Double = 0, wall: Int64 = 0, _ family: AddressFamily = .v4) -> Decision {
    var chooser = chooser(second, wall: wall)
    let answer = chooser.decide()
    memory = chooser.memory
    return answer[family]
  }

  func names(_ members: [Int]) -> String {
    members.map { member in settings.endpoints.first { $0.members.contains(member) }?.name ?? "?" }
      .joined(separator: " ")
  }

  /// `a b`, `3:a 1:b`, `{a|b}` by class, `nothing`, `failure`; `!` where it failed open.
  func text(_ decision: Decision) -> String {
    (decision.failedOpen ? "!" : "") + text(decision.plan, 0)
  }

  private func text(_ plan: Plan, _ node: Int) -> String {
    switch plan.nodes[node] {
    case .addresses(let members, let limit): names(members) + (limit < members.count ? " at most \(limit)" : "")
    case .weighted(let odds): odds.map { "\($0.weight):" + text(plan, $0.node) }.joined(separator: " ")
    case .sticky(let odds): "sticky " + odds.map { "\($0.weight):" + text(plan, $0.node) }.joined(separator: " ")
    case .client(_, let nodes): "{" + nodes.map { text(plan, $0) }.joined(separator: "|") + "}"
    case .nothing: "nothing"
    case .failure: "failure"
    }
  }
}

extension Choice {
  static func set(
    _ policy: Policy, _ branches: [Branch], id: Int = 0, name: String? = nil, floor: Floor? = nil
  ) -> Choice {
    .set(Set(id: id, name: name, policy: policy, branches, floor: floor))
  }

  /// Endpoints 0 … n - 1.
  static func leaves(_ weights: [Int]) -> [Branch] {
    weights.enumerated().map { Branch(.endpoint($0.offset), weight: $0.element) }
  }

  static func leaves(_ range: some Sequence<Int>) -> [Branch] { range.map { Branch(.endpoint($0)) } }
}
