import Failover
import Testing

/// Counting, holds, flaps, and when a verdict can turn.
struct CountingTests {
  /// gdnsd's `down_thresh` 3, `ok_thresh` 2, `up_thresh` 2.
  @Test(arguments: [
    // Failures need not be adjacent …
    ("+-+-+-", "UUUUUD"),
    // … only two successes in a row forgive them, all at once …
    ("+--++--+-", "UUUUUUUUD"), ("+--++-++-++", "UUUUUUUUUUU"),
    // … and one failure between them starts the successes anew.
    ("+-+-++--++", "UUUUUUUUUU"), ("+-+--", "UUUUD"),
    // Down comes up by successes in a row only, with nothing left of before.
    ("-+-++--+-", "DDDDUUUUD"),
    // What is no result is none.
    ("+-o+o-o-", "UUUUUUUD"),
  ])
  func interleaved(outcomes: String, verdicts: String) {
    var settings = ProbeSettings(rise: 2, fall: 3)
    settings.counting = .interleaved(forgivenAfter: 2)
    var script = HealthScript(settings)
    #expect(script.play(outcomes) == verdicts)
  }

  @Test func whatIsDownReturnsAfterItsHold() {
    var settings = ProbeSettings(rise: 2, fall: 1)
    settings.holdDown = .seconds(10)
    var script = HealthScript(settings)
    #expect(script.play("+-++++") == "UDDDDD")
    #expect(script.state.returnAt == seconds(13), "the last missing success was at 3 s")
    #expect(!script.state.isUnsettled, "nothing to hurry for")
    #expect(script.play("-+++") == "DDDD", "it did not stay good")
    #expect(script.state.returnAt == seconds(18))
    #expect(script.wait(until: 17) == "D")
    #expect(script.wait(until: 18) == "U", "by time alone")
    #expect(script.state.since == seconds(18))
    script = HealthScript(settings)
    #expect(script.play("+-++") == "UDDD")
    _ = script.wait(until: 12)
    #expect(script.play("++") == "DU", "or with a result")
  }

  @Test func theFirstResultWaitsForNoHold() {
    var settings = ProbeSettings(rise: 2, fall: 1)
    settings.holdDown = .seconds(10)
    var script = HealthScript(settings)
    #expect(script.play("+") == "U")
  }

  private var flapping: ProbeSettings {
    var settings = ProbeSettings(rise: 1, fall: 1)
    settings.flapLimit = .init(turns: 3, within: .seconds(60), hold: .seconds(100), longest: .seconds(300))
    return settings
  }

  @Test func whatFlapsIsHeldDownTwiceAsLongEachTime() {
    var script = HealthScript(flapping)
    #expect(script.play("+-+-+-+") == "UDUDUDD", "the third turn to down within a minute, at 5 s")
    #expect(script.state.flaps.heldUntil == seconds(105))
    #expect(script.state.returnAt == seconds(105))
    #expect(script.wait(until: 104) == "D")
    #expect(script.wait(until: 105) == "U")
    #expect(script.play("-") == "D", "while there is a penalty one turn is enough")
    #expect(script.state.flaps.heldUntil == seconds(305))
    _ = script.wait(until: 306)
    #expect(script.play("+-") == "UD")
    #expect(script.state.flaps.heldUntil == seconds(607), "at most the longest")
    #expect(script.state.counters.transitions == 10)
  }

  @Test func aPenaltySinksWithTimeUp() {
    var script = HealthScript(flapping)
    _ = script.play("+-+-+-+")
    _ = script.wait(until: 105)
    #expect(script.state.flaps.penalty == 1)
    _ = script.wait(until: 165)
    #expect(script.play("-+") == "DU", "a minute up forgives one step")
    #expect(script.state.flaps.penalty == 0)
  }

  @Test func slowTurnsAreNoFlaps() {
    var script = HealthScript(flapping)
    for turn in 0..<5 {
      _ = script.wait(until: Int64(turn) * 40)
      #expect(script.play("+-") == "UD")
    }
    #expect(script.state.flaps.heldUntil == nil)
  }

  @Test func penaltiesDoubleUpToTheLongest() {
    let limit = ProbeSettings.FlapLimit(turns: 2, within: .seconds(1), hold: .seconds(30), longest: .seconds(200))
    #expect([1, 2, 3, 4, 64].map(limit.hold) == [30, 60, 120, 200, 200].map { .seconds($0) })
  }

  /// rise 2, fall 3, 10 s apart, 1 s when fast; results at 0, 1 … with the next attempt a second later.
  @Test(arguments: [
    ("+", 3), ("+-", 3), ("+--", 3), ("+--+", 6), ("+---", 5), ("+---+", 5), ("+---+-", 7),
    // After what was no result the attempts are out of step.
    ("+o", 3), ("+--o", 4),
    // No verdict: the first result decides.
    ("o", 1), ("", 0),
  ])
  func saysWhenItCanTurn(outcomes: String, expected: Int64) {
    var script = HealthScript(ProbeSettings(rise: 2, fall: 3, interval: .seconds(10), fastInterval: .seconds(1)))
    _ = script.play(outcomes)
    #expect(script.state.mayTurn(script.settings) == seconds(expected))
  }

  @Test func holdsPutOffTheTurn() {
    var settings = flapping
    settings.holdDown = .seconds(5)
    var script = HealthScript(settings)
    _ = script.play("+-")
    #expect(script.state.mayTurn(settings) == seconds(7), "the next success at 2 s, then the hold")
    _ = script.play("+")
    #expect(script.state.mayTurn(settings) == seconds(7))
    _ = script.wait(until: 8)
    _ = script.play("-+")
    _ = script.wait(until: 15)
    _ = script.play("-")
    #expect(script.state.mayTurn(settings) == seconds(115), "the penalty")
  }

  @Test(arguments: 1...60)
  func neverTurnsEarlierThanItSaid(seed: UInt64) {
    var random = Seeded(state: seed)
    var settings = ProbeSettings(
      rise: .random(in: 1...4, using: &random), fall: .random(in: 1...4, using: &random), interval: .seconds(2))
    if Bool.random(using: &random) {
      settings.counting = .interleaved(forgivenAfter: .random(in: 1...3, using: &random))
    }
    if Bool.random(using: &random) { settings.holdDown = .seconds(.random(in: 0...9, using: &random)) }
    if Bool.random(using: &random) {
      settings.flapLimit = .init(turns: 2, within: .seconds(30), hold: .seconds(10), longest: .seconds(40))
    }
    var state = HealthState()
    for step in 0..<300 {
      let now = seconds(Int64(step) * 2)
      let earliest = state.mayTurn(settings)
      let before = state.verdict
      _ = state.advance(to: now)
      _ = state.observe(
        outcome("+++--".randomElement(using: &random) ?? "+"), settings, at: now, next: now + .seconds(2))
      #expect(before == state.verdict || earliest <= now)
    }
  }

  @Test func keepsConcernsAndSmoothsLatency() {
    var state = HealthState()
    let settings = ProbeSettings(rise: 1, fall: 1)
    _ = state.observe(.success(latency: .milliseconds(8)), settings, at: seconds(0))
    #expect(state.latency == .milliseconds(8))
    _ = state.observe(
      .success(latency: .milliseconds(16), concern: .certificateEnds(days: 3)), settings, at: seconds(1))
    #expect(state.latency == .milliseconds(9) && state.lastLatency == .milliseconds(16))
    #expect(state.concern == .certificateEnds(days: 3))
    for second in Int64(2)..<60 {
      _ = state.observe(.success(latency: .milliseconds(16)), settings, at: seconds(second))
    }
    #expect(state.concern == nil)
    #expect((state.latency ?? .zero) > .milliseconds(15))
  }

  @Test func whatIsGuardedFallsOnlyWhenLet() {
    var state = HealthState()
    let settings = ProbeSettings(rise: 1, fall: 2)
    for (second, letter) in "+----".enumerated() {
      _ = state.observe(outcome(letter), settings, at: seconds(Int64(second)), isGuarded: true)
    }
    #expect(state.verdict == .up && state.run == 2 && state.runSince == seconds(1))
    #expect(state.wantsToFall(settings))
    #expect(state.mayTurn(settings) == seconds(4), "any time from now on")
    #expect(state.fall(settings, at: seconds(9)).to == .down)
    #expect(!state.wantsToFall(settings))
  }
}

struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 32) | (state << 32)
  }
}
