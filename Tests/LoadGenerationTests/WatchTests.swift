import LoadGeneration
import Testing
import Wire

@Suite struct WatchTests {
  private func answer(_ last: UInt8..., name: String = "app.example.com") -> [UInt8] {
    Answers.message(
      Answers.question(name, 1), answers: last.map { Answers.record(1, [127, 0, 0, $0]) })
  }

  private func address(_ last: UInt8) -> IPAddress { .v4(0x7F00_0000 | UInt32(last)) }

  @Test func changesAreMarked() {
    var watch = AnswerWatch()
    for time in UInt64(1)...5 { watch.see(answer(2).rawBytes, sent: time * 10, at: time * 10 + 1) }
    for time in UInt64(6)...9 { watch.see(answer(3).rawBytes, sent: time * 10, at: time * 10 + 1) }
    watch.finish(at: 100)
    #expect(watch.changes.count == 1)
    #expect(watch.changes.first?.time == 61 && watch.changes.first?.question == "app.example.com A")
    #expect(watch.changes.first?.from == [address(2)] && watch.changes.first?.to == [address(3)])
    #expect(watch.endpoints.map(\.address) == [address(2), address(3)])
    #expect(watch.endpoints.map(\.first) == [11, 61] && watch.endpoints.map(\.last) == [51, 91])
    #expect(watch.endpoints.map(\.answers) == [5, 4])
    #expect(watch.longestGap == 11 && watch.deadAnswers == 0)
  }

  /// Answers overtake each other between sockets: an older query's answer is no change back.
  @Test func overtakenAnswersAreNoChange() {
    var watch = AnswerWatch()
    watch.see(answer(2).rawBytes, sent: 10, at: 20)
    watch.see(answer(3).rawBytes, sent: 12, at: 21)
    watch.see(answer(2).rawBytes, sent: 11, at: 22)
    watch.see(answer(3).rawBytes, sent: 13, at: 23)
    #expect(watch.changes.count == 1)
    #expect(watch.deadAnswers == 1, "it named the endpoint that was left")
  }

  @Test func changeBackIsOne() {
    var watch = AnswerWatch()
    for (i, last) in [UInt8(2), 3, 2].enumerated() {
      watch.see(answer(last).rawBytes, sent: UInt64(10 * i), at: UInt64(10 * i + 1))
    }
    #expect(watch.changes.map(\.to) == [[address(3)], [address(2)]])
  }

  @Test func orderOfAddressesIsNoChange() {
    var watch = AnswerWatch()
    watch.see(answer(2, 3).rawBytes, sent: 1, at: 2)
    watch.see(answer(3, 2).rawBytes, sent: 3, at: 4)
    #expect(watch.changes.isEmpty && watch.endpoints.map(\.answers) == [2, 2])
  }

  @Test func questionsAreToldApart() {
    var watch = AnswerWatch()
    watch.see(answer(2, name: "a.example").rawBytes, sent: 1, at: 2)
    watch.see(answer(3, name: "b.example").rawBytes, sent: 3, at: 4)
    watch.see(answer(2, name: "a.example").rawBytes, sent: 5, at: 6)
    #expect(watch.changes.isEmpty)
  }

  @Test func deadEndpointCountsFromItsTime() {
    var watch = AnswerWatch(dead: address(2), from: 50)
    for sent in [UInt64(10), 49, 50, 60] { watch.see(answer(2).rawBytes, sent: sent, at: sent + 1) }
    watch.see(answer(3).rawBytes, sent: 70, at: 71)
    #expect(watch.deadAnswers == 2)
  }

  @Test func onlyAddressesEndAGap() {
    var watch = AnswerWatch()
    watch.see(answer(2).rawBytes, sent: 1, at: 5)
    watch.see(Answers.message(code: 2, Answers.question("app.example.com", 1)).rawBytes, sent: 30, at: 31)
    watch.see(answer(2).rawBytes, sent: 50, at: 55)
    watch.finish(at: 300)
    #expect(watch.longestGap == 245)
  }

  @Test func changesThatAreNotListedAreCounted() {
    var watch = AnswerWatch()
    for time in 0..<(UInt64(AnswerWatch.listed) + 11) {
      watch.see(answer(UInt8(2 + time % 2)).rawBytes, sent: time, at: time)
    }
    #expect(watch.changes.count == AnswerWatch.listed && watch.unlisted == 10)
  }
}
