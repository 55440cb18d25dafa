import Failover
import Probing
import Testing

struct PiecesTests {
  @Test(arguments: 1...20)
  func timersFireInOrder(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var timers = TimerHeap(slots: 100)
    var expected: [Int: Int64] = [:]
    for _ in 0..<500 {
      let slot = Int.random(in: 0..<100, using: &random)
      if Bool.random(using: &random) {
        let time = Int64.random(in: 0..<50, using: &random)
        timers.set(slot, at: Instant(nanoseconds: time))
        expected[slot] = time
      } else {
        timers.remove(slot)
        expected[slot] = nil
      }
    }
    for slot in 0..<100 { #expect(timers[slot]?.nanoseconds == expected[slot]) }
    var fired: [Int64] = []
    while let (slot, at) = timers.first {
      #expect(expected[slot] == at.nanoseconds)
      fired.append(at.nanoseconds)
      timers.remove(slot)
    }
    #expect(fired == expected.values.sorted())
  }

  @Test(arguments: [(0, 5), (4, 5), (5, 15), (6, 15), (14, 15), (15, 25), (1004, 1005)] as [(Int64, Int64)])
  func schedulesStayOnTheirGrid(now: Int64, next: Int64) {
    let schedule = Schedule(phase: Instant(nanoseconds: 5_000_000), interval: .milliseconds(10))
    #expect(schedule.next(after: Instant(nanoseconds: now * 1_000_000)).nanoseconds == next * 1_000_000)
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\n", ResponseHead.Progress.status(200)),
    ("HTTP/1.1 200 OK\n", .status(200)),
    ("HTTP/1.1 200\r\n", .status(200)),
    ("HTTP/1.1 200 OK", .incomplete),
    ("", .incomplete),
    ("HTTP/1.1 101 Switching Protocols\r\n", .status(101)),
    ("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", .incomplete),
    ("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 500 \r\n", .status(500)),
    ("HTTP/1.1 099 Low\r\n", .notHTTP), ("HTTP/1.1 20a\r\n", .notHTTP), ("HTTP/1.1  200\r\n", .notHTTP),
    ("HTTP/2 200\r\n", .notHTTP), ("http/1.1 200 OK\r\n", .notHTTP), ("\r\n", .notHTTP), ("I", .notHTTP),
    ("HTTP/1.1\r\n", .notHTTP), ("HTTP/1.x 200 OK\r\n", .notHTTP),
  ])
  func readsStatusLines(text: String, expected: ResponseHead.Progress) {
    var whole = ResponseHead()
    #expect(whole.take(Array(text.utf8)) == expected)
    var pieces = ResponseHead()
    var last = ResponseHead.Progress.incomplete
    for octet in text.utf8 where last == .incomplete { last = pieces.take([octet]) }
    #expect(last == expected, "the same one octet at a time")
  }

  @Test func headsAreBounded() {
    var head = ResponseHead()
    #expect(head.take(Array("HTTP/1.1 200 ".utf8)) == .incomplete)
    #expect(head.take(Array(repeating: UInt8(ascii: "x"), count: ResponseHead.limit)) == .tooLong)
  }
}
