import Configuration
import Diagnostics
import Testing
import Wire

/// What was expected is something else.
private struct Other: Error {
  let expected: String

  init(_ expected: String) { self.expected = expected }
}

@Suite struct PolicyTests {
  /// Line 7 holds a pool with these keys.
  private static func pool(_ keys: String, _ rest: String = "") -> String {
    zone + BadInputTests.poolBase + "  example.com: { check: site, \(keys) }\n\(rest)"
  }

  private func one(_ keys: String, _ rest: String = "") throws -> Configuration.Pool {
    try #require(try valid(Self.pool(keys, rest)).pools.first)
  }

  @Test func policiesHaveTheirKeys() throws {
    guard case .all(atMost: 8) = try one("policy: all-healthy, endpoints: [ec2, azure]").choice.policy else {
      throw Other("at most 8 by default")
    }
    guard case .all(atMost: 3) = try one("policy: all-healthy, max-answers: 3, endpoints: ec2").choice.policy else {
      throw Other("at most 3")
    }
    guard case .fastest(20, .seconds(30)) = try one("policy: fastest, endpoints: [ec2]").choice.policy else {
      throw Other("a fifth for half a minute by default")
    }
    guard
      case .fastest(5, .seconds(60)) = try one("policy: fastest, margin: 5%, for: 1m, endpoints: [ec2]").choice.policy
    else {
      throw Other("5 % for 1 minute")
    }
    let weighted = try one("policy: weighted, endpoints: [{ name: ec2, weight: 0 }, { name: azure, weight: 1048575 }]")
    #expect(weighted.choice.branches.map(\.weight) == [0, 1_048_575])
    guard case .weighted = weighted.choice.policy else { throw Other("weighted") }
    guard case .sticky = try one("policy: sticky, endpoints: [ec2]").choice.policy else {
      throw Other("sticky")
    }
  }

  @Test(arguments: [
    ("immediate", "immediate"), ("manual", "manual"), ("{ after: 5m }", "after(300.0 seconds)"),
    ("{ ramp: 10m }", "ramp(600.0 seconds)"),
    ("{ window: \"Tue 02:00-04:00\" }", "window([(93600, 7200)])"),
    ("{ window: [\"Sun 23:30-00:30\", \"Fri-Sat 00:00-24:00\"] }", "window([(602_400+600, 3600)])"),
  ])
  func failbacks(text: String, expected: String) throws {
    guard case .failover(let failback) = try one("failback: \(text), endpoints: [ec2, azure]").choice.policy else {
      throw Other("failover")
    }
    switch failback {
    case .window(let windows) where windows.count == 1:
      #expect("window([(\(windows[0].start), \(windows[0].length))])" == expected)
    case .window(let windows):
      #expect(windows.map(\.start) == [6 * 86400 + 84600, 4 * 86400, 5 * 86400])
      #expect(windows.map(\.length) == [3600, 86400, 86400])
    default: #expect("\(failback)" == expected)
    }
  }

  @Test func dailyWindowsAndFloors() throws {
    let pool = try one(
      "failback: { window: \"02:00-04:00\" }, min-healthy: 50%, coupling: v6-with-v4, recovery-time: 10s, "
        + "all-down: { addresses: [192.0.2.80, \"2001:db8::80\"] }, endpoints: [[ec2, azure], { name: x, address: 10.0.0.1 }]"
    )
    guard case .failover(.window(let windows)) = pool.choice.policy else { throw Other("a window") }
    #expect(windows.count == 7 && windows.allSatisfy { $0.length == 7200 })
    guard case .group(let tier) = pool.choice.branches[0].target, case .percent(50)? = tier.floor else {
      throw Other("the tier has the floor")
    }
    #expect(pool.choice.floor == nil)
    guard case .v6WithV4 = pool.coupling, case .addresses(let fixed) = pool.allDown else { throw Other("both") }
    #expect(fixed.map(\.value.description) == ["192.0.2.80", "2001:db8::80"])
    #expect(pool.recoveryTime?.value == .seconds(10))
    let all = try one("policy: all-healthy, min-healthy: 2, endpoints: [ec2, azure]")
    guard case .count(2)? = all.choice.floor else { throw Other("the pool has the floor") }
  }

  @Test func groupsNest() throws {
    let pool = try one(
      "endpoints: [eu, { name: us, weight: 3 }, ec2]",
      """
      groups:
        eu: { policy: weighted, endpoints: [ec2, azure] }
        us: { policy: all-healthy, check: none, endpoints: [{ name: iad, address: 10.0.0.1 }, deeper] }
        deeper: { endpoints: [azure, ec2] }
      """)
    #expect(pool.members.map(\.name.value) == ["ec2", "azure", "iad", "azure", "ec2"])
    #expect(pool.members.map(\.checks.count) == [1, 1, 0, 0, 0])
    #expect(pool.tiers.map { $0.map(\.name.value) } == [["ec2", "azure"], ["iad", "azure", "ec2"], ["ec2"]])
    guard case .group(let us) = pool.choice.branches[1].target, case .member(0) = pool.choice.branches[2].target else {
      throw Other("a group, and the same member again")
    }
    #expect(us.name == "us" && pool.choice.branches[1].weight == 3)
  }

  @Test func clientsHaveRules() throws {
    let pool = try one(
      """
      policy: client, default: azure, clients: [{ networks: [10.0.0.0/8, "2001:db8::/32"], use: ec2 }, \
      { countries: [de, NO], continents: SA, use: azure }, { networks: 192.0.2.1, use: ec2 }]
      """, "location-database: f")
    guard case .client(let clients) = pool.choice.policy else { throw Other("client") }
    #expect(clients.rules.map(\.branch) == [0, 1, 0] && clients.other == 1)
    #expect(clients.rules[0].networks.map(\.description) == ["10.0.0.0/8", "2001:db8::/32"])
    #expect(clients.rules[1].countries == ["DE", "NO"] && clients.rules[1].continents == ["SA"])
    let none = try one("policy: client-network, default: none, clients: [{ networks: 10.0.0.0/8, use: ec2 }]")
    guard case .client(let clients) = none.choice.policy else { throw Other("a synonym") }
    #expect(clients.other == nil)
  }

  @Test func defaultsGoToThePoolsThatTheyFit() throws {
    let pools = try valid(
      Self.pool("policy: weighted, endpoints: [ec2]", "  a.example.com: { check: site, endpoints: [ec2, azure] }\n")
        + "defaults: { pool: { failback: manual, all-down: servfail, coupling: both } }"
    ).pools
    guard case .weighted = pools[0].choice.policy, case .failover(.manual) = pools[1].choice.policy else {
      throw Other("failback is for failover alone")
    }
    guard case .serverFailure = pools[0].allDown, case .both = pools[1].coupling else { throw Other("both") }
  }

  @Test func theServerMayLookAtClientSubnets() throws {
    #expect(try valid(zone).server.clientSubnet == false)
    #expect(try valid(zone + "server: { client-subnet: on }").server.clientSubnet)
  }

  @Test func unusedGroupsAndIdleFloorsAreNoticed() {
    let problems = read(
      Self.pool("min-healthy: 2, endpoints: [ec2, azure]", "groups: { g: { check: site, endpoints: [ec2] } }")
    ).problems
    #expect(
      problems.map { "\($0.severity) \($0.position?.line ?? 0):\($0.position?.column ?? 0)" } == [
        "note 2:33", "warning 7:44", "note 8:11",
      ])
  }

  @Test(arguments: [
    Bad("policy: weighted, failback: manual, endpoints: [ec2]", 7, 59, "is for the policy `failover`"),
    Bad("max-answers: 3, endpoints: [ec2]", 7, 44, "is for the policy `all-healthy`"),
    Bad("policy: all-healthy, max-answers: 0, endpoints: [ec2]", 7, 65, "from 1 to 64"),
    Bad(
      "policy: client, endpoints: [ec2], clients: [{ networks: 10.0.0.0/8, use: ec2 }], default: none", 7, 58,
      "has no `endpoints`"),
    Bad("policy: client, default: none", 7, 3, "needs `clients`"),
    Bad("policy: client, clients: [{ networks: 10.0.0.0/8, use: ec2 }]", 7, 3, "add `default: none`"),
    Bad(
      "policy: client, clients: [{ use: ec2 }], default: none", 7, 57, "needs `networks`, `countries` or `continents`"),
    Bad("policy: client, clients: [{ networks: 10.0.0.1/8, use: ec2 }], default: none", 7, 69, "10.0.0.0/8"),
    Bad("policy: client, clients: [{ networks: 10.0.0.0/8 }], default: none", 7, 57, "add `use: ENDPOINT`"),
    Bad(
      "policy: client, clients: [{ countries: DE, use: ec2 }], default: none", 7, 70, "add `location-database: FILE`"),
    Bad(
      "policy: client, clients: [{ networks: [10.0.0.0/8, 10.0.0.0/8], use: ec2 }], default: none", 7, 82, "here twice"),
    Bad("failback: soon, endpoints: [ec2]", 7, 41, "`immediate`, `manual` or one of { after: 5m }"),
    Bad("failback: { after: 5 }, endpoints: [ec2]", 7, 50, "add a unit"),
    Bad("failback: { after: 5m, ramp: 5m }, endpoints: [ec2]", 7, 41, "one of `after`, `window` and `ramp`"),
    Bad("failback: { window: \"Mon-Fri\" }, endpoints: [ec2]", 7, 51, "such as \"Mon-Fri 02:00-04:00\""),
    Bad("failback: { window: [\"Noday 02:00-04:00\"] }, endpoints: [ec2]", 7, 52, "times of the week in UTC"),
    Bad("failback: { window: \"02:00-02:00\" }, endpoints: [ec2]", 7, 51, "times of the week"),
    Bad("failback: { window: \"Mon 2:00-04:00\" }, endpoints: [ec2]", 7, 51, "times of the week"),
    Bad("failback: { window: \"Mon 02:00-24:01\" }, endpoints: [ec2]", 7, 51, "times of the week"),
    Bad("min-healthy: 0, endpoints: [[ec2]]", 7, 44, "`50%` or a whole number"),
    Bad("min-healthy: 120%, endpoints: [[ec2]]", 7, 44, "a share from 1% to 100%"),
    Bad("all-down: open, endpoints: [ec2]", 7, 41, "or { addresses: [ADDRESS] }"),
    Bad("all-down: {}, endpoints: [ec2]", 7, 41, "add `addresses: [192.0.2.80]`"),
    Bad("all-down: { addresses: [0.0.0.0] }, endpoints: [ec2]", 7, 55, "stands for every address"),
    Bad("coupling: tight, endpoints: [ec2]", 7, 41, "`independent`, `both` or `v6-with-v4`"),
    Bad("recovery-time: 10, endpoints: [ec2]", 7, 46, "add a unit"),
    Bad("policy: weighted, endpoints: [[ec2, azure]]", 7, 61, "only the policy `failover` has tiers"),
    Bad("policy: fastest, margin: 20, endpoints: [ec2]", 7, 56, "a share from 0% to 100%"),
  ])
  func inPolicies(_ bad: Bad) { expect(bad, Self.pool(bad.text)) }

  @Test(arguments: [
    Bad("g: { endpoints: [h] }, h: { endpoints: [g] }", 8, 51, "loop: `g` → `h` → `g`"),
    Bad("g: { endpoints: [g] }", 8, 28, "loop: `g` → `g`"),
    Bad("g: { endpoints: [h] }, h: { endpoints: [i] }, i: { endpoints: [h] }", 8, 74, "loop: `h` → `i` → `h`"),
    Bad("g: { endpoints: [h] }", 8, 28, "there is no endpoint `h`"),
    Bad("g: { ttl: 5s, endpoints: [ec2] }", 8, 16, "a group has no key `ttl`"),
    Bad("g: { endpoints: [{ name: h, port: 81 }] }, h: { endpoints: ec2 }", 8, 36, "it can have a `weight` here"),
    Bad(
      "g: { policy: weighted, endpoints: [ec2] }, h: { policy: all-healthy, endpoints: [azure, g] }", 8, 91,
      "chooses anew"),
    Bad("g: { endpoints: [[azure, h]] }, h: { policy: sticky, endpoints: [ec2] }", 8, 28, "part of a tier"),
    Bad("g: { endpoints: [h, h] }, h: { endpoints: [ec2] }", 8, 31, "the group `h` is in this pool twice"),
    Bad("g: { endpoints: [ec2] }, azure: { endpoints: [ec2] }", 8, 36, "is an endpoint already"),
  ])
  func inGroups(_ bad: Bad) { expect(bad, Self.pool("endpoints: [g]", "groups: { \(bad.text) }")) }

  @Test func groupsThatMultiplyAreRefused() {
    let groups = (0..<14).map {
      "g\($0): { endpoints: [a\($0), b\($0)] }, "
        + "a\($0): { endpoints: [g\($0 + 1)] }, b\($0): { endpoints: [g\($0 + 1)] }"
    }
    let text = Self.pool(
      "endpoints: [g0]", "groups: { \(groups.joined(separator: ", ")), g14: { endpoints: [ec2] } }")
    let errors = read(text).problems.filter { $0.severity == .error }
    #expect(errors.contains { $0.message.contains("more than 16 deep") || $0.message.contains("too many") })
  }

  private func expect(_ bad: Bad, _ text: String) {
    let (configuration, problems) = read(text)
    let errors = problems.filter { $0.severity == .error }
    #expect(configuration == nil)
    #expect(errors.count == 1, "\(errors)")
    #expect(errors.first?.position == Position(file: "alula.yaml", line: bad.line, column: bad.column), "\(errors)")
    #expect(errors.first?.message.contains(bad.says) == true, "\(errors)")
  }
}
