import Testing

@testable import Failover

struct TraceTests {
  private func trace(_ site: Site, _ second: Double = 0, client: [Int: Int] = [:]) -> Trace {
    site.chooser(second).explain(.v4, client)
  }

  @Test func tellsEachStepOfAFailover() {
    let tier = Choice.set(.weighted, Choice.leaves([3, 1]), id: 1, name: "eu")
    var site = Site(
      ["a", "b", "c"], .set(.failover(.after(.seconds(60))), [Choice.Branch(tier), Choice.Branch(.endpoint(2))]))
    site.pool.ttl = Pool.TTL(minimum: 1, maximum: 30)
    site.set("DDU")
    site.decide()
    site.mayTurn([nil, nil, 5])
    let down = trace(site)
    #expect(down.candidates.map(\.address) == ["a.v4", "b.v4", "c.v4"])
    #expect(down.candidates.map(\.counts) == [false, false, true])
    #expect(down.steps == [.took(set: "p", "c", skipped: ["eu"])])
    #expect(down.outcome == .addresses([2], atMost: .max))
    #expect(down.ttl.seconds == 5, "then nobody is up, and eu answers all the same")
    site.set("UDU")
    site.decide(10)
    let held = trace(site, 20)
    #expect(held.steps.first == .held(set: "p", back: "eu", .after(.seconds(60)), since: seconds(10)))
    #expect(held.ttl.seconds == 1)
    site.set("UUU")
    let back = trace(site, 70)
    #expect(
      back.steps == [
        .took(set: "p", "eu", skipped: []),
        .shared(set: "eu", [.init(branch: "a", weight: 3), .init(branch: "b", weight: 1)], isSticky: false),
      ])
    let odds = [
      Trace.Odds(weight: 3, outcome: .addresses([0], atMost: .max)),
      .init(weight: 1, outcome: .addresses([1], atMost: .max)),
    ]
    #expect(back.outcome == .odds(odds, isSticky: false))
  }

  @Test func followsOneClient() {
    let policy = Choice.Policy.client(table: 4, order: [[2], [0, 2], [1, 2]])
    var site = Site(["a", "b", "c"], .set(policy, Choice.leaves(0..<3)))
    #expect(trace(site, client: [4: 1]).outcome == .addresses([0], atMost: .max))
    site.set("DUU")
    let trace = trace(site, client: [4: 1])
    #expect(trace.steps == [.client(set: "p", table: 4, class: 1, ["a", "c"])])
    #expect(trace.outcome == .addresses([2], atMost: .max))
    #expect(self.trace(site, client: [4: 99]).outcome == .addresses([2], atMost: .max), "an unknown class is none")
  }

  @Test func tellsFloorsAndAllDown() {
    var site = Site(["a", "b"], .set(.all(atMost: 8), Choice.leaves(0..<2), floor: .branches(2)))
    site.set("DU")
    #expect(trace(site).steps == [.opened(set: "p"), .together(set: "p", ["a", "b"], atMost: 8)])
    site.pool.allDown = .serverFailure
    site.set("DD")
    #expect(trace(site).steps == [.allDown(.serverFailure)])
    #expect(trace(site).outcome == .serverFailure)
  }

  @Test func namesTheFixedAddressesOfAllDown() {
    var site = Site(["a", "sorry"], .set(.failover(.immediate), Choice.leaves(0..<1)))
    site.pool.candidates.removeLast()
    site.standings.removeLast()
    site.pool.allDown = .fixed([1])
    site.set("D")
    #expect(trace(site).outcome == .addresses([1], atMost: .max))
  }
}
