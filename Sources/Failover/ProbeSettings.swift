/// How one probe's results become a verdict, and when they come.
package struct ProbeSettings: Hashable, Sendable {
  /// How failures add up.
  package enum Counting: Hashable, Sendable {
    /// A success starts the count anew (Route 53, Azure).
    case consecutive
    /// Failures need not be adjacent: only so many successes in a row forgive them (gdnsd's `ok_thresh`).
    case interleaved(forgivenAfter: Int)
  }

  /// Verdicts that turn too often hold the target down, longer each time.
  package struct FlapLimit: Hashable, Sendable {
    /// So many turns to down …
    package var turns: Int
    /// … within this time hold it down for `hold`, twice as long the next time, at most `longest`.
    package var within: Duration
    package var hold: Duration
    package var longest: Duration

    package init(turns: Int, within: Duration, hold: Duration, longest: Duration) {
      self.turns = turns
      self.within = within
      self.hold = hold
      self.longest = longest
    }
  }

  /// Successes that bring a target back; at least 1.
  package var rise: Int
  /// Failures that take it out; at least 1.
  package var fall: Int
  package var counting = Counting.consecutive
  /// From start to start, usually …
  package var interval: Duration
  /// … and while results contradict the verdict.
  package var fastInterval: Duration
  /// For a whole attempt.
  package var timeout: Duration
  package var flapLimit: FlapLimit?
  /// What has been down returns this long after its last missing success, if it stays good.
  package var holdDown = Duration.zero

  package init(
    rise: Int, fall: Int, interval: Duration = .seconds(1), fastInterval: Duration? = nil,
    timeout: Duration = .milliseconds(500)
  ) {
    self.rise = max(1, rise)
    self.fall = max(1, fall)
    self.interval = interval
    self.fastInterval = fastInterval ?? interval
    self.timeout = timeout
  }
}
