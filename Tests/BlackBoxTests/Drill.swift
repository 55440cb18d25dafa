/// One outage, told once: for `alula simulate`, and for real sites and a real server.
struct Drill: Sendable, CustomStringConvertible {
  let title: String
  /// Endpoints that sites are played for, in this order; more tiers make longer stories.
  var endpoints = ["ec2", "azure"]
  var check = "type: http, path: /, interval: 200ms, timeout: 150ms, rise: 2, fall: 3"
  /// Keys of the pool; nil: failover over the endpoints.
  var pool = ""
  /// Further top-level lines.
  var more = ""
  /// Milliseconds, and what happens then.
  let steps: [(at: Int, what: String)]

  var description: String { title }

  static let all: [Drill] = [
    Drill(title: "killed", steps: [(0, "ec2 refuses"), (1500, "ec2 ok")]),
    Drill(title: "hung", steps: [(0, "ec2 accepts"), (1700, "ec2 ok")]),
    Drill(title: "503", steps: [(0, "ec2 status 503"), (1500, "ec2 ok")]),
    Drill(title: "reset", steps: [(0, "ec2 resets"), (1500, "ec2 ok")]),
    Drill(title: "too slow", steps: [(0, "ec2 slow 20ms"), (600, "ec2 slow 500ms"), (2400, "ec2 ok")]),
    Drill(
      title: "tcp", check: "type: tcp, interval: 200ms, timeout: 150ms, rise: 2, fall: 3",
      steps: [(0, "ec2 refuses"), (1500, "ec2 ok")]),
    Drill(
      title: "one failure, one success",
      check: "type: http, path: /, interval: 200ms, timeout: 150ms, rise: 1, fall: 1",
      steps: [(0, "ec2 refuses"), (1000, "ec2 ok")]),
    Drill(
      title: "many of both", check: "type: http, path: /, interval: 100ms, timeout: 80ms, rise: 6, fall: 8",
      steps: [(0, "ec2 refuses"), (1600, "ec2 ok")]),
    Drill(
      title: "fast interval",
      check: "type: http, path: /, interval: 800ms, fast-interval: 100ms, timeout: 90ms, rise: 3, fall: 4",
      steps: [(0, "ec2 refuses"), (1900, "ec2 ok")]),
    Drill(
      title: "hold-down",
      check: "type: http, path: /, interval: 200ms, timeout: 150ms, rise: 2, fall: 3, hold-down: 1s",
      steps: [(0, "ec2 refuses"), (1400, "ec2 ok")]),
    Drill(
      title: "flap penalty",
      check:
        "type: http, path: /, interval: 100ms, timeout: 90ms, rise: 1, fall: 1, flap: { turns: 2, within: 10s, hold: 1s, longest: 2s }",
      steps: [(0, "ec2 refuses"), (500, "ec2 ok"), (1000, "ec2 refuses"), (1400, "ec2 ok")]),
    Drill(
      title: "failback after a hold", pool: "failback: { after: 1s }", steps: [(0, "ec2 refuses"), (1400, "ec2 ok")]),
    Drill(
      title: "failback by hand", pool: "failback: manual",
      steps: [(0, "ec2 refuses"), (1300, "ec2 ok"), (2600, "failback app.example.com")]),
    Drill(
      title: "three tiers", endpoints: ["ec2", "azure", "cellar"],
      steps: [(0, "ec2 refuses"), (1300, "azure status 500"), (2600, "azure ok"), (3900, "ec2 ok")]),
    Drill(
      title: "all down fails open", steps: [(0, "ec2 refuses"), (1300, "azure refuses"), (2600, "azure ok")]),
    Drill(
      title: "all down is no data", pool: "all-down: nodata",
      steps: [(0, "ec2 refuses"), (1300, "azure refuses"), (2600, "azure ok")]),
    Drill(
      title: "all down says sorry", pool: "all-down: { addresses: [127.99.99.99] }",
      steps: [(0, "ec2 refuses"), (1300, "azure refuses"), (2600, "ec2 ok")]),
    Drill(
      title: "all healthy", endpoints: ["ec2", "azure", "cellar"], pool: "policy: all-healthy",
      steps: [(0, "azure refuses"), (1300, "azure ok")]),
    Drill(
      title: "a floor opens", endpoints: ["ec2", "azure", "cellar"], pool: "policy: all-healthy\n    min-healthy: 2",
      steps: [(0, "azure refuses"), (1300, "ec2 refuses"), (2600, "azure ok")]),
    Drill(
      title: "a group in a pool", endpoints: ["ec2", "azure", "cellar"], pool: "endpoints: [both, cellar]",
      more: "groups: { both: { policy: all-healthy, check: site, endpoints: [ec2, azure] } }",
      steps: [(0, "ec2 refuses"), (1300, "azure refuses"), (2600, "ec2 ok")]),
    Drill(title: "drained", steps: [(0, "drain ec2"), (700, "release ec2")]),
    Drill(
      title: "drained and then dead",
      steps: [(0, "drain ec2"), (700, "ec2 refuses"), (1500, "release ec2"), (2000, "ec2 ok")]),
    Drill(title: "killed in the middle of an outage", steps: [(0, "ec2 refuses"), (1500, "kill"), (2800, "ec2 ok")]),
  ]
}
