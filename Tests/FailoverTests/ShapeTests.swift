import Testing

@testable import Failover

/// Pools of one shape are decided once; nothing of that may be seen.
struct ShapeTests {
  @Test(arguments: 1...60)
  func twinsAreDecidedAsEachWouldBeAlone(seed: Int) {
    var random = Random(state: UInt64(seed))
    let settings = Self.twins(&random)
    var together = Brain(settings)
    var alone = settings.pools.map { pool in
      var settings = settings
      settings.pools = [pool]
      return Brain(settings)
    }
    var second: Int64 = 0
    for event in 0..<50 {
      let order = event.isMultiple(of: 9) ? Self.order(&random, settings) : nil
      let probe = Int.random(in: settings.probes.indices, using: &random)
      let letter = "++--o".randomElement(using: &random) ?? "+"
      func take(_ brain: inout Brain) {
        let now = Moment(seconds(second), wall: second * 1_000_000_000)
        if let order { _ = brain.take(order, at: now) }
        brain.observe(probe: probe, outcome: outcome(letter), at: now.instant)
        _ = brain.evaluate(at: now)
      }
      take(&together)
      for pool in alone.indices {
        take(&alone[pool])
        #expect(together.answers[pool] == alone[pool].answers[0], "\(settings.pools[pool].name) at \(second)")
        #expect(together.deadlines[pool] == alone[pool].deadlines[0], "\(settings.pools[pool].name) at \(second)")
      }
      #expect(together.wakeAt == alone.compactMap(\.wakeAt).min())
      second += Int64.random(in: 0...15, using: &random)
    }
  }

  /// Three that differ in nothing but their names, and one that has another TTL.
  private static func twins(_ random: inout Random) -> FailoverSettings {
    var site = Site.random(&random)
    var settings = FailoverSettings()
    settings.probes = site.settings.members.map { _ in
      ProbeSettings(rise: .random(in: 1...2, using: &random), fall: .random(in: 1...3, using: &random))
    }
    for endpoint in site.settings.endpoints {
      let members = endpoint.members.map { index in
        let member = site.settings.members[index]
        return Member(family: member.family, address: member.address, condition: .probe(index))
      }
      _ = settings.addEndpoint(endpoint.name, members)
    }
    let bounds = Bool.random(using: &random) ? Pool.TTL(minimum: 1, maximum: 60) : Pool.TTL(minimum: 5, maximum: 5)
    for (name, ttl) in [("p0", bounds), ("p1", bounds), ("p2", bounds), ("q", Pool.TTL(minimum: 2, maximum: 9))] {
      site.pool.name = "\(name).example.com"
      site.pool.ttl = ttl
      settings.pools.append(site.pool)
    }
    return settings
  }

  /// For one endpoint, everywhere or in one of the pools.
  private static func order(_ random: inout Random, _ settings: FailoverSettings) -> Order {
    let endpoint = settings.endpoints.randomElement(using: &random)?.name ?? "*"
    let pool = settings.pools.randomElement(using: &random)?.name ?? "*"
    let pattern = Bool.random(using: &random) ? endpoint : "\(endpoint)@\(pool)"
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .release(pattern: "*", by: "ops", reason: "")
    case 1: return .failback(pattern: pool, by: "ops")
    default:
      let state: Override.State = Bool.random(using: &random) ? .up : .down
      return .override(Override(pattern: pattern, state: state, reason: "", by: "ops", since: 0))
    }
  }

  /// What a decision did not ask for cannot change it: trying every member that turns finds no other deadline.
  @Test(arguments: 1...150)
  func deadlinesAreThoseOfTryingEverything(seed: Int) {
    var random = Random(state: UInt64(seed))
    var site = Site.random(&random, failbacks: [.immediate])
    guard !site.pool.needsMemory else { return }
    site.scatter(&random)
    site.scatterTurns(&random, after: 0)
    var chooser = site.chooser()
    let answer = chooser.decide()
    for family in AddressFamily.allCases {
      #expect(chooser.deadlines(of: answer)[family] == Self.tryingEverything(chooser, answer[family], family))
    }
  }

  private static func tryingEverything(
    _ chooser: Chooser, _ decision: Decision, _ family: AddressFamily
  ) -> Instant? {
    var turns: [(at: Instant, candidate: Int, place: Int)] = []
    for (candidate, standings) in chooser.standings.enumerated() {
      let members = chooser.settings.endpoints[chooser.pool.candidates[candidate].endpoint].members
      for (place, standing) in standings.enumerated() {
        let matters =
          chooser.pool.coupling != .independent
          || chooser.settings.members[members.lowerBound + place].family == family
        if let at = standing.mayTurn, matters { turns.append((at, candidate, place)) }
      }
    }
    turns.sort { $0.at < $1.at }
    for (last, turn) in turns.enumerated() {
      if last == 6 { return turn.at }
      for earlier in 0..<(1 << last) {
        var other = chooser
        for (place, turned) in turns[...last].enumerated() where place == last || earlier >> place & 1 == 1 {
          other.standings[turned.candidate][turned.place].isUp.toggle()
        }
        if other.decide(family).plan != decision.plan { return turn.at }
      }
    }
    return nil
  }
}
