import Diagnostics
import Memory
import Testing
import Wire
import Zone

/// What a text was read as: each record as a line, each problem as a line.
private struct Outcome {
  var records: [String] = []
  var lines: [Int] = []
  var problems: [String] = []
  var omitted = 0
  /// Distinct owners stored.
  var owners = 0
}

private func parse(
  _ text: some Collection<UInt8>, includes: [String: String] = [:], limits: ZoneFileLimits = ZoneFileLimits()
) throws -> Outcome {
  let octets = Array(text)
  let parsed = ZoneFileParser.parse(
    file: "z", apex: try DomainName("example."), text: octets.span, limits: limits
  ) { name, parent, body in
    guard let content = includes[name] else { return "no such file" }
    body(name, Array(content.utf8).span)
    return nil
  }
  var outcome = Outcome()
  var owners: Set<UInt32> = []
  for (i, owner) in parsed.records.owners.enumerated() {
    outcome.records.append(parsed.records.text(of: i, owner: parsed.records.name(Int(owner))))
    outcome.lines.append(Int(parsed.records.entries[i].line))
    owners.insert(owner)
  }
  outcome.owners = owners.count
  outcome.problems = parsed.problems.listed.map(\.description)
  outcome.omitted = parsed.problems.omitted
  #expect(parsed.problems.hasErrors == !outcome.problems.isEmpty)
  return outcome
}

private func parse(_ text: String, includes: [String: String] = [:]) throws -> Outcome {
  try parse(text.utf8, includes: includes)
}

/// Text and the records it holds.
private let good: [(String, [String])] = [
  ("a 60 IN A 192.0.2.1\n", ["a.example. 60 IN A 192.0.2.1"]),
  ("a IN 60 A 192.0.2.1", ["a.example. 60 IN A 192.0.2.1"]),
  ("a 60 A 192.0.2.1", ["a.example. 60 IN A 192.0.2.1"]),
  ("a 60 CLASS1 TYPE1 192.0.2.1", ["a.example. 60 IN A 192.0.2.1"]),
  ("A\t1H30m\tin\ta\t192.0.2.1\r\n", ["a.example. 5400 IN A 192.0.2.1"]),
  ("\u{FEFF}a 60 A 192.0.2.1\n", ["a.example. 60 IN A 192.0.2.1"]),
  ("\n \n; comment\n  ; another\n\t\n\r\n", []),
  ("", []),
  ("$TTL 1d\n@ NS ns\n  NS ns.\n", ["example. 86400 IN NS ns.example.", "example. 86400 IN NS ns."]),
  (
    "a 5 A 192.0.2.1 ; no $TTL: the last one\nb A 192.0.2.2",
    ["a.example. 5 IN A 192.0.2.1", "b.example. 5 IN A 192.0.2.2"]
  ),
  ("a 5 A 192.0.2.1\n$TTL 7\nb A 192.0.2.2", ["a.example. 5 IN A 192.0.2.1", "b.example. 7 IN A 192.0.2.2"]),
  (
    "@ SOA a b 1 2 3 4 9\n@ NS a", ["example. 9 IN SOA a.example. b.example. 1 2 3 4 9", "example. 9 IN NS a.example."]
  ),
  ("$TTL 0\n@ SOA a b ( 1 ; serial\n 2 3 (4)\n5 )\n", ["example. 0 IN SOA a.example. b.example. 1 2 3 4 5"]),
  ("$TTL 0\n(a\nA\n1.2.3.4\n)\n", ["a.example. 0 IN A 1.2.3.4"]),
  ("$TTL 2147483647\na A 1.2.3.4", ["a.example. 2147483647 IN A 1.2.3.4"]),
  (
    "$ORIGIN sub\n$TTL 1\na A 1.2.3.4\n$ORIGIN x.example.\n@ A 1.2.3.4",
    ["a.sub.example. 1 IN A 1.2.3.4", "x.example. 1 IN A 1.2.3.4"]
  ),
  ("$ORIGIN .\n$TTL 1\na.example A 1.2.3.4", ["a.example. 1 IN A 1.2.3.4"]),
  ("$origin x\n$ttl 1m\n@ A 1.2.3.4", ["x.example. 60 IN A 1.2.3.4"]),
  (
    "a\\.b 1 A 1.2.3.4\n\\046 1 A 1.2.3.4\n\\@ 1 A 1.2.3.4\n\\000\\255\\032 1 A 1.2.3.4",
    [
      "a\\.b.example. 1 IN A 1.2.3.4", "\\..example. 1 IN A 1.2.3.4", "\\@.example. 1 IN A 1.2.3.4",
      "\\000\\255\\032.example. 1 IN A 1.2.3.4",
    ]
  ),
  (
    "\\$TTL 1 A 1.2.3.4\n* 1 A 1.2.3.4\n_x._tcp 1 A 1.2.3.4",
    ["\\$ttl.example. 1 IN A 1.2.3.4", "*.example. 1 IN A 1.2.3.4", "_x._tcp.example. 1 IN A 1.2.3.4"]
  ),
  (
    "IN 1 IN A 1.2.3.4\nA 1 A 1.2.3.4\n10 1 A 1.2.3.4",
    ["in.example. 1 IN A 1.2.3.4", "a.example. 1 IN A 1.2.3.4", "10.example. 1 IN A 1.2.3.4"]
  ),
  ("a 1 TXT \"a;b(c)\" d\"e\" ;f", ["a.example. 1 IN TXT \"a;b(c)\" \"d\" \"e\""]),
  ("a 1 TXT \"tab\there\"", ["a.example. 1 IN TXT \"tab\\009here\""]),
  ("a 1 TYPE999 \\# 2 aB cD", ["a.example. 1 IN TYPE999 \\# 2 ABCD"]),
  ("EXAMPLE. 1 A 1.2.3.4\na.ExAmPlE. 1 A 1.2.3.4", ["example. 1 IN A 1.2.3.4", "a.example. 1 IN A 1.2.3.4"]),
  (
    "$GENERATE 1-3 h$ 60 A 10.0.0.$",
    ["h1.example. 60 IN A 10.0.0.1", "h2.example. 60 IN A 10.0.0.2", "h3.example. 60 IN A 10.0.0.3"]
  ),
  (
    "$TTL 1\n$GENERATE 0-4/2 $ IN PTR h${10,3}.x.",
    ["0.example. 1 IN PTR h010.x.", "2.example. 1 IN PTR h012.x.", "4.example. 1 IN PTR h014.x."]
  ),
  (
    "$TTL 1\n$GENERATE 10-11 a${0,0,x}.${-1,4,o}.${240,2,X} MX 10 \\$.$$.${0,3,n}.${16,0,N}",
    [
      "aa.0011.fa.example. 1 IN MX 10 \\$.\\$.a.0.A.1.example.",
      "ab.0012.fb.example. 1 IN MX 10 \\$.\\$.b.0.B.1.example.",
    ]
  ),
  (
    "$TTL 1\n$GENERATE 1-2 a TXT \"x y$\" ; comment\n$GENERATE 1-1 a TXT \"\\\"x y $\\\"\"\n$GENERATE 1-1 a TXT \"x y\" \"$\"",
    [
      "a.example. 1 IN TXT \"x\" \"y1\"", "a.example. 1 IN TXT \"x\" \"y2\"", "a.example. 1 IN TXT \"x y 1\"",
      "a.example. 1 IN TXT \"x y\" \"1\"",
    ]
  ),
  ("$TTL 1\n$INCLUDE inc\nb A 1.2.3.4", ["i.example. 1 IN A 1.1.1.1", "b.example. 1 IN A 1.2.3.4"]),
  (
    "$TTL 1\na A 1.2.3.4\n$INCLUDE \"inc\" sub ; x\n  A 1.2.3.5",
    ["a.example. 1 IN A 1.2.3.4", "i.sub.example. 1 IN A 1.1.1.1", "a.example. 1 IN A 1.2.3.5"]
  ),
  ("$TTL 1\n$INCLUDE origin\nb A 1.2.3.4", ["x.deep.example. 1 IN A 1.1.1.1", "b.example. 1 IN A 1.2.3.4"]),
]

/// Text and the problems found, with their places.
private let bad: [(String, [String])] = [
  ("a 60 A 192.0.2.300\n", ["z:1:8: error: expected an IPv4 address such as 192.0.2.1, found '192.0.2.300'"]),
  ("a A 192.0.2.1", ["z:1:3: error: this record has no TTL, and there is no $TTL before it"]),
  ("  60 A 192.0.2.1", ["z:1:3: error: there is no record before this one whose owner it could take"]),
  ("a 60 CH A 192.0.2.1", ["z:1:6: error: only class IN is served; leave the class out or write IN"]),
  ("a 60 CLASS3 A 192.0.2.1", ["z:1:6: error: only class IN is served; leave the class out or write IN"]),
  ("a 60", ["z:1:5: error: expected IN or a record type, found the end of the line"]),
  ("a", ["z:1:2: error: expected a TTL, IN or a record type, found the end of the line"]),
  ("a 60 60 A 1.2.3.4", ["z:1:6: error: expected IN or a record type, found '60'"]),
  ("a IN IN A 1.2.3.4", ["z:1:6: error: expected a TTL or a record type, found 'IN'"]),
  ("a 60 IN AX 1.2.3.4", ["z:1:9: error: expected a record type, found 'AX'"]),
  ("a 60 \"A\" 1.2.3.4", ["z:1:6: error: expected IN or a record type, found \"A\""]),
  ("a 60 ANY 1.2.3.4", ["z:1:6: error: ANY is no type of a record in a zone"]),
  ("a 60 TYPE0 \\# 0", ["z:1:6: error: TYPE0 is no type of a record in a zone"]),
  ("a 1x A 1.2.3.4", ["z:1:3: error: expected a TTL in seconds or with units such as 1h30m, found '1x'"]),
  ("a 2147483648 A 1.2.3.4", ["z:1:3: error: the TTL 2147483648 is above 2147483647, the largest there is (RFC 2181)"]),
  ("$TTL 4294967296", ["z:1:6: error: expected a TTL in seconds or with units such as 1h30m, found '4294967296'"]),
  ("$TTL", ["z:1:5: error: expected a TTL in seconds or with units such as 1h30m, found the end of the line"]),
  ("$TTL 1 2", ["z:1:8: error: expected the end of the line, found '2'"]),
  ("$ORIGIN a..b", ["z:1:9: error: a label between two dots is empty"]),
  (
    "$FOO",
    [
      "z:1:1: error: expected $ORIGIN, $TTL, $INCLUDE or $GENERATE (write \\$ for a name that begins with a dollar), found '$FOO'"
    ]
  ),
  (
    "a.example.org. 60 A 1.2.3.4",
    ["z:1:1: error: a.example.org. is outside the zone example.; a name without a final dot is completed"]
  ),
  (
    "$ORIGIN org.\nb 60 A 1.2.3.4",
    ["z:2:1: error: b.org. is outside the zone example.; a name without a final dot is completed"]
  ),
  (
    "a 60 TXT \"abc\nb 60 A 1.2.3.4.5\n",
    [
      "z:1:10: error: the string has no closing '\"' on this line",
      "z:2:8: error: expected an IPv4 address such as 192.0.2.1, found '1.2.3.4.5'",
    ]
  ),
  (
    "a 60 SOA ( a b\n1 2 3 4 x )\nb 60 A x",
    [
      "z:2:9: error: expected a time in seconds or with units such as 1h30m, below 2^32 seconds, found 'x'",
      "z:3:8: error: expected an IPv4 address such as 192.0.2.1, found 'x'",
    ]
  ),
  (
    "a 60 A ( 1.2.3.4\nb 60 A x\nc 60 A y",
    [
      "z:1:8: error: '(' is never closed",
      "z:2:8: error: expected an IPv4 address such as 192.0.2.1, found 'x'",
      "z:3:8: error: expected an IPv4 address such as 192.0.2.1, found 'y'",
    ]
  ),
  // Errors before the parenthesis and on its line are errors of their own, those behind it are its consequence.
  (
    "a 60 A x ( y\nb 60 A z",
    [
      "z:1:8: error: expected an IPv4 address such as 192.0.2.1, found 'x'", "z:1:10: error: '(' is never closed",
      "z:2:8: error: expected an IPv4 address such as 192.0.2.1, found 'z'",
    ]
  ),
  ("a 60 SOA b c ( 1 2 3\nb 60 A 1.2.3.4\n", ["z:1:14: error: '(' is never closed"]),
  ("a 60 SOA b c ( 1 2 3 4 5\n  60 NS b\n\n", ["z:1:14: error: '(' is never closed"]),
  (
    "a 60 A ( 1.2.3.4\nb 60 A 1.2.3.4 )\nc 60 A x",
    [
      "z:2:1: error: expected ')' for the '(' in line 1, found 'b'",
      "z:3:8: error: expected an IPv4 address such as 192.0.2.1, found 'x'",
    ]
  ),
  // The owner of a record with an error still counts for the next.
  (
    "$TTL 1\na A x\n  A y\nb. A z\n  A z",
    [
      "z:2:5: error: expected an IPv4 address such as 192.0.2.1, found 'x'",
      "z:3:5: error: expected an IPv4 address such as 192.0.2.1, found 'y'",
      "z:4:1: error: b. is outside the zone example.; a name without a final dot is completed",
      "z:5:3: error: b. is outside the zone example.; a name without a final dot is completed",
    ]
  ),
  (
    "a 60 TXT ( x\n y 60 A 1.2.3.4\n",
    ["z:1:10: error: '(' is never closed", "z:2:2: error: expected a TTL, IN or a record type, found 'y'"]
  ),
  ("a 60 A 1.2.3.4 )", ["z:1:16: error: ')' without '(' before it"]),
  ("$INCLUDE nothing", ["z:1:10: error: cannot include nothing: no such file"]),
  ("$INCLUDE", ["z:1:9: error: expected a file name, found the end of the line"]),
  ("$INCLUDE broken", ["broken:2:8: error: expected an IPv4 address such as 192.0.2.1, found 'x'"]),
  ("$INCLUDE blank", ["blank:1:2: error: there is no record before this one whose owner it could take"]),
  ("$INCLUDE loop", ["loop:1:1: error: more than 16 files include one another"]),
  (
    "$GENERATE 1-2 h$ 60 A 10.0.0.25$5",
    ["z:1:15: error: expected an IPv4 address such as 192.0.2.1, found '10.0.0.2515' (with $ = 1)"]
  ),
  ("$GENERATE 2-1 h$ 60 A 10.0.0.$", ["z:1:11: error: expected a range such as 1-254 or 0-100/2, found '2-1'"]),
  ("$GENERATE 1-2/0 h$ 60 A 10.0.0.$", ["z:1:11: error: expected a range such as 1-254 or 0-100/2, found '1-2/0'"]),
  ("$GENERATE 0-2147483647 h$ 60 A 10.0.0.1", ["z:1:11: error: $GENERATE would make more than 16777216 records"]),
  (
    "$GENERATE 1-2 h${1,2 60 A 10.0.0.1",
    ["z:1:16: error: expected ${offset}, ${offset,width} or ${offset,width,base} with base d, o, x, X, n or N"]
  ),
  ("$GENERATE 0-2 h${-1} 60 A 10.0.0.1", ["z:1:16: error: the number is below 0 with $ = 0"]),
  ("\\", ["z:1:1: error: after a backslash there must be a character, or three digits from 000 to 255"]),
]

private let includes = [
  "inc": "i A 1.1.1.1", "origin": "$ORIGIN deep\nx A 1.1.1.1\n", "broken": "\na 60 A x", "blank": " 60 A 1.2.3.4",
  "loop": "$INCLUDE loop",
]

@Suite struct SyntaxTests {
  @Test(arguments: good) func reads(text: String, records: [String]) throws {
    let outcome = try parse(text, includes: includes)
    #expect(outcome.problems == [])
    #expect(outcome.records == records)
    // What is printed is read as the same again.
    #expect(try parse(outcome.records.joined(separator: "\n")).records == records)
  }

  @Test(arguments: bad) func reportsWithPosition(text: String, problems: [String]) throws {
    #expect(try parse(text, includes: includes).problems == problems)
  }

  @Test func recordsOfOneOwnerShareItsName() throws {
    let outcome = try parse("a 1 A 1.2.3.4\nA 1 A 1.2.3.5\n 1 A 1.2.3.6\nb 1 A 1.2.3.4\na.Example. 1 A 1.2.3.7")
    #expect(outcome.owners == 2)
    #expect(outcome.lines == [1, 2, 3, 4, 5])
  }

  @Test func linesAreThoseOfTheFirstToken() throws {
    let outcome = try parse("\n(\na 1\nA 1.2.3.4 )\n; c\nb 1 TXT \"x\"\n$GENERATE 1-2 c$ 1 A 1.2.3.4\nd 1 A 1.2.3.4")
    #expect(outcome.lines == [3, 6, 7, 7, 8])
  }

  @Test func problemsBeyondTheFirstHundredAreCounted() throws {
    let outcome = try parse((1...250).map { "a\($0) 60 A x" }.joined(separator: "\n"))
    #expect(outcome.problems.count == 100)
    #expect(outcome.omitted == 150)
    #expect(outcome.problems.last?.hasPrefix("z:100:11: ") == true)
  }

  @Test func manyUnclosedParenthesesCostOneScan() throws {
    let outcome = try parse(String(repeating: "a 60 A ( x\n", count: 20000))
    #expect(outcome.problems.count + outcome.omitted == 20001)
  }

  @Test func ownersMayHoldAnyOctet() throws {
    var text: [UInt8] = []
    for octet in UInt8.min...UInt8.max
    where ![0x0A, 0x0D, 0x09, 0x20, 0x22, 0x28, 0x29, 0x3B, 0x5C, 0x2E].contains(octet) {
      text += [UInt8(ascii: "x"), octet] + Array(" 60 A 1.2.3.4\n".utf8)
    }
    let outcome = try parse(text)
    #expect(outcome.problems == [])
    #expect(outcome.records.count == 246)
  }

  @Test func longestNamesAndLabelsAreRead() throws {
    let label = String(repeating: "a", count: 63)
    // 3 × 64 + 54 + 9 (example.) = 255
    let longest = [label, label, label, String(repeating: "b", count: 53)].joined(separator: ".")
    #expect(try parse("\(longest) 60 A 1.2.3.4").records.count == 1)
    #expect(try parse("b\(longest) 60 A 1.2.3.4").problems == ["z:1:1: error: a label is longer than 63 octets"])
    #expect(try parse("\(longest)b 60 A 1.2.3.4").problems == ["z:1:1: error: the name is longer than 255 octets"])
  }

  @Test func mutatedTextNeverTraps() throws {
    var random = SeededRandom(seed: 1035)
    let seeds = good.map { Array($0.0.utf8) } + bad.map { Array($0.0.utf8) }
    let special = Array("\"\\();$@.\n\r\t 0a\0".utf8)
    for round in 0..<20000 {
      var text = seeds[round % seeds.count]
      if round % 3 == 0 { text += seeds[Int(random.next() % UInt64(seeds.count))] }
      guard !text.isEmpty else { continue }
      for _ in 0...random.next() % 4 {
        let at = Int(random.next() % UInt64(text.count))
        switch random.next() % 4 {
        case 0: text[at] = UInt8(truncatingIfNeeded: random.next())
        case 1: text.insert(special[Int(random.next() % UInt64(special.count))], at: at)
        case 2: text[at] = special[Int(random.next() % UInt64(special.count))]
        default: if text.count > 1 { text.remove(at: at) }
        }
      }
      var limits = ZoneFileLimits()
      limits.generated = 100
      let outcome = try parse(text, includes: includes, limits: limits)
      if outcome.problems.isEmpty {
        #expect(try parse(outcome.records.joined(separator: "\n").utf8).records == outcome.records)
      }
    }
  }
}

/// A small generator with a seed (SplitMix64).
private struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
