import Configuration
import Failover
import Testing
import Wire

@testable import Assembly

/// What pools of a configuration become for the brain.
struct ChoiceTreeTests {
  private struct Invalid: Error { let problems: String }

  private func plan(_ text: String) throws -> HealthPlan {
    let text = """
      zones: { example.com: { file: f } }
      location-database: l
      endpoints: { a: { address: [10.0.0.1, "2001:db8::1"] }, b: { address: 10.0.0.2 }, c: { address: 10.0.0.3 } }
      defaults: { pool: { check: none } }

      """ + text
    let (configuration, problems) = Configuration.read(Array(text.utf8), file: "alula.yaml")
    guard let configuration else { throw Invalid(problems: "\(problems)") }
    return HealthPlan(configuration) { $0 }
  }

  @Test func clientsTryTheLargerRegionsAroundThem() throws {
    let plan = try plan(
      """
      pools:
        example.com:
          policy: client
          clients:
            - { networks: [10.0.0.0/8], use: a }
            - { networks: [10.1.0.0/16, 192.0.2.0/24], use: b }
            - { countries: [DE, US], use: b }
            - { continents: [EU], use: a }
          default: c
      """)
    guard case .set(let root) = plan.settings.pools[0].choice, case .client(0, let order) = root.policy else {
      throw Invalid(problems: "client")
    }
    let rules = try #require(plan.clientTables.first)
    func names(_ index: Int) -> [String] {
      order[index].map { branch in
        guard case .endpoint(let candidate) = root.branches[branch].choice else { return "?" }
        return plan.settings.endpoints[plan.settings.pools[0].candidates[candidate].endpoint].name
      }
    }
    #expect(names(0) == ["c"])
    #expect(
      rules.networks.map { "\($0.prefix) " + names($0.classIndex).joined() } == [
        "10.0.0.0/8 ac", "10.1.0.0/16 bac", "192.0.2.0/24 bc",
      ])
    #expect(rules.countries.mapValues { names($0).joined() } == ["DE": "bac", "US": "bc"])
    #expect(rules.continents.mapValues { names($0).joined() } == ["EU": "ac"])
    #expect(order.count == 4, "classes that try the same are one")
  }

  @Test func equalRulesAreOneTable() throws {
    let pool = "{ policy: client, default: none, clients: [{ networks: 10.0.0.0/8, use: a }] }"
    let plan = try plan(
      """
      pools:
        example.com: \(pool)
        a.example.com: \(pool)
        b.example.com: { policy: client, default: none, clients: [{ networks: 10.0.0.0/9, use: a }] }
      """)
    #expect(plan.clientTables.count == 2)
    let tables = plan.settings.pools.map { pool in
      guard case .set(let root) = pool.choice, case .client(let table, _) = root.policy else { return -1 }
      return table
    }
    #expect(tables == [0, 0, 1])
  }

  @Test func settingsArriveWhole() throws {
    let plan = try plan(
      """
      pools:
        example.com:
          ttl: { max: 30s, min: 2s }
          failback: { window: "Mon 02:00-04:00" }
          min-healthy: 50%
          all-down: { addresses: [192.0.2.80, "2001:db8::80"] }
          coupling: both
          recovery-time: 10s
          endpoints: [[a, b], heavy]
      groups:
        heavy: { policy: weighted, endpoints: [{ name: c, weight: 7 }] }
      """)
    let pool = plan.settings.pools[0]
    #expect(pool.ttl == Failover.Pool.TTL(minimum: 2, maximum: 30))
    #expect(pool.coupling == .both && pool.recoveryTime == .seconds(10))
    guard case .fixed(let fixed) = pool.allDown else { throw Invalid(problems: "fixed") }
    #expect(fixed.map { "\(plan.addresses[$0])" } == ["192.0.2.80", "2001:db8::80"])
    #expect(plan.addresses.count == plan.settings.members.count)
    #expect(pool.members(plan.settings).allSatisfy { !fixed.contains($0) })
    let tier = Choice.Set(
      id: 1, policy: .all(atMost: nil), [Choice.Branch(.endpoint(0)), Choice.Branch(.endpoint(1))], floor: .share(500))
    let heavy = Choice.Set(id: 2, name: "heavy", policy: .weighted, [Choice.Branch(.endpoint(2), weight: 7)])
    #expect(
      pool.choice
        == .set(
          Choice.Set(
            id: 0, policy: .failover(.window([WeekWindow(start: 7200, length: 7200)])),
            [Choice.Branch(.set(tier)), Choice.Branch(.set(heavy))])))
  }
}
