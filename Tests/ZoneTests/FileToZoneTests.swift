import Diagnostics
import Memory
import Testing
import Wire
import Zone

/// A master file of `example.`, read and built, with all that was said about it.
private func load(
  _ text: String, includes: [String: String] = [:], memory: Int = .max
) throws -> (problems: [String], records: Int?) {
  let octets = Array(text.utf8)
  let apex = try DomainName("example.")
  var limits = ZoneFileLimits()
  limits.memory = memory
  let parsed = ZoneFileParser.parse(file: "z", apex: apex, text: octets.span, limits: limits) { name, _, body in
    guard let content = includes[name] else { return "no such file" }
    body(name, Array(content.utf8).span)
    return nil
  }
  var problems = parsed.problems
  guard !problems.hasErrors else { return (problems.listed.map(\.description), nil) }
  let outcome = Outcome(
    ZoneBuilder.build(records: parsed.takeRecords(), pooled: [], memory: memory, problems: &problems), problems)
  return (outcome.problems, outcome.isBuilt ? try outcome.see { $0.recordCount } : nil)
}

/// Three records, at lines 2 to 4; what follows begins at line 5.
private let head = "$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\nns A 192.0.2.53\n"

private let label63 = String(repeating: "a", count: 63)
/// 3 × 64 + 54 + 9 (example.) = 255
private let name255 = "\(label63).\(label63).\(label63)." + String(repeating: "b", count: 53)

/// What is read without a word: text behind the head, records of the zone beside those of the head.
private let silent: [(String, Int)] = [
  ("", 0),
  ("a A 192.0.2.1", 1),
  ("a\tA\t192.0.2.1\r\nb A 192.0.2.1\r\n", 2),
  ("a 1w2d3h4m5s A 192.0.2.1\nb 2147483647 A 192.0.2.1", 2),
  ("a\\.b A 192.0.2.1\na\\000b A 192.0.2.1\na\\032b A 192.0.2.1\na\\128\\255 A 192.0.2.1\n\\032 A 192.0.2.1", 5),
  ("\(label63) A 192.0.2.1\n\(name255) A 192.0.2.1", 2),
  ("a TXT \"\(String(repeating: "s", count: 255))\"", 1),
  // Out of order: what belongs together is put together.
  ("a A 192.0.2.1\nb A 192.0.2.1\na A 192.0.2.2\nb TXT x\na TXT x\nA A 192.0.2.3", 6),
  ("$INCLUDE inc sub\nc A 192.0.2.1", 2),
  ("$GENERATE 1-100 h$ A 192.0.2.$", 100),
  ("a CNAME b\nb A 192.0.2.1\n*.c CNAME b", 3),
  // Glue below a delegation and beside it, a delegation without any need of glue, and to a sibling.
  ("sub NS ns.sub\nns.sub A 192.0.2.1\nsub NS sub\nsub AAAA ::1", 4),
  ("sub NS ns.example.org.\nsub DS 1 8 2 00\nother NS ns.sub", 3),
  ("a MX 10 ns\na MX 0 .\n_s._tcp SRV 0 0 1 ns\n_t._tcp SRV 0 0 0 .\na MX 10 mail.example.org.", 5),
  ("*.w A 192.0.2.1\na MX 10 host.w", 2),
  ("a DNAME b.example.org.\na TXT x", 2),
  ("sub NS ns.example.org.\na MX 10 mail.sub", 2),
]

/// What is said of a zone that is served all the same.
private let remarked: [(String, [String])] = [
  ("a A 192.0.2.1\na A 192.0.2.1", ["z:6:1: note: a.example A: duplicate record dropped"]),
  (
    "a 60 A 192.0.2.1\na 70 A 192.0.2.2",
    ["z:6:1: warning: a.example A: the TTLs of an RRset differ; the lowest is used (RFC 2181 §5.2)"]
  ),
  ("a NS ns.a", ["z:5:1: warning: a.example NS: the delegation needs glue; add A or AAAA for ns.a.example"]),
  ("a NS a", ["z:5:1: warning: a.example NS: the delegation needs glue; add A or AAAA for a.example"]),
  (
    "a NS ns.a\nns.a TXT x",
    [
      "z:5:1: warning: a.example NS: the delegation needs glue; add A or AAAA for ns.a.example",
      "z:6:1: warning: ns.a.example TXT: not served, as it stands below the delegation of a.example",
    ]
  ),
  ("@ NS ns2", ["z:5:1: warning: example NS: ns2.example does not exist; add A or AAAA"]),
  ("a NS ns2\nns2 TXT x", ["z:5:1: warning: a.example NS: ns2.example has no address; add A or AAAA"]),
  ("a MX 10 b.c\nd.b.c A 192.0.2.1", ["z:5:1: warning: a.example MX: b.c.example has no address; add A or AAAA"]),
  ("a SRV 0 0 1 B", ["z:5:1: warning: a.example SRV: B.example does not exist; add A or AAAA"]),
  (
    "a MX 10 b\nb CNAME ns\na SRV 0 0 1 x.w\n*.w CNAME ns\na NS b",
    [
      "z:5:1: warning: a.example MX: b.example is an alias; name the host itself (RFC 2181 §10.3)",
      "z:7:1: warning: a.example SRV: x.w.example is an alias; name the host itself (RFC 2181 §10.3)",
      "z:9:1: warning: a.example NS: b.example is an alias; name the host itself (RFC 2181 §10.3)",
      "z:5:1: warning: a.example MX: not served, as it stands at a delegation",
    ]
  ),
  (
    "a MX 10 x.d\nd DNAME e",
    ["z:5:1: warning: a.example MX: x.d.example is an alias; name the host itself (RFC 2181 §10.3)"]
  ),
  (
    "a NS ns\nx.a A 192.0.2.1\na TXT x\ny.a NS ns.y.a\nns.y.a A 192.0.2.1",
    [
      "z:7:1: warning: a.example TXT: not served, as it stands at a delegation",
      "z:6:1: warning: x.a.example A: not served, as it stands below the delegation of a.example",
      "z:8:1: warning: y.a.example NS: not served, as it stands below the delegation of a.example",
      "z:9:1: warning: ns.y.a.example A: not served, as it stands below the delegation of a.example",
    ]
  ),
  (
    "a DNAME b\nc.a A 192.0.2.1",
    ["z:6:1: warning: c.a.example lies below a DNAME, which redirects it; dropped"]
  ),
]

/// What makes a zone fail.
private let refused: [(String, [String])] = [
  (
    "a TXT \"\(String(repeating: "s", count: 256))\"",
    ["z:5:7: error: a string of 256 octets; at most 255 fit, so split it: \"…\" \"…\""]
  ),
  ("\(label63)a A 192.0.2.1", ["z:5:1: error: a label is longer than 63 octets"]),
  ("a NS \(name255)b", ["z:5:6: error: the name is longer than 255 octets"]),
  (
    "a 2147483648 A 192.0.2.1",
    ["z:5:3: error: the TTL 2147483648 is above 2147483647, the largest there is (RFC 2181)"]
  ),
  (
    "a.example.org. A 192.0.2.1",
    ["z:5:1: error: a.example.org. is outside the zone example.; a name without a final dot is completed"]
  ),
  (
    "a CNAME b\na TXT x",
    ["z:5:1: error: a.example: CNAME and TXT at the same name; a CNAME stands alone (RFC 1034 §3.6.2)"]
  ),
  (
    "b A (\n192.0.2.1\nc A 192.0.2.2\nd A x",
    ["z:5:5: error: '(' is never closed", "z:8:5: error: expected an IPv4 address such as 192.0.2.1, found 'x'"]
  ),
  (
    "a A x ; y\nb A z",
    [
      "z:5:5: error: expected an IPv4 address such as 192.0.2.1, found 'x'",
      "z:6:5: error: expected an IPv4 address such as 192.0.2.1, found 'z'",
    ]
  ),
  ("$INCLUDE broken", ["broken:2:5: error: expected an IPv4 address such as 192.0.2.1, found 'x'"]),
  ("$INCLUDE loop", ["loop:1:1: error: more than 16 files include one another"]),
  ("$INCLUDE none", ["z:5:10: error: cannot include none: no such file"]),
  (
    "$GENERATE 1-300 h$ A 192.0.2.$",
    ["z:5:17: error: expected an IPv4 address such as 192.0.2.1, found '192.0.2.256' (with $ = 256)"]
  ),
]

private let includes = ["inc": "a A 192.0.2.1\n", "broken": "\na A x", "loop": "$INCLUDE loop"]

/// From a file to a zone, decision by decision; the decisions are in docs/zone-format.md.
@Suite struct FileToZoneTests {
  @Test(arguments: silent)
  func readsWithoutAWord(text: String, records: Int) throws {
    let outcome = try load(head + text, includes: includes)
    #expect(outcome.problems == [])
    #expect(outcome.records == 3 + records)
  }

  @Test(arguments: remarked)
  func remarksAndServes(text: String, problems: [String]) throws {
    let outcome = try load(head + text)
    #expect(outcome.problems == problems)
    #expect(outcome.records != nil)
  }

  @Test(arguments: refused)
  func refusesWithPosition(text: String, problems: [String]) throws {
    let outcome = try load(head + text, includes: includes)
    #expect(outcome.problems == problems)
    #expect(outcome.records == nil)
  }

  @Test func labelsHoldAnyOctet() throws {
    let records = (0...255).map { "x\\\(String(1000 + $0).dropFirst()) A 192.0.2.1\n" }
    let outcome = try load(head + records.joined())
    // Two that differ in case only are one name, with one record.
    #expect(outcome.problems.allSatisfy { $0.hasSuffix("A: duplicate record dropped") })
    #expect(outcome.problems.count == 26)
    #expect(outcome.records == 3 + 256 - 26)
  }

  /// Sixteen files within one another are read, the seventeenth is not.
  @Test func includesHaveADepth() throws {
    let deep = (1...17).map { ("f\($0)", "n\($0) A 192.0.2.1\n$INCLUDE f\($0 + 1)\n") }
    let files = Dictionary(uniqueKeysWithValues: deep).merging(["f16": "n16 A 192.0.2.1\n"]) { $1 }
    #expect(try load(head + "$INCLUDE f1", includes: files) == ([], 3 + 16))
    let tooDeep = Dictionary(uniqueKeysWithValues: deep)
    #expect(
      try load(head + "$INCLUDE f1", includes: tooDeep).problems
        == ["f16:2:1: error: more than 16 files include one another"])
  }

  @Test func aRecordHasAtMostAMegabyteOfText() throws {
    let comments = String(repeating: "; comment\n", count: 110_000)
    #expect(
      try load(head + "a A (\n\(comments)192.0.2.1 )\nb A 192.0.2.1").problems
        == ["z:110006:1: error: the record has more than 1048576 octets of text"])
    // Between records there may be any amount.
    #expect(try load(head + comments + "a A 192.0.2.1") == ([], 4))
  }

  /// What does not fit is refused where it stops to fit, and nothing more is read.
  @Test func aZoneIsRefusedBeforeMemoryRunsOut() throws {
    let outcome = try load(head + "$GENERATE 1-16000000 h$ A 192.0.2.1\na A x", memory: 4 << 20)
    #expect(outcome.problems.count == 1)
    #expect(
      outcome.problems.first?.hasPrefix(
        "z:5:22: error: the zone needs more than the 4 MiB of memory that this machine and its limits leave (with $ = ")
        == true)
    let records = (1...12_000).map { "h\($0) A 192.0.2.1\n" }
    let many = try load(head + records.joined(), memory: 4 << 20)
    #expect(many.problems.count == 1)
    #expect(
      many.problems.first?.hasSuffix(
        "error: the zone needs more than the 4 MiB of memory that this machine and its limits leave") == true)
  }

  /// What refuses the zone is listed, however much there is to remark.
  @Test func errorsAreNotLostAmongWarnings() throws {
    let outcome = try load(head + (1...150).map { "a\($0) MX 1 none\n" }.joined() + "b CNAME a\nb A 192.0.2.1\n")
    #expect(outcome.problems.count == 100)
    #expect(outcome.problems.first == "z:5:1: warning: a1.example MX: none.example does not exist; add A or AAAA")
    #expect(
      outcome.problems.last
        == "z:155:1: error: b.example: CNAME and A at the same name; a CNAME stands alone (RFC 1034 §3.6.2)")
    #expect(outcome.records == nil)
  }

  /// Ancestors without records count, too.
  @Test func deepNamesNeedMemory() throws {
    let deep = String(repeating: "a.", count: 100)
    let records = (1...1000).map { "h\($0).\(deep.dropLast()) A 192.0.2.1\n" }
    #expect(try load(head + records.joined(), memory: 8 << 20).problems == [])
    let distinct = (1...1000).map { i in (1...20).map { "\(i).\($0)" }.joined(separator: ".") + " A 192.0.2.1\n" }
    #expect(
      try load(head + distinct.joined(), memory: 8 << 20).problems.first?.contains("needs more than") == true)
  }
}
