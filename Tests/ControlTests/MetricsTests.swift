import Control
import JSONFormat
import Observing
import Synchronization
import TestSupport
import Testing

@Suite struct MetricsTests {
  private func report(name: String) -> StatusReport {
    var report = StatusReport(time: 2_000_000_000_000_000_000)
    var pool = StatusReport.Pool(name: name, ttl: 2...30)
    pool.answers = [StatusReport.Answer(type: "A", addresses: ["10.0.0.1"], failedOpen: false, reason: "ec2 answers")]
    var up = StatusReport.Member(endpoint: "ec2", address: "10.0.0.1", state: .up, real: .up)
    up.isAnswered = true
    up.since = report.time - 90_000_000_000
    up.latency = 12_345_678
    up.transitions = 3
    var forced = StatusReport.Member(endpoint: "azure", address: "10.0.0.2", state: .down, real: .up)
    forced.override = 0
    pool.members = [up, forced]
    report.pools = [pool]
    report.overrides = [
      StatusReport.Override(pattern: "azure", what: "drained", reason: "disk", by: "ann", since: report.time)
    ]
    return report
  }

  @Test func allAreDocumented() throws {
    let world = try World()
    world.fake.state.withLock { $0.report = report(name: "app.example") }
    let documented = try readFile(packageFolder + "/docs/control.md")
    let names = try world.get("/metrics").text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
      .map { $0.split(separator: " ")[2] }
    #expect(names.count > 40)
    for name in names { #expect(documented.contains("`\(name)"), "\(name)") }
  }

  @Test func everyLineIsInOrder() throws {
    let world = try World()
    world.fake.counters.add(5, to: .questions(1), worker: 0)
    world.fake.state.withLock { $0.report = report(name: "a\"b\\c\n.example") }
    let reply = try world.get("/metrics")
    let metrics = try PrometheusText(reply.text)
    #expect(metrics["alula_questions_total", ["type": "A"]] == 5)
    let probes = ["success", "failure", "none"].map { metrics["alula_probes_total", ["result": $0]] }
    #expect(probes == [5, 4, 3])
    #expect(metrics["alula_publication_seconds_bucket", ["le": "0.001"]] == 2)
    #expect(metrics["alula_publication_seconds_count", [:]] == 3)
    let ec2 = ["pool": "a\"b\\c\n.example", "endpoint": "ec2", "address": "10.0.0.1"]
    #expect(metrics["alula_member_up", ec2] == 1)
    #expect(metrics["alula_member_since_change_seconds", ec2] == 90)
    #expect(metrics["alula_member_latency_seconds", ec2] == 0.012345678)
    #expect(metrics["alula_member_transitions_total", ec2] == 3)
    let azure = ["pool": "a\"b\\c\n.example", "endpoint": "azure", "address": "10.0.0.2"]
    #expect(metrics["alula_member_up", azure] == 0 && metrics["alula_member_real_up", azure] == 1)
    #expect(metrics["alula_member_forced", azure] == 1)
    #expect(metrics["alula_zone_serial", ["zone": "app.example.com"]] == 7)
  }

  @Test func statusForPeople() throws {
    let world = try World()
    world.fake.state.withLock { $0.report = report(name: "app.example.com") }
    let text = try world.get("/api/v1/status", accept: "text/plain").text
    #expect(
      text == """
        app.example.com A 10.0.0.1: ec2 answers
          * ec2    10.0.0.1  up        for 1m 30s  12.345 ms
            azure  10.0.0.2  DOWN      drained by ann for 0s: disk; its checks say up

        override azure: drained by ann for 0s: disk

        """)
    #expect(try world.get("/api/v1/pools/APP.example.com", accept: "text/plain").text.hasPrefix("app.example.com A"))
    let json = try #require(JSON(try world.get("/api/v1/pools/app.example.com.").body))
    #expect(
      json["name"]?.string == "app.example.com" && json["ttl"] == .object(["min": .number("2"), "max": .number("30")]))
  }

  /// With a peer that has everything and one that is away.
  private func reportWithPeers() -> StatusReport {
    var report = StatusReport(time: 2_000_000_000_000_000_000)
    var good = StatusReport.Peer(name: "azure", address: "198.51.100.20:53")
    good.lastSuccess = report.time - 125_000_000_000
    good.lastFailure = report.time - 600_000_000_000
    good.lastError = "connection refused"
    good.failures = 2
    var away = StatusReport.Peer(name: "third\n", address: "[2001:db8::1]:53")
    (away.waiting, away.waitingSince) = (3, report.time - 250_500_000_000)
    (away.lastFailure, away.lastError) = (report.time - 1_000_000_000, "no answer within 3 s")
    (away.failures, away.isFailing) = (7, true)
    report.peers = [good, away]
    report.zones = [
      StatusReport.Zone(name: "app.example.com", serial: 9, loaded: report.time - 7_000_000_000, updates: (2, 1)),
      StatusReport.Zone(name: "example.org", serial: 4, loaded: report.time - 90_061_000_000_000),
    ]
    report.server = StatusReport.Server(version: "1.2", started: report.time - 3_600_000_000_000, queries: 12)
    return report
  }

  /// A server of a thousand zones still has a status of a page.
  @Test func manyZonesAreNotListed() throws {
    var report = StatusReport(time: 2_000_000_000_000_000_000)
    report.zones = (0..<11).map { StatusReport.Zone(name: "z\($0).example", serial: 1, loaded: report.time) }
    #expect(report.text == "11 zones: --json lists all")
    report.zones[3].updates = (1, 0)
    #expect(
      report.text == """
        zone z3.example  serial 1  read 0s ago  records from updates: 1, of the file removed: 0
        10 more zones: --json lists all
        """)
  }

  @Test func howItStandsWithThePeers() throws {
    let world = try World()
    world.fake.state.withLock { $0.report = reportWithPeers() }
    let text = try world.get("/api/v1/status", accept: "text/plain").text
    #expect(
      text == """
        peer azure    198.51.100.20:53  ok    no change waits; it last took one 2m 5s ago
        peer third\\n  [2001:db8::1]:53  LAGS  3 changes wait, the oldest for 4m 10s: no answer within 3 s; it has taken none since the start
        zone app.example.com  serial 9  read 7s ago  records from updates: 2, of the file removed: 1
        zone example.org      serial 4  read 1d 1h ago

        alula 1.2, up for 1h, 12 queries

        """)
    let json = try #require(JSON(try world.get("/api/v1/status").body))
    guard case .array(let peers)? = json["peers"], case .array(let zones)? = json["zones"] else {
      Issue.record("\(json.text)")
      return
    }
    #expect(peers.count == 2 && zones.count == 2)
    #expect(peers[0]["waiting"] == .number("0") && peers[0]["waiting_for_seconds"] == .null)
    #expect(peers[0]["failing"] == .bool(false) && peers[0]["last_error"]?.string == "connection refused")
    #expect(peers[1]["waiting"] == .number("3") && peers[1]["waiting_for_seconds"] == .number("250.500"))
    #expect(peers[1]["failing"] == .bool(true) && peers[1]["last_success"] == .null)
    #expect(zones[0]["records_added"] == .number("2") && zones[0]["records_removed"] == .number("1"))
    #expect(zones[1]["serial"] == .number("4") && zones[1]["records_added"] == .null)
    #expect(json["server"]?["up_for_seconds"] == .number("3600.000") && json["server"]?["queries"] == .number("12"))
    let metrics = try PrometheusText(try world.get("/metrics").text)
    let good = ["peer": "azure", "address": "198.51.100.20:53"]
    #expect(metrics["alula_peer_up", good] == 1 && metrics["alula_peer_failures_total", good] == 2)
    #expect(metrics["alula_peer_waiting_changes", good] == 0 && metrics["alula_peer_lag_seconds", good] == 0)
    #expect(metrics["alula_peer_since_success_seconds", good] == 125)
    let away = ["peer": "third\n", "address": "[2001:db8::1]:53"]
    #expect(metrics["alula_peer_up", away] == 0 && metrics["alula_peer_failures_total", away] == 7)
    #expect(metrics["alula_peer_waiting_changes", away] == 3 && metrics["alula_peer_lag_seconds", away] == 250.5)
    #expect(metrics["alula_peer_since_success_seconds", away] == nil)
    let kind = { ["zone": "app.example.com", "kind": $0] }
    #expect(metrics["alula_zone_update_records", kind("added")] == 2)
    #expect(metrics["alula_zone_update_records", kind("removed")] == 1)
  }

  @Test(arguments: [
    (0, "0s"), (999_999_999, "0s"), (61_000_000_000, "1m 1s"), (3_600_000_000_000, "1h"),
    (100_000_000_000_000, "1d 3h"),
    (-5, "0s"),
  ])
  func durations(nanoseconds: Int64, text: String) { #expect(duration(nanoseconds) == text) }
}
