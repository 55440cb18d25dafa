package import Diagnostics
import Failover

extension Story {
  /// Reads a story; nil if, and only if, there is something wrong with it.
  ///
  /// - Parameter file: for the places of problems.
  package static func read(_ text: String, file: String) -> (story: Story?, problems: [Problem]) {
    var reader = StoryReader()
    // By octets: as a character, CR and LF are one.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      do throws(Problem) {
        try reader.take(Substring(line), file: file, number: index + 1)
      } catch { reader.problems.append(error) }
      if reader.problems.count == StoryReader.mostProblems { break }
    }
    return reader.problems.isEmpty ? (reader.finished, []) : (nil, reader.problems)
  }
}

struct StoryReader {
  var problems: [Problem] = []
  private var story = Story()
  private var scene = SceneReader()

  static var mostProblems: Int { 100 }
  /// A story is played at every interval of every probe: a week of seconds is enough.
  private static var longest: Duration { .seconds(31 * 86400) }

  mutating func take(_ line: Substring, file: String, number: Int) throws(Problem) {
    var words = try Words(line, file: file, number: number)
    if words.isEmpty { return }
    if words.take("at") {
      let position = words.position
      let time = try words.duration("time")
      if time > Self.longest { throw Problem(.error, position, "a story ends within 31 days") }
      let text = StoryReader.text(line)
      let place = words.position
      let action = try StoryReader.action(&words)
      try words.finish()
      story.events.append(
        Story.Event(at: Instant(nanoseconds: 0) + time, position: place, text: text, action: action))
    } else if words.take("begins") {
      story.begins = StoryTime.wall(ofWeek: try StoryReader.timeOfWeek(&words))
      try words.finish()
    } else {
      try scene.take(&words)
    }
  }

  /// What the timeline shows: the line without its time and comment.
  private static func text(_ line: Substring) -> String {
    line.prefix { $0 != "#" }.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }).dropFirst(2)
      .joined(separator: " ")
  }

  var finished: Story {
    var result = story
    result.events = story.events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map(\.element)
    result.scene = scene.finished
    return result
  }

  static func timeOfWeek(_ words: inout Words) throws(Problem) -> Int {
    let day = try words.next("a day, such as Sat")
    let time = try words.next("a time, such as 02:00")
    guard let seconds = StoryTime.ofWeek(day: day.text, time: time.text) else {
      throw Problem(.error, day.position, "`\(day.text) \(time.text)` is no time of the week: write Sat 02:00")
    }
    return seconds
  }

  // MARK: - What happens

  private static func action(_ words: inout Words) throws(Problem) -> Story.Action {
    let subject = try words.next("an endpoint, or what happens")
    switch subject.text {
    case "prober": return .proberIsolated(try words.choice("state of the prober", ["isolated": true, "back": false]))
    case "restart": return .restart(forgetting: words.take("forgetting"))
    case "kill": return .kill
    case "reload": return .reload
    case "serve": return .serve
    case "clock": return .clock(try clock(&words))
    case "drain", "force", "release", "failback", "confirm": return .order(try order(subject.text, &words))
    case "expect": return .expect(try expectation(&words))
    default: return .target(subject.text, try state(&words))
    }
  }

  private static func state(_ words: inout Words) throws(Problem) -> TargetState {
    let states = "ok, slow 900ms, refuses, accepts, hangs, resets, status 503, unprobed"
    let word = try words.next("a state: \(states)")
    switch word.text {
    case "ok": return .usual
    case "slow": return .answers(after: try words.duration("delay"))
    case "refuses": return .refuses
    case "accepts": return .accepts
    case "hangs": return .hangs
    case "resets": return .resets
    case "unprobed": return .unprobed
    case "status": return .status(try words.number("status", in: 100...599))
    default: throw Problem(.error, word.position, "`\(word.text)` is no state: write one of \(states)")
    }
  }

  private static func clock(_ words: inout Words) throws(Problem) -> Duration {
    let word = try words.next("how far the clock is set, such as +1h")
    let isBack = word.text.hasPrefix("-")
    guard isBack || word.text.hasPrefix("+"), let time = StoryTime.duration(word.text.dropFirst()) else {
      throw Problem(.error, word.position, "`\(word.text)` does not set a clock: write +1h or -30s")
    }
    return isBack ? .zero - time : time
  }

  private static func order(_ verb: String, _ words: inout Words) throws(Problem) -> StoryOrder {
    if verb == "confirm" { return .confirm }
    let pattern = try words.next("what to \(verb): an endpoint, endpoint@pool, a pool or a pattern").text
    switch verb {
    case "release": return .release(pattern)
    case "failback": return .failback(pattern)
    default:
      let isDrain = verb == "drain"
      let state = isDrain ? Override.State.down : try words.choice("forced state", ["up": .up, "down": .down])
      let time = words.take("for") ? try words.duration("time until it expires") : nil
      return .override(pattern: pattern, state, isDrain: isDrain, for: time)
    }
  }
}
