import Failover
import Probing
import Sockets
import Testing
import Wire

struct ProberTests {
  private func probe(
    _ server: LoopbackServer, path: String = "/", interval: Duration = .seconds(3600), timeout: Duration = .seconds(20)
  ) -> ProbeSpecification {
    ProbeSpecification(.http(.init(path: path)), target: server.address, interval: interval, timeout: timeout)
  }

  @Test func theFirstRoundStartsAtOnceAndAnswersForEveryProbe() throws {
    let good = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    let bad = try LoopbackServer(.refuses)
    var prober = try Prober(seed: 1)
    prober.replaceProbes((0..<300).map { probe($0 % 3 == 0 ? bad : good, path: "/\($0)") }, now: .now)
    var seen: [Int: String] = [:]
    #expect(
      try turn(&prober) { index, outcome in
        seen[index] = words(outcome)
        return seen.count == 300
      })
    for (index, text) in seen { #expect(text == (index % 3 == 0 ? "connection refused" : "up")) }
    #expect(prober.running == 0)
  }

  @Test func probesComeAgainEveryInterval() throws {
    let server = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    var prober = try Prober(seed: 1)
    prober.replaceProbes([probe(server, interval: .milliseconds(20))], now: .now)
    var outcomes = 0
    #expect(
      try turn(&prober) { _, _ in
        outcomes += 1
        return outcomes == 10
      })
    #expect((10...11).contains(server.connections), "one connection for each outcome, perhaps one under way")
  }

  @Test func neverTwoAttemptsAtOnce() throws {
    let server = try LoopbackServer(.hangs)
    var prober = try Prober(seed: 1)
    prober.replaceProbes([probe(server, interval: .milliseconds(10), timeout: .milliseconds(200))], now: .now)
    var outcomes = 0
    #expect(
      try turn(&prober) { _, _ in
        outcomes += 1
        return outcomes == 3
      })
    #expect(server.connections <= 4)
  }

  /// A running attempt survives that the list around it changes, under its new index.
  @Test func aProbeThatStaysKeepsItsAttempt() throws {
    let slow = try LoopbackServer(.hangs)
    let good = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    // Longer than the test: only its events can end it.
    let stays = probe(good, path: "/stays", timeout: .seconds(600))
    var prober = try Prober(seed: 1)
    prober.replaceProbes([probe(slow), stays], now: .now)
    while prober.running < 2 { try prober.turn(until: .now) { _, _, _, _ in } }
    prober.replaceProbes([probe(slow, path: "/other"), probe(slow, path: "/another"), stays], now: .now)
    #expect(prober.running == 1)
    var outcome: ProbeOutcome?
    #expect(
      try turn(&prober) { index, seen in
        outcome = index == 2 ? seen : nil
        return index == 2
      })
    #expect(words(outcome) == "up")
    #expect(good.connections == 1)
  }

  @Test func removedProbesAreForgotten() throws {
    let server = try LoopbackServer(.hangs)
    var prober = try Prober(seed: 1)
    prober.replaceProbes([probe(server)], now: .now)
    while prober.running < 1 { try prober.turn(until: .now) { _, _, _, _ in } }
    prober.replaceProbes([], now: .now)
    #expect(prober.running == 0 && prober.count == 0)
    try prober.turn(until: .now + .milliseconds(10)) { _, _, _, _ in Issue.record("an outcome of nobody") }
  }

  @Test func equalSpecificationsAreBothProbed() throws {
    let server = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    var prober = try Prober(seed: 1)
    prober.replaceProbes([probe(server), probe(server)], now: .now)
    prober.replaceProbes([probe(server), probe(server)], now: .now)
    var seen: Set<Int> = []
    #expect(
      try turn(&prober) { index, _ in
        seen.insert(index)
        return seen.count == 2
      })
  }

  @Test func anotherThreadInterruptsTheWait() throws {
    var prober = try Prober(seed: 1)
    let waker = prober.waker
    startThread { waker.wake() }
    // Without a deadline and without a probe: only the waker ends this.
    try prober.turn { _, _, _, _ in }
    waker.wake()
    waker.wake()
    try prober.turn { _, _, _, _ in }
    let before = Instant.now
    try prober.turn(until: before + .milliseconds(5)) { _, _, _, _ in }
    #expect(Instant.now >= before + .milliseconds(5), "wake-ups are taken back")
  }
}
