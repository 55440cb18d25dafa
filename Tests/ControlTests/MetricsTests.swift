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

  @Test func everyLineIsInOrder() throws {
    let world = try World()
    world.fake.counters.add(5, to: .questions(1), worker: 0)
    world.fake.state.withLock { $0.report = report(name: "a\"b\\c\n.example") }
    let reply = try world.get("/metrics")
    let metrics = try PrometheusText(reply.text)
    #expect(metrics["alula_questions_total", ["type": "A"]] == 5)
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

  @Test(arguments: [
    (0, "0s"), (999_999_999, "0s"), (61_000_000_000, "1m 1s"), (3_600_000_000_000, "1h"),
    (100_000_000_000_000, "1d 3h"),
    (-5, "0s"),
  ])
  func durations(nanoseconds: Int64, text: String) { #expect(duration(nanoseconds) == text) }
}
