import Failover
import Testing

struct BrainTests {
  /// ec2: one IPv4 address (probe 0); azure: IPv4 (probe 1) and IPv6 (probe 2). Two pools, the second
  /// in the other order; a third that no probe can change.
  private var settings: FailoverSettings {
    var settings = FailoverSettings()
    settings.probes = Array(repeating: ProbeSettings(rise: 2, fall: 2), count: 3)
    let ec2 = settings.addEndpoint("ec2", [Member(family: .v4, address: "203.0.113.10", probes: [0])])
    let azure = settings.addEndpoint(
      "azure",
      [
        Member(family: .v4, address: "198.51.100.20", probes: [1]),
        Member(family: .v6, address: "2001:db8::20", probes: [2]),
      ])
    let fixed = settings.addEndpoint("fixed", [Member(family: .v4, address: "192.0.2.1", probes: [])])
    settings.pools = [
      Pool(name: "a", tiers: [[ec2], [azure]]), Pool(name: "b", tiers: [[azure, ec2]]),
      Pool(name: "c", tiers: [[fixed]]),
    ]
    return settings
  }

  private func observe(_ brain: inout Brain, _ probe: Int, _ letters: String, from second: Int64 = 0) {
    for (i, letter) in letters.enumerated() {
      brain.observe(probe: probe, outcome: outcome(letter), at: seconds(second + Int64(i)))
    }
  }

  @Test func decidesEveryPoolOnceAndThenOnlyWhatChanged() {
    var brain = Brain(settings)
    for probe in 0..<3 { observe(&brain, probe, "+") }
    #expect(brain.evaluateNow().map(\.pool) == [0, 1, 2])
    #expect(brain.evaluateNow().isEmpty)
    observe(&brain, 0, "-")
    #expect(brain.evaluateNow().isEmpty, "one failure of two changes nothing")
    observe(&brain, 0, "-")
    let changes = brain.evaluateNow()
    #expect(changes.map(\.pool) == [0, 1])
    #expect(changes[0].before?.v4.members == [0] && changes[0].after.v4.members == [1])
    #expect(changes[1].before?.v4.members == [1, 0] && changes[1].after.v4.members == [1])
    observe(&brain, 0, "++")
    #expect(brain.evaluateNow().map(\.after.v4.members) == [[0], [1, 0]])
  }

  @Test func changesComeInTheOrderOfThePools() {
    var settings = FailoverSettings()
    settings.probes = Array(repeating: ProbeSettings(rise: 1, fall: 1), count: 4)
    for probe in 0..<4 {
      let site = settings.addEndpoint(
        "site\(probe)", [Member(family: .v4, address: "192.0.2.\(probe)", probes: [probe])])
      let spare = settings.addEndpoint("spare", [Member(family: .v4, address: "192.0.2.99", probes: [])])
      settings.pools.append(Pool(name: "\(probe)", tiers: [[site], [spare]]))
    }
    var brain = Brain(settings)
    _ = brain.evaluateNow()
    for probe in [2, 0, 3] { observe(&brain, probe, "-") }
    #expect(brain.evaluateNow().map(\.pool) == [0, 2, 3])
  }

  @Test func aFlapWithinOneTurnChangesNothing() {
    var brain = Brain(settings)
    for probe in 0..<3 { observe(&brain, probe, "+") }
    _ = brain.evaluateNow()
    observe(&brain, 0, "--++")
    #expect(brain.evaluateNow().isEmpty)
  }

  @Test func familiesAreDecidedApart() {
    var brain = Brain(settings)
    observe(&brain, 0, "+")
    observe(&brain, 1, "+")
    observe(&brain, 2, "-")
    _ = brain.evaluateNow()
    let answer = brain.answers[0]
    #expect(answer?.v4 == Decision(members: [0], tier: 0, failedOpen: false))
    #expect(answer?.v6 == Decision(members: [2], tier: 1, failedOpen: true), "the only IPv6 member is its own primary")
    #expect(brain.answers[2]?.v6 == Decision(members: [], tier: nil, failedOpen: false))
  }

  @Test func nobodyUpFailsOpenToThePrimary() {
    var brain = Brain(settings)
    for probe in 0..<3 { observe(&brain, probe, "-") }
    _ = brain.evaluateNow()
    #expect(brain.answers[0]?.v4 == Decision(members: [0], tier: 0, failedOpen: true))
    #expect(brain.answers[1]?.v4 == Decision(members: [1, 0], tier: 0, failedOpen: true))
  }

  @Test func everyProbeOfAMemberMustBeUp() {
    var settings = FailoverSettings()
    settings.probes = Array(repeating: ProbeSettings(rise: 1, fall: 1), count: 2)
    let both = settings.addEndpoint("both", [Member(family: .v4, address: "192.0.2.1", probes: [0, 1])])
    settings.pools = [Pool(name: "a", tiers: [[both]])]
    var brain = Brain(settings)
    observe(&brain, 0, "+")
    #expect(brain.isUp(member: 0), "what has no result yet does not withdraw")
    observe(&brain, 1, "-")
    #expect(!brain.isUp(member: 0))
    observe(&brain, 1, "+")
    #expect(brain.isUp(member: 0))
  }

  @Test func firstRoundEndsWithAllResultsOrByOrder() {
    var brain = Brain(settings)
    observe(&brain, 0, "-")
    observe(&brain, 1, "o")
    #expect(!brain.isDecided)
    observe(&brain, 1, "+")
    observe(&brain, 2, "oo")
    #expect(!brain.isDecided)
    brain.endFirstRound()
    #expect(brain.isDecided)
    #expect(brain.isUp(member: 2), "without a result it counts as up")
    observe(&brain, 2, "-")
    #expect(!brain.isUp(member: 2), "its first result still decides")
    var other = Brain(settings)
    for probe in 0..<3 { observe(&other, probe, "-") }
    #expect(other.isDecided)
    var flapping = Brain(settings)
    observe(&flapping, 0, "+--++")
    #expect(!flapping.isDecided, "later transitions of one are no first results of others")
    for probe in 1..<3 { observe(&flapping, probe, "+") }
    #expect(flapping.isDecided)
    #expect(Brain(FailoverSettings()).isDecided, "nothing to probe")
  }

  @Test func healthIsCarriedOverWithItsCounts() {
    var brain = Brain(settings)
    for probe in 0..<3 { observe(&brain, probe, "+") }
    observe(&brain, 0, "-", from: 10)
    let old = brain.health
    var next = Brain(settings, carrying: { $0 == 2 ? nil : old[$0] })
    #expect(!next.isDecided, "the third is new")
    next.endFirstRound()
    #expect(next.evaluateNow().count == 3, "a new generation has all its pools to fill")
    #expect(next.observe(probe: 0, outcome: .failure(.refused), at: seconds(11))?.to == .down)
    #expect(next.evaluateNow().map(\.pool) == [0, 1])
  }

  @Test func saysWhy() {
    var brain = Brain(settings)
    for probe in 0..<3 { observe(&brain, probe, "+") }
    _ = brain.evaluateNow()
    #expect(brain.reason(pool: 0, .v4) == "ec2 answers")
    #expect(brain.reason(pool: 1, .v4) == "azure, ec2 answer")
    #expect(brain.reason(pool: 2, .v6) == "no address of this family")
    observe(&brain, 0, "--", from: 5)
    _ = brain.evaluateNow()
    #expect(brain.reason(pool: 0, .v4) == "ec2 203.0.113.10 is down: connection refused; azure answers")
    #expect(
      brain.reason(pool: 0, .v4) { "\($0.nanoseconds / 1_000_000_000) s" }
        == "ec2 203.0.113.10 is down since 6 s: connection refused; azure answers")
    observe(&brain, 1, "--")
    _ = brain.evaluateNow()
    #expect(
      brain.reason(pool: 0, .v4)
        == "ec2 203.0.113.10 is down: connection refused; azure 198.51.100.20 is down: connection refused; "
        + "nobody is up: ec2 answers all the same")
  }
}

extension Brain {
  /// At no particular time.
  mutating func evaluateNow() -> [PoolChange] { evaluate(at: Moment(seconds(0), wall: 0)).changes }
}
