import Failover

/// A probe's letters, one a second, next attempts at the probe's pace; verdicts after each.
struct HealthScript {
  var state = HealthState()
  let settings: ProbeSettings
  private(set) var second: Int64 = 0

  init(_ settings: ProbeSettings) { self.settings = settings }

  mutating func play(_ letters: String) -> String {
    letters.reduce(into: "") { seen, letter in
      _ = state.observe(outcome(letter), settings, at: seconds(second), next: seconds(second + 1))
      second += 1
      seen += state.verdict.letter
    }
  }

  /// Lets time pass without results.
  mutating func wait(until second: Int64) -> String {
    self.second = second
    _ = state.advance(to: seconds(second))
    return state.verdict.letter
  }
}

extension Verdict {
  var letter: String {
    switch self {
    case .unknown: "?"
    case .up: "U"
    case .down: "D"
    }
  }
}

/// Endpoints `e0`, `e1` … of one address each in pools of their own, all with a spare that no probe can change.
struct Sites {
  var brain: Brain
  private(set) var second: Int64 = 0
  var notices: [HealthNotice] = []

  init(
    _ count: Int, rise: Int = 1, fall: Int = 1, canaries: Int = 0, _ change: (inout FailoverSettings) -> Void = { _ in }
  ) {
    var settings = FailoverSettings()
    settings.probes = Array(repeating: ProbeSettings(rise: rise, fall: fall), count: count + canaries)
    let spare = settings.addEndpoint("spare", [Member(family: .v4, address: "192.0.2.254", probes: [])])
    for index in 0..<count {
      let site = settings.addEndpoint("e\(index)", [Member(family: .v4, address: "192.0.2.\(index)", probes: [index])])
      settings.pools.append(Pool(name: "p\(index).example.com", tiers: [[site], [spare]]))
    }
    if canaries > 0 { settings.canaries = Canaries(probes: Array(count..<count + canaries)) }
    change(&settings)
    brain = Brain(settings)
  }

  /// One letter for each probe, space for none; a second later, all is decided.
  mutating func step(_ letters: String) {
    for (probe, letter) in letters.enumerated() where letter != " " {
      brain.observe(probe: probe, outcome: outcome(letter), at: seconds(second), next: seconds(second + 1))
    }
    evaluate()
    second += 1
  }

  mutating func go(to second: Int64) {
    self.second = second
    evaluate()
  }

  mutating func evaluate() { notices += brain.evaluate(at: now).notices }

  mutating func order(_ order: Order) -> [String] {
    let subjects = brain.take(order, at: now).subjects
    evaluate()
    return subjects
  }

  mutating func override(_ pattern: String, _ state: Override.State, expires: Int64? = nil) -> [String] {
    order(
      .override(
        Override(
          pattern: pattern, state: state, reason: "work", by: "ops", since: now.wall,
          expires: expires.map { $0 * 1_000_000_000 })))
  }

  /// Both clocks begin at 0.
  var now: Moment { Moment(seconds(second), wall: second * 1_000_000_000) }

  /// For each pool whether its site answers.
  var text: String {
    brain.answers.map { $0?.v4.members == [0] ? "-" : "+" }.joined()
  }
}
