import Diagnostics
import Memory
import Testing
import Wire
import Zone

@Suite struct RecordsTests {
  static let zone = """
    @ SOA NS1 host 7 7200 900 1209600 60
    @ NS ns1
    @ MX 10 mail.www
    ns1 A 192.0.2.1
    www 60 A 192.0.2.2
    www 60 A 192.0.2.3
    www TXT "a" "b c"
    pool TXT "beside the pool"
    *.wild TXT "any"
    old DNAME new
    sub NS ns.sub
    ns.sub A 192.0.2.9
    srv SRV 1 2 3 Target.www
    """

  static func texts(_ place: ZonePlace) -> [String]? {
    guard case .records(let records) = place else { return nil }
    return records.map { "\($0.type) \($0.ttl) \(RDataFormat($0.type).text($0.data.rawBytes))" }.sorted()
  }

  @Test(arguments: [
    (
      "example.",
      [
        "MX 300 10 mail.www.example.", "NS 300 ns1.example.",
        "SOA 300 ns1.example. host.example. 7 7200 900 1209600 60",
      ]
    ),
    ("www.example.", ["A 60 192.0.2.2", "A 60 192.0.2.3", "TXT 300 \"a\" \"b c\""]),
    ("WWW.Example.", ["A 60 192.0.2.2", "A 60 192.0.2.3", "TXT 300 \"a\" \"b c\""]),
    ("pool.example.", ["TXT 300 \"beside the pool\""]), ("srv.example.", ["SRV 300 1 2 3 target.www.example."]),
    ("x.wild.example.", []), ("wild.example.", []), ("none.example.", []), ("sub.example.", ["NS 300 ns.sub.example."]),
    ("old.example.", ["DNAME 300 new.example."]),
  ])
  func recordsOfAName(name: String, records: [String]) throws {
    let outcome = try build(Self.zone, pooled: ["pool.example."])
    let place = try outcome.see { zone in zone.place(try DomainName(name)) }
    #expect(Self.texts(place) == records)
  }

  @Test(arguments: ["ns.sub.example.", "x.sub.example.", "x.old.example."])
  func whatIsNotTheZonesToSay(name: String) throws {
    let place = try build(Self.zone).see { zone in zone.place(try DomainName(name)) }
    #expect(Self.texts(place) == nil)
  }

  /// Where an update has removed the last record, there is no name any more, unless one below it needs it.
  @Test(arguments: [
    ("a.b.example.", false), ("b.example.", false), ("d.example.", true), ("c.d.example.", true),
    ("x.w.example.", false), ("w.example.", false), ("e.example.", true), ("far.example.", true),
  ])
  func anOwnerWithoutRecordsIsGone(name: String, isThere: Bool) throws {
    let text = Array(
      "$TTL 300\n\(apexRecords)a.b A 192.0.2.1\nd TXT d\nc.d A 192.0.2.2\n*.w TXT w\ne A 192.0.2.3\nfar A 192.0.2.4\n"
        .utf8)
    let apex = try DomainName("example.")
    var parsed = ZoneFileParser.parse(file: "z", apex: apex, text: text.span) { _, _, _ in "none" }
    let removed = Set(try ["a.b.example.", "d.example.", "*.w.example.", "E.example."].map { try DomainName($0) })
    parsed.records.remove(of: removed) { _ in true }
    let again = ZoneRecord(try DomainName("e.example."), .txt, ttl: 5, data: [1, 0x61])
    parsed.records.append(again, from: "an update")
    var problems = parsed.problems
    let outcome = Outcome(
      ZoneBuilder.build(records: parsed.takeRecords(), pooled: [], step: 1, problems: &problems), problems)
    #expect(outcome.problems == [])
    guard case .noSuchName = try outcome.lookup(DomainName(name)).outcome else { return #expect(isThere) }
    #expect(!isThere)
  }

  @Test func recordsAreRemovedAddedAndNumbered() throws {
    let text = Array("$TTL 300\n\(Self.zone)\n".utf8)
    let apex = try DomainName("example.")
    var parsed = ZoneFileParser.parse(file: "z", apex: apex, text: text.span) { _, _, _ in "none" }
    let www = try DomainName("www.example.")
    let gone = ZoneRecord(www, .a, ttl: 60, data: [192, 0, 2, 2])
    parsed.records.remove(of: [www]) { $0.type == gone.type && $0.data == gone.data }
    parsed.records.append(
      ZoneRecord(try DomainName("_acme-challenge.new.example."), .txt, ttl: 5, data: [1, 0x61]), from: "an update")
    let serial = parsed.records.serial
    #expect(serial == 7)
    parsed.records.setSerial(4_000_000_000)
    var problems = ProblemList()
    let outcome = Outcome(
      ZoneBuilder.build(records: parsed.takeRecords(), pooled: [], problems: &problems), problems)
    #expect(!problems.hasErrors)
    try outcome.see { zone in
      #expect(zone.serial == 4_000_000_000)
      #expect(Self.texts(zone.place(www)) == ["A 60 192.0.2.3", "TXT 300 \"a\" \"b c\""])
      let challenge = zone.place(try DomainName("_acme-challenge.new.example."))
      #expect(Self.texts(challenge) == ["TXT 5 \"a\""])
    }
  }
}
