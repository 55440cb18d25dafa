import LoadGeneration
import Testing

/// Open loops on a scripted clock.
@Suite struct RateTests {
  @Test func fixedRateIsEven() {
    let schedule = RateSchedule(rate: 50_000)
    #expect(schedule.time(of: 0) == 0 && schedule.time(of: 1) == 20_000 && schedule.time(of: 50_000) == 1_000_000_000)
    #expect(schedule.due(at: 0) == 1 && schedule.due(at: 19_999) == 1 && schedule.due(at: 20_000) == 2)
    #expect(schedule.due(at: 3_000_000_000) == 150_001)
  }

  @Test func rampHasItsMeanRate() {
    let schedule = RateSchedule(from: 1000, to: 3000, seconds: 4)
    #expect(schedule.due(at: 4_000_000_000) == 8001)
    #expect(schedule.due(at: 2_000_000_000) == 3001)
    // Beyond its end the last rate goes on.
    #expect(schedule.due(at: 5_000_000_000) == 11_001)
  }

  @Test(arguments: [
    RateSchedule(rate: 7), RateSchedule(rate: 333_333), RateSchedule(from: 10, to: 100_000, seconds: 3),
    RateSchedule(from: 100_000, to: 10, seconds: 3),
  ])
  func queryIsDueWhenItsTimeHasCome(_ schedule: RateSchedule) {
    for index in stride(from: 0, to: 200_000, by: 997) {
      let time = schedule.time(of: index)
      #expect(schedule.due(at: time + 10) > index)
      if time > 10 { #expect(schedule.due(at: time - 10) <= index + 1) }
    }
  }

  @Test func timesNeverGoBack() {
    let schedule = RateSchedule(from: 5000, to: 20, seconds: 2)
    var last: UInt64 = 0
    for index in 0..<6000 {
      #expect(schedule.time(of: index) >= last)
      last = schedule.time(of: index)
    }
  }

  @Test func paceEndsWithTimeOrCount() {
    let pace = Pace(start: 100, duration: 1_000_000_000, count: nil, schedule: RateSchedule(rate: 1000))
    #expect(pace.allowed(100, sent: 0) == 1 && pace.allowed(100, sent: 1) == 0)
    #expect(pace.allowed(500_000_100, sent: 1) == 500)
    // What would be due at the end or later is not sent.
    #expect(pace.allowed(9_000_000_000, sent: 0) == 1000)
    #expect(!pace.isOver(1_000_000_099, sent: 0) && pace.isOver(1_000_000_100, sent: 0))
    let counted = Pace(start: 0, duration: nil, count: 5, schedule: nil)
    #expect(counted.allowed(0, sent: 3) == 2 && !counted.isOver(.max - 1, sent: 4) && counted.isOver(0, sent: 5))
  }

  /// A stalled sender's queries keep the times at which they were due.
  @Test func stallDoesNotMoveTheSchedule() {
    let pace = Pace(start: 0, duration: nil, count: nil, schedule: RateSchedule(rate: 1000))
    let now: UInt64 = 3_000_000_000
    #expect(pace.allowed(now, sent: 10) == 2991)
    #expect(pace.time(of: 10, now) == 10_000_000)
  }

  // MARK: - The search for the highest rate

  private func search(capacity: Double, from rate: Double) -> RateSearch {
    var search = RateSearch(from: rate)
    while let rate = search.next {
      let loss = rate <= capacity ? 0 : 1 - capacity / rate
      search.take(.init(rate: rate, loss: loss, sustained: rate <= capacity, limitedBy: .server))
      if search.steps.count > 60 { break }
    }
    return search
  }

  @Test(arguments: [950.0, 1000, 12_345, 777_777, 1_234_567]) func searchFindsTheKnee(_ capacity: Double) {
    let search = search(capacity: capacity, from: 1000)
    #expect(search.sustained <= capacity && search.sustained >= capacity * 0.97, "\(search.sustained)")
    #expect(search.steps.count < 30)
  }

  @Test func searchEndsWhereNothingIsSustained() {
    let search = search(capacity: 0, from: 1000)
    #expect(search.sustained == 0 && search.next == nil)
  }

  @Test func searchEndsWhereEverythingIs() {
    let search = search(capacity: .infinity, from: 1000)
    #expect(search.sustained >= 50_000_000 && search.steps.count < 30)
  }
}
