import Failover
import Testing

struct BlastRadiusTests {
  private func sites(_ count: Int, _ limit: BlastRadius.Limit = .members(2), fall: Int = 1) -> Sites {
    var sites = Sites(count, fall: fall) { $0.blastRadius = BlastRadius(limit, within: .seconds(60)) }
    sites.step(String(repeating: "+", count: count))
    return sites
  }

  @Test func whatExceedsItStaysInServiceUntilThereIsRoom() {
    var sites = sites(5)
    sites.step("-++++")  // at 1 s
    sites.step(" -   ")
    sites.step("   - ")
    sites.step("  -  ")
    #expect(sites.text == "--+++")
    #expect(sites.notices == [.heldUp(member: 4), .heldUp(member: 3)])
    let held = sites.brain.standing(of: 4, in: 3, at: sites.now)
    #expect(held.isUp && held.isHeldUp && held.real == .down && held.mayTurn == seconds(61))
    #expect(sites.brain.wakeAt == seconds(61))
    sites.go(to: 60)
    #expect(sites.text == "--+++")
    sites.go(to: 61)
    #expect(sites.text == "--+-+", "the first that failed")
    #expect(sites.brain.wakeAt == seconds(62))
    sites.go(to: 62)
    #expect(sites.text == "----+")
    #expect(sites.notices.suffix(2) == [.letGo(member: 4), .letGo(member: 3)])
    #expect(sites.brain.wakeAt == nil)
    sites.step("+    ")
    #expect(sites.text == "+---+", "nothing holds a return")
  }

  @Test func whatRecoversMeanwhileIsForgotten() {
    var sites = sites(3)
    sites.step("---")
    #expect(sites.text == "--+")
    sites.step("  +")
    #expect(!sites.brain.standing(of: 3, in: 2, at: sites.now).isHeldUp)
    sites.go(to: 200)
    #expect(sites.text == "--+")
  }

  @Test func anOperatorConfirms() {
    var sites = sites(4)
    sites.step("----")
    #expect(sites.text == "--++")
    #expect(sites.order(.confirm(by: "ops")) == ["e2@p2.example.com", "e3@p3.example.com"])
    #expect(sites.text == "----")
    #expect(sites.brain.reason(pool: 3, .v4) == "e3 192.0.2.3 is down: connection refused; spare answers")
  }

  @Test func operatorsTakeNoRoom() {
    var sites = sites(4)
    _ = sites.override("e0", .down)
    _ = sites.override("e1", .down)
    sites.step("--++")
    sites.step("  --")
    #expect(sites.text == "----", "neither drains nor what fails behind them counts")
    #expect(sites.notices.isEmpty)
    _ = sites.order(.release(pattern: "*", by: "ops", reason: ""))
    #expect(sites.text == "----")
  }

  @Test func aFirstRoundWithdrawsNothingThatWasInService() {
    var sites = Sites(3) { $0.blastRadius = BlastRadius(.members(1), within: .seconds(60)) }
    sites.step("--+")
    #expect(sites.text == "--+")
    sites.step("  -")
    #expect(sites.text == "---", "and takes no room")
  }

  @Test func oneAddressCountsOnceInAllItsPools() {
    var sites = Sites(2) { settings in
      settings.blastRadius = BlastRadius(.members(1), within: .seconds(60))
      for pool in 2..<6 {
        let again = settings.addEndpoint("e0", [Member(family: .v4, address: "192.0.2.0", probes: [0])])
        settings.pools.append(Pool(name: "p\(pool)", tiers: [[again], [0]]))
      }
    }
    sites.step("++")
    sites.step("--")
    #expect(sites.text == "-+----")
  }

  @Test(arguments: [
    (BlastRadius.Limit.share(100), 30, 3), (.share(10), 30, 1), (.members(0), 30, 1), (.share(1000), 3, 3),
  ])
  func counts(limit: BlastRadius.Limit, all: Int, expected: Int) {
    #expect(limit.count(of: all) == expected)
  }

  @Test func areloadForgetsNothing() {
    var sites = sites(4)
    sites.step("----")
    let health = sites.brain.health
    sites.brain = Brain(sites.brain.settings, carrying: { health[$0] }, state: sites.brain.state { "\($0)" })
    sites.evaluate()
    #expect(sites.text == "--++")
    #expect(sites.brain.standing(of: 3, in: 2, at: sites.now).isHeldUp)
    sites.go(to: 61)
    #expect(sites.text == "----")
    // A configuration whose checks have been edited is no way round the limit.
    var other = self.sites(4)
    let state = other.brain.state { "\($0)" }
    other.brain = Brain(other.brain.settings, state: state)
    other.step("----")
    #expect(other.text == "--++")
  }
}
