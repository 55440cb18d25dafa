import Assembly
import Configuration
import Delegation
import Diagnostics
import JSONFormat
import Memory
import TestSupport
import Testing
import Wire
import Zone

@Suite struct ExportTests {
  /// A configuration's record sets and health checks.
  struct Exported {
    let result: Exporter.Result
    let sets: [RecordSet]
    var configs: [String: JSON] { Dictionary(result.checks.map { ($0.name, $0.config) }) { first, _ in first } }

    init(_ assembled: Assembled) throws {
      let zone = try #require(assembled.zones.first)
      var exporter = Exporter(zone: zone.zone.value.apex, zoneID: "Z1")
      result = exporter.run(assembled.configuration, zone)
      sets = try result.records.map { try RecordSet(Shape($0, "export")) }
    }
  }

  private func assembled(_ text: String) throws -> (Assembled, Folder) {
    let folder = try Folder()
    try folder.write("zone", "$TTL 60\n@ SOA ns1 h 1 2 3 4 60\n@ NS ns1\nns1 A 192.0.2.53\n*.w TXT \"a;b\\233\"\n")
    try folder.write("alula.yaml", "zones: { app.example.com: { file: zone } }\n" + text)
    var problems = ProblemList()
    let assembled = Assembler.assemble(folder.path("alula.yaml"), at: 0, problems: &problems)
    return (try #require(assembled, "\(problems.listed)"), folder)
  }

  private static let checks = """
    checks:
      web: { type: http, address: 203.0.113.1, port: 80, host: a.example, path: /up, interval: 10s, timeout: 5s, rise: 3, fall: 3 }
      tls: { type: https, port: 8443, host: "b.example:8443", verify: false, body: well, interval: 30s, timeout: 5s, rise: 2, fall: 2 }
      both: { type: calculated, of: [web, tls], at-least: 1 }
      script: { type: command, command: [/bin/true] }
    endpoints:
      a: { address: 192.0.2.1, check: web }
      b: { address: [192.0.2.2, 192.0.2.3], check: tls }
      c: { address: 192.0.2.4, check: none }
      d: { address: 192.0.2.5, check: both }
      e: { address: 192.0.2.6, check: script }

    """

  @Test func aPairAndWhatItNeeds() throws {
    let (assembled, folder) = try assembled(Self.checks + "pools: { app.example.com: { ttl: 30s, endpoints: [a, c] } }")
    let exported = try Exported(assembled)
    let pair = exported.sets.filter { $0.type == "A" && $0.name.shortText == "app.example.com" }
    #expect(pair.map(\.routing) == [.failover(isPrimary: true), .failover(isPrimary: false)])
    #expect(pair[0].healthCheck == "check:web" && pair[1].healthCheck == nil && pair[0].ttl == 30)
    let config = try #require(exported.configs["web"])
    #expect(config["IPAddress"] == "203.0.113.1" && config["FullyQualifiedDomainName"] == "a.example")
    #expect(config["FailureThreshold"] == .integer(3) && config["RequestInterval"] == .integer(10))
    #expect(exported.result.report.gaps.isEmpty, "\(exported.result.report.text)")
    let text = try #require(exported.sets.first { $0.type == "TXT" })
    #expect(text.json["Name"] == "\\052.w.app.example.com." && text.values == ["\"a;b\\351\""])
    #expect(!exported.sets.contains { $0.type == "SOA" || $0.type == "NS" })
    withExtendedLifetime(folder) {}
  }

  @Test func addressesThatAreProbedOneByOneAreAGroup() throws {
    let (assembled, folder) = try assembled(Self.checks + "pools: { app.example.com: { endpoints: [b, d, c] } }")
    let exported = try Exported(assembled)
    let group = exported.sets.filter { $0.name.shortText.hasPrefix("alula-group-1.") }
    #expect(group.map(\.routing) == [.multivalue, .multivalue] && Set(group.map(\.healthCheck)).count == 2)
    let primary = try #require(exported.sets.first { $0.routing == .failover(isPrimary: true) && $0.alias != nil })
    #expect(primary.alias?.target == group[0].name && primary.alias?.evaluatesHealth == true)
    let calculated = try #require(exported.configs.first { $0.value["Type"] == "CALCULATED" }?.value)
    #expect(calculated["HealthThreshold"] == .integer(1))
    // What aliases lead to is made before them, in the one batch or an earlier one.
    let order = Batches.split(exported.result.records, comment: "x").flatMap(\.changes).map {
      $0.record["Name"]?.string ?? ""
    }
    for set in exported.sets {
      guard let target = set.alias?.target else { continue }
      let (from, to) = (
        order.firstIndex(of: Route53Name.text(set.name)), order.firstIndex(of: Route53Name.text(target))
      )
      #expect(try #require(to) < #require(from))
    }
    withExtendedLifetime(folder) {}
  }

  @Test func whatRoute53DoesNotKnowIsListed() throws {
    let (assembled, folder) = try assembled(
      Self.checks + """
        pools:
          app.example.com: { policy: client, clients: [{ networks: [10.0.0.0/25], use: a }], default: c }
          x.app.example.com: { endpoints: [e, c], ttl: { max: 30s, min: 5s }, failback: manual, all-down: nodata }
          y.app.example.com: { policy: fastest, endpoints: [a, c] }
        """)
    let report = try Exported(assembled).result.report
    #expect(report.gaps.map(\.subject) == ["app.example.com A", "check script"], "\(report.text)")
    #expect(report.gaps.first?.text.contains("smaller than a /24") == true)
    for text in ["`failback`", "`all-down`", "TTLs are fixed", "`fastest`"] {
      #expect(report.notes.contains { $0.text.contains(text) }, "\(text): \(report.text)")
    }
    withExtendedLifetime(folder) {}
  }

  @Test func batchesKeepTheLimitsAndSetsTogether() {
    let records = (0..<700).flatMap { i in
      (0..<2).map {
        ImportTests.set(
          "n\(i).app.example.com.", "A", ["192.0.2.\($0)"], ImportTests.id("\($0)", ["Weight": .integer(1)]))
      }
    }
    let batches = Batches.split(records, comment: "x")
    #expect(batches.count == 3 && batches.allSatisfy(\.fits) && batches.flatMap(\.changes).count == 1400)
    for batch in batches {
      let names = batch.changes.map { $0.record["Name"]?.string ?? "" }
      #expect(Set(names).allSatisfy { name in names.count { $0 == name } == 2 })
    }
  }

  /// Record sets → configuration → record sets: the same meaning; and every single change is seen.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func thereAndBackIsTheSame(seed: UInt64) throws {
    var maker = ImportModelTests.Maker(seed: seed)
    for _ in 0..<3 { maker.group(maker.name(), "A", depth: 0) }
    let checks = maker.checks.enumerated().map { ImportModelTests.check($1, $0 + 1) }
    let server = try ImportedServer(maker.records, checks: checks)
    let exported = try Exported(server.assembled)
    let theirs = try HostedZone(pages: [
      ("r", Array(JSON.object(["ResourceRecordSets": .array(maker.records)]).text.utf8))
    ])
    let configs = Dictionary(
      uniqueKeysWithValues: maker.checks.enumerated().map {
        ($1, ImportModelTests.check($1, $0 + 1)["HealthCheckConfig"] ?? .null)
      })
    let zone = try DomainName("app.example.com.")
    // A primary without health check is refused by Route 53, so it is exported alone; the server's glue is ours.
    let isPlain = !theirs.records.contains { $0.routing == .failover(isPrimary: true) && $0.healthCheck == nil }
    let ours = exported.sets.filter { $0.name.shortText != "ns1.app.example.com" }
    if isPlain {
      let diff = ZoneDiff(zone, theirs: theirs.records, configs, ours: ours, exported.configs)
      #expect(diff.lines.isEmpty, "\(diff.text)\n\(server.result.configuration)")
    }
    for (i, set) in theirs.records.enumerated() {
      var changed = theirs.records
      changed[i] = try RecordSet(Shape(Self.changed(set.json, &maker.random), "changed"))
      #expect(
        !ZoneDiff(zone, theirs: theirs.records, configs, ours: changed, configs).lines.isEmpty, "\(set.json.text)")
    }
  }

  private static func changed(_ json: JSON, _ random: inout Random) -> JSON {
    guard case .object(var members) = json else { return json }
    let wish = random.below(2)
    for i in members.indices {
      if members[i].name == "TTL", wish == 0 { members[i] = .init(name: "TTL", value: .integer(31)) }
      if members[i].name == "ResourceRecords", wish == 1 {
        members[i] = .init(name: "ResourceRecords", value: .array([.object(["Value": "198.51.100.77"])]))
      }
    }
    return .object(members)
  }
}
