import Delegation
import JSONFormat
import TestSupport
import Testing
import Wire

/// A difference of any kind is seen; what means the same is none.
@Suite struct DiffChangeTests {
  private static let check: JSON = .object([
    "IPAddress": "203.0.113.1", "Port": .integer(80), "Type": "HTTP", "ResourcePath": "/up",
    "FullyQualifiedDomainName": "a.example", "RequestInterval": .integer(10), "FailureThreshold": .integer(3),
  ])

  private static let checked = [JSON.Member(name: "HealthCheckId", value: "h1")]

  private static let records: [JSON] = [
    ImportTests.set("w.app.example.com.", "A", ["192.0.2.1"], ImportTests.id("1", ["Failover": "PRIMARY"]) + checked),
    ImportTests.set("w.app.example.com.", "A", ["192.0.2.2"], ImportTests.id("2", ["Failover": "SECONDARY"])),
    ImportTests.set("x.app.example.com.", "AAAA", ["2001:db8::1"], ImportTests.id("3", ["Weight": .integer(3)])),
    ImportTests.set(
      "y.app.example.com.", "A", ["192.0.2.3"],
      ImportTests.id("4", ["GeoLocation": .object(["CountryCode": "DE"])])),
    ImportTests.set(
      "z.app.example.com.", "A", ["192.0.2.4"],
      ImportTests.id("5", ["CidrRoutingConfig": .object(["CollectionId": "c1", "LocationName": "inside"])])),
    ImportTests.alias("v.app.example.com.", "A", "w.app.example.com.", ImportTests.id("6", ["Weight": .integer(1)])),
    ImportTests.set("t.app.example.com.", "TXT", ["\"a b\"", "\"c\""]),
    ImportTests.set("m.app.example.com.", "MX", ["10 Mail.app.example.com."]),
  ]
  private static let networks = ["c1": ["inside": ["10.0.0.0/8"]]]

  private func diff(
    _ records: [JSON], _ check: JSON = Self.check, _ networks: [String: [String: [String]]] = Self.networks
  ) throws -> ZoneDiff {
    func sets(_ records: [JSON]) throws -> [RecordSet] { try records.map { try RecordSet(Shape($0, "set")) } }
    return ZoneDiff(
      try DomainName("app.example.com."), theirs: try sets(Self.records), ["h1": Self.check], ours: try sets(records),
      ["h1": check], theirNetworks: Self.networks, ourNetworks: networks)
  }

  private func replaced(_ from: String, _ to: String) throws -> [JSON] {
    let text = JSON.array(Self.records).text
    #expect(text.contains(from), "\(from)")
    guard case .array(let records) = try JSON.read(Array(text.replacing(from, with: to).utf8)) else { return [] }
    return records
  }

  @Test(arguments: [
    ("\"192.0.2.1\"", "\"192.0.2.9\""), ("\"Failover\":\"SECONDARY\"", "\"Weight\":1"),
    ("\"HealthCheckId\":\"h1\"", "\"HealthCheckId\":\"h2\""), ("\"Weight\":3", "\"Weight\":4"),
    ("\"2001:db8::1\"", "\"2001:db8::2\""), ("\"CountryCode\":\"DE\"", "\"CountryCode\":\"AT\""),
    ("\"CountryCode\":\"DE\"", "\"ContinentCode\":\"EU\""), ("\"LocationName\":\"inside\"", "\"LocationName\":\"*\""),
    ("\"EvaluateTargetHealth\":true", "\"EvaluateTargetHealth\":false"),
    ("\"DNSName\":\"w.app", "\"DNSName\":\"y.app"), ("\\\"c\\\"", "\\\"C\\\""), ("\\\"a b\\\"", "\\\"a\\\" \\\"b\\\""),
    ("10 Mail", "20 Mail"), ("t.app.example.com.\"", "u.app.example.com.\""), ("\"TTL\":60", "\"TTL\":61"),
  ])
  func aChangeIsSeen(from: String, to: String) throws {
    #expect(try !diff(replaced(from, to)).lines.isEmpty)
  }

  @Test(arguments: [
    ("Mail.app", "mail.app"), ("\"SetIdentifier\":\"1\"", "\"SetIdentifier\":\"primary\""),
    ("w.app.example.com.", "W.app.example.COM"), ("\"2001:db8::1\"", "\"2001:DB8:0::1\""),
    ("\\\"c\\\"", "\\\"\\\\143\\\""),
  ])
  func whatMeansTheSameIsNoDifference(from: String, to: String) throws {
    let diff = try diff(replaced(from, to))
    #expect(diff.lines.isEmpty, "\(diff.text)")
  }

  @Test func orderMeansNothing() throws {
    #expect(try diff(Self.records.reversed()).lines.isEmpty)
    #expect(
      try diff(
        replaced(
          "{\"Value\":\"\\\"a b\\\"\"},{\"Value\":\"\\\"c\\\"\"}",
          "{\"Value\":\"\\\"c\\\"\"},{\"Value\":\"\\\"a b\\\"\"}")
      ).lines.isEmpty)
  }

  @Test(arguments: 0..<Self.records.count)
  func aRecordSetTooFewAndTooManyIsSeen(index: Int) throws {
    var fewer = Self.records
    fewer.remove(at: index)
    #expect(try diff(fewer).lines.contains { $0.theirs != nil && $0.ours == nil })
    #expect(try diff(Self.records + [Self.records[index]]).lines.contains { $0.theirs == nil })
  }

  @Test(
    arguments: [
      ("IPAddress", "203.0.113.2"), ("Port", .integer(81)), ("Type", "HTTPS"), ("ResourcePath", "/down"),
      ("FullyQualifiedDomainName", "b.example"), ("RequestInterval", .integer(30)), ("FailureThreshold", .integer(4)),
      ("Inverted", .bool(true)), ("Disabled", .bool(true)),
    ] as [(String, JSON)])
  func aChangedCheckIsSeen(member: String, value: JSON) throws {
    guard case .object(let members) = Self.check else { return }
    let changed = JSON.object(members.filter { $0.name != member } + [.init(name: member, value: value)])
    #expect(try !diff(Self.records, changed).lines.isEmpty)
  }

  @Test func aLineSaysWhat() throws {
    #expect(
      try diff(replaced("10 Mail", "20 Mail")).text
        == "~ m.app.example.com MX: 10 mail.app.example.com. → 20 mail.app.example.com.; TTL 60")
    #expect(
      try diff(replaced("\"Weight\":3", "\"Weight\":4")).text
        == "~ x.app.example.com AAAA: 2001:db8::1; weight 3; TTL 60 → weight 4; TTL 60")
    let json = try diff(Array(Self.records.dropLast())).json
    #expect(
      json.text
        == #"[{"name":"m.app.example.com.","type":"MX","route53":"10 mail.app.example.com.; TTL 60","alula":null}]"#)
  }

  @Test func theNetworksOfALocationCount() throws {
    #expect(try !diff(Self.records, Self.check, ["c1": ["inside": ["10.0.0.0/9"]]]).lines.isEmpty)
  }
}
