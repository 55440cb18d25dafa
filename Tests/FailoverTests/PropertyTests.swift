import Failover
import Testing

/// Over random settings and events: what holds for every pool, whatever happens.
struct PropertyTests {
  @Test(arguments: 1...40)
  func holdForRandomEvents(seed: Int) {
    var random = Random(state: UInt64(seed))
    let settings = randomSettings(&random)
    var brain = Brain(settings)
    for event in 0..<200 {
      let letter = "++--o".randomElement(using: &random) ?? "+"
      let probe = Int.random(in: settings.probes.indices, using: &random)
      brain.observe(probe: probe, outcome: outcome(letter), at: seconds(Int64(event)))
      if Bool.random(using: &random) { _ = brain.evaluateNow() }
    }
    _ = brain.evaluateNow()
    // Evaluating bit by bit ends where deciding anew from the final health does.
    let health = brain.health
    var anew = Brain(settings, carrying: { health[$0] })
    _ = anew.evaluateNow()
    #expect(brain.answers == anew.answers)
    for (pool, answer) in zip(settings.pools, brain.answers.compactMap(\.self)) {
      for family in AddressFamily.allCases { check(pool, answer[family], family, settings, brain) }
    }
  }

  private func check(
    _ pool: Pool, _ decision: Decision, _ family: AddressFamily, _ settings: FailoverSettings, _ brain: Brain
  ) {
    let all = pool.candidates.flatMap { Array(settings.endpoints[$0.endpoint].members) }
      .filter { settings.members[$0].family == family }
    #expect(decision.members.allSatisfy(all.contains), "never an address of someone else")
    #expect(decision.members.isEmpty == all.isEmpty, "never nothing where there is something")
    #expect(decision.failedOpen == (!all.isEmpty && !all.contains(where: brain.isUp(member:))))
    #expect(decision.failedOpen || decision.members.allSatisfy(brain.isUp(member:)), "nobody who is down")
  }

  private func randomSettings(_ random: inout Random) -> FailoverSettings {
    var settings = FailoverSettings()
    let probes = Int.random(in: 1...6, using: &random)
    settings.probes = (0..<probes).map { _ in
      ProbeSettings(rise: .random(in: 1...3, using: &random), fall: .random(in: 1...3, using: &random))
    }
    for endpoint in 0..<Int.random(in: 1...6, using: &random) {
      let members = (0..<Int.random(in: 0...3, using: &random)).map { address in
        Member(
          family: Bool.random(using: &random) ? .v4 : .v6, address: "\(endpoint).\(address)",
          probes: (0..<probes).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
      }
      _ = settings.addEndpoint("e\(endpoint)", members)
    }
    for pool in 0..<4 {
      let order = settings.endpoints.indices.shuffled(using: &random)
      let split = Int.random(in: 0...order.count, using: &random)
      settings.pools.append(Pool(name: "p\(pool)", tiers: [Array(order[..<split]), Array(order[split...])]))
    }
    return settings
  }
}

struct Random: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 32) | (state << 32)
  }
}
