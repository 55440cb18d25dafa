import Failover
import Testing

struct HealthStateTests {
  /// Outcomes as letters: `+` success, `-` failure, `o` no result. Verdicts after each: `?`, `U`, `D`.
  @Test(arguments: [
    // The first result decides.
    (2, 3, "+", "U"), (2, 3, "-", "D"),
    // Up goes down after `fall` failures in a row, not before, and one success starts the count anew.
    (2, 3, "+---", "UUUD"), (2, 3, "+--+--+---", "UUUUUUUUUD"),
    // Down comes up after `rise` successes in a row; one failure starts the count anew.
    (2, 3, "-++", "DDU"), (3, 3, "-++-+++", "DDDDDDU"),
    // Thresholds of one.
    (1, 1, "+-+-", "UDUD"),
    // What is no result neither counts nor interrupts a run.
    (2, 3, "oo+", "??U"), (2, 3, "+-o-o-", "UUUUUD"), (2, 3, "-+oo+", "DDDDU"), (2, 3, "+ooooo", "UUUUUU"),
    // A threshold below one means one.
    (0, -1, "+-+", "UDU"),
  ])
  func followsItsTable(rise: Int, fall: Int, outcomes: String, verdicts: String) {
    var state = HealthState()
    var seen = ""
    for (i, letter) in outcomes.enumerated() {
      let before = state.verdict
      let at = Instant(nanoseconds: Int64(i))
      let transition = state.observe(outcome(letter), ProbeSettings(rise: rise, fall: fall), at: at)
      #expect((transition != nil) == (before != state.verdict))
      #expect(transition == nil || transition?.at == state.since)
      seen += ["?", "U", "D"][state.verdict == .unknown ? 0 : state.verdict == .up ? 1 : 2]
    }
    #expect(seen == verdicts)
  }

  @Test func keepsWhatAnOperatorAsksFor() {
    var state = HealthState()
    let thresholds = ProbeSettings(rise: 1, fall: 2)
    _ = state.observe(.success(latency: .milliseconds(7)), thresholds, at: seconds(1))
    _ = state.observe(.failure(.refused), thresholds, at: seconds(2))
    let transition = state.observe(.failure(.status(503)), thresholds, at: seconds(3))
    _ = state.observe(.noResult(.ranLate(by: .seconds(2))), thresholds, at: seconds(4))
    #expect(transition == Transition(from: .up, to: .down, at: seconds(3), reason: .status(503)))
    #expect(state.since == seconds(3))
    #expect(state.lastResult == seconds(3))
    #expect(state.lastLatency == .milliseconds(7))
    #expect(state.lastFailure == .status(503))
    #expect(state.lastTrouble == .ranLate(by: .seconds(2)))
    #expect(state.counters.successes == 1 && state.counters.failures == 2)
    #expect(state.counters.noResults == 1 && state.counters.transitions == 2)
  }

  @Test(
    arguments: [
      (FailureReason.refused, "connection refused"),
      (
        .timedOut(after: .milliseconds(500), waitingFor: "the status line"),
        "timed out after 500 ms waiting for the status line"
      ),
      (.timedOut(after: .seconds(5), waitingFor: "a connection"), "timed out after 5 s waiting for a connection"),
      (.closed(before: "a status line"), "closed before a status line"),
      (.tls("certificate has expired"), "TLS: certificate has expired"),
      (.status(503), "status 503"),
      (.exit(status: 2, output: ""), "exit status 2"),
      (.exit(status: 2, output: "disk full"), "exit status 2: disk full"),
      (.unresolvable("app.example.com: no such name"), "cannot resolve app.example.com: no such name"),
    ] as [(FailureReason, String)])
  func wordsReasons(reason: FailureReason, text: String) {
    #expect(reason.description == text)
  }

  @Test(arguments: [
    (0, "certificate ends in less than a day"), (1, "certificate ends in 1 day"), (14, "certificate ends in 14 days"),
  ])
  func wordsConcerns(days: Int, text: String) {
    #expect(Concern.certificateEnds(days: days).description == text)
  }
}

func seconds(_ count: Int64) -> Instant { Instant(nanoseconds: count * 1_000_000_000) }

func outcome(_ letter: Character) -> ProbeOutcome {
  switch letter {
  case "+": .success(latency: .milliseconds(1))
  case "-": .failure(.refused)
  default: .noResult(.resource("no descriptor"))
  }
}
