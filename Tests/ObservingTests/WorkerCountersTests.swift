import Memory
import Observing
import Testing

@Suite struct WorkerCountersTests {
  @Test func everyCounterHasItsOwnSlotAndName() {
    let counters = WorkerCounters(workers: 1)
    for (index, counter) in Counter.all.enumerated() { counters.add(UInt64(index + 1), to: counter, worker: 0) }
    #expect(Counter.all.map { counters.total($0) } == (1...Counter.all.count).map(UInt64.init))
    #expect(Set(Counter.all.map(\.name)).count == Counter.all.count)
  }

  @Test(arguments: [
    (Counter.queries(.udp, isIPv6: false), "queries_udp_ipv4"),
    (Counter.queries(.udp, isIPv6: true), "queries_udp_ipv6"),
    (Counter.queries(.tcp, isIPv6: false), "queries_tcp_ipv4"),
    (Counter.queries(.tcp, isIPv6: true), "queries_tcp_ipv6"),
    (Counter.answers(0), "answers_noerror"),
    (Counter.answers(3), "answers_nxdomain"),
    (Counter.answers(16), "answers_badvers"),
    (Counter.answers(23), "answers_badcookie"),
    (Counter.answers(24), "answers_other"),
    (Counter.answers(.max), "answers_other"),
    (Counter.truncated, "truncated"),
    (Counter.droppedByKernel, "dropped_by_kernel"),
    (Counter.tcpAccepted, "tcp_accepted"),
    (Counter.tcpClosedForCause, "tcp_closed_for_cause"),
    (Counter.questions(0), "questions_type0"),
    (Counter.questions(1), "questions_a"),
    (Counter.questions(257), "questions_caa"),
    (Counter.questions(258), "questions_other"),
    (Counter.questions(.max), "questions_other"),
  ])
  func name(counter: Counter, expected: String) {
    #expect(counter.name == expected)
  }

  @Test func readerSumsWhatWorkersCountAtTheSameTime() throws {
    let counters = WorkerCounters(workers: 4)
    let threads = (0..<4).map { worker in
      Thread.start("count") { for _ in 0..<100_000 { counters.add(to: .answers(0), worker: worker) } }
    }
    var last: UInt64 = 0
    while last < 400_000 {
      let now = counters.total(.answers(0))
      try #require(now >= last)
      last = now
    }
    for thread in threads { try #require(thread).join() }
    #expect(counters.snapshot().map(\.name) == ["answers_noerror"])
    #expect(counters.value(.answers(0), worker: 3) == 100_000)
  }
}
