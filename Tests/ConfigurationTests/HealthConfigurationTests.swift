import Configuration
import Diagnostics
import Testing

struct HealthConfigurationTests {
  private func configuration(_ checks: String, _ use: String = "a", top: String = "") throws -> Configuration {
    try valid(
      """
      zones: { example.com: { file: f } }
      checks: { \(checks) }
      endpoints: { e: { address: [192.0.2.1, 192.0.2.2], check: \(use) }, gate: { address: 192.0.2.9, check: a } }
      pools: { www.example.com: { endpoints: [e] } }
      \(top)
      """)
  }

  @Test func readsJudgement() throws {
    let check = try configuration(
      "a: { type: tcp, port: 1, counting: interleaved, forgive-after: 4, hold-down: 30s, flap: { turns: 4, within: 1m, hold: 2m, longest: 1h } }"
    ).checks[0].judgement
    #expect(check.forgiveAfter == 4 && check.holdDown == .seconds(30))
    let flap = try #require(check.flap)
    #expect(
      flap.turns == 4 && flap.within == .seconds(60) && flap.hold == .seconds(120) && flap.longest == .seconds(3600))
    let plain = try configuration("a: { type: tcp, port: 1 }").checks[0].judgement
    #expect(plain.forgiveAfter == nil && plain.flap == nil && plain.holdDown == .zero)
    #expect(
      try configuration("a: { type: tcp, port: 1, counting: interleaved }").checks[0].judgement.forgiveAfter == 10)
    #expect(try configuration("a: { type: tcp, port: 1, flap: {} }").checks[0].judgement.flap?.turns == 3)
  }

  @Test func conditionsAreResolved() throws {
    let configuration = try configuration(
      "a: { type: tcp, port: 1 }, b: { type: tcp, port: 2, inverted: true }, c: { type: manual }, d: { type: tcp, port: 4, disabled: true }, all: { type: calculated, of: [a, { check: b, weight: 2 }, c, d, { check: inner }], at-least: 3 }, inner: { type: calculated, of: [a, c] }",
      "all")
    let member = configuration.pools[0].tiers[0][0]
    #expect(member.checks.map(\.port) == [1, 2, 1])
    guard case .atLeast(3, let parts) = member.conditions[0] else { return #expect(Bool(false)) }
    #expect(parts.map(\.weight) == [1, 2, 1, 1, 1])
    guard case .not(.probe) = parts[1].condition, case .manual("c") = parts[2].condition,
      case .fixed(true) = parts[3].condition, case .atLeast(2, _) = parts[4].condition
    else { return #expect(Bool(false)) }
  }

  @Test func readsLimits() throws {
    let configuration = try configuration(
      "a: { type: tcp, port: 1 }",
      top:
        "blast-radius: { at-most: 2 }\ncanaries: { endpoints: [gate, { name: x, address: 192.0.2.8, check: a }], needed: 2 }"
    )
    let radius = try #require(configuration.blastRadius)
    #expect(radius.within == .seconds(60))
    guard case .members(2) = radius.limit else { return #expect(Bool(false)) }
    let canaries = try #require(configuration.canaries)
    #expect(canaries.endpoints.map(\.name.value) == ["gate", "x"] && canaries.needed == 2)
    #expect(canaries.longest == .seconds(600))
    guard
      case .percent(100)? = try self.configuration(
        "a: { type: tcp, port: 1 }", top: "blast-radius: { at-most: 100%, within: 5m }"
      ).blastRadius?.limit
    else { return #expect(Bool(false)) }
    #expect(try self.configuration("a: { type: tcp, port: 1 }", top: "blast-radius: off").blastRadius == nil)
  }

  @Test(arguments: [
    ("a: { type: tcp, port: 1, forgive-after: 2 }", "a", "", "belongs to `counting: interleaved`"),
    ("a: { type: tcp, port: 1, flap: { hold: 2h, longest: 1h } }", "a", "", "`longest` is shorter than `hold`"),
    ("a: { type: tcp, port: 1, of: [a] }", "a", "", "`of` belongs to a check of type calculated"),
    ("a: { type: calculated }", "a", "", "a calculated check needs `of`"),
    ("a: { type: calculated, of: [b] }", "a", "", "there is no check `b`"),
    (
      "a: { type: calculated, of: [b] }, b: { type: calculated, of: [a, c] }, c: { type: manual }", "c", "",
      "asks itself, by way of"
    ),
    ("a: { type: calculated, of: [c], at-least: 2 }, c: { type: manual }", "a", "", "it could never pass"),
    ("a: { type: manual, port: 3 }", "a", "", "`port` belongs to a check of type tcp"),
    ("a: { type: tcp, port: 1 }", "a", "blast-radius: { at-most: 1 }", "the endpoint `e` alone has 2"),
    ("a: { type: tcp, port: 1 }", "a", "blast-radius: { at-most: 5% }", "it could not fail over"),
    ("a: { type: tcp, port: 1 }", "a", "blast-radius: { at-most: 0 }", "a number of addresses"),
    ("a: { type: tcp, port: 1 }", "a", "blast-radius: { within: 1m }", "needs `at-most`"),
    ("a: { type: tcp, port: 1 }", "a", "canaries: { endpoints: [gate], needed: 2 }", "there are only 1 canaries"),
    ("a: { type: manual }", "a", "canaries: { endpoints: [gate] }", "the canary `gate` needs a check"),
    ("a: { type: tcp, port: 1 }", "a", "canaries: { endpoints: [nobody] }", "there is no endpoint `nobody`"),
  ])
  func refuses(checks: String, use: String, top: String, says: String) {
    let problems = read(
      """
      zones: { example.com: { file: f } }
      checks: { \(checks) }
      endpoints: { e: { address: [192.0.2.1, 192.0.2.2], check: \(use) }, gate: { address: 192.0.2.9, check: a } }
      pools: { www.example.com: { endpoints: [e] } }
      \(top)
      """
    ).problems.filter { $0.severity == .error }
    #expect(problems.contains { $0.message.contains(says) }, "\(problems)")
  }
}
