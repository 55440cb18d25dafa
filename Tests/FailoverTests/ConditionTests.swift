import Testing

@testable import Failover

/// Probes 0 to 3 are up and can turn at 10, 20, 30 and 40 s; or, as `D`, down and can come up then.
struct ConditionTests {
  @Test(
    arguments: [
      (Condition.probe(1), "UUUU", true, 20), (.probe(1), "UDUU", false, 20),
      (.all([]), "UUUU", true, nil),
      (.all([.probe(1), .probe(0)]), "UUUU", true, 10), (.all([.probe(1), .probe(2)]), "UDDU", false, 30),
      (.all([.probe(0), .fixed(false)]), "DUUU", false, nil),
      (.not(.probe(2)), "UUUU", false, 30), (.not(.all([.probe(0), .probe(1)])), "DDUU", true, 20),
      (.fixed(true), "UUUU", true, nil), (.manual("m"), "UUUU", true, nil),
      (
        .atLeast(2, of: [.init(weight: 1, .probe(0)), .init(weight: 1, .probe(1)), .init(weight: 1, .probe(2))]),
        "UUUU", true, 20
      ),
      (
        .atLeast(2, of: [.init(weight: 1, .probe(0)), .init(weight: 1, .probe(1)), .init(weight: 1, .probe(2))]),
        "DUDU", false, 10
      ),
      (
        .atLeast(3, of: [.init(weight: 1, .probe(0)), .init(weight: 1, .probe(1)), .init(weight: 3, .probe(2))]),
        "DDDU", false, 30
      ),
      (
        .atLeast(3, of: [.init(weight: 1, .probe(0)), .init(weight: 1, .probe(1)), .init(weight: 3, .probe(2))]),
        "UUUU", true, 30
      ),
      (.atLeast(5, of: [.init(weight: 1, .probe(0)), .init(weight: 1, .fixed(false))]), "DUUU", false, nil),
      (.atLeast(0, of: []), "UUUU", true, nil),
    ] as [(Condition, String, Bool, Int64?)])
  func holdsAndTurns(condition: Condition, verdicts: String, holds: Bool, turn: Int64?) {
    var settings = FailoverSettings()
    settings.probes = Array(repeating: ProbeSettings(rise: 1, fall: 1), count: 4)
    var brain = Brain(settings)
    for (probe, letter) in verdicts.enumerated() {
      brain.observe(
        probe: probe, outcome: outcome(letter == "U" ? "+" : "-"), at: seconds(0), next: seconds(Int64(probe + 1) * 10))
    }
    let reading = brain.read(condition)
    #expect(reading.holds == holds && brain.holds(condition) == holds)
    #expect(reading.mayTurn == turn.map { seconds($0) })
  }

  @Test func standingsTellOfConcernsAndLatency() {
    var sites = Sites(1)
    #expect(sites.brain.standing(of: 1, in: 0, at: sites.now).real == .unknown)
    sites.brain.observe(
      probe: 0, outcome: .success(latency: .milliseconds(7), concern: .certificateEnds(days: 2)), at: seconds(0))
    let standing = sites.brain.standing(of: 1, in: 0, at: sites.now)
    #expect(standing.isUp && standing.isDegraded && standing.real == .up && standing.latency == .milliseconds(7))
  }
}

/// That what only moves a deadline is looked at, and nothing else is.
struct MovedTests {
  @Test func onlyAdaptivePoolsMove() {
    var sites = Sites(2) { settings in
      settings.pools[1].ttl = Pool.TTL(minimum: 1, maximum: 60)
      for probe in 0..<2 { settings.probes[probe].fall = 3 }
    }
    sites.step("++")
    let before = sites.brain.deadlines
    #expect(before[0] == Deadlines() && before[1].v4 == seconds(3))
    observe(&sites, 0, "+")
    #expect(sites.brain.evaluate(at: sites.now) == Evaluation(), "a fixed TTL has nothing to follow")
    observe(&sites, 1, "+")
    let evaluation = sites.brain.evaluate(at: sites.now)
    #expect(evaluation.moved == [1] && evaluation.changes.isEmpty)
    #expect(sites.brain.deadlines[1].v4 == seconds(4))
    observe(&sites, 1, "-")
    #expect(sites.brain.evaluate(at: sites.now).moved == [1])
    #expect(sites.brain.deadlines[1].v4 == seconds(3))
  }

  private func observe(_ sites: inout Sites, _ probe: Int, _ letter: Character) {
    sites.brain.observe(probe: probe, outcome: outcome(letter), at: seconds(1), next: seconds(2))
  }
}
