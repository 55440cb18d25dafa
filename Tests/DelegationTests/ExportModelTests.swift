import Assembly
import Delegation
import Diagnostics
import JSONFormat
import TestSupport
import Testing
import Wire

/// Random configurations of what Route 53 knows, exported: what Route 53 answers by its rules is what Alula answers,
/// for every combination of health and for clients in several places; and import makes the same of it once more.
@Suite struct ExportModelTests {
  /// Checks, endpoints and groups, written as in a configuration.
  struct Maker {
    var random: Random
    var endpoints: [String] = []
    var groups: [String] = []
    private var next = 0

    init(seed: UInt64) { random = Random(seed: seed) }

    static let probes = 4
    /// Probed at 203.0.113.1 and following.
    static var checks: String {
      (1...probes).map { i in
        i == 3
          ? "  c3: { type: tcp, address: 203.0.113.3, port: 25, interval: 30s, timeout: 10s, rise: 2, fall: 2 }"
          : "  c\(i): { type: http, address: 203.0.113.\(i), host: a.example, port: 80, interval: 10s, connect-timeout: 4s, first-byte-timeout: 2s, timeout: 6s, rise: 3, fall: 3 }"
      }.joined(separator: "\n") + """

          not: { type: https, address: 203.0.113.1, host: "b.example:8443", port: 8443, body: well, verify: false, interval: 10s, connect-timeout: 4s, first-byte-timeout: 2s, timeout: 8s, rise: 3, fall: 3, inverted: true }
          some: { type: calculated, of: [c1, c2, c3], at-least: 2 }
          few: { type: calculated, of: [c1, c4], at-least: 1, inverted: true }
          off: { type: tcp, address: 203.0.113.4, port: 1, disabled: true }

        """
    }

    mutating func endpoint() -> String {
      next += 1
      let name = "e\(next)"
      let addresses = ["192.0.2.\(next)"] + (random.chance(percent: 20) ? ["192.0.3.\(next)"] : [])
      let check = random.pick(["none", "c1", "c2", "c3", "c4", "c1", "c2", "[c1, c2]", "not", "some", "few", "off"])
      endpoints.append("  \(name): { address: [\(addresses.joined(separator: ", "))], check: \(check) }")
      return name
    }

    mutating func item(_ depth: Int, byClient: Bool) -> String {
      guard depth > 0, random.chance(percent: 45) else { return endpoint() }
      next += 1
      let name = "g\(next)"
      groups.append("  \(name): " + choice(depth - 1, byClient: byClient))
      return name
    }

    /// The keys of a pool or group.
    mutating func choice(_ depth: Int, byClient: Bool = true) -> String {
      switch random.pick(byClient ? ["failover", "weighted", "all-healthy", "client"] : ["failover", "weighted"]) {
      case "weighted":
        let items = (0..<random.within(2...3)).map { _ in
          "{ name: \(item(depth, byClient: false)), weight: \(random.pick([0, 1, 3, 200])) }"
        }
        return "{ policy: weighted, endpoints: [\(items.joined(separator: ", "))] }"
      case "all-healthy":
        let items = (0..<random.within(1...3)).map { _ in endpoint() }
        return "{ policy: all-healthy, endpoints: [\(items.joined(separator: ", "))] }"
      case "client":
        var rules = ["{ countries: [DE, AT], use: \(item(depth, byClient: false)) }"]
        if random.chance(percent: 60) { rules.append("{ continents: [EU], use: \(item(depth, byClient: false)) }") }
        if random.chance(percent: 30) {
          rules = ["{ networks: [10.1.0.0/16], use: \(item(depth, byClient: false)) }"]
          if random.chance(percent: 60) {
            rules.append("{ networks: [10.0.0.0/8], use: \(item(depth, byClient: false)) }")
          }
        }
        let other = item(depth, byClient: false)
        return "{ policy: client, clients: [\(rules.joined(separator: ", "))], default: \(other) }"
      default:
        var items = (0..<random.within(1...3)).map { _ in item(depth, byClient: byClient) }
        if random.chance(percent: 25) { items.append("[\(endpoint()), \(endpoint())]") }
        return "{ policy: failover, endpoints: [\(items.joined(separator: ", "))] }"
      }
    }
  }

  private static func assemble(_ seed: UInt64, _ folder: Folder) throws -> (Assembled, String) {
    var maker = Maker(seed: seed)
    let pool = maker.choice(2)
    var text = "zones: { app.example.com: { file: zone } }\nlocation-database: locations.mmdb\nchecks:\n" + Maker.checks
    text += "endpoints:\n" + maker.endpoints.joined(separator: "\n") + "\n"
    if !maker.groups.isEmpty { text += "groups:\n" + maker.groups.joined(separator: "\n") + "\n" }
    text += "pools:\n  www.app.example.com: " + pool.replacing("{ policy", with: "{ ttl: 30s, policy") + "\n"
    try folder.write("locations.mmdb", octets: ImportModelTests.locations.octets)
    try folder.write("zone", "$TTL 60\n@ SOA ns1 h 1 2 3 4 60\n@ NS ns1\nns1 A 127.0.0.1\n")
    try folder.write("alula.yaml", text)
    var problems = ProblemList()
    let assembled = Assembler.assemble(folder.path("alula.yaml"), at: 0, problems: &problems)
    return (try #require(assembled, "\(problems.listed)\n\(text)"), text)
  }

  /// As Route 53 has them when the probed addresses are up that `health` has a bit for.
  private static func isHealthy(_ config: JSON, _ configs: [String: JSON], _ health: Int) -> Bool {
    var result = true
    if config["Disabled"] == .bool(true) {
    } else if case .array(let children) = config["ChildHealthChecks"] ?? .null {
      let up = children.count { child in
        configs[child.string ?? ""].map { isHealthy($0, configs, health) } ?? false
      }
      if case .number(let least) = config["HealthThreshold"] ?? .null { result = up >= Int(least) ?? 0 }
    } else if let last = config["IPAddress"]?.string?.split(separator: ".").last.flatMap({ Int($0) }) {
      result = health >> (last - 1) & 1 == 1
    }
    return config["Inverted"] == .bool(true) ? !result : result
  }

  @Test(arguments: 1...150 as ClosedRange<UInt64>)
  func answersAreThoseOfTheConfiguration(seed: UInt64) throws {
    let folder = try Folder()
    let (assembled, text) = try Self.assemble(seed, folder)
    let exported = try ExportTests.Exported(assembled)
    #expect(exported.result.report.gaps.filter { !$0.text.contains("beside others") }.isEmpty)
    let configs = Dictionary(uniqueKeysWithValues: exported.result.checks.map { ("check:\($0.name)", $0.config) })
    let networks = Dictionary(uniqueKeysWithValues: exported.result.locations)
    let imported = try Self.imported(exported)
    #expect(imported.result.report.gaps.isEmpty, "\(imported.result.report.text)")
    let owner = try DomainName("www.app.example.com.")
    for health in 0..<(1 << Maker.probes) {
      func isUp(_ probe: String) -> Bool {
        !(1...Maker.probes).contains { probe.contains("203.0.113.\($0):") && health >> ($0 - 1) & 1 == 0 }
      }
      let (ours, again) = (assembled.brain(isUp), imported.brain(isUp))
      for place in ImportModelTests.places {
        let client = try #require(IPAddress(place.client))
        let locations = exported.result.locations.compactMap { location -> (String, Int)? in
          location.networks.compactMap { IPPrefix($0) }.filter { $0.contains(client) }.map(\.length).max()
            .map { (location.name, $0) }
        }
        let model = Route53Model(
          records: exported.sets, healthy: configs.mapValues { Self.isHealthy($0, configs, health) },
          regions: place.regions, locations: locations.sorted { $0.1 > $1.1 }.map(\.0))
        let wanted = try #require(try assembled.answers(owner, "A", ours, client: client))
        let theirs = model.answers(owner, "A")
        let back = try imported.answers(owner, "A", again, client: client)
        // Which the report says.
        let mayDiffer = exported.result.report.notes.contains { $0.text.contains("inner choice by client") }
        guard Self.isSame(wanted, theirs) || mayDiffer, back.map({ Self.isSame(theirs, $0) }) ?? true else {
          Issue.record(
            "seed \(seed), \(place.client), up \(health): \(wanted), Route 53 \(theirs), imported \(back ?? [:])\n\(JSON.array(exported.result.records).prettyText)\n\(text)\n\(imported.result.configuration)"
          )
          return
        }
      }
    }
    try Self.isTheSameOnceMore(exported, imported, networks)
  }

  /// With the names of checks that `--apply` gives them as tags.
  private static func imported(_ exported: ExportTests.Exported) throws -> ImportedServer {
    let result = exported.result
    return try ImportedServer(
      result.records,
      checks: result.checks.map { .object(["Id": .string("check:\($0.name)"), "HealthCheckConfig": $0.config]) },
      tags: Dictionary(uniqueKeysWithValues: result.checks.map { ("check:\($0.name)", $0.name) }),
      networks: [Exporter.collection: Dictionary(uniqueKeysWithValues: result.locations)],
      locations: ImportModelTests.locations)
  }

  private static func isSame(_ a: Route53Model.Answers, _ b: Route53Model.Answers) -> Bool {
    let (a, b) = (a.filter { $0.value > 1e-9 }, b.filter { $0.value > 1e-9 })
    return Set(a.keys) == Set(b.keys) && a.allSatisfy { abs($1 - (b[$0] ?? 0)) < 1e-6 }
  }

  /// Exported once more it differs in nothing; and the batches are such as Route 53 takes.
  private static func isTheSameOnceMore(
    _ exported: ExportTests.Exported, _ imported: ImportedServer, _ networks: [String: [String]]
  ) throws {
    let again = try ExportTests.Exported(imported.assembled)
    let diff = ZoneDiff(
      try DomainName("app.example.com."), theirs: exported.sets, exported.configs, ours: again.sets, again.configs,
      theirNetworks: [Exporter.collection: networks],
      ourNetworks: [Exporter.collection: Dictionary(uniqueKeysWithValues: again.result.locations)])
    #expect(diff.lines.isEmpty, "\(diff.text)\n\(imported.result.configuration)")
    let once = try Self.imported(again)
    #expect(once.result.zoneFile == imported.result.zoneFile)
    #expect(once.result.configuration == imported.result.configuration)
    let batches = Batches.split(exported.result.records, comment: "x")
    #expect(batches.allSatisfy { $0.fits })
    var made: Set<String> = []
    for change in batches.flatMap(\.changes) {
      let set = try RecordSet(Shape(change.record, "set"))
      let key = "\(set.name) \(set.type)"
      #expect(made.insert("\(key) \(set.setIdentifier ?? "")").inserted, "two of \(set.title)")
      if let alias = set.alias { #expect(made.contains { $0.hasPrefix("\(alias.target) \(set.type) ") }) }
      if case .failover(true) = set.routing { #expect(set.alias != nil || set.healthCheck != nil) }
    }
  }
}
