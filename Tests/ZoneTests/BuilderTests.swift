import Testing
import Wire
import Zone

/// Text behind the apex's records, pooled owners, problems. None of the problems is a doublet of another.
private let mistakes: [(String, [String], [String])] = [
  (
    "a CNAME b\na A 192.0.2.1", [],
    ["z:5:1: error: a.example: CNAME and A at the same name; a CNAME stands alone (RFC 1034 §3.6.2)"]
  ),
  (
    "a TXT x\na CNAME b", [],
    ["z:6:1: error: a.example: CNAME and TXT at the same name; a CNAME stands alone (RFC 1034 §3.6.2)"]
  ),
  (
    "a CNAME b\nA DNAME c", [],
    ["z:5:1: error: a.example: CNAME and DNAME at the same name; a CNAME stands alone (RFC 1034 §3.6.2)"]
  ),
  (
    "@ CNAME b", [],
    ["z:5:1: error: example: CNAME and SOA at the same name; a CNAME stands alone (RFC 1034 §3.6.2)"]
  ),
  ("a CNAME b\na CNAME c", [], ["z:6:1: error: a.example: a name can have one CNAME record only"]),
  (
    "a DNAME b\na DNAME c", [],
    ["z:6:1: error: a.example: a name can have one DNAME record only"]
  ),
  ("@ SOA ns h 2 2 3 4 60", [], ["z:5:1: error: example: a zone can have one SOA record only"]),
  ("a SOA ns h 2 2 3 4 60", [], ["z:5:1: error: a.example: the SOA record belongs to the apex example only"]),
  (
    "a CNAME b", ["a.example."], ["z:5:1: error: a.example: a pool cannot answer at a name that has a CNAME record"]
  ),
  (
    "a TXT x\nA DNAME b", ["a.example"],
    ["z:6:1: error: a.example: a pool cannot answer at a name that has a DNAME record"]
  ),
  (
    "a CNAME b\na A 192.0.2.1", ["a.example."],
    [
      "z:6:1: note: a.example A: replaced by the pool of this name",
      "z:5:1: error: a.example: a pool cannot answer at a name that has a CNAME record",
    ]
  ),
]

/// The same, of zones that are built all the same.
private let notices: [(String, [String], [String])] = [
  ("", [], []),
  ("a CNAME b\na CNAME b", [], ["z:6:1: note: a.example CNAME: duplicate record dropped"]),
  ("a CNAME b\na CNAME B.Example.", [], ["z:6:1: note: a.example CNAME: duplicate record dropped"]),
  ("a A 192.0.2.1\nA A 192.0.2.1", [], ["z:6:1: note: a.example A: duplicate record dropped"]),
  ("a MX 1 ns\na MX 1 NS", [], ["z:6:1: note: a.example MX: duplicate record dropped"]),
  ("a TXT b\na TXT B", [], []),
  ("@ SOA ns h 1 2 3 4 60", [], ["z:5:1: note: example SOA: duplicate record dropped"]),
  ("a CNAME b\na RRSIG A 8 1 60 20260101000000 20250101000000 1 s. AAAA\na NSEC b A", [], []),
  (
    "a 60 A 192.0.2.1\na 70 A 192.0.2.2\na 60 A 192.0.2.3", [],
    ["z:6:1: warning: a.example A: the TTLs of an RRset differ; the lowest is used (RFC 2181 §5.2)"]
  ),
  ("a 60 A 192.0.2.1\na 70 TXT x", [], []),
  (
    "a A 192.0.2.1\na AAAA ::1\na TXT x", ["A.example."],
    [
      "z:5:1: note: a.example A: replaced by the pool of this name",
      "z:6:1: note: a.example AAAA: replaced by the pool of this name",
    ]
  ),
  ("a DNAME b", [], []),
  (
    "b.a A 192.0.2.1\na DNAME b\nc.b.a A 192.0.2.1", [],
    [
      "z:5:1: warning: b.a.example lies below a DNAME, which redirects it; dropped",
      "z:7:1: warning: c.b.a.example lies below a DNAME, which redirects it; dropped",
    ]
  ),
  ("", ["a.b.example.", "*.example.", "example."], []),
]

@Suite struct BuilderTests {
  @Test(arguments: mistakes)
  func errors(text: String, pooled: [String], problems: [String]) throws {
    let outcome = try build(apexRecords + text, pooled: pooled)
    #expect(outcome.problems == problems)
    #expect(!outcome.isBuilt)
  }

  @Test(arguments: notices)
  func remarks(text: String, pooled: [String], problems: [String]) throws {
    let outcome = try build(apexRecords + text, pooled: pooled)
    #expect(outcome.problems == problems)
    #expect(outcome.isBuilt)
  }

  @Test(arguments: [
    ("", ["SOA", "NS"]), ("@ A 192.0.2.1", ["SOA", "NS"]), ("@ NS ns", ["SOA"]), ("a NS ns", ["SOA", "NS"]),
    ("@ SOA ns h 1 2 3 4 60", ["NS"]), ("@ SOA ns h 1 2 3 4 60\na NS ns", ["NS"]),
  ])
  func apexWithout(text: String, missing: [String]) throws {
    let outcome = try build(text)
    #expect(outcome.problems == missing.map { "z:1:1: error: the zone has no \($0) record at its apex example" })
    #expect(!outcome.isBuilt)
  }

  /// All problems at once, each with its place.
  @Test func problemsOfAllNames() throws {
    let outcome = try build(apexRecords + (1...20).map { "n\($0) CNAME a\nn\($0) CNAME b\n" }.joined())
    #expect(outcome.problems.count == 20)
    #expect(outcome.problems.last == "z:44:1: error: n20.example: a name can have one CNAME record only")
  }

  /// 64512 octets are what a message carries with the largest question.
  @Test(arguments: [(count: 4032, isBuilt: true), (4033, false)])
  func largestRRset(count: Int, isBuilt: Bool) throws {
    let records = (0..<count).map { "a A 10.0.\($0 / 256).\($0 % 256)\n" }
    let outcome = try build(apexRecords + records.joined())
    #expect(outcome.isBuilt == isBuilt)
    #expect(
      outcome.problems
        == (isBuilt
          ? [] : ["z:5:1: error: a.example A: the RRset takes 64528 octets; no message can carry more than 64512"]))
  }

  /// What is wrong must not grow beyond what was reserved for what is right.
  @Test func manyLargeSOARecords() throws {
    let label = String(repeating: "x", count: 60)
    let records = (1...100).map {
      "@ SOA \(label).\(label).\(label).m\($0). \(label).\(label).\(label).r. \($0) 2 3 4 5"
    }
    let outcome = try build(apexRecords + records.joined(separator: "\n"))
    #expect(outcome.problems == ["z:104:1: error: example: a zone can have one SOA record only"])
    #expect(!outcome.isBuilt)
  }

  /// Linear in the records of one name, too.
  @Test func manyRecordsOfOneName() throws {
    let records = (0..<100_000).map { "a A 10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)\n" }
    let outcome = try build(apexRecords + records.joined())
    #expect(outcome.problems.count == 1)
  }

  @Test func counts() throws {
    let outcome = try build(
      apexRecords + "a.b A 192.0.2.1\na.b A 192.0.2.1\na.b TXT x\nc A 192.0.2.2", pooled: ["c.example."])
    // Of nodes: the apex, ns, b, a.b, c.
    let counts = try outcome.see { ($0.recordCount, $0.serial, $0.nodeCount) }
    #expect(counts == (5, 1, 5))
  }
}
