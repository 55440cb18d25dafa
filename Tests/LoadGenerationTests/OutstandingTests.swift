import LoadGeneration
import Testing

@Suite struct OutstandingTests {
  @Test func answersFindTheirQueries() {
    var outstanding = Outstanding(capacity: 8)
    let ids = (0..<8).map { outstanding.add(UInt64(100 + $0), check: UInt32($0)) }
    #expect(ids == Array(0..<8) && outstanding.room == 0 && outstanding.count == 8)
    #expect(outstanding.check(3) == 3 && outstanding.check(9) == nil)
    #expect(outstanding.take(3) == .answer(sent: 103))
    #expect(outstanding.take(3) == .unexpected, "the second answer to one query")
    #expect(outstanding.take(77) == .unexpected)
    // The oldest is still out: its ID and those behind it cannot be used again.
    #expect(outstanding.room == 0 && outstanding.count == 7)
    #expect(outstanding.take(0) == .answer(sent: 100))
    #expect(outstanding.room == 1)
  }

  @Test func whatTakesTooLongIsLostAndThenLate() {
    var outstanding = Outstanding(capacity: 4)
    for time in [UInt64(10), 20, 30] { _ = outstanding.add(time, check: 0) }
    #expect(outstanding.expire(before: 25) == 2 && outstanding.count == 1)
    #expect(outstanding.take(0) == .late)
    #expect(outstanding.take(0) == .unexpected)
    #expect(outstanding.take(2) == .answer(sent: 30))
    #expect(outstanding.expire(before: .max) == 0 && outstanding.count == 0 && outstanding.room == 4)
  }

  @Test func identifiersWrap() {
    var outstanding = Outstanding(capacity: 65_536)
    for round in 0..<200_000 {
      let id = outstanding.add(UInt64(round + 1), check: 7)
      #expect(id == UInt16(truncatingIfNeeded: round))
      #expect(outstanding.take(id) == .answer(sent: UInt64(round + 1)))
    }
    #expect(outstanding.count == 0 && outstanding.room == 65_536)
  }

  @Test func nothingWasEverAsked() {
    var outstanding = Outstanding(capacity: 16)
    for id in [UInt16(0), 1, 65_535] { #expect(outstanding.take(id) == .unexpected && outstanding.check(id) == nil) }
  }
}
