import Crypto
import Failover
import Glibc
import Probing
import Sockets
import Testing
import Wire

/// Invariant 8: what goes wrong on our side is no verdict on anybody else.
struct OwnTroubleTests {
  @Test func aSourceThatIsNotOursIsNoResult() throws {
    let server = try LoopbackServer(.hangs)
    let specification = ProbeSpecification(
      .tcp, target: server.address, source: IPAddress("192.0.2.1"), interval: .seconds(1), timeout: .seconds(10))
    #expect(try words(outcome(of: specification)) == "no result: bind: Cannot assign requested address")
  }

  @Test(arguments: [
    (EADDRNOTAVAIL, Step.trouble(.resource("connect: Cannot assign requested address"))),
    (ENOBUFS, .trouble(.resource("connect: No buffer space available"))),
    (ECONNREFUSED, .ended(.refused)), (ECONNRESET, .ended(.reset)), (EPIPE, .ended(.reset)),
    (EHOSTUNREACH, .ended(.network("no route to host"))), (ENETUNREACH, .ended(.network("network is unreachable"))),
  ])
  func errorsAreOursOrTheirs(number: Int32, expected: Step) {
    #expect(Step(SystemError("connect", number)) == expected)
  }

  @Test func missingRootsAreNoResult() throws {
    let server = try LoopbackServer(.hangs)
    let tls = ProbeSpecification.TLS(serverName: "app.example.com", verification: .file("/nonexistent.pem"))
    let specification = ProbeSpecification(
      .https(.init(), tls), target: server.address, interval: .seconds(1), timeout: .seconds(10))
    #expect(try words(outcome(of: specification)).hasPrefix("no result: /nonexistent.pem: "))
  }

  @Test func withoutDescriptorsThereIsNoResultAndSoonAnother() async {
    await #expect(processExitsWith: .success) {
      let server = try LoopbackServer(.hangs)
      var prober = try Prober(seed: 1)
      var limit = rlimit(rlim_cur: 64, rlim_max: 64)
      unsafe setrlimit(__rlimit_resource_t(7), &limit)
      var taken: [Int32] = []
      while case let copy = dup(0), copy >= 0 { taken.append(copy) }
      let specification = ProbeSpecification(
        .tcp, target: server.address, interval: .seconds(3600), timeout: .seconds(10))
      prober.replaceProbes([specification], now: .now)
      var seen: [String] = []
      let freed = taken
      let isDone = try turn(&prober) { _, outcome in
        seen.append(words(outcome))
        for copy in freed.prefix(seen.count == 1 ? 8 : 0) { close(copy) }
        return seen.last == "up"
      }
      #expect(isDone)
      #expect(seen.first == "no result: socket: Too many open files")
      exit(isDone && seen.first == "no result: socket: Too many open files" ? 0 : 1)
    }
  }

  /// Time in which the loop did not attend does not count against the target, but the rest does.
  @Test func aShortStandstillMovesTheDeadline() throws {
    let server = try LoopbackServer(.hangs)
    var prober = try Prober(seed: 1)
    let specification = ProbeSpecification(
      .http(.init()), target: server.address, interval: .seconds(1), timeout: .milliseconds(1000))
    prober.replaceProbes([specification], now: .now)
    while prober.running == 0 { try prober.turn(until: .now) { _, _, _, _ in } }
    let started = Instant.now
    while Instant.now < started + .milliseconds(100) {}
    let outcome = try turn(&prober) { _, _ in true } ? Instant.now : started
    #expect(outcome >= started + .milliseconds(1080))
    withExtendedLifetime(server) {}
  }

  /// The loop does not run while a probe's time is up: the silence says nothing.
  @Test func aLoopThatStoodStillIsNoResult() throws {
    let server = try LoopbackServer(.hangs)
    var prober = try Prober(seed: 1)
    let specification = ProbeSpecification(
      .http(.init()), target: server.address, interval: .seconds(1), timeout: .milliseconds(200))
    prober.replaceProbes([specification], now: .now)
    while prober.running == 0 { try prober.turn { _, _, _, _ in } }
    let standstill = Instant.now + .milliseconds(300)
    while Instant.now < standstill {}
    var first: ProbeOutcome?
    _ = try turn(&prober) { _, outcome in
      first = outcome
      return true
    }
    guard case .noResult(.ranLate) = first else {
      Issue.record("got \(words(first))")
      return
    }
  }

  /// The same in the middle of a turn, between one probe's outcome and the other's time.
  @Test func aTurnThatStoodStillIsNoResult() throws {
    let quick = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    let silent = try LoopbackServer(.hangs)
    var prober = try Prober(seed: 1)
    let specifications = [(quick.address, 9000), (silent.address, 500)].map {
      ProbeSpecification(
        .http(.init()), target: $0.0, interval: .seconds(3600), timeout: .milliseconds($0.1))
    }
    prober.replaceProbes(specifications, now: .now)
    var first: ProbeOutcome?
    _ = try turn(&prober) { index, outcome in
      let standstill = Instant.now + .milliseconds(600)
      while index == 0, Instant.now < standstill {}
      if index == 1 { first = outcome }
      return index == 1
    }
    guard case .noResult(.ranLate) = first else {
      Issue.record("got \(words(first))")
      return
    }
  }

  /// But what arrived meanwhile counts.
  @Test func anAnswerThatWaitedForTheLoopIsASuccess() throws {
    let server = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    var prober = try Prober(seed: 1)
    let specification = ProbeSpecification(
      .http(.init()), target: server.address, interval: .seconds(1), timeout: .milliseconds(200))
    prober.replaceProbes([specification], now: .now)
    var outcomes: [ProbeOutcome] = []
    let deadline = Instant.now + .seconds(20)
    while server.request.isEmpty, Instant.now < deadline {
      try prober.turn(until: .now) { _, outcome, _, _ in outcomes.append(outcome) }
    }
    let standstill = Instant.now + .milliseconds(300)
    while Instant.now < standstill {}
    while outcomes.isEmpty, Instant.now < deadline {
      try prober.turn(until: deadline) { _, outcome, _, _ in outcomes.append(outcome) }
    }
    #expect(words(outcomes.first) == "up")
  }
}
