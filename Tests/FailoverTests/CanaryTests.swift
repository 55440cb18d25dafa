import Failover
import Testing

/// Two sites, probes 0 and 1; canaries after them.
struct CanaryTests {
  @Test func aTurnToDownNeedsACanarySince() {
    var sites = Sites(2, fall: 2, canaries: 1)
    sites.step("+++")
    sites.step("-+ ")
    sites.step("-+ ")
    #expect(sites.text == "++", "no canary has answered since")
    let standing = sites.brain.standing(of: 1, in: 0, at: sites.now)
    #expect(standing.isUp && standing.isHeldUp && standing.real == .down)
    #expect(sites.brain.isUnsettled(probe: 2), "somebody waits for it")
    let turns = observe(&sites, 2, "+")
    #expect(turns.map(\.probe) == [0] && turns.first?.transition.to == .down)
    #expect(sites.text == "-+")
    #expect(!sites.brain.isUnsettled(probe: 2))
  }

  @Test func withAFreshAnswerItGoesAtOnce() {
    var sites = Sites(2, fall: 2, canaries: 1)
    sites.step("+++")
    sites.step("-++")
    sites.step("-+ ")
    #expect(sites.text == "-+")
  }

  @Test func whoeverIsCutOffFreezesAndThenCountsAnew() {
    var sites = Sites(2, fall: 2, canaries: 1)
    sites.step("+++")
    for _ in 0..<5 { sites.step("---") }
    #expect(sites.text == "++")
    #expect(sites.notices == [.cutOff], "said once")
    sites.step("--+")
    #expect(sites.notices == [.cutOff, .reachable])
    #expect(sites.brain.health[0].run == 0 && sites.brain.health[1].run == 0)
    sites.step("-++")
    #expect(sites.text == "++")
    sites.step("-++")
    #expect(sites.text == "-+", "down by failures of its own")
  }

  @Test func recoveryIsNotFrozen() {
    var sites = Sites(2, canaries: 1)
    sites.step("-++")
    #expect(sites.text == "-+")
    sites.step("+--")
    #expect(sites.text == "++")
  }

  @Test func theFreezeEnds() {
    var sites = Sites(2, fall: 2, canaries: 1)
    sites.step("+++")
    for _ in 0..<3 { sites.step("---") }
    #expect(sites.brain.wakeAt == seconds(601), "ten minutes after the first failure")
    sites.go(to: 600)
    #expect(sites.text == "++")
    sites.go(to: 601)
    #expect(sites.text == "--")
  }

  @Test func enoughCanariesMustAnswer() {
    var sites = Sites(1, canaries: 3) { $0.canaries?.needed = 2 }
    sites.step("++++")
    sites.step("-+--")
    #expect(sites.text == "+" && sites.notices == [.cutOff])
    sites.step(" ++ ")
    #expect(sites.notices == [.cutOff, .reachable])
    sites.step("-++-")
    #expect(sites.text == "-")
  }

  @Test func whoStartsCutOffTakesMembersForUp() {
    var sites = Sites(2, canaries: 1)
    for probe in 0..<2 { observe(&sites, probe, "-") }
    #expect(!sites.brain.isDecided, "the canary has not spoken")
    observe(&sites, 2, "-")
    #expect(sites.brain.isDecided)
    #expect(sites.text == "++")
    sites.step("+-+")
    #expect(sites.text == "++", "anew")
    sites.step("+-+")
    #expect(sites.text == "+-")
  }

  @Test func aFirstResultNeedsACanaryThatAnswersAtAll() {
    var sites = Sites(2, canaries: 1)
    observe(&sites, 2, "+")
    sites.go(to: 1)
    sites.step("-+ ")
    #expect(sites.text == "-+" && sites.brain.isDecided)
  }

  @discardableResult
  private func observe(_ sites: inout Sites, _ probe: Int, _ letter: Character) -> [ProbeTurn] {
    sites.brain.observe(probe: probe, outcome: outcome(letter), at: seconds(sites.second))
    return sites.brain.evaluate(at: sites.now).turns
  }
}
