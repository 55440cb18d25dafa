import Diagnostics
import Memory
import Testing
import Wire
import Zone

/// Zones that are so large that parts of what they are built from are given back while they are built.
@Suite struct LargeZoneTests {
  private static let head = "$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\nns A 192.0.2.53\n"

  private static func address(_ i: Int) -> String { "10.\(i >> 16 & 255).\(i >> 8 & 255).\(i & 255)" }

  private static func parse(_ text: String, passed: (Int) -> Void = { _ in }) throws -> ParsedZoneFile {
    let octets = Array(text.utf8)
    let apex = try DomainName("example.")
    return ZoneFileParser.parse(file: "z", apex: apex, text: octets.span, passed: passed) { _, _, _ in "none" }
  }

  /// While the zone grows, what it is made of goes: together they are never a quarter larger than the zone. (With a
  /// million names it is not larger: pieces of the memory matter less.)
  @Test func buildingTakesLittleMoreThanTheZone() throws {
    var text = Self.head
    for i in 0..<150_000 {
      text += "h\(i) A \(Self.address(i))\n"
      if i % 4 == 0 { text += "h\(i) AAAA 2001:db8::\(i % 10_000)\n" }
    }
    let parsed = try Self.parse(text)
    var problems = parsed.problems
    var held: [Int] = []
    let zone = ZoneBuilder.build(
      records: parsed.takeRecords(), pooled: [], step: 1024, holding: { held.append($0) }, problems: &problems)
    #expect(zone != nil && problems.isEmpty)
    let (most, last) = (try #require(held.max()), try #require(held.last))
    #expect(held.count == 148)
    #expect(most < last + last / 4, "\(most) octets for a zone of \(last)")
  }

  /// Records refer to names that come long before and behind them, and owners have records in two places.
  @Test func namesAreFoundWhenTheyAreWrittenAlready() throws {
    let count = 20_000
    func target(_ i: Int) -> Int { i * 7919 % count }
    var text = Self.head
    for i in 0..<count { text += "h\(i) MX 10 H\(target(i))\nx\(i).deep.h\(i) TXT x\n" }
    for i in 0..<count { text += "h\(i) A \(Self.address(i))\n" }
    let parsed = try Self.parse(text)
    var problems = parsed.problems
    let outcome = Outcome(
      ZoneBuilder.build(records: parsed.takeRecords(), pooled: [], step: 512, problems: &problems), problems)
    #expect(outcome.problems == [])
    try outcome.see { zone in
      #expect(zone.recordCount == 3 + 3 * count)
      for i in stride(from: 0, to: count, by: 37) {
        let texts = RecordsTests.texts(zone.place(try DomainName("h\(i).example.")))
        #expect(texts == ["A 300 \(Self.address(i))", "MX 300 10 h\(target(i)).example."])
        #expect(RecordsTests.texts(zone.place(try DomainName("x\(i).deep.h\(i).example."))) == ["TXT 300 \"x\""])
      }
    }
  }

  /// What is passed is passed for good, and the parser asks for nothing before it.
  @Test func saysHowFarItHasRead() throws {
    var passed: [Int] = []
    let line = "a TXT \"\(String(repeating: "x", count: 200))\"\n"
    let text = Self.head + String(repeating: line, count: 21_000)
    let parsed = try Self.parse(text) { passed.append($0) }
    #expect(parsed.problems.isEmpty)
    #expect(passed.count == text.utf8.count / (1 << 21))
    #expect(passed == passed.sorted())
  }
}
