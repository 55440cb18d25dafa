import Testing

@testable import Failover

struct OrderTests {
  @Test func anEndpointAPoolOrAnEndpointInAPool() {
    var sites = Sites(3)
    sites.step("+++")
    #expect(sites.override("e0", .down) == ["e0@p0.example.com"])
    #expect(sites.text == "-++")
    #expect(sites.override("e1@P1.Example.com.", .down) == ["e1@p1.example.com"])
    #expect(sites.override("p2.example.com", .down) == ["e2@p2.example.com", "spare@p2.example.com"])
    #expect(sites.text == "--+", "all of the last pool are out, so that it opens to its primary")
    #expect(sites.brain.overrides.map(\.pattern) == ["e0", "e1@P1.Example.com.", "p2.example.com"])
    #expect(sites.order(.release(pattern: "*", by: "ops", reason: "")).count == 4)
    #expect(sites.text == "+++" && sites.brain.overrides.isEmpty)
  }

  @Test(arguments: [
    ("e?", "---"), ("*", "+++"), ("e*@p1.*", "+-+"), ("*@p?.example.com", "+++"), ("e[01]", "+++"), ("E0", "+++"),
    ("e0@p1.example.com", "+++"), ("", "+++"), ("@", "+++"), ("e1@*", "+-+"), ("*0", "-++"), ("?1@*p1*", "+-+"),
  ])
  func globs(pattern: String, text: String) {
    var sites = Sites(3)
    sites.step("+++")
    _ = sites.override(pattern, .down)
    #expect(sites.text == text)
  }

  @Test(arguments: [
    ("*", "", true), ("a*b*c", "aXbXc", true), ("a*b*c", "abbc", true), ("a*b*c", "ac", false), ("?", "", false),
    ("*?*?*", "a", false), ("*?*?*", "ab", true), ("**a", "bbba", true), ("a?", "a*", true), ("abc", "ab", false),
  ])
  func globMatches(pattern: String, text: String, matches: Bool) {
    #expect(Glob(pattern).matches(text) == matches)
  }

  @Test func aHostilePatternTakesNoTime() {
    let glob = Glob(String(repeating: "*a", count: 500) + "b")
    #expect(!glob.matches(String(repeating: "a", count: 5000)))
  }

  @Test func whatConcernsNothingIsRefused() {
    var sites = Sites(1)
    sites.step("+")
    #expect(sites.override("nobody", .down) == [])
    #expect(sites.brain.overrides.isEmpty)
    #expect(sites.order(.release(pattern: "e0", by: "ops", reason: "")) == [])
    #expect(sites.order(.failback(pattern: "nobody", by: "ops")) == [])
    #expect(sites.order(.confirm(by: "ops")) == [])
    #expect(sites.order(.failback(pattern: "p*", by: "ops")) == ["p0.example.com"])
  }

  @Test func theLatestOrderCountsAndThenTheOneBeforeIt() {
    var sites = Sites(2)
    sites.step("++")
    _ = sites.override("e0", .down)
    _ = sites.override("e?", .up)
    sites.step("--")
    #expect(sites.text == "++", "forced up over a drain and over probes")
    _ = sites.override("e0", .down)
    #expect(sites.text == "-+", "the same pattern again is the latest")
    #expect(sites.brain.overrides.map(\.pattern) == ["e?", "e0"])
    _ = sites.order(.release(pattern: "e0", by: "ops", reason: ""))
    #expect(sites.text == "++")
  }

  @Test func probesGoOnBehindAnOverride() {
    var sites = Sites(1)
    sites.step("+")
    _ = sites.override("e0", .down)
    var standing = sites.brain.standing(of: 1, in: 0, at: sites.now)
    #expect(!standing.isUp && standing.real == .up && standing.override == 0 && standing.mayTurn == nil)
    _ = sites.override("e0", .up)
    sites.step("-")
    standing = sites.brain.standing(of: 1, in: 0, at: sites.now)
    #expect(standing.isUp && standing.real == .down && standing.override == 0)
    #expect(sites.brain.reason(pool: 0, .v4) == "e0 192.0.2.0 is forced up by ops: work; e0 answers")
  }

  @Test func endsByTheWallClock() {
    var sites = Sites(1)
    sites.step("+")
    _ = sites.override("e0", .down, expires: 100)
    #expect(sites.brain.wakeAt == seconds(100))
    #expect(sites.brain.standing(of: 1, in: 0, at: sites.now).mayTurn == seconds(100))
    sites.go(to: 99)
    #expect(sites.text == "-")
    sites.go(to: 100)
    #expect(sites.text == "+" && sites.brain.overrides.isEmpty && sites.brain.wakeAt == nil)
    #expect(sites.notices.count == 1)
  }

  @Test func aClockSetForwardEndsItAsSoonAsSomebodyLooks() {
    var sites = Sites(1)
    sites.step("+")
    _ = sites.override("e0", .down, expires: 100)
    _ = sites.brain.evaluate(at: Moment(seconds(2), wall: 200_000_000_000))
    #expect(sites.text == "+")
  }

  @Test func staysOverReloadsAlsoWhenItsSubjectIsAway() {
    var sites = Sites(2)
    sites.step("++")
    _ = sites.override("e1", .down)
    let state = sites.brain.state { "\($0)" }
    var without = Brain(Sites(1).brain.settings, state: state)
    _ = without.evaluate(at: sites.now)
    #expect(without.overrides.count == 1)
    var again = Sites(2)
    again.brain = Brain(again.brain.settings, state: without.state { "\($0)" })
    again.step("++")
    #expect(again.text == "+-")
    #expect(without.take(.release(pattern: "e1", by: "ops", reason: ""), at: sites.now).subjects == ["e1"])
  }

  @Test func aManualCheckIsUpUntilToldOtherwise() {
    var sites = Sites(1) { settings in
      let site = settings.addEndpoint(
        "m", [Member(family: .v4, address: "192.0.2.9", condition: .all([.probe(0), .manual("go-live")]))])
      settings.pools = [Pool(name: "p", tiers: [[site], [0]])]
    }
    sites.step("+")
    #expect(sites.text == "+")
    #expect(sites.override("go-live", .down) == ["go-live"])
    #expect(sites.text == "-")
    #expect(sites.brain.standing(of: 2, in: 0, at: sites.now).mayTurn == nil, "only the operator can")
    #expect(sites.order(.release(pattern: "go-*", by: "ops", reason: "")) == ["go-live"])
    #expect(sites.text == "+")
  }

  @Test func thereIsAnEndToOverrides() {
    var sites = Sites(1)
    sites.step("+")
    for number in 0..<1000 {
      _ = sites.brain.take(order(String(repeating: "*", count: number + 1) + "0"), at: sites.now)
    }
    #expect(sites.brain.overrides.count == 1000)
    #expect(sites.brain.take(order("e?"), at: sites.now).subjects.isEmpty)
    #expect(!sites.brain.take(order("*0"), at: sites.now).subjects.isEmpty, "in its own place")
  }

  private func order(_ pattern: String) -> Order {
    .override(Override(pattern: pattern, state: .down, reason: "", by: "ops", since: 0))
  }
}
