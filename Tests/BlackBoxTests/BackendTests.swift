import Glibc
import JSONFormat
import TestSupport
import Testing

extension BlackBox {
  /// Every way in which a backend can be bad, over HTTP and HTTPS, against one running server: the right verdict for
  /// the right reason in time, and nothing left behind.
  @Suite struct BackendTests {
    private static let refuge = "127.99.0.1"
    private static let (interval, fall) = (1000, 2)
    private static let times = "interval: \(interval)ms, timeout: \(Backend.timeout)ms, rise: 2, fall: \(fall)"
    /// Probes come thick and fast; how they end is beside the point.
    private static let hasty = "interval: 100ms, timeout: 90ms, rise: 100, fall: 1"

    private let backends: Backends
    private let alula: Alula

    init() throws {
      backends = try Backends()
      alula = try Alula(
        backends.configuration(Self.times), files: ["app.example.com.zone": try exampleZone()])
      try alula.waitUntilReady()
    }

    @Test func everyKindOfBadBackend() throws {
      try answersBecome(whose: "first round") { $0 }
      let descriptors = fewestDescriptors()
      let memory = try memory("VmRSS")

      let begin = wallMilliseconds()
      try backends.turnBad()
      let turned = wallMilliseconds()
      try answersBecome(whose: "outage") { _ in Self.refuge }
      try checkVerdicts(begin, turned)

      let before = try failures()
      try alula.reload(backends.configuration(Self.hasty, probes: 4))
      #expect(try becomesTrue(seconds: 120) { try failures() - before >= 10_000 })
      try answersBecome(whose: "flood") { _ in Self.refuge }
      let peak = try self.memory("VmHWM")
      #expect(peak - memory < 16 << 20, "\(memory) octets before, \(peak) at most")

      try backends.heal()
      try alula.reload(backends.configuration(Self.times))
      try answersBecome(whose: "return") { $0 }
      #expect(becomesTrue { openDescriptors <= descriptors }, "\(openDescriptors) descriptors, \(descriptors) before")
      #expect(alula.child.ended() == nil)
    }

    // MARK: - What it answers and believes

    /// - Parameter expected: from the address of the site.
    private func answersBecome(whose phase: String, _ expected: (String) -> String) throws {
      let line = try Datagrams(to: alula.ipv4)
      var wrong = backends.members
      let areRight = becomesTrue(seconds: 30) {
        wrong.removeAll { backend, address in
          line.send(Message.query(backend.name, type: 1))
          let reply = line.receive().flatMap { DecodedMessage($0) }
          let seen = reply?.records(1, 1).map { $0.data.map { "\($0)" }.joined(separator: ".") }
          return seen == [expected(address)]
        }
        return wrong.isEmpty
      }
      try #require(areRight, "\(phase): \(wrong.map(\.backend)) are not answered so\n\(alula.log.suffix(4000))")
    }

    private func command(_ words: [String]) throws -> String {
      try run([alulaProgram] + words + ["--config", alula.folder.path("alula.yaml")]).output
    }

    private func checkVerdicts(_ begin: Int, _ turned: Int) throws {
      let status = JSON(Array(try command(["status", "--json"]).utf8))
      guard case .array(let pools) = status?["pools"] else { throw Trouble("no pools") }
      // What the machine takes away from the prober, it sees itself.
      let late = Stage.late + Int((try metrics()["alula_prober_longest_lag_seconds", [:]] ?? 0) * 1000)
      for (backend, address) in backends.members {
        let pool = pools.first { $0["name"] == .string(backend.name) }
        guard case .array(let members) = pool?["members"],
          let site = members.first(where: { $0["address"] == .string(address) })
        else { throw Trouble("no \(backend) in \(pools)") }
        #expect(site["real_state"] == .string("down"), "\(backend): \(site)")
        #expect(site["reason"] == .string(backend.reason), "\(backend)")
        guard case .string(let since) = site["since"] else { throw Trouble("no time in \(site)") }
        let at = millisecondsOfDay(since)
        let longest = Self.interval * Self.fall + Backend.timeout
        #expect(
          (at - begin + day) % day < turned - begin + longest + late, "\(backend): \(at) of \(begin) to \(turned)")
      }
    }

    // MARK: - What it costs

    private func metrics() throws -> PrometheusText {
      try PrometheusText(
        try run([
          "curl", "-s", "-m", "10", "--unix-socket", alula.folder.path("state/control.sock"),
          "http://localhost/metrics",
        ]).output)
    }

    private func failures() throws -> Double {
      try metrics()["alula_probes_total", ["result": "failure"]] ?? 0
    }

    private var openDescriptors: Int { listFolder("/proc/\(alula.child.identifier)/fd").count }

    /// Without any of those that running probes have.
    private func fewestDescriptors() -> Int {
      (0..<200).map { _ in
        _ = Glibc.poll(nil, 0, 5)
        return openDescriptors
      }.min() ?? 0
    }

    /// In octets.
    private func memory(_ name: String) throws -> Int {
      let line = try readFile("/proc/\(alula.child.identifier)/status").split(separator: "\n").first {
        $0.hasPrefix("\(name):")
      }
      return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }
  }
}

private let day = 86_400_000

private func wallMilliseconds() -> Int {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return (time.tv_sec * 1000 + time.tv_nsec / 1_000_000) % day
}

/// Of a time like `2026-11-26T02:20:48.123Z`.
private func millisecondsOfDay(_ text: String) -> Int {
  let digits = text.drop { $0 != "T" }.filter(\.isNumber).compactMap { $0.wholeNumberValue }
  let factors = [36_000_000, 3_600_000, 600_000, 60_000, 10_000, 1000, 100, 10, 1]
  return zip(digits, factors).reduce(0) { $0 + $1.0 * $1.1 }
}
