import Failover
import Probing
import Testing

struct LoopWatchTests {
  private func ms(_ count: Int64) -> Instant { Instant(nanoseconds: count * 1_000_000) }

  /// One wait that ended at 0 ms, then another one: entered, planned, ended, and how long the machine slept.
  @Test(arguments: [
    (0, 100, 100, 0, nil as OwnTrouble?),
    (0, 100, 40, 0, nil),
    (5, 100, 110, 0, nil),
    (0, nil as Int64?, 100_000, 0, nil),
    // Woken late, by a clock that jumped or a machine that stood still.
    (0, 100, 400, 0, .ranLate(by: .milliseconds(300))),
    // Busy elsewhere before the wait, with and without a timer due.
    (250, 100, 250, 0, .ranLate(by: .milliseconds(250))),
    (250, 1000, 300, 0, .ranLate(by: .milliseconds(250))),
    (250, nil, 250, 0, .ranLate(by: .milliseconds(250))),
    // Suspended: the monotonic clock stood still and saw nothing.
    (0, 100, 100, 5000, .suspended(.seconds(5))),
  ])
  func noticesGaps(entered: Int64, planned: Int64?, now: Int64, slept: Int64, expected: OwnTrouble?) {
    var watch = LoopWatch()
    #expect(watch.waitEnded(entered: ms(-10), planned: ms(0), now: ms(0), boot: ms(7000)) == nil)
    let seen = watch.waitEnded(
      entered: ms(entered), planned: planned.map(ms), now: ms(now), boot: ms(now + 7000 + slept))
    #expect(seen == expected)
    let after = ms(now + 1)
    #expect(watch.waitEnded(entered: ms(now), planned: after, now: after, boot: ms(now + 7001 + slept)) == nil)
  }
}
