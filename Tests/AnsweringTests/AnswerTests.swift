import Testing

private let text =
  apexRecords + """
    @ A 192.0.2.1
    @ TXT "apex"
    www A 192.0.2.2
    www A 192.0.2.3
    www AAAA 2001:db8::2
    WWW TXT "mixed"
    deep.in.the A 192.0.2.4
    type TYPE65400 \\# 3 010203
    mail MX 10 www
    mail MX 20 WWW
    many A 192.0.2.5
    many TXT "b"
    """

private let world = Result { try World(text) }

private let cases: [Case] = [
  // The apex.
  Case("example. SOA", answer: [soa]),
  Case("example. NS", answer: ["example. 300 NS ns.example."], additional: ["ns.example. 300 A 192.0.2.53"]),
  Case("example. A", answer: ["example. 300 A 192.0.2.1"]),
  Case("example. TXT", answer: ["example. 300 TXT \"apex\""]),
  // Positive, and in any case.
  Case("www.example. A", answer: ["www.example. 300 A 192.0.2.2", "www.example. 300 A 192.0.2.3"]),
  Case("WwW.eXaMpLe. AAAA", answer: ["www.example. 300 AAAA 2001:db8::2"]),
  Case("www.example. TXT", answer: ["www.example. 300 TXT \"mixed\""]),
  Case("type.example. TYPE65400", answer: ["type.example. 300 TYPE65400 \\# 3 010203"]),
  // NODATA: the apex, a name, and types that no record has.
  Case("example. AAAA", authority: negative),
  Case("www.example. MX", authority: negative),
  Case("www.example. NS", authority: negative),
  Case("www.example. SOA", authority: negative),
  Case("www.example. DS", authority: negative),
  Case("www.example. CNAME", authority: negative),
  Case("www.example. TYPE65400", authority: negative),
  Case("www.example. TYPE65535", authority: negative),
  Case("www.example. TYPE0", authority: negative),
  Case("example. DS", authority: negative),
  // Empty non-terminals exist (RFC 8020).
  Case("in.the.example. A", authority: negative),
  Case("the.example. A", authority: negative),
  Case("the.example. ANY", authority: negative),
  Case("deep.in.the.example. A", answer: ["deep.in.the.example. 300 A 192.0.2.4"]),
  // NXDOMAIN: below the apex, below a name, beside an empty non-terminal, far too deep.
  Case("no.example. A", "NXDOMAIN aa", authority: negative),
  Case("no.www.example. A", "NXDOMAIN aa", authority: negative),
  Case("a.b.c.d.e.f.g.h.example. A", "NXDOMAIN aa", authority: negative),
  Case("no.in.the.example. A", "NXDOMAIN aa", authority: negative),
  Case("no.example. ANY", "NXDOMAIN aa", authority: negative),
  Case("*.example. A", "NXDOMAIN aa", authority: negative),
  Case("xwww.example. A", "NXDOMAIN aa", authority: negative),
  Case("ww.example. A", "NXDOMAIN aa", authority: negative),
  // ANY: one RRset (RFC 8482 §4.1).
  Case("many.example. ANY", answer: ["many.example. 300 A 192.0.2.5"]),
  Case("example. ANY", answer: [soa]),
  // An additional name once, however often it is named.
  Case(
    "mail.example. MX", answer: ["mail.example. 300 MX 10 www.example.", "mail.example. 300 MX 20 www.example."],
    additional: [
      "www.example. 300 A 192.0.2.2", "www.example. 300 A 192.0.2.3", "www.example. 300 AAAA 2001:db8::2",
    ]),
  // Not ours.
  Case("com. A", "REFUSED"),
  Case(". NS", "REFUSED"),
  Case("notexample. A", "REFUSED"),
  Case("www.example.com. A", "REFUSED"),
]

extension Case {
  /// With authority, which nearly all answers have.
  init(_ question: String, answer: [String], authority: [String] = [], additional: [String] = []) {
    self.init(question, "NOERROR aa", answer, authority: authority, additional: additional)
  }
}

@Suite struct AnswerTests {
  @Test(arguments: cases) fileprivate func answers(_ expected: Case) throws { try expected.check(world.get()) }

  /// RFC 2308 §3: the lower of the SOA's own TTL and MINIMUM.
  @Test(arguments: [
    (ttl: 300, minimum: 60, negative: 60), (60, 300, 60), (0, 300, 0), (300, 0, 0), (300, 300, 300),
    (2_147_483_647, 4_294_967_295, 2_147_483_647),
  ])
  func negativeTTL(ttl: UInt32, minimum: UInt32, negative: UInt32) throws {
    let world = try World("@ \(ttl) SOA ns h 1 2 3 4 \(minimum)\n@ NS ns\nns A 192.0.2.53")
    for question in ["no.example. A", "ns.example. AAAA", "example. MX"] {
      #expect(try world.ask(question).authority.map(\.ttl) == [negative], "\(question)")
    }
    #expect(try world.ask("example. SOA").answer.map(\.ttl) == [ttl])
  }

  /// RFC 2181 §5.2, §5: one TTL, no duplicates, names compared without case.
  @Test func rrsetIsASet() throws {
    let world = try World(
      """
      @ SOA ns h 1 2 3 4 60
      @ NS ns
      @ NS NS
      ns 60 A 192.0.2.53
      ns 50 A 192.0.2.54
      ns 70 A 192.0.2.53
      """)
    try Case(
      "example. NS", answer: ["example. 300 NS ns.example."],
      additional: ["ns.example. 50 A 192.0.2.53", "ns.example. 50 A 192.0.2.54"]
    ).check(world)
    #expect(
      world.problems == [
        "z:4:1: note: example NS: duplicate record dropped",
        "z:6:1: warning: ns.example A: the TTLs of an RRset differ; the lowest is used (RFC 2181 §5.2)",
        "z:7:1: note: ns.example A: duplicate record dropped",
      ])
  }
}
