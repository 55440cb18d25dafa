import Failover
import Testing

@testable import Rehearsal

/// The numbers of `alula check`, worked out by hand.
struct BudgetTests {
  /// Alone they notice within 2.5 s, 16 s and 15 s.
  private static let checks = """
    check a interval 1s timeout 500ms fall 2
    check b interval 5s timeout 1s fall 3
    check c interval 10s fast-interval 1s timeout 1s fall 3

    """

  private func budget(_ lines: String) throws -> Budget {
    Budget(try Site(Self.checks + lines).scene.settings, pool: 0)
  }

  @Test(arguments: [
    ("a", 2500, nil), ("b", 16000, nil), ("c", 15000, nil), ("all(a, b)", 2500, 16000), ("any(a, b)", 16000, nil),
    ("atleast(2, a, b, c)", 15000, 16000), ("atleast(3, a, b, c)", 2500, 16000), ("atleast(1, a, b, c)", 16000, nil),
    ("atleast(2, a 2, b, c)", 15000, 16000), ("atleast(3, a 2, b, c)", 2500, 16000),
    ("atleast(2, a, b, up)", 16000, nil), ("atleast(2, a, b 0, up)", 2500, nil), ("all(a, up)", 2500, nil),
    ("any(a, up)", nil, nil), ("all(a, manual(m))", 2500, nil), ("any(a, manual(m))", nil, nil),
    ("manual(m)", nil, nil),
    ("up", nil, nil), ("not(a)", nil, nil), ("all(a, not(b))", 2500, nil), ("any(a, not(b))", nil, nil),
    ("atleast(2, a, b, not(c))", 16000, nil), ("not(not(a))", 2500, nil), ("not(any(not(a), b))", 2500, nil),
    ("not(all(not(a), not(b)))", 16000, nil), ("any(all(a, b), c)", 15000, 16000),
  ])
  func aConditionTakesAsLongAsTheSlowestOfThoseItNeeds(condition: String, whole: Int?, partial: Int?) throws {
    let budget = try budget(
      """
      endpoint ec2 192.0.2.1 when \(condition)
      endpoint azure 192.0.2.2 check a
      pool ec2 | azure
      """)
    #expect(budget.detection == whole.map { .milliseconds($0) })
    #expect(budget.partial == partial.map { .milliseconds($0) })
    #expect(budget.unchecked == (whole == nil ? ["ec2"] : []))
    #expect(budget.total == whole.map { .milliseconds($0 + 50 + 30_000) })
  }

  @Test(arguments: [
    ("interval 1s timeout 1s fall 1", 2000), ("interval 1s timeout 1s fall 2", 4000),
    ("interval 1s timeout 999ms fall 2", 2999), ("interval 1s timeout 2500ms fall 2", 8500),
    ("interval 1s timeout 500ms fall 2 hold-down 60s flaps 3 forgiven-after 2", 2500),
  ])
  func attemptsNeverOverlap(check: String, milliseconds: Int) throws {
    let settings = try Site("check \(check)\nendpoint ec2 192.0.2.1\nendpoint azure 192.0.2.2\npool ec2 | azure\n")
    #expect(Budget(settings.scene.settings, pool: 0).detection == .milliseconds(milliseconds))
  }

  /// Of two families whose checks notice after 16 s and 2.5 s.
  @Test(arguments: [
    ("independent", "b", "a", 16000), ("both", "b", "a", 2500), ("v6-with-v4", "a", "b", 2500),
    ("v6-with-v4", "b", "a", 16000), ("both", "up", "a", 2500), ("v6-with-v4", "a", "up", 2500),
    ("v6-with-v4", "up", "a", nil), ("independent", "a", "up", nil),
  ])
  func aFamilyGoesWithTheOther(coupling: String, v4: String, v6: String, milliseconds: Int?) throws {
    var settings = FailoverSettings()
    let checks = try Site(Self.checks + "endpoint x 192.0.2.9 when all(a, b)\npool x\n").scene.settings
    settings.probes = checks.probes
    func condition(_ name: String) -> Condition { name == "up" ? .fixed(true) : .probe(name == "a" ? 0 : 1) }
    let ec2 = settings.addEndpoint(
      "ec2",
      [
        Member(family: .v4, address: "192.0.2.1", condition: condition(v4)),
        Member(family: .v6, address: "2001:db8::1", condition: condition(v6)),
      ])
    var pool = Pool(name: "app.example.com", tiers: [[ec2]])
    pool.coupling = coupling == "both" ? .both : coupling == "independent" ? .independent : .v6WithV4
    settings.pools = [pool]
    #expect(Budget(settings, pool: 0).detection == milliseconds.map { .milliseconds($0) })
  }

  /// A canary notices nothing; it must have answered since the first failure: an interval and a timeout later.
  @Test(arguments: [("a", 1500 + 1500), ("b", 16000)])
  func canariesVouchForAVerdict(check: String, milliseconds: Int) throws {
    let budget = try budget(
      """
      canary 2 needed gw1 gw2 gw3
      endpoint ec2 192.0.2.1 check \(check)
      endpoint azure 192.0.2.2 check \(check)
      pool ec2 | azure
      """)
    #expect(budget.detection == .milliseconds(milliseconds))
  }

  @Test func nobodyWaitsForCanariesLongerThanAllowed() throws {
    var settings = try Site("canary gw\nendpoint e 192.0.2.1\npool e\n").scene.settings
    settings.canaries?.longest = .milliseconds(100)
    #expect(Budget(settings, pool: 0).detection == .milliseconds(1000 + 2 * 1000 + 500))
    for probe in settings.probes.indices { settings.probes[probe].fall = 1 }
    #expect(Budget(settings, pool: 0).detection == .milliseconds(1500 + 100))
  }

  @Test(arguments: [
    ("floor(1, all(e1, e2))", []), ("floor(2, all(e1, e2))", ["e1", "e2"]), ("floor(50%, weighted(e1, e2))", []),
    ("floor(60%, weighted(e1, e2))", ["e1", "e2"]),
    ("failover(floor(2, all(e1, e2)), e3)", []), ("floor(2, failover(e1, e2, e3))", []), ("e1 | e2", []), ("e1", []),
  ])
  func aPoolThatOpensKeepsTheDead(pool: String, kept: [String]) throws {
    let budget = try budget(
      "endpoint e1 192.0.2.1 check a\nendpoint e2 192.0.2.2 check a\nendpoint e3 192.0.2.3 check a\npool \(pool)\n")
    #expect(budget.kept == kept)
    #expect((budget.detection == nil) == !kept.isEmpty)
  }

  /// A probe of one target for both sites says nothing of either.
  @Test(arguments: [("192.0.2.2", [0, 1], 16000), ("192.0.2.2", [0], nil), ("192.0.2.1", [0], 2500)])
  func aCommonTargetIsNotTheSite(address: String, probes: [Int], milliseconds: Int?) throws {
    var settings = FailoverSettings()
    settings.probes = try Site(Self.checks + "endpoint x 192.0.2.9 when all(a, b, c)\npool x\n").scene.settings.probes
    let own = [[1], [2]].map { probes.count > 1 ? [0] + $0 : [0] }
    let endpoints = zip(["192.0.2.1", address], own).map { address, probes in
      settings.addEndpoint(address, [Member(family: .v4, address: address, probes: probes)])
    }
    settings.pools = [Pool(name: "app.example.com", tiers: endpoints.map { [$0] })]
    #expect(Budget(settings, pool: 0).detection == milliseconds.map { .milliseconds($0) })
  }
}
