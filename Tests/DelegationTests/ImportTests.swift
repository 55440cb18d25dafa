import Assembly
import Configuration
import Delegation
import JSONFormat
import TestSupport
import Testing
import Wire

@Suite struct ImportTests {
  /// A set as the API has it.
  static func set(_ name: String, _ type: String, _ values: [String], ttl: Int = 60, _ more: [JSON.Member] = []) -> JSON
  {
    .object(
      [
        .init(name: "Name", value: .string(name)), .init(name: "Type", value: .string(type)),
        .init(name: "TTL", value: .integer(ttl)),
        .init(name: "ResourceRecords", value: .array(values.map { .object(["Value": .string($0)]) })),
      ] + more)
  }

  static func alias(_ name: String, _ type: String, _ target: String, _ more: [JSON.Member] = []) -> JSON {
    .object(
      [
        .init(name: "Name", value: .string(name)), .init(name: "Type", value: .string(type)),
        .init(
          name: "AliasTarget",
          value: .object(["HostedZoneId": "Z", "DNSName": .string(target), "EvaluateTargetHealth": .bool(true)])),
      ] + more)
  }

  static func id(_ name: String, _ more: KeyValuePairs<String, JSON>) -> [JSON.Member] {
    [.init(name: "SetIdentifier", value: .string(name))] + more.map { .init(name: $0.key, value: $0.value) }
  }

  private static let long = String(repeating: "k", count: 255)

  @Test func escapesQuotesAndLengths() throws {
    let server = try ImportedServer([
      Self.set("app.example.com.", "SOA", ["ns.awsdns.example. host.example. 1 7200 900 1209600 86400"]),
      Self.set("app.example.com.", "NS", ["ns-1.awsdns.example."]),
      Self.set("\\052.app.example.com.", "A", ["192.0.2.7"]),
      Self.set("a\\100b.app.example.com.", "TXT", ["\"quote \\\" octal \\351\" \"second\""]),
      Self.set("long.app.example.com.", "TXT", ["\"\(Self.long)\" \"\(Self.long)\""]),
      Self.set("www.app.example.com.", "CNAME", ["app.example.com"]),
      Self.set("sub.app.example.com.", "NS", ["ns1.elsewhere.example.", "ns2.elsewhere.example."]),
      Self.set("app.example.com.", "CAA", ["0 issue \"ca.example\""]),
      Self.set("app.example.com.", "HTTPS", ["1 . alpn=\"h2,h3\""]),
      Self.set("other.example.com.", "A", ["192.0.2.9"]),
    ])
    let zone = server.result.zoneFile
    #expect(zone.contains("*.app.example.com. 60 IN A 192.0.2.7"))
    #expect(zone.contains("a\\@b.app.example.com. 60 IN TXT \"quote \\\" octal \\233\" \"second\""), "\(zone)")
    #expect(zone.contains("\"\(Self.long)\" \"\(Self.long)\""))
    #expect(zone.contains("www.app.example.com. 60 IN CNAME app.example.com."))
    #expect(zone.contains("sub.app.example.com. 60 IN NS ns2.elsewhere.example."))
    #expect(!zone.contains("awsdns") && !zone.contains("other.example.com"))
    #expect(server.result.report.gaps.isEmpty && server.assembled.configuration.pools.isEmpty)
  }

  @Test(arguments: [
    (
      #"{"Type": "HTTP", "IPAddress": "192.0.2.1"}"#,
      ["type: http", "address: 192.0.2.1", "host: 192.0.2.1", "interval: 30s, rise: 3, fall: 3", "timeout: 6s"]
    ),
    (
      #"{"Type": "HTTP", "IPAddress": "192.0.2.1", "Port": 8080, "FullyQualifiedDomainName": "a.example", "ResourcePath": "up?x=1"}"#,
      ["port: 8080", "host: \"a.example:8080\"", "path: \"/up?x=1\""]
    ),
    (
      #"{"Type": "HTTPS", "FullyQualifiedDomainName": "a.example", "EnableSNI": true, "FailureThreshold": 1, "RequestInterval": 10}"#,
      ["type: https, address: a.example", "host: a.example", "verify: false", "interval: 10s, rise: 1, fall: 1"]
    ),
    (
      #"{"Type": "HTTPS_STR_MATCH", "IPAddress": "2001:db8::1", "SearchString": "all \"well\""}"#,
      ["host: \"[2001:db8::1]\"", "body: \"all \\\"well\\\"\"", "timeout: 8s"]
    ),
    (
      #"{"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 25, "Inverted": true, "Disabled": true}"#,
      ["type: tcp", "port: 25", "timeout: 10s", "inverted: true", "disabled: true"]
    ),
    (
      #"{"Type": "CALCULATED", "ChildHealthChecks": ["c1", "c2"], "HealthThreshold": 1}"#,
      ["type: calculated, of: [check-c1, check-c2], at-least: 1"]
    ),
    (
      #"{"Type": "CALCULATED", "ChildHealthChecks": ["c1"], "HealthThreshold": 3}"#,
      ["of: [check-c1], at-least: 0, inverted: true"]
    ),
    (
      #"{"Type": "CALCULATED", "ChildHealthChecks": ["c1"], "HealthThreshold": 3, "Inverted": true}"#,
      ["of: [check-c1], at-least: 0 }"]
    ),
    (
      #"{"Type": "HTTPS", "FullyQualifiedDomainName": "a.example.", "ResourcePath": "a b#\u00e9"}"#,
      ["host: a.example,", "path: \"/a%20b%23%C3%A9\"", "handshake-timeout: 2s"]
    ),
    (
      #"{"Type": "HTTP_STR_MATCH", "IPAddress": "192.0.2.1", "SearchString": "a\u0001\u0085b"}"#,
      ["type: manual"]
    ),
    (#"{"Type": "TCP", "IPAddress": "192.0.2.1"}"#, ["type: manual"]),
    (#"{"Type": "HTTP_STR_MATCH", "IPAddress": "192.0.2.1"}"#, ["type: manual"]),
    (#"{"Type": "HTTP"}"#, ["type: manual"]),
    (#"{"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-east-1", "Name": "x"}}"#, ["type: manual"]),
  ])
  func checksBecomeChecks(config: String, keys: [String]) throws {
    let child = #"{"Type": "TCP", "IPAddress": "192.0.2.9", "Port": 9}"#
    let checks = try [("main", config), ("c1", child), ("c2", child)].map { id, text in
      JSON.object(["Id": .string(id), "HealthCheckConfig": try #require(JSON(Array(text.utf8)))])
    }
    let server = try ImportedServer(
      [
        Self.set(
          "app.example.com.", "A", ["192.0.2.1"], Self.id("p", ["Failover": "PRIMARY", "HealthCheckId": "main"])),
        Self.set("app.example.com.", "A", ["192.0.2.2"], Self.id("s", ["Failover": "SECONDARY"])),
      ], checks: checks)
    let line = try #require(server.result.configuration.split(separator: "\n").first { $0.contains("  check-main: ") })
    for key in keys { #expect(line.contains(key), "\(line)") }
  }

  @Test func whatCannotBeTakenOverIsListed() throws {
    let checks: [JSON] = [
      .object(["Id": "metric", "HealthCheckConfig": .object(["Type": "CLOUDWATCH_METRIC"])]),
      .object(["Id": "control", "HealthCheckConfig": .object(["Type": "RECOVERY_CONTROL"])]),
    ]
    let server = try ImportedServer(
      [
        Self.alias("elb.app.example.com.", "A", "dualstack.lb-1.eu-west-1.elb.amazonaws.com."),
        Self.set(
          "near.app.example.com.", "A", ["192.0.2.1"],
          Self.id("n", ["GeoProximityLocation": .object(["AWSRegion": "eu-west-1"])])),
        Self.set(
          "policy.app.example.com.", "A", ["192.0.2.1"], [.init(name: "TrafficPolicyInstanceId", value: "tp-1")]),
        Self.set(
          "state.app.example.com.", "A", ["192.0.2.1"],
          Self.id("us", ["GeoLocation": .object(["CountryCode": "US", "SubdivisionCode": "CA"])])),
        Self.set(
          "state.app.example.com.", "A", ["192.0.2.2"], Self.id("all", ["GeoLocation": .object(["CountryCode": "*"])])),
        Self.set(
          "net.app.example.com.", "A", ["192.0.2.1"],
          Self.id("x", ["CidrRoutingConfig": .object(["CollectionId": "c9", "LocationName": "here"])])),
        Self.set(
          "lost.app.example.com.", "A", ["192.0.2.1"], Self.id("p", ["Failover": "PRIMARY", "HealthCheckId": "gone"])),
        Self.set(
          "cdn.app.example.com.", "CNAME", ["a.example."],
          Self.id("p", ["Failover": "PRIMARY", "HealthCheckId": "metric"])),
        Self.set(
          "cdn.app.example.com.", "CNAME", ["b.example."],
          Self.id("s", ["Failover": "SECONDARY", "HealthCheckId": "control"])),
      ], checks: checks)
    let gaps = server.result.report.gaps
    for (subject, text) in [
      ("elb.app.example.com A", "no record of the hosted zone"), ("near.app.example.com A", "geoproximity"),
      ("policy.app.example.com A", "tp-1"), ("state.app.example.com A (us)", "US-CA"),
      ("net.app.example.com A (x)", "location here of collection c9"),
      ("lost.app.example.com A (p)", "health check gone"),
      ("cdn.app.example.com CNAME", "a policy for CNAME"), ("health check metric (CLOUDWATCH_METRIC)", "manual check"),
      ("health check control (RECOVERY_CONTROL)", "manual check"),
    ] {
      #expect(
        gaps.contains { $0.subject == subject && $0.text.contains(text) }, "\(subject): \(server.result.report.text)")
    }
    #expect(gaps.count == 9, "\(server.result.report.text)")
    #expect(server.result.zoneFile.contains("cdn.app.example.com. 60 IN CNAME a.example."))
  }

  @Test func whatLooksTheSameStaysApart() throws {
    let check: JSON = .object([
      "Id": "hc", "HealthCheckConfig": .object(["Type": "TCP", "IPAddress": "192.0.2.1", "Port": .integer(1)]),
    ])
    let server = try ImportedServer(
      ["blue-2", "blue", "null", "-x"].map {
        Self.set("app.example.com.", "A", ["192.0.2.1"], Self.id($0, ["Weight": .integer(1), "HealthCheckId": "hc"]))
      }, checks: [check])
    #expect(server.assembled.configuration.pools[0].choice.branches.count == 4)
  }

  @Test func circlesAndOtherTraps() throws {
    let circle = (0..<6).map {
      Self.alias("c.app.example.com.", "A", "c.app.example.com.", Self.id("\($0)", ["Weight": .integer(1)]))
    }
    let server = try ImportedServer(
      circle + [
        Self.set("day.app.example.com.", "A", ["192.0.2.1"], ttl: 172_800, Self.id("p", ["Weight": .integer(1)])),
        Self.set("long.app.example.com.", "A", ["192.0.2.1"], ttl: 172_800),
        Self.set("long.app.example.com.", "AAAA", ["2001:db8::1"], ttl: 60),
        Self.set("sub.app.example.com.", "NS", ["ns.sub.app.example.com."]),
        Self.set("ns.sub.app.example.com.", "A", ["192.0.2.9"]),
        Self.set("www.sub.app.example.com.", "A", ["192.0.2.9"], Self.id("p", ["Weight": .integer(1)])),
        Self.alias("mx.app.example.com.", "MX", "mail.example.com."),
        Self.set("mail.example.com.", "MX", ["1 a.example."], Self.id("a", ["Weight": .integer(1)])),
        Self.set("mail.example.com.", "MX", ["1 b.example."], Self.id("b", ["Weight": .integer(9)])),
      ])
    let report = server.result.report
    for (subject, text) in [
      ("c.app.example.com A", "in a circle"),
      ("www.sub.app.example.com A", "below the delegation of sub.app.example.com"),
      ("mx.app.example.com MX", "has a policy"),
    ] {
      #expect(report.gaps.contains { $0.subject == subject && $0.text.contains(text) }, "\(report.text)")
    }
    #expect(report.notes.contains { $0.subject == "day.app.example.com" && $0.text.contains("a day at most") })
    let zone = server.result.zoneFile
    #expect(zone.contains("long.app.example.com. 172800 IN A ") && zone.contains("long.app.example.com. 60 IN AAAA "))
    #expect(
      zone.contains("mx.app.example.com. 60 IN MX 1 b.example.") && zone.contains("ns.sub.app.example.com. 60 IN A"))
  }

  @Test func onlyChecksThatAreUsedComeAlong() throws {
    let checks = ["inside", "target", "outside"].map { id in
      JSON.object([
        "Id": .string(id),
        "HealthCheckConfig": .object(["Type": "TCP", "IPAddress": "192.0.2.1", "Port": .integer(1)]),
      ])
    }
    let server = try ImportedServer(
      [
        Self.set(
          "app.example.com.", "A", ["192.0.2.1"], Self.id("p", ["Failover": "PRIMARY", "HealthCheckId": "inside"])),
        Self.alias("app.example.com.", "A", "t.example.com.", Self.id("s", ["Failover": "SECONDARY"])),
        Self.set(
          "t.example.com.", "A", ["192.0.2.2"], Self.id("t", ["Weight": .integer(1), "HealthCheckId": "target"])),
        Self.set(
          "o.example.com.", "A", ["192.0.2.2"], Self.id("o", ["Weight": .integer(1), "HealthCheckId": "outside"])),
      ], checks: checks)
    #expect(server.assembled.configuration.checks.map(\.name.value) == ["check-inside", "check-target"])
    #expect(server.result.report.notes.contains { $0.subject == "1 health checks" })
  }

  @Test func aliasesOfPlainRecordsAreTheSameRecords() throws {
    let server = try ImportedServer([
      Self.alias("app.example.com.", "A", "www.example.com."),
      Self.set("www.example.com.", "A", ["192.0.2.1", "192.0.2.2"], ttl: 300),
      Self.alias("mx.app.example.com.", "MX", "mail.example.com."),
      Self.set("mail.example.com.", "MX", ["10 a.example."], ttl: 600),
    ])
    #expect(server.result.zoneFile.contains("app.example.com. 300 IN A 192.0.2.2"))
    #expect(server.result.zoneFile.contains("mx.app.example.com. 600 IN MX 10 a.example."))
    #expect(server.result.report.gaps.isEmpty)
  }
}

@Suite struct MappingTests {
  /// The document has the table that the code has. After a change: `alula route53 import --mapping`.
  @Test func theDocumentIsUpToDate() throws {
    let text = try readFile(packageFolder + "/docs/migrate-from-route53.md")
    let parts = text.split(separator: "<!-- mapping -->\n").last?.split(separator: "<!-- end -->").first
    #expect(parts.map(String.init) == Mapping.table + "\n")
  }
}
