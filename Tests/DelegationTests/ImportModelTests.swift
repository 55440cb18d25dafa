import Delegation
import JSONFormat
import TestSupport
import Testing
import Wire

/// Random trees of record sets, imported, and asked for every combination of health and for clients in several
/// places: the answers are those of the rules of Route 53.
@Suite struct ImportModelTests {
  /// Record sets in the API's shape.
  struct Maker {
    var random: Random
    var records: [JSON] = []
    var checks: [String] = []
    private var next = 0

    init(seed: UInt64) { random = Random(seed: seed) }

    mutating func name() -> String {
      next += 1
      return "n\(next).app.example.com."
    }

    mutating func check() -> String? {
      guard checks.count < 6 else { return checks.isEmpty || random.chance(percent: 40) ? nil : random.pick(checks) }
      guard random.chance(percent: 70) else { return nil }
      let id = "0000000\(checks.count)-2222-3333-4444-555555555555"
      checks.append(id)
      return id
    }

    mutating func address(_ type: String) -> String {
      next += 1
      return type == "A" ? "192.0.2.\(next)" : "2001:db8::\(String(next, radix: 16))"
    }

    /// - Parameter depth: aliases that may still follow.
    mutating func group(_ name: String, _ type: String, depth: Int, byClient: Bool = true) {
      let kinds =
        depth == 0 || !byClient
        ? ["simple", "failover", "weighted", "multivalue"]
        : ["failover", "weighted", "geo", "network", "multivalue", "simple"]
      let kind = random.pick(kinds)
      func member(_ more: [JSON.Member], mayAlias: Bool = true) {
        var members: [JSON.Member] = [
          .init(name: "Name", value: .string(name)), .init(name: "Type", value: .string(type)),
        ]
        members += more
        let check = kind == "simple" ? nil : check()
        if mayAlias, depth > 0, kind != "multivalue", random.chance(percent: 45) {
          let target = self.name()
          group(target, type, depth: depth - 1, byClient: byClient && kind != "weighted")
          members.append(
            .init(
              name: "AliasTarget",
              value: .object([
                "HostedZoneId": "Z1", "DNSName": .string(target),
                "EvaluateTargetHealth": .bool(random.chance(percent: 70)),
              ])))
        } else {
          let count = kind == "simple" ? random.within(1...3) : 1
          members += [
            .init(name: "TTL", value: .integer(30)),
            .init(
              name: "ResourceRecords",
              value: .array((0..<count).map { _ in .object(["Value": .string(address(type))]) })),
          ]
        }
        if let check { members.append(.init(name: "HealthCheckId", value: .string(check))) }
        records.append(.object(members))
      }
      func set(_ id: String, _ name: String, _ value: JSON) -> [JSON.Member] {
        [.init(name: "SetIdentifier", value: .string(id)), .init(name: name, value: value)]
      }
      switch kind {
      case "failover":
        member(set("primary", "Failover", "PRIMARY"))
        member(set("secondary", "Failover", "SECONDARY"))
      case "weighted":
        for i in 0..<random.within(2...3) { member(set("w \(i)", "Weight", .integer(random.pick([0, 0, 1, 3, 200])))) }
      case "multivalue":
        for i in 0..<random.within(2...3) { member(set("m\(i)", "MultiValueAnswer", .bool(true))) }
      case "geo":
        for (code, key) in [("DE", "CountryCode"), ("EU", "ContinentCode"), ("*", "CountryCode")]
        where random.chance(percent: 70) || code == "EU" || depth < 2 && code == "*" {
          member(set("geo \(code)", "GeoLocation", .object([.init(name: key, value: .string(code))])))
        }
      case "network":
        for location in ["inside", "near", "*"]
        where random.chance(percent: 80) || location == "inside" || depth < 2 && location == "*" {
          member(
            set(
              "net \(location)", "CidrRoutingConfig",
              .object(["CollectionId": "c1", "LocationName": .string(location)])))
        }
      default: member([])
      }
    }
  }

  static let networks = ["c1": ["inside": ["10.1.0.0/16"], "near": ["10.0.0.0/8"]]]
  static let places: [(client: String, regions: [String], locations: [String])] = [
    ("192.0.3.1", ["DE", "EU"], []), ("192.0.4.1", ["FR", "EU"], []), ("192.0.5.1", ["US", "NA"], []),
    ("10.1.2.3", [], ["inside", "near"]), ("10.2.2.3", [], ["near"]),
  ]
  static var locations: LocationFile {
    var file = LocationFile()
    file.add([192, 0, 3, 0], 24, country: "DE", continent: "EU")
    file.add([192, 0, 4, 0], 24, country: "FR", continent: "EU")
    file.add([192, 0, 5, 0], 24, country: "US", continent: "NA")
    return file
  }

  static func check(_ id: String, _ number: Int) -> JSON {
    .object([
      "Id": .string(id), "CallerReference": .string(id), "HealthCheckVersion": .integer(1),
      "HealthCheckConfig": .object([
        "IPAddress": .string("203.0.113.\(number)"), "Port": .integer(80), "Type": "HTTP", "ResourcePath": "/health",
        "RequestInterval": .integer(10), "FailureThreshold": .integer(3),
      ]),
    ])
  }

  @Test(arguments: 1...150 as ClosedRange<UInt64>)
  func answersAreThoseOfTheRules(seed: UInt64) throws {
    var maker = Maker(seed: seed)
    let name = "www.app.example.com."
    let types = maker.random.pick([["A"], ["A"], ["A", "AAAA"]])
    for type in types { maker.group(name, type, depth: 2) }
    let (records, ids) = (maker.records, maker.checks)
    let server = try ImportedServer(
      records, checks: ids.enumerated().map { Self.check($1, $0 + 1) }, networks: Self.networks,
      locations: Self.locations)
    #expect(server.result.report.gaps.isEmpty, "\(server.result.report.text)")
    let sets = try HostedZone(pages: [("r", Array(JSON.object(["ResourceRecordSets": .array(records)]).text.utf8))])
    let owner = try DomainName(name)
    for health in 0..<(1 << ids.count) {
      let healthy = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, health >> $0 & 1 == 1) })
      let brain = server.brain { probe in
        !ids.indices.contains { probe.contains("203.0.113.\($0 + 1):") && health >> $0 & 1 == 0 }
      }
      for place in Self.places {
        let model = Route53Model(
          records: sets.records, healthy: healthy, regions: place.regions, locations: place.locations)
        let client = try #require(IPAddress(place.client))
        for type in types {
          let wanted = model.answers(owner, type)
          guard let got = try server.answers(owner, type, brain, client: client) else {
            #expect(wanted.count == 1 && model.sets(owner, type).allSatisfy { $0.routing == .simple })
            continue
          }
          let isSame = Set(wanted.keys) == Set(got.keys) && wanted.allSatisfy { abs($1 - (got[$0] ?? 0)) < 1e-6 }
          guard isSame else {
            Issue.record(
              "seed \(seed), \(type) for \(place.client), up: \(healthy.filter(\.value).keys.sorted()): \(got), not \(wanted)\n\(server.result.configuration)\n\(JSON.array(records).text)"
            )
            return
          }
        }
      }
    }
  }
}
