import Diagnostics
import Memory
import TestSupport
import Testing
import Wire
import Zone

/// The real `named-compilezone` reads the same octets from the same text.
@Suite struct BINDTests {
  private static let examples = typeExamples.filter(\.isReadByBIND)

  /// Each example at an owner of its own, so that none disturbs another.
  private static var zone: String {
    let records = examples.enumerated().map { "r\($0) \($1.type) \($1.text)\n" }
    return "$TTL 300\n@ SOA Ns a\\.b 2026 1h 15m 1w2d 300\n@ NS ns\nns A 192.0.2.53\n" + records.joined()
  }

  /// What a master file can look like, one record for each owner and type.
  private static let syntax = """
    $TTL 1h30m
    @ IN SOA ns.example. (a\\.b ; comment
      2026 1h 15m 1w2d ; more
      300 )
    \tNS\tns
    ns 1W2D3H4M5S IN A 192.0.2.53
    a\\.b A 192.0.2.1
    a\\000\\032\\255 IN 5 A 192.0.2.1
    5 CLASS1 TYPE1 192.0.2.2
    \\@ TXT a"b c"d
    \\$TTL TXT "tab\there;(x)" \\065\\"
    IN IN TXT x
    A A 192.0.2.1
    $ORIGIN sub
    @ TXT "1" (
     "2"
    )
      AAAA ::1
    x.y MX 10 @
    $ORIGIN .
    deep.example PTR @
    $ORIGIN example.
    $TTL 7
    late A 192.0.2.7
    $GENERATE 1-3 g$ A 192.0.2.$
    $GENERATE 0-4/2 h${10,3} TXT x${1,0,d}y$$
    $GENERATE 10-11 i${0,0,x}.${0,4,o}.${240,2,X} MX "10 m.${0,3,n}.${16,0,N}"
    $GENERATE 1-2 j$ 60 IN CNAME k$
    \\(\\059\\)* 9 A 192.0.2.9
    *.w A 192.0.2.10
    last A 192.0.2.11
    """

  @Test func readsTheSameFile() throws {
    let text = Self.syntax
    let theirs = try rawRecords(try compile(text, to: "raw"))
    let octets = Array(text.utf8)
    let parsed = ZoneFileParser.parse(file: "z", apex: try DomainName("example."), text: octets.span) { _, _, _ in
      "none"
    }
    #expect(parsed.problems.listed.map(\.description) == [])
    #expect(parsed.records.count == theirs.count)
    for (index, owner) in parsed.records.owners.enumerated() {
      let entry = parsed.records.entries[index]
      let name = parsed.records.name(Int(owner))
      let key = Key(owner: name, type: entry.type.rawValue)
      let data = Array(copying: parsed.records.octets.bytes, entry.dataRange)
      #expect(theirs[key] == data, "\(parsed.records.text(of: index, owner: name))")
    }
  }

  private func compile(_ zone: String, to format: String) throws -> [UInt8] {
    let folder = try Folder()
    try folder.write("in", zone)
    let child = try Peers.start(
      "named-compilezone",
      ["-F", format, "-i", "none"] + ["-k", "-m", "-M", "-n", "-r", "-S", "-T", "-W"].flatMap { [$0, "ignore"] }
        + ["-o", folder.path("out"), "example", folder.path("in")], in: folder, from: "bin")
    #expect(child.wait() == .exited(0), "\(child.output)")
    return try readOctets(folder.path("out"))
  }

  @Test func readsTheSameOctets() throws {
    let theirs = try rawRecords(try compile(Self.zone, to: "raw"))
    let origin = try DomainName("example.")
    for (index, example) in Self.examples.enumerated() {
      let owner = try DomainName("r\(index)", origin: origin)
      #expect(
        theirs[Key(owner: owner, type: try example.recordType.rawValue)] == (try example.wire()),
        "\(example.testDescription)")
    }
    let soa = try RDataFormat(.soa).wire(text: "Ns a\\.b 2026 1h 15m 1w2d 300", origin: origin)
    #expect(theirs[Key(owner: origin, type: 6)] == soa)
  }

  /// What BIND writes, Alula reads, and finds the same records.
  @Test func itsTextIsRead() throws {
    let text = try compile(Self.zone, to: "text")
    let origin = try DomainName("example.")
    let parsed = ZoneFileParser.parse(file: "z", apex: origin, text: text.span) { _, _, _ in "none" }
    #expect(parsed.problems.listed.map(\.description) == [])
    #expect(parsed.records.count == Self.examples.count + 3)
    var ours: [Key: [UInt8]] = [:]
    for (index, owner) in parsed.records.owners.enumerated() {
      let entry = parsed.records.entries[index]
      ours[Key(owner: parsed.records.name(Int(owner)), type: entry.type.rawValue)] =
        Array(copying: parsed.records.octets.bytes, entry.dataRange)
    }
    for (index, example) in Self.examples.enumerated() {
      let owner = try DomainName("r\(index)", origin: origin)
      #expect(
        ours[Key(owner: owner, type: try example.recordType.rawValue)] == (try example.wire()),
        "\(example.testDescription)")
    }
  }

  /// What Alula writes, BIND reads, and finds the same records.
  @Test func itReadsOurText() throws {
    let head = "example. 300 IN SOA ns. a. 1 2 3 4 5\nexample. 300 IN NS ns.\n"
    let records = try Self.examples.enumerated().map { index, example in
      let data = RDataFormat(try example.recordType).text(try example.wire())
      return "r\(index).example. 300 IN \(try example.recordType) \(data)\n"
    }
    let theirs = try rawRecords(try compile(head + records.joined(), to: "raw"))
    for (index, example) in Self.examples.enumerated() {
      let owner = try DomainName("r\(index).example.")
      #expect(
        theirs[Key(owner: owner, type: try example.recordType.rawValue)] == (try example.wire()),
        "\(example.testDescription)")
    }
  }
}

private struct Key: Hashable {
  let owner: DomainName
  let type: UInt16
}

/// The first record of each RRset in BIND's raw format: a header of 20 octets in version 0, 24 in version
/// 1, then each RRset with its length, class, type, covered type, TTL, count, owner and data.
private func rawRecords(_ octets: [UInt8]) throws -> [Key: [UInt8]] {
  func number(_ at: Int, _ width: Int) -> Int { octets[at..<at + width].reduce(0) { $0 << 8 | Int($1) } }
  try #require(octets.count > 24 && number(0, 4) == 2)
  var records: [Key: [UInt8]] = [:]
  var at = number(4, 4) == 0 ? 12 : 24
  while at < octets.count {
    let end = at + number(at, 4)
    let nameLength = number(at + 18, 2)
    let owner = try #require(DomainName(wire: Array(octets[at + 20..<at + 20 + nameLength])))
    let data = at + 20 + nameLength
    let length = number(data, 2)
    records[Key(owner: owner, type: UInt16(number(at + 6, 2)))] = Array(octets[data + 2..<data + 2 + length])
    at = end
  }
  return records
}
