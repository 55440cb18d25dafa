import Answering
import Testing
import Wire

private let pool = TestPool(owners: ["pool.example."], addresses: ["192.0.2.7"])

private let world = Result {
  try World(
    [
      (
        "example.",
        apexRecords + """
          www            A     192.0.2.1
          a              CNAME b
          b              CNAME c
          c              CNAME www
          nodata         CNAME ent
          x.ent          TXT   "x"
          nxdomain       CNAME no
          pooled         CNAME pool
          to-apex        CNAME @
          to-referral    CNAME www.sub
          sub            NS    ns.example.org.
          out            CNAME www.example.com.
          self           CNAME self
          one            CNAME two
          two            CNAME one
          into           CNAME x.loop
          x.loop         CNAME y.loop
          y.loop         CNAME x.loop
          other          CNAME www.other.
          other-no       CNAME no.other.
          other-nodata   CNAME ns.provider.other.
          child          CNAME www.child
          child-no       CNAME a.b.no.child
          child-nodata   CNAME www.child
          child-apex     CNAME child2
          child2         CNAME deep.child
          sibling        CNAME x.sibling.child
          """
      ),
      (
        "other.",
        """
        @ SOA ns.provider h 1 2 3 4 10
        @ NS ns.provider
        ns.provider A 203.0.113.53
        www A 203.0.113.1
        back CNAME www.example.
        there-and-back CNAME to.there-and-back.example.
        """
      ),
      (
        "child.example.",
        """
        @ SOA ns.registry.example. h.hosting.example. 1 2 3 4 20
        @ NS ns.registry.example.
        www A 203.0.113.2
        deep CNAME www
        """
      ),
    ], pools: [pool])
}

private let otherNegative = ["other. 10 SOA ns.provider.other. h.other. 1 2 3 4 10"]
private let childNegative = ["child.example. 20 SOA ns.registry.example. h.hosting.example. 1 2 3 4 20"]
private let www = "www.example. 300 A 192.0.2.1"

private func cname(_ from: String, _ to: String) -> String { "\(from). 300 CNAME \(to)." }

private let cases: [Case] = [
  Case("c.example. A", answer: [cname("c.example", "www.example"), www]),
  Case(
    "a.example. A",
    answer: [cname("a.example", "b.example"), cname("b.example", "c.example"), cname("c.example", "www.example"), www]),
  Case("a.example. CNAME", answer: [cname("a.example", "b.example")]),
  Case("a.example. ANY", answer: [cname("a.example", "b.example")]),
  // Where a chain can end (RFC 6604: the code is that of its last name).
  Case("nodata.example. A", answer: [cname("nodata.example", "ent.example")], authority: negative),
  Case("c.example. AAAA", answer: [cname("c.example", "www.example")], authority: negative),
  Case("nxdomain.example. A", "NXDOMAIN aa", [cname("nxdomain.example", "no.example")], authority: negative),
  Case("pooled.example. A", answer: [cname("pooled.example", "pool.example"), "pool.example. 30 A 192.0.2.7"]),
  Case("pooled.example. AAAA", answer: [cname("pooled.example", "pool.example")], authority: negative),
  Case("to-apex.example. SOA", answer: [cname("to-apex.example", "example"), soa]),
  Case(
    "to-referral.example. A", answer: [cname("to-referral.example", "www.sub.example")],
    authority: ["sub.example. 300 NS ns.example.org."]),
  Case("out.example. A", answer: [cname("out.example", "www.example.com")]),
  // Loops: each link once (RFC 2181 §5).
  Case("self.example. A", answer: [cname("self.example", "self.example")]),
  Case("one.example. A", answer: [cname("one.example", "two.example"), cname("two.example", "one.example")]),
  Case(
    "into.example. A",
    answer: [
      cname("into.example", "x.loop.example"), cname("x.loop.example", "y.loop.example"),
      cname("y.loop.example", "x.loop.example"),
    ]),
  // Across served zones, also into one that lies within the other.
  Case("other.example. A", answer: [cname("other.example", "www.other"), "www.other. 300 A 203.0.113.1"]),
  Case("other-no.example. A", "NXDOMAIN aa", [cname("other-no.example", "no.other")], authority: otherNegative),
  Case(
    "other-nodata.example. AAAA", answer: [cname("other-nodata.example", "ns.provider.other")],
    authority: otherNegative),
  Case("back.other. A", answer: [cname("back.other", "www.example"), www]),
  Case(
    "child.example. NS", answer: ["child.example. 300 NS ns.registry.example."]),
  Case(
    "child-no.example. A", "NXDOMAIN aa", [cname("child-no.example", "a.b.no.child.example")],
    authority: childNegative),
  Case(
    "child-nodata.example. AAAA", answer: [cname("child-nodata.example", "www.child.example")],
    authority: childNegative),
  Case(
    "child-apex.example. A",
    answer: [
      cname("child-apex.example", "child2.example"), cname("child2.example", "deep.child.example"),
      cname("deep.child.example", "www.child.example"), "www.child.example. 300 A 203.0.113.2",
    ]),
]

@Suite struct AliasTests {
  @Test(arguments: cases) fileprivate func aliases(_ expected: Case) throws { try expected.check(world.get()) }

  /// Sixteen links are followed to their end; of a longer chain one more is in the answer.
  @Test(arguments: [1, 2, 15, 16, 17, 40])
  func chain(links: Int) throws {
    let aliases = (1...links).map { "c\($0) CNAME c\($0 + 1)\n" }.joined()
    let world = try World(apexRecords + aliases + "c\(links + 1) A 192.0.2.1")
    let reply = try world.ask("c1.example. A")
    #expect(reply.status == "NOERROR aa")
    #expect(reply.answer.count == min(links + 1, 17))
    #expect(reply.answer.prefix(links).allSatisfy { $0.type == .cname })
    #expect((reply.answer.last?.type == .a) == (links <= 16))
  }

  /// An apex that an alias's data has in two pieces: names behind it must not point between them.
  @Test(arguments: ["AAAA", "MX"])
  func apexInPieces(type: String) throws {
    let world = try World([
      ("example.com.", "@ SOA ns h 1 2 3 4 60\n@ NS ns\nns A 192.0.2.1\nwww CNAME www.eu.example.com."),
      (
        "eu.example.com.",
        "@ SOA ns.provider.com. h.example.com. 1 2 3 4 60\n@ NS ns.provider.com.\nwww A 192.0.2.2"
      ),
    ])
    try Case(
      "www.example.com. \(type)", answer: [cname("www.example.com", "www.eu.example.com")],
      authority: ["eu.example.com. 60 SOA ns.provider.com. h.example.com. 1 2 3 4 60"]
    ).check(world)
  }

  /// DS of a served zone's apex is the parent's, also at the end of a chain (RFC 4035 §3.1.4.1).
  @Test func chainToDS() throws {
    let world = try World([
      ("example.", apexRecords + "to CNAME child\nchild NS ns\nchild DS 1 8 1 \(String(repeating: "01", count: 20))"),
      ("child.example.", "@ SOA ns h 1 2 3 4 60\n@ NS ns\nns A 192.0.2.1"),
    ])
    try Case(
      "to.example. DS",
      answer: [
        cname("to.example", "child.example"), "child.example. 300 DS 1 8 1 \(String(repeating: "01", count: 20))",
      ]
    ).check(world)
  }

  /// What fits of a chain stays; a link that does not fit truncates.
  @Test func chainThatDoesNotFit() throws {
    // No two names share a label, so that nothing of them can be compressed.
    func name(_ link: Int) -> String {
      ["a", "b", "c"].map { "\($0)\(link)" + String(repeating: "x", count: 55) }.joined(separator: ".")
    }
    let aliases = (1...8).map { "\(name($0)) CNAME \(name($0 + 1))\n" }
    let world = try World(apexRecords + aliases.joined())
    let reply = try world.ask("\(name(1)).example. A", over: .udp)
    #expect(reply.isTruncated)
    #expect(reply.size <= 512 && !reply.answer.isEmpty)
  }
}
