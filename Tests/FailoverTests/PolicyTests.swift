import Testing

@testable import Failover

/// What each policy answers, by who is up. See `Site.text` for the notation.
struct PolicyTests {
  private func answer(_ site: Site, _ letters: String, _ family: AddressFamily = .v4) -> String {
    var site = site
    site.set(letters)
    return site.text(site.decide(0, wall: 0, family))
  }

  @Test(arguments: [
    // Primary while it is up, else the next; all down: the primary (Route 53, gdnsd's simplefo).
    ("UUU", "a"), ("UDD", "a"), ("DUU", "b"), ("DDU", "c"), ("DUD", "b"), ("DDD", "!a"),
  ])
  func failover(letters: String, expected: String) {
    let site = Site(["a", "b", "c"], .set(.failover(.immediate), Choice.leaves(0..<3)))
    #expect(answer(site, letters) == expected)
  }

  @Test(arguments: [
    ("UUU", "a b c at most 2"), ("UDU", "a c"), ("DDU", "c"), ("DDD", "!a b c at most 2"),
  ])
  func multivalue(letters: String, expected: String) {
    let site = Site(["a", "b", "c"], .set(.all(atMost: 2), Choice.leaves(0..<3)))
    #expect(answer(site, letters) == expected)
  }

  @Test(arguments: [
    // Odds by weight among those that are up; zero only when nobody else is; all zero: equal odds.
    ([3, 1, 0], "UUU", "3:a 1:b"), ([3, 1, 0], "DUU", "b"), ([3, 1, 0], "DDU", "c"), ([3, 1, 0], "UDD", "a"),
    ([3, 1, 0], "DDD", "!3:a 1:b"), ([0, 0, 0], "UUU", "1:a 1:b 1:c"), ([0, 0, 0], "UDU", "1:a 1:c"),
    ([0, 0, 0], "DDD", "!1:a 1:b 1:c"), ([1_048_575, 0, 1], "UUU", "1048575:a 1:c"), ([5, 0, 0], "DUU", "1:b 1:c"),
  ])
  func weighted(weights: [Int], letters: String, expected: String) {
    #expect(answer(Site(["a", "b", "c"], .set(.weighted, Choice.leaves(weights))), letters) == expected)
    let sticky = answer(Site(["a", "b", "c"], .set(.sticky, Choice.leaves(weights))), letters)
    #expect(sticky.replacing("sticky ", with: "") == expected)
  }

  /// What leads to one address by several ways is answered once.
  @Test func anAddressIsAnsweredOnce() {
    let client = Choice.set(
      Choice.Set(id: 1, policy: .client(table: 0, order: [[2], [0, 2], [1, 2]]), Choice.leaves(0..<3)))
    let site = Site(["a", "b", "c"], .set(.all(atMost: nil), [Choice.Branch(client)]))
    #expect(answer(site, "UUU") == "c a b")
    #expect(answer(site, "DDU") == "c")
  }

  @Test func keysOfOddsOutliveWhoIsUpAndWhereTheyStand() throws {
    func keys(_ site: Site) -> Set<UInt64> {
      var site = site
      guard case .sticky(let odds) = site.decide().plan.nodes[0] else { return [] }
      return Set(odds.map(\.key))
    }
    var all = Site(["a", "b", "c"], .set(.sticky, Choice.leaves(0..<3)))
    let before = keys(all)
    #expect(before.count == 3)
    #expect(keys(Site(["c", "b", "a"], .set(.sticky, Choice.leaves(0..<3)))) == before)
    all.set("UDU")
    #expect(keys(all).count == 2 && keys(all).isSubset(of: before))
  }

  @Test(arguments: [
    // Class 1: a, then the default c; class 2: b, a, then c; class 0: the default.
    ("UUU", "{c|a|b}"), ("DUU", "{c|c|b}"), ("UDU", "{c|a|a}"), ("DDU", "{c|c|c}"), ("UUD", "!{c|a|b}"),
    ("DDD", "!{c|a|b}"),
  ])
  func byClient(letters: String, expected: String) {
    let policy = Choice.Policy.client(table: 0, order: [[2], [0, 2], [1, 0, 2]])
    #expect(answer(Site(["a", "b", "c"], .set(policy, Choice.leaves(0..<3))), letters) == expected)
  }

  @Test func aClientOfNoNetworkGetsNothingWhereThereIsNoDefault() {
    let policy = Choice.Policy.client(table: 0, order: [[], [0]])
    #expect(answer(Site(["a"], .set(policy, Choice.leaves(0..<1))), "U") == "{nothing|a}")
    #expect(answer(Site(["a"], .set(policy, Choice.leaves(0..<1))), "D") == "!{nothing|a}")
  }

  @Test(arguments: [
    // A choice by client, and c behind it for those for whom it has nobody (Route 53's alias trees).
    ("UUU", "{a|b}"), ("DUU", "{c|b}"), ("UDU", "{a|a}"), ("DDU", "c"), ("DDD", "!{a|b}"), ("DUD", "!{a|b}"),
  ])
  func clientsBacktrack(letters: String, expected: String) {
    let client = Choice.set(.client(table: 0, order: [[0], [1, 0]]), Choice.leaves(0..<2), id: 1, name: "geo")
    let root = Choice.set(.failover(.immediate), [Choice.Branch(client), Choice.Branch(.endpoint(2))])
    #expect(answer(Site(["a", "b", "c"], root), letters) == expected)
  }

  @Test(arguments: [
    ("UUUU", "3:a 1:b"), ("DUUU", "b"), ("DDUU", "c d"), ("DDDU", "d"), ("DDDD", "!3:a 1:b"),
  ])
  func groupsInTiers(letters: String, expected: String) {
    let first = Choice.set(.weighted, Choice.leaves([3, 1]), id: 1, name: "first")
    let second = Choice.set(.all(atMost: 8), Choice.leaves(2..<4), id: 2, name: "second")
    let root = Choice.set(.failover(.immediate), [Choice.Branch(first), Choice.Branch(second)])
    #expect(answer(Site(["a", "b", "c", "d"], root), letters) == expected)
  }

  @Test(arguments: [
    // gdnsd's multifo with up_thresh 1/2: below it, all; in tiers, the next one that has enough goes before.
    (Choice.Floor.share(500), "UUUUU", "a b c d"), (.share(500), "UUDDU", "a b"), (.share(500), "UDDDU", "e"),
    (.share(500), "UDDDD", "!a b c d"), (.share(500), "DDDDD", "!a b c d"), (.branches(3), "UUUDD", "a b c"),
    (.branches(3), "UUDDU", "e"), (.branches(9), "UUUUD", "a b c d"), (.branches(9), "UUUDD", "!a b c d"),
  ])
  func floors(floor: Choice.Floor, letters: String, expected: String) {
    let tier = Choice.set(.all(atMost: nil), Choice.leaves(0..<4), id: 1, floor: floor)
    let root = Choice.set(.failover(.immediate), [Choice.Branch(tier), Choice.Branch(.endpoint(4))])
    #expect(answer(Site(["a", "b", "c", "d", "e"], root), letters) == expected)
  }

  @Test(arguments: [
    (Pool.AllDown.primary, "!a"), (.all, "!a b"), (.lastGood, "!b"), (.fixed([2]), "!sorry"), (.noData, "!nothing"),
    (.serverFailure, "!failure"),
  ])
  func allDown(choice: Pool.AllDown, expected: String) {
    var site = Site(["a", "b", "sorry"], .set(.failover(.immediate), Choice.leaves(0..<2)))
    site.pool.candidates.removeLast()
    site.standings.removeLast()
    site.pool.allDown = choice
    site.set("DU")
    #expect(site.text(site.decide()) == "b")
    site.set("DD")
    #expect(site.text(site.decide()) == expected)
    #expect(site.text(site.decide(0, wall: 0, .v6)) == "nothing", "a family without members is never failed open")
  }

  @Test func lastGoodIsThePrimaryUntilSomebodyWasUp() {
    var site = Site(["a", "b"], .set(.failover(.immediate), Choice.leaves(0..<2)))
    site.pool.allDown = .lastGood
    site.set("DD")
    #expect(site.text(site.decide()) == "!a")
  }

  @Test(arguments: [
    // By IPv4 and IPv6 of x, then of y.
    (Pool.Coupling.independent, "UUUU", "x46", "x46"), (.independent, "UDUU", "x46", "y46"),
    (.independent, "DUUU", "y46", "x46"), (.both, "UDUU", "y46", "y46"), (.both, "DUUU", "y46", "y46"),
    (.both, "UUUU", "x46", "x46"), (.v6WithV4, "DUUU", "y46", "y46"), (.v6WithV4, "UDUU", "x46", "y46"),
    (.both, "UDDU", "!x46", "!x46"),
  ])
  func coupling(coupling: Pool.Coupling, letters: String, v4: String, v6: String) {
    var site = Site(["x46", "y46"], .set(.failover(.immediate), Choice.leaves(0..<2)))
    site.pool.coupling = coupling
    #expect(answer(site, letters) == v4)
    #expect(answer(site, letters, .v6) == v6)
  }

  @Test func couplingLeavesEndpointsOfOneFamilyAlone() {
    var site = Site(["x6", "y"], .set(.failover(.immediate), Choice.leaves(0..<2)))
    site.pool.coupling = .v6WithV4
    #expect(answer(site, "UD", .v6) == "x6")
  }

  @Test func fastestWaitsForAMarginAndATime() {
    var site = Site(["a", "b"], .set(.fastest(margin: 200, for: .seconds(10)), Choice.leaves(0..<2)))
    func latencies(_ a: Int?, _ b: Int?) {
      site.standings[0][0].latency = a.map { .milliseconds($0) }
      site.standings[1][0].latency = b.map { .milliseconds($0) }
    }
    latencies(20, 30)
    #expect(site.text(site.decide(0)) == "a")
    latencies(20, 17)
    #expect(site.text(site.decide(1)) == "a", "not faster by a fifth")
    latencies(20, 15)
    #expect(site.text(site.decide(2)) == "a", "not for long enough")
    #expect(site.chooser(2).wake == 12)
    latencies(20, 17)
    #expect(site.text(site.decide(8)) == "a")
    latencies(20, 15)
    #expect(site.text(site.decide(12)) == "a", "its time began anew")
    #expect(site.text(site.decide(22)) == "b")
    site.set("UD")
    #expect(site.text(site.decide(23)) == "a", "who is down goes at once")
    site.set("UU")
    latencies(nil, 15)
    #expect(site.text(site.decide(24)) == "a")
    #expect(site.text(site.decide(34)) == "b", "unknown is slower than all that is known")
  }
}

extension Chooser {
  /// Seconds.
  var wake: Int64? {
    var chooser = self
    _ = chooser.decide()
    return chooser.wakeAt.map { $0.nanoseconds / 1_000_000_000 }
  }
}
