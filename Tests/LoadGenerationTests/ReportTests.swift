import LoadGeneration
import Testing

@Suite struct ReportTests {
  @Test func numbersAreWrittenAsTheyAre() {
    #expect(Figures.fixed(1.0005, 3) == "1.001" && Figures.fixed(0.05, 1) == "0.1" && Figures.fixed(-1.26, 1) == "-1.3")
    #expect(Figures.fixed(12, 0) == "12" && Figures.fixed(.infinity, 2) == "0" && Figures.fixed(.nan, 2) == "0")
    #expect(Figures.fixed(-0.001, 1) == "0.0")
    #expect(Figures.grouped(0) == "0" && Figures.grouped(999) == "999" && Figures.grouped(1000) == "1,000")
    #expect(Figures.grouped(-1_234_567) == "-1,234,567")
  }

  @Test func textIsEscaped() {
    #expect(JSON.text("a\"b\\c\nd\u{1}é").description == "\"a\\\"b\\\\c\\u000ad\\u0001é\"")
    #expect(
      JSON.object([("b", .list([.integer(1), .bool(true)])), ("a", .number(0.5, places: 2))]).description
        == "{\"b\":[1,true],\"a\":0.50}")
  }

  private func report() -> BenchReport {
    var report = BenchReport(server: "127.0.0.1:5300", transport: "udp", isClosedLoop: true)
    (report.seconds, report.sent, report.answered, report.lost) = (2, 2000, 1999, 1)
    report.responseCodes = [("NOERROR", 1990), ("NXDOMAIN", 9)]
    report.latency.p50 = 123.4
    report.samples = [
      .init(end: 1, sent: 1000, answered: 1000, lost: 0, p50: 100_000, p99: 200_000, largest: 300_000),
      .init(end: 2, sent: 1000, answered: 999, lost: 1, p50: 100_000, p99: 200_000, largest: 300_000),
    ]
    return report
  }

  @Test func jsonHasTheAgreedMembers() {
    let json = report().json
    #expect(
      json.hasPrefix("{\"server\":\"127.0.0.1:5300\",\"transport\":\"udp\",\"loop\":\"closed\",\"seconds\":2.000,"))
    #expect(json.contains("\"sent\":2000,\"answered\":1999,\"lost\":1,\"late\":0,\"unexpected\":0,\"rate\":999.5,"))
    #expect(json.contains("\"rcodes\":{\"NOERROR\":1990,\"NXDOMAIN\":9},\"truncated\":0,\"answer_octets\":{"))
    #expect(
      json.contains("\"latency_us\":{\"mean\":0.0,\"p50\":123.4,\"p90\":0.0,\"p99\":0.0,\"p99.9\":0.0,\"max\":0.0}"))
    #expect(json.hasSuffix("\"limited_by\":\"server\"}"))
    #expect(!json.contains("server_process") && !json.contains("find_max") && !json.contains("endpoints"))
  }

  @Test func jsonHasWhatWasAskedFor() {
    var report = report()
    report.findMax = .init(
      rate: 5000, loss: 0.0005, steps: [.init(rate: 5000, loss: 0.0005, sustained: true, limitedBy: .rate)])
    report.watch = AnswerWatch()
    #expect(report.json.contains("\"find_max\":{\"rate\":5000.0,\"loss\":0.000500,\"steps\":[{\"rate\":5000.0,"))
    #expect(
      report.json.hasSuffix(
        "\"endpoints\":[],\"changes\":[],\"unlisted_changes\":0,\"longest_gap_s\":0.000000,\"dead_answers\":0}"))
  }

  @Test func textSaysWhatWasTheLimit() {
    var report = report()
    #expect(report.text.contains("lost        1, 0.050 %") && report.text.hasSuffix("The server was the limit."))
    report.limitedBy = .generator
    #expect(report.text.hasSuffix("The generator was the limit: the server may be faster than this."))
    report.answered = 0
    report.troubles.refused = 1
    #expect(report.text.hasSuffix("Nothing was answered: nobody listens there."))
  }

  @Test func pageIsSelfContained() {
    let page = report().page
    #expect(page.components("<svg").count == 4)
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("<script") && !page.contains("src="))
    #expect(page.contains("Queries a second") && page.contains("Latency over time"))
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
