import Testing

@testable import Failover

struct DeadlineTests {
  /// Seconds until the answer may change, with each endpoint's own turn at 5 s, 7 s, 9 s.
  private func deadline(_ site: Site, _ letters: String, _ times: [Int64?] = [5, 7, 9]) -> Int64? {
    var site = site
    site.set(letters)
    site.mayTurn(times)
    var chooser = site.chooser()
    let answer = chooser.decide()
    return chooser.deadlines(of: answer).v4.map { $0.nanoseconds / 1_000_000_000 }
  }

  @Test(
    arguments: [
      // Up primary: its own turn alone (gdnsd's simplefo), but with nobody behind it only together with another's.
      ("UUU", [5, 7, 9], 5), ("UUU", [9, 7, 5], 9), ("DUU", [9, 7, 5], 7), ("DUU", [5, 7, 9], 5),
      ("DDD", [5, 7, 9], 7), ("UDD", [5, 7, 9], 7), ("UDD", [9, 7, 5], 9), ("UDD", [5, nil, nil], nil),
      ("UUU", [nil, 7, 9], nil), ("UUD", [5, 7, 9], 5), ("DDU", [20, 10, 30], 10),
    ] as [(String, [Int64?], Int64?)])
  func failover(letters: String, times: [Int64?], expected: Int64?) {
    let site = Site(["a", "b", "c"], .set(.failover(.immediate), Choice.leaves(0..<3)))
    #expect(deadline(site, letters, times) == expected)
  }

  @Test func eachOfASetCounts() {
    let all = Site(["a", "b", "c"], .set(.all(atMost: 8), Choice.leaves(0..<3)))
    #expect(deadline(all, "UUU") == 5)
    #expect(deadline(all, "DDD") == 5)
    #expect(deadline(all, "DDD", [nil, 7, 9]) == 7)
    let weighted = Site(["a", "b", "c"], .set(.weighted, Choice.leaves([1, 1, 0])))
    #expect(deadline(weighted, "UUU", [nil, nil, 9]) == nil, "a weight of zero does not matter")
    #expect(deadline(weighted, "DDU", [nil, nil, 9]) == 9)
  }

  @Test func membersThatMatterOnlyTogether() {
    let tier = Choice.set(.all(atMost: nil), Choice.leaves(0..<2), id: 1, floor: .branches(2))
    let root = Choice.set(.failover(.immediate), [Choice.Branch(tier), Choice.Branch(.endpoint(2))])
    #expect(deadline(Site(["a", "b", "c"], root), "DDU", [5, 7, nil]) == 7)
  }

  @Test func holdsAndWindowsCount() {
    var site = Site(["a", "b"], .set(.failover(.after(.seconds(60))), Choice.leaves(0..<2)))
    site.set("DU")
    site.decide()
    #expect(deadline(site, "DU", [5, nil]) == 65, "back after its turn and the hold")
    site.set("UU")
    site.decide()
    #expect(deadline(site, "UU", [5, nil]) == 60)
    #expect(deadline(site, "UU", [nil, 7]) == 7)
    var manual = Site(["a", "b"], .set(.failover(.manual), Choice.leaves(0..<2)))
    manual.set("DU")
    manual.decide()
    #expect(deadline(manual, "DU", [5, nil]) == nil)
    #expect(deadline(manual, "DU", [5, 7]) == 7)
    var ramp = Site(["a", "b"], .set(.failover(.ramp(.seconds(100))), Choice.leaves(0..<2)))
    ramp.set("DU")
    ramp.decide()
    #expect(deadline(ramp, "DU", [5, nil]) == 5)
    #expect(deadline(ramp, "UU", [nil, nil]) == 10)
  }

  @Test(
    arguments: [
      (0, 2.999, 2), (0, 3.0, 3), (0, nil, 30), (0, 100, 30), (0, 0.5, 1), (10, 5, 1), (1, 30.5, 29),
    ] as [(Int64, Double?, Int)])
  func timeToLive(now: Int64, deadline: Double?, expected: Int) {
    let ttl = Pool.TTL(minimum: 1, maximum: 30)
    let deadline = deadline.map { Instant(nanoseconds: Int64($0 * 1_000_000_000)) }
    #expect(ttl.seconds(until: deadline, now: seconds(now)) == expected)
    #expect(Pool.TTL(minimum: 30, maximum: 30).seconds(until: deadline, now: seconds(now)) == 30)
  }

  @Test func theMinimumWins() {
    #expect(Pool.TTL(minimum: 60, maximum: 30).seconds(until: seconds(1), now: seconds(0)) == 60)
  }

  @Test(arguments: [
    // Interval, fast interval, fall; just before a probe and just after it.
    (1.0, 1.0, 3, 2, 2), (2, 2, 3, 4, 5), (10, 1, 3, 2, 11), (1, 1, 1, 1, 1), (60, 60, 3, 30, 30),
  ])
  func steady(interval: Double, fast: Double, fall: Int, lowest: Int, highest: Int) {
    var settings = FailoverSettings()
    settings.probes = Array(
      repeating: ProbeSettings(rise: 2, fall: fall, interval: .seconds(interval), fastInterval: .seconds(fast)),
      count: 2)
    let endpoints = (0..<2).map { probe in
      settings.addEndpoint("\(probe)", [Member(family: .v4, address: "192.0.2.\(probe)", probes: [probe])])
    }
    settings.pools = [Pool(name: "p", tiers: endpoints.map { [$0] })]
    settings.pools[0].ttl = Pool.TTL(minimum: 1, maximum: 30)
    #expect(settings.steadyTTL(pool: 0) == lowest...highest)
  }
}
