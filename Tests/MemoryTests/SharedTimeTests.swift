import Memory
import Testing

@Suite struct SharedTimeTests {
  @Test func advancesInSteps() {
    let time = SharedTime(0)
    time.advance(to: 5, grain: 10)
    #expect(time.value == 0, "not worth a write")
    time.advance(to: 11, grain: 10)
    #expect(time.value == 11)
    time.advance(to: 3, grain: 0)
    #expect(time.value == 11, "never back")
    time.set(2)
    #expect(time.value == 2)
  }

  /// Whoever writes last: the latest time is what remains.
  @Test func theLatestOfManyThreadsCounts() throws {
    final class Box: Sendable { let time = SharedTime(0) }
    let box = Box()
    let threads = (0..<4 as Range<UInt64>).compactMap { index in
      Thread.start("noting") {
        for i in 1...20_000 as ClosedRange<UInt64> { box.time.advance(to: i * 4 + index, grain: 0) }
      }
    }
    for thread in threads { thread.join() }
    #expect(threads.count == 4 && box.time.value == 80_003)
  }
}
