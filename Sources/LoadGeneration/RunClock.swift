import Sockets

/// What a run does at times of its own: looks whether it is to end, takes samples, shows the live line.
struct RunClock: ~Copyable {
  private let pace: Pace
  private let stop: StopFlag
  private let interval: UInt64
  private let say: ((String) -> Void)?
  private var nextSample: UInt64
  private var nextLine: UInt64
  private var before: (time: UInt64, answered: Int, samples: Int)
  /// With a count but no duration, sending ends when no answer has come for so long.
  private let patience: UInt64
  private var lastProgress: (time: UInt64, answered: Int, lost: Int)
  private let timeout: UInt64
  private(set) var nextTick: UInt64
  /// When sending ended.
  private(set) var ended: UInt64?
  /// When answers are waited for no longer; after Ctrl-C that is soon.
  private(set) var drained = UInt64.max
  private(set) var gaveUp = false

  static var tick: UInt64 { 2_000_000 }
  private static var second: UInt64 { 1_000_000_000 }

  /// - Parameter say: takes the live line; nil shows none.
  init(_ pace: Pace, timeout: UInt64, stop: StopFlag, say: ((String) -> Void)?) {
    self.pace = pace
    self.stop = stop
    self.say = say
    let length = pace.end == .max ? Self.second * 100 : pace.end - pace.start
    interval = min(max(length / 100, Self.second / 10), Self.second)
    nextSample = pace.start + interval
    nextLine = pace.start + Self.second
    nextTick = pace.start
    before = (pace.start, 0, 0)
    lastProgress = (pace.start, 0, 0)
    self.timeout = timeout
    patience = max(5 * Self.second, 3 * timeout)
  }

  /// Looks after everything that is due.
  mutating func turn(_ now: UInt64, _ recorder: inout Recorder) {
    nextTick = now + Self.tick
    if ended == nil {
      gaveUp = pace.end == .max && isHopeless(now, recorder)
      if gaveUp || stop.isSet || pace.isOver(now, sent: recorder.sent) {
        ended = now
        drained = now + timeout + Self.tick
      }
    }
    if stop.isSet { drained = min(drained, now + Self.second) }
    if now >= nextSample {
      recorder.sample(now)
      nextSample = now + interval
    }
    if now >= nextLine {
      nextLine = now + Self.second
      line(now, recorder)
    }
  }

  /// Whether queries are lost, or cannot be sent, and no answer has come for long.
  private mutating func isHopeless(_ now: UInt64, _ recorder: borrowing Recorder) -> Bool {
    if recorder.answered != lastProgress.answered { lastProgress = (now, recorder.answered, recorder.lost) }
    guard now - lastProgress.time > patience else { return false }
    return recorder.lost > lastProgress.lost || pace.allowed(now, sent: recorder.sent) > 0
  }

  private mutating func line(_ now: UInt64, _ recorder: borrowing Recorder) {
    guard let say else { return }
    let rate = Double(recorder.answered - before.answered) * 1e9 / Double(max(1, now - before.time))
    let samples = recorder.samples[before.samples...]
    before = (now, recorder.answered, recorder.samples.count)
    let p50 = samples.map(\.p50).max() ?? 0
    say(
      "\((now - pace.start + Self.second / 2) / Self.second) s: \(Figures.grouped(Int(rate)))/s, p50 \(Figures.milliseconds(p50)), "
        + "p99 \(Figures.milliseconds(samples.map(\.p99).max() ?? 0)), lost \(Figures.grouped(recorder.lost))")
  }
}
