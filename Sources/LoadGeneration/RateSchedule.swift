/// When each query of an open loop is due: at a fixed rate, or one that grows or falls evenly.
package struct RateSchedule: Sendable, Equatable {
  /// Queries a second, at the start and at the end.
  package let first: Double
  package let last: Double
  /// Seconds from the one to the other; what comes later comes at the last rate.
  package let seconds: Double

  package init(rate: Double) { self.init(from: rate, to: rate, seconds: 1) }

  package init(from first: Double, to last: Double, seconds: Double) {
    self.first = first
    self.last = last
    self.seconds = seconds
  }

  private var slope: Double { (last - first) / seconds }
  private var rampCount: Double { (first + last) / 2 * seconds }

  /// How many queries are due when `time` nanoseconds have passed: the first is due at once.
  package func due(at time: UInt64) -> Int {
    let t = Double(time) / 1e9
    let queries = t < seconds ? (first + slope * t / 2) * t : rampCount + (t - seconds) * last
    return Int(queries) + 1
  }

  /// Nanoseconds after which query `index`, from 0, is due.
  package func time(of index: Int) -> UInt64 {
    let n = Double(index)
    if n >= rampCount { return nanoseconds(seconds + (n - rampCount) / last) }
    if slope == 0 { return nanoseconds(n / first) }
    // The root of slope/2 t² + first t = n, in the form that stays exact when the slope is small.
    let root = max(0, first * first + 2 * slope * n).squareRoot()
    return nanoseconds(2 * n / (first + root))
  }

  private func nanoseconds(_ seconds: Double) -> UInt64 { UInt64((seconds * 1e9).rounded()) }
}

/// How much may be sent at a time, and when it is over. Times are nanoseconds on the monotonic clock.
package struct Pace: Sendable {
  package let start: UInt64
  /// When sending ends at the latest.
  package let end: UInt64
  /// Queries at most.
  package let count: Int
  /// Nil in a closed loop, in which answers make room for queries.
  package let schedule: RateSchedule?

  package init(start: UInt64, duration: UInt64?, count: Int?, schedule: RateSchedule?) {
    self.start = start
    end = duration.map { start + $0 } ?? .max
    self.count = count ?? .max
    self.schedule = schedule
  }

  /// Queries that may be sent now, when `sent` have been.
  package func allowed(_ now: UInt64, sent: Int) -> Int {
    guard let schedule else { return count - sent }
    return min(count, schedule.due(at: min(now, end - 1) - start)) - sent
  }

  /// When query `index` should be sent: now in a closed loop.
  package func time(of index: Int, _ now: UInt64) -> UInt64 {
    guard let schedule else { return now }
    return start + schedule.time(of: index)
  }

  package func isOver(_ now: UInt64, sent: Int) -> Bool { now >= end || sent >= count }
}
