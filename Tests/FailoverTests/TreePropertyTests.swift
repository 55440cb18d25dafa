import Testing

@testable import Failover

/// Over random trees of choices and random fates: what holds for every pool, whatever its policies.
struct TreePropertyTests {
  @Test(arguments: 1...300)
  func answersAreTheConfiguredOnesAndNeverEmptyUnlessAskedFor(seed: Int) {
    var random = Random(state: UInt64(seed))
    var site = Site.random(&random)
    for second in 0..<20 {
      site.scatter(&random)
      for family in AddressFamily.allCases {
        let decision = site.decide(Double(second * 7), wall: 0, family)
        let members = site.pool.members(site.settings).filter { site.settings.members[$0].family == family }
        #expect(decision.members.allSatisfy(members.contains))
        #expect(decision.members.isEmpty == members.isEmpty, "\(site.text(decision)) \(site.pool.choice)")
        #expect(!decision.failedOpen || !members.isEmpty)
        let isUp = site.up(family)
        #expect(decision.failedOpen || decision.members.allSatisfy(isUp.contains), "nobody who is down")
        #expect(members.isEmpty || !isUp.isEmpty || decision.failedOpen)
      }
    }
  }

  @Test(arguments: 1...300)
  func withoutMemoryOnlyWhoIsUpDecides(seed: Int) {
    var random = Random(state: UInt64(seed))
    var site = Site.random(&random, failbacks: [.immediate])
    var other = site
    for second in 0..<10 {
      site.scatter(&random)
      site.decide(Double(second * 7))
    }
    other.standings = site.standings
    for family in AddressFamily.allCases where !site.pool.needsMemory {
      #expect(site.decide(100, wall: 0, family) == other.decide(0, wall: 0, family))
      #expect(site.memory == PoolMemory())
    }
  }

  /// Members turn when they may, or later, some of them again and again: no change comes before the deadline.
  @Test(arguments: 1...250)
  func deadlinesAreNeverLate(seed: Int) {
    var random = Random(state: UInt64(seed))
    var site = Site.random(&random)
    for second in 0..<3 {
      site.scatter(&random)
      site.decide(Double(second * 5))
    }
    site.scatterTurns(&random, after: 15)
    let family = AddressFamily.allCases.randomElement(using: &random) ?? .v4
    site.decide(15)
    var chooser = site.chooser(15)
    let answer = chooser.decide()
    let deadline = chooser.deadlines(of: answer)[family]
    for tick in 1...400 {
      let now = Instant(nanoseconds: Int64(15 + tick) * 1_000_000_000)
      site.turn(&random, at: now)
      let plan = site.decide(Double(15 + tick), wall: now.nanoseconds, family).plan
      guard plan != answer[family].plan else { continue }
      #expect(deadline.map { $0 <= now } ?? false, "\(deadline as Any) \(now) \(site.pool.choice)")
      return
    }
  }

  @Test(arguments: 1...200)
  func tracesNameWhatIsAnswered(seed: Int) {
    var random = Random(state: UInt64(seed))
    var site = Site.random(&random)
    for second in 0..<5 {
      site.scatter(&random)
      let client = [0: Int.random(in: 0..<3, using: &random)]
      var chooser = site.chooser(Double(second * 7))
      let trace = chooser.explain(.v4, client)
      let answer = chooser.decide()
      #expect(trace.decision == answer.v4)
      #expect(trace.outcome == answer.v4.plan.outcome(client))
      let named = Set(trace.candidates.map(\.member))
      let counting = Set(trace.candidates.filter(\.counts).map(\.member))
      #expect(trace.outcome.members.allSatisfy(named.contains))
      #expect(trace.opens || trace.outcome.members.allSatisfy(counting.contains))
      if case .set = site.pool.choice { #expect(!trace.steps.isEmpty) }
      site.memory = chooser.memory
    }
  }
}

extension Trace {
  fileprivate var opens: Bool {
    steps.contains { step in
      switch step {
      case .opened, .allDown: true
      default: false
      }
    }
  }
}

extension Trace.Outcome {
  fileprivate var members: [Int] {
    switch self {
    case .addresses(let members, _): members
    case .odds(let odds, _): odds.flatMap(\.outcome.members)
    case .noData, .serverFailure: []
    }
  }
}

extension Site {
  static func random(_ random: inout Random, failbacks: [Choice.Failback]? = nil) -> Site {
    let names = (0..<Int.random(in: 1...6, using: &random)).map {
      "e\($0)" + (["", "46", "6"].randomElement(using: &random) ?? "")
    }
    var trees = Trees(
      failbacks: failbacks ?? [
        .immediate, .after(.seconds(20)), .manual, .ramp(.seconds(30)),
        .window([WeekWindow(start: 3 * 86400 + 60, length: 60)]),
      ])
    var site = Site(names, trees.tree(Array(names.indices), &random, isStatic: false))
    site.pool.coupling = [.independent, .both, .v6WithV4].randomElement(using: &random) ?? .independent
    site.pool.allDown = [.primary, .all, .lastGood].randomElement(using: &random) ?? .primary
    return site
  }

  mutating func scatter(_ random: inout Random) {
    let share = Int.random(in: 0...4, using: &random)
    each { standing in
      standing.isUp = Int.random(in: 0..<4, using: &random) < share
      standing.latency = Bool.random(using: &random) ? .milliseconds(Int.random(in: 1...50, using: &random)) : nil
    }
  }

  mutating func scatterTurns(_ random: inout Random, after second: Int64) {
    each { standing in
      let turn = Int64.random(in: 1...30, using: &random)
      standing.mayTurn = turn > 25 ? nil : Instant(nanoseconds: (second + turn) * 1_000_000_000)
    }
  }

  mutating func turn(_ random: inout Random, at now: Instant) {
    each { standing in
      standing.latency = .milliseconds(Int.random(in: 1...50, using: &random))
      guard let turn = standing.mayTurn, turn <= now, Int.random(in: 0..<3, using: &random) == 0 else { return }
      standing.isUp.toggle()
    }
  }

  func up(_ family: AddressFamily) -> [Int] {
    zip(pool.members(settings), standings.joined()).filter { settings.members[$0].family == family && $1.isUp }.map(\.0)
  }

  private mutating func each(_ change: (inout Standing) -> Void) {
    for candidate in standings.indices {
      for place in standings[candidate].indices { change(&standings[candidate][place]) }
    }
  }
}

private struct Trees {
  let failbacks: [Choice.Failback]
  private var next = 0

  init(failbacks: [Choice.Failback]) { self.failbacks = failbacks }

  mutating func tree(_ endpoints: [Int], _ random: inout Random, isStatic: Bool) -> Choice {
    if endpoints.count == 1, Bool.random(using: &random) { return .endpoint(endpoints[0]) }
    let id = next
    next += 1
    let policy = policy(&random, isStatic: isStatic)
    let isAll = if case .all = policy { true } else { false }
    var branches: [Choice.Branch] = []
    var rest = endpoints[...]
    while !rest.isEmpty {
      let size = endpoints.count == 1 || id > 4 ? 1 : Int.random(in: 1...min(3, rest.count), using: &random)
      let part = Array(rest.prefix(size))
      let choice = size == 1 ? .endpoint(part[0]) : tree(part, &random, isStatic: isStatic || isAll)
      branches.append(Choice.Branch(choice, weight: Int.random(in: 0...2, using: &random)))
      rest = rest.dropFirst(size)
    }
    let floors: [Choice.Floor?] = [nil, nil, .branches(2), .share(500)]
    let floor = floors.randomElement(using: &random) ?? nil
    return .set(order(policy, branches.count, &random), branches, id: id, name: "g\(id)", floor: floor)
  }

  private func policy(_ random: inout Random, isStatic: Bool) -> Choice.Policy {
    let failback = failbacks.randomElement(using: &random) ?? .immediate
    let fastest = Choice.Policy.fastest(margin: 200, for: .seconds(10))
    if isStatic {
      if case .ramp = failback { return .all(atMost: nil) }
      return [.all(atMost: 2), .failover(failback), fastest].randomElement(using: &random) ?? fastest
    }
    return [
      .all(atMost: 2), .failover(failback), .failover(failback), fastest, .weighted, .sticky,
      .client(table: 0, order: []),
    ]
    .randomElement(using: &random) ?? fastest
  }

  /// Two classes and those of no network, which have the first branch of all at the end.
  private func order(_ policy: Choice.Policy, _ count: Int, _ random: inout Random) -> Choice.Policy {
    guard case .client(let table, _) = policy else { return policy }
    let branches = Array(0..<count)
    return .client(table: table, order: [branches, branches.shuffled(using: &random), branches.reversed()])
  }
}
