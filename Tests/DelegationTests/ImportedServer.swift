import Configuration
import Delegation
import Diagnostics
import Failover
import JSONFormat
import TestSupport
import Testing
import Wire

@testable import Assembly

/// What an import has made, assembled as `serve` would, with checks that pass and fail as the test says.
struct ImportedServer {
  let folder: Folder
  let assembled: Assembled
  let result: Importer.Result
  private let checks: [String]

  struct Failure: Error { let text: String }

  init(
    _ records: [JSON], checks: [JSON] = [], tags: [String: String] = [:], zone: String = "app.example.com",
    networks: [String: [String: [String]]] = [:], locations: LocationFile? = nil
  ) throws {
    let page = JSON.object(["ResourceRecordSets": .array(records)])
    let hosted = try HostedZone(pages: [("records.json", Array(page.text.utf8))])
    let list = JSON.object(["HealthChecks": .array(checks)])
    let health = try HealthCheckList.read(pages: [("checks.json", Array(list.text.utf8))])
    let server = NameServer(name: try DomainName("ns1.\(zone)."), addresses: [.v4(0x7F00_0001)])
    var importer = Importer(hosted, zone: try DomainName(zone + "."), servers: [server], serial: 1)
    folder = try Folder()
    try folder.write("locations.mmdb", octets: locations?.octets ?? [])
    result = importer.run(
      health, tags: tags, networks: networks, file: "zone", locations: "locations.mmdb", origin: "a test")
    try folder.write("alula.yaml", result.configuration.replacing("state: /var/lib/alula\n", with: ""))
    try folder.write("zone", result.zoneFile)
    var problems = ProblemList()
    let assembled = Assembler.assemble(folder.path("alula.yaml"), at: 0, problems: &problems)
    guard let assembled else { throw Failure(text: "\(problems.listed)\n\(result.configuration)\n\(result.zoneFile)") }
    self.assembled = assembled
    self.checks = health.map(\.id)
  }

  /// - Parameter isUp: whether the probe with these keys succeeds.
  func brain(_ isUp: (String) -> Bool) -> Brain { assembled.brain(isUp) }

  func answers(_ name: DomainName, _ type: String, _ brain: Brain, client: IPAddress) throws -> Route53Model.Answers? {
    try assembled.answers(name, type, brain, client: client)
  }
}

extension Assembled {
  /// - Parameter isUp: whether the probe with these keys succeeds.
  func brain(_ isUp: (String) -> Bool) -> Brain {
    let settings = health.settings
    var brain = Brain(settings)
    let now = Moment(Instant(nanoseconds: 1_000_000_000), wall: 0)
    for (i, probe) in settings.probes.enumerated() {
      let outcome: ProbeOutcome =
        isUp(health.probeNames[i]) ? .success(latency: .milliseconds(5)) : .failure(.network("down"))
      brain.observe(probe: i, outcome: outcome, at: now.instant, next: now.instant + probe.interval)
    }
    brain.endFirstRound()
    _ = brain.evaluate(at: now)
    return brain
  }

  /// How likely each answer is for a client; nil: no pool answers at the name.
  func answers(_ name: DomainName, _ type: String, _ brain: Brain, client: IPAddress) throws -> Route53Model.Answers? {
    let pools = configuration.pools
    guard let index = pools.firstIndex(where: { pool in pool.owners.contains { $0.value == name } }) else { return nil }
    let answer = try #require(brain.answers[index])
    let plan = (type == "A" ? answer.v4 : answer.v6).plan
    let classes = classes(of: client)
    func walk(_ node: Int) -> Route53Model.Answers {
      switch plan.nodes[node] {
      case .addresses(let members, _): return [Set(members.map { "\(health.addresses[$0])" }): 1]
      case .weighted(let odds), .sticky(let odds):
        let total = Double(odds.reduce(0) { $0 + $1.weight })
        return odds.reduce(into: [:]) { result, part in
          for (answer, share) in walk(part.node) { result[answer, default: 0] += share * Double(part.weight) / total }
        }
      case .client(let table, let nodes): return walk(nodes[classes[table] ?? 0])
      case .nothing, .failure: return [[]: 1]
      }
    }
    return walk(0)
  }
}
