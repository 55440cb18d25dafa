import LoadGeneration
import Testing
import Wire

@Suite struct RecorderTests {
  private let question = Answers.question("www.example.com", 1)

  /// Sends one query with ID 0 and gives `message` to the recorder 500 ns later.
  private func receive(_ message: [UInt8], length: Int? = nil) -> Counts {
    var recorder = Recorder(start: 1000, hasEDNS: true)
    var outstanding = Outstanding(capacity: 4)
    let query = Answers.message(flags: 0, question)
    _ = outstanding.add(2000, check: QuestionCheck.of(query.rawBytes, length: question.count))
    recorder.sent(1)
    recorder.receive(message.rawBytes, length: length ?? message.count, &outstanding, 2500)
    recorder.sample(3000)
    return Counts(recorder)
  }

  private struct Counts: Equatable {
    var answered = 0
    var unexpected = 0
    var truncated = 0
    var codes: [String] = []
    var latency: UInt64 = 0

    init(answered: Int = 0, unexpected: Int = 0, truncated: Int = 0, codes: [String] = [], latency: UInt64 = 0) {
      (self.answered, self.unexpected, self.truncated) = (answered, unexpected, truncated)
      (self.codes, self.latency) = (codes, latency)
    }

    init(_ recorder: borrowing Recorder) {
      (answered, unexpected, truncated) = (recorder.answered, recorder.unexpected, recorder.truncated)
      codes = recorder.codes
      latency = recorder.latency.largest
    }
  }

  @Test func answerCounts() {
    let message = Answers.message(question, answers: [Answers.record(1, [192, 0, 2, 1])])
    #expect(receive(message) == Counts(answered: 1, codes: ["NOERROR"], latency: 500))
  }

  @Test func truncationAndCodesCount() {
    #expect(
      receive(Answers.message(flags: 0x86, code: 3, question))
        == Counts(answered: 1, truncated: 1, codes: ["NXDOMAIN"], latency: 500))
  }

  @Test func extendedCodeIsRead() {
    let message = Answers.message(code: 7, question, additional: [Answers.opt(extendedCode: 1)])
    #expect(receive(message).codes == ["BADCOOKIE"])
    #expect(receive(Answers.message(code: 7, question)).codes == ["YXRRSET"])
  }

  @Test func refusalMayLackTheQuestion() {
    #expect(receive(Answers.message(code: 1, [])).codes == ["FORMERR"])
    #expect(receive(Answers.message(code: 0, [])).unexpected == 1)
  }

  @Test func whatIsNoAnswerIsUnexpected() {
    let other = Answers.question("www.example.net", 1)
    let otherType = Answers.question("www.example.com", 28)
    for message in [
      Answers.message(flags: 0x04, question), Answers.message(id: 9, question), Answers.message(other),
      Answers.message(otherType), [], [0, 0, 0x84], Array(Answers.message(question).dropLast(3)),
      [UInt8](repeating: 0xFF, count: 40),
    ] {
      #expect(receive(message) == Counts(unexpected: 1), "\(message)")
    }
  }

  @Test func anySpoiltAnswerIsCountedOnce() {
    let good = Answers.message(
      code: 2, question, answers: [Answers.record(1, [192, 0, 2, 1])], additional: [Answers.opt()])
    let check = QuestionCheck.of(good.rawBytes, length: question.count)
    var recorder = Recorder(start: 0, hasEDNS: true, watch: AnswerWatch())
    var random = SeededRandom(seed: 3)
    for round in 1...20_000 {
      var message = Array(good.prefix(Int(random.below(UInt64(good.count + 1)))))
      for _ in 0..<random.below(4) where !message.isEmpty {
        message[Int(random.below(UInt64(message.count)))] = UInt8(truncatingIfNeeded: random.next())
      }
      var outstanding = Outstanding(capacity: 4)
      _ = outstanding.add(1, check: check)
      recorder.receive(message.rawBytes, length: message.count, &outstanding, 2)
      #expect(recorder.answered + recorder.unexpected == round)
    }
    #expect(recorder.answered > 1000 && recorder.unexpected > 1000)
  }

  @Test func serverCookieIsFound() {
    let client: UInt64 = 0x0102_0304_0506_0708
    let server = [UInt8](repeating: 0xAB, count: 16)
    let option: [UInt8] = [0, 10, 0, 24, 1, 2, 3, 4, 5, 6, 7, 8] + server
    let message = Answers.message(question, additional: [Answers.opt(data: [0, 3, 0, 1, 9] + option)])
    #expect(AnswerReader.serverCookie(message.rawBytes, client: client) == server)
    #expect(AnswerReader.serverCookie(message.rawBytes, client: client + 1) == nil)
    #expect(AnswerReader.serverCookie(Answers.message(question).rawBytes, client: client) == nil)
  }
}
