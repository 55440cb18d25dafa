import Failover

/// A timed failover story, one line each:
///
///     check interval 1s timeout 500ms rise 2 fall 3     how every address is probed
///     endpoint azure 198.51.100.20 2001:db8::20         a site and its addresses
///     pool ec2 | azure                                  tiers; those beside each other are equals
///     at 10s ec2 refuses                                a site, or one address, from then on
///     at 14s expect A 198.51.100.20                     what is answered then
///
/// `#` begins a comment. All times count from the start; probes start at 0 s and every interval.
/// - States: `ok` (after 10 ms), `slow 900ms`, `refuses`, `accepts` (and never answers), `hangs`,
///   `resets`, `status 503`, `unprobed` (trouble of our own: no result).
/// - Events: `restart` (health forgotten, a first round), `reload` (health kept), `serve` (ends the first round).
/// - Expectations: `A` or `AAAA` and addresses, `nothing`, or `open` and addresses (failed open);
///   `undecided`, `decided`; `changes 2` (of the pool's answer since the start).
struct Story {
  enum State: Equatable {
    case answers(after: Duration)
    case refuses, accepts, hangs, resets, unprobed
    case status(Int)
  }

  enum Event {
    case state(of: String, State)
    case restart, reload, serve
    case expect([Substring])
  }

  struct Malformed: Error { let line: Int }

  var interval = Duration.seconds(1)
  var timeout = Duration.milliseconds(500)
  var thresholds = ProbeSettings(rise: 2, fall: 3)
  var endpoints: [(name: String, addresses: [String])] = []
  var tiers: [[String]] = []
  /// In the order of time; those of one time in the order of the file.
  var events: [(at: Instant, line: Int, event: Event)] = []

  init(_ text: String) throws(Malformed) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != "#" }.split(separator: " ")
      guard !words.isEmpty else { continue }
      guard take(words, line: index + 1) else { throw Malformed(line: index + 1) }
    }
    events = events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  private mutating func take(_ words: [Substring], line: Int) -> Bool {
    switch words[0] {
    case "check": return takeCheck(words)
    case "endpoint":
      guard words.count > 2 else { return false }
      endpoints.append((String(words[1]), words[2...].map(String.init)))
      return true
    case "pool":
      tiers = words[1...].split(separator: "|").map { $0.map(String.init) }
      return tiers.joined().allSatisfy { name in endpoints.contains { $0.name == name } }
    case "at":
      guard words.count > 2, let time = Story.duration(words[1]), let event = event(Array(words[2...])) else {
        return false
      }
      events.append((Instant(nanoseconds: 0) + time, line, event))
      return true
    default: return false
    }
  }

  private mutating func takeCheck(_ words: [Substring]) -> Bool {
    for i in stride(from: 1, to: words.count - 1, by: 2) {
      switch (words[i], Story.duration(words[i + 1]), Int(words[i + 1])) {
      case ("interval", let time?, _): interval = time
      case ("timeout", let time?, _): timeout = time
      case ("rise", _, let count?): thresholds.rise = count
      case ("fall", _, let count?): thresholds.fall = count
      default: return false
      }
    }
    return words.count % 2 == 1
  }

  private func event(_ words: [Substring]) -> Event? {
    switch (words[0], words.count) {
    case ("restart", 1): return .restart
    case ("reload", 1): return .reload
    case ("serve", 1): return .serve
    case ("expect", 2...): return .expect(Array(words[1...]))
    case (let subject, 2...):
      let isKnown = endpoints.contains { $0.name == subject || $0.addresses.contains(String(subject)) }
      guard isKnown, let state = Story.state(words[1], words.dropFirst(2).first) else { return nil }
      return .state(of: String(subject), state)
    default: return nil
    }
  }

  private static func state(_ word: Substring, _ argument: Substring?) -> State? {
    switch (word, argument) {
    case ("ok", nil): .answers(after: .milliseconds(10))
    case ("slow", let time?): duration(time).map { .answers(after: $0) }
    case ("refuses", nil): .refuses
    case ("accepts", nil): .accepts
    case ("hangs", nil): .hangs
    case ("resets", nil): .resets
    case ("unprobed", nil): .unprobed
    case ("status", let code?): Int(code).map { .status($0) }
    default: nil
    }
  }

  /// `500ms` or `10s`.
  private static func duration(_ text: Substring) -> Duration? {
    if text.hasSuffix("ms") { return Int64(text.dropLast(2)).map { .milliseconds($0) } }
    if text.hasSuffix("s") { return Int64(text.dropLast()).map { .seconds($0) } }
    return nil
  }
}
