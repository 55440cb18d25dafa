import Answering
import Testing
import Wire

/// Signatures without a meaning: what is asked of an authoritative server is where they stand.
private func signature(_ owner: String, _ type: String, ttl: Int = 300) -> String {
  "\(owner) \(ttl) RRSIG \(type) 13 1 300 20380101000000 20260101000000 1 example. AAAA\n"
}

private func signed(_ owner: String, _ type: String, _ data: String) -> String {
  "\(owner) \(type) \(data)\n" + signature(owner, type)
}

private let apex =
  signed("@", "SOA", "ns h 1 2 3 4 60") + signed("@", "NS", "ns") + signed("ns", "A", "192.0.2.53")

/// The types of each section, with their owners; an RRSIG shows what it covers.
private func outline(_ records: [Record]) -> [String] {
  records.map { record in
    let owner = record.owner.lowercased.description
    guard record.type == .rrsig else { return "\(owner) \(record.type)" }
    return "\(owner) RRSIG(\(RecordType(UInt16(record.data[0]) << 8 | UInt16(record.data[1]))))"
  }.sorted()
}

private func pairs(_ sets: String...) -> [String] {
  sets.flatMap { set in
    let words = set.split(separator: " ")
    return [set, "\(words[0]) RRSIG(\(words[1]))"]
  }.sorted()
}

private let dnssecOK = TestQuery.EDNS(udpSize: 1232, flags: 0x8000)

/// Where an RRset goes its signatures go, and nothing else does.
@Suite struct SignatureAnswerTests {
  private static let world = Result {
    try World(
      apex + signed("a", "A", "192.0.2.1") + signed("a", "MX", "10 ns") + signed("al", "CNAME", "a")
        + signed("dn", "DNAME", "to") + signed("b.to", "TXT", "t") + "sub NS ns.sub\nns.sub A 192.0.2.2\n"
        + signed("sub", "DS", "1 13 2 00") + signature("stray", "AAAA"))
  }

  @Test(
    arguments: [
      ("a.example. A", pairs("a.example. A"), []),
      ("al.example. A", pairs("al.example. CNAME", "a.example. A"), []),
      ("b.dn.example. TXT", pairs("dn.example. DNAME", "b.to.example. TXT") + ["b.dn.example. CNAME"], []),
      ("a.example. RRSIG", ["a.example. RRSIG(A)", "a.example. RRSIG(MX)"], []),
      ("al.example. RRSIG", ["al.example. RRSIG(CNAME)"], []),
      ("stray.example. RRSIG", ["stray.example. RRSIG(AAAA)"], []),
      ("sub.example. DS", pairs("sub.example. DS"), []),
      ("x.sub.example. A", [], ["sub.example. NS"] + pairs("sub.example. DS")),
      ("a.example. AAAA", [], pairs("example. SOA")),
      ("no.example. A", [], pairs("example. SOA")),
    ] as [(String, [String], [String])])
  func sections(question: String, answer: [String], authority: [String]) throws {
    let reply = try Self.world.get().ask(question, edns: dnssecOK)
    #expect(outline(reply.answer) == answer.sorted())
    #expect(outline(reply.authority) == authority.sorted())
    let plain = try Self.world.get().ask(question)
    let isAsked = question.hasSuffix("RRSIG")
    #expect(outline(plain.answer) == answer.filter { isAsked || !$0.contains("RRSIG") }.sorted())
    #expect(outline(plain.authority) == authority.filter { !$0.contains("RRSIG") && !$0.contains("DS") }.sorted())
  }

  /// RFC 2308 §3 for both.
  @Test func negativeTTL() throws {
    let reply = try Self.world.get().ask("no.example. A", edns: dnssecOK)
    #expect(reply.authority.map(\.ttl) == [60, 60])
  }

  /// Authoritative addresses bring theirs (RFC 4035 §3.1.1); glue has none.
  @Test func additional() throws {
    let reply = try Self.world.get().ask("a.example. MX", edns: dnssecOK)
    #expect(outline(reply.additional) == pairs("ns.example. A"))
    #expect(outline(try Self.world.get().ask("x.sub.example. A", edns: dnssecOK).additional) == ["ns.sub.example. A"])
  }

  /// An RRset without room for its signatures is not sent at all.
  @Test func truncation() throws {
    let long = (0..<20).map { "t TXT \"\($0) 4567890123456789\"\n" }.joined() + signature("t", "TXT")
    let world = try World(apex + long, udpSize: 4096)
    var edns = dnssecOK
    edns.udpSize = 4096
    let whole = try world.ask("t.example. TXT", edns: edns, over: .udp)
    #expect(!whole.isTruncated && whole.answer.count == 21)
    edns.udpSize = UInt16(whole.size)
    #expect(try world.ask("t.example. TXT", edns: edns, over: .udp).answer.count == 21)
    edns.udpSize -= 1
    let cut = try world.ask("t.example. TXT", edns: edns, over: .udp)
    #expect(cut.isTruncated && cut.answer.isEmpty)
  }
}

/// Where a chain of aliases ends, what its wildcards need is written before the glue.
@Test func proofsOfAWildcardOnTheWayToADelegation() throws {
  let world = try World(
    apex + signed("@", "NSEC", "*.w NS SOA RRSIG NSEC") + signed("*.w", "CNAME", "x.sub")
      + signed("*.w", "NSEC", "ns CNAME RRSIG NSEC") + signed("ns", "NSEC", "sub A RRSIG NSEC")
      + signed("sub", "DS", "1 13 2 00") + signed("sub", "NSEC", "@ NS DS RRSIG NSEC")
      + "sub NS ns.sub\nns.sub A 192.0.2.2\n")
  let reply = try world.ask("q.w.example. A", edns: dnssecOK)
  #expect(outline(reply.answer) == pairs("q.w.example. CNAME"))
  #expect(
    outline(reply.authority) == (["sub.example. NS"] + pairs("sub.example. DS", "*.w.example. NSEC")).sorted())
  #expect(outline(reply.additional) == ["ns.sub.example. A"])
}

/// The code is that of the whole answer, although the DNAME record and its signature do not fit.
@Test func truncatedRedirectionThatIsTooLong() throws {
  let label = String(repeating: "t", count: 63)
  let world = try World(
    apex + "d DNAME \(label).\(label)\n"
      + signature("d", "DNAME").dropLast() + String(repeating: "A", count: 400) + "\n")
  var edns = dnssecOK
  edns.udpSize = 512
  let question = "\(label).\(label).d.example. A"
  #expect(try world.ask(question, edns: edns, over: .udp).status == "RCODE6 aa tc")
  #expect(try world.ask(question, edns: edns).status == "RCODE6 aa")
}

/// RFC 4035 §3.1.3, with NSEC.
@Suite struct NSECTests {
  private static let world = Result {
    let chain = [
      ("@", "a", "NS SOA"), ("a", "xx\\255.ent", "A"), ("xx\\255.ent", "ns", "A"), ("ns", "sub", "A"),
      ("sub", "*.w", "NS"), ("*.w", "@", "A"),
    ]
    return try World(
      apex + signed("a", "A", "192.0.2.1") + signed("*.w", "A", "192.0.2.1") + signed("xx\\255.ent", "A", "192.0.2.1")
        + "sub NS ns\n" + chain.map { signed($0.0, "NSEC", "\($0.1) \($0.2) RRSIG NSEC") }.joined())
  }
  private static let soa = pairs("example. SOA")

  @Test(
    arguments: [
      ("a.example. AAAA", "NOERROR aa", soa + pairs("a.example. NSEC")),
      ("ent.example. A", "NOERROR aa", soa + pairs("a.example. NSEC")),
      ("w.example. A", "NOERROR aa", soa + pairs("sub.example. NSEC")),
      ("no.example. A", "NXDOMAIN aa", soa + pairs("xx\\255.ent.example. NSEC", "example. NSEC")),
      ("0.example. A", "NXDOMAIN aa", soa + pairs("example. NSEC")),
      ("zz.example. A", "NXDOMAIN aa", soa + pairs("*.w.example. NSEC", "example. NSEC")),
      ("\\255.a.example. A", "NXDOMAIN aa", soa + pairs("a.example. NSEC")),
      ("x.w.example. A", "NOERROR aa", pairs("*.w.example. NSEC")),
      ("x.w.example. TXT", "NOERROR aa", soa + pairs("*.w.example. NSEC")),
      ("0.w.example. A", "NOERROR aa", pairs("*.w.example. NSEC")),
      ("\\001.w.example. A", "NOERROR aa", pairs("sub.example. NSEC")),
      ("\\001.w.example. TXT", "NOERROR aa", soa + pairs("sub.example. NSEC", "*.w.example. NSEC")),
      ("*.w.example. A", "NOERROR aa", []),
      ("x.sub.example. A", "NOERROR", ["sub.example. NS"] + pairs("sub.example. NSEC")),
      ("sub.example. DS", "NOERROR aa", soa + pairs("sub.example. NSEC")),
    ] as [(String, String, [String])])
  func proofs(question: String, status: String, authority: [String]) throws {
    let reply = try Self.world.get().ask(question, edns: dnssecOK)
    #expect(reply.status == status)
    #expect(outline(reply.authority) == authority.sorted())
  }
}

/// RFC 5155: the zone of its appendix A, whose hashes are given there (salt aabbccdd, 12 iterations).
@Suite struct NSEC3Tests {
  private static let hashes = [
    "example.": "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", "ns1.example.": "2t7b4g4vsa5smi47k61mv5bv1a22bojr",
    "x.y.w.example.": "2vptu5timamqttgl4luu9kg21e0aor3s", "a.example.": "35mthgpgcu1qg68fab165klnsnk3dpvl",
    "x.w.example.": "b4um86eghhds6nea196smvmlo4ors995", "ai.example.": "gjeqe526plbf1g8mklp59enfd789njgi",
    "y.w.example.": "ji6neoaepv8b5o6k4ev33abha8ht9fgc", "w.example.": "k8udemvp1j2f7eg6jebps17vp3n8i58h",
    "ns2.example.": "q04jkcevqvmu85r014c7dkba38o0ji5r", "*.w.example.": "r53bq7cc2uvmubfu5ocmm6pers9tk9en",
    "xx.example.": "t644ebqk9bibcna874givr6joj62mlhv",
  ]

  private static func hash(_ name: String) -> String { hashes[name].map { "\($0).example." } ?? "?" }

  private static let world = Result {
    let order = hashes.values.sorted()
    let chain = zip(order, order.dropFirst() + [order[0]]).map { owner, next in
      signed(owner, "NSEC3", "1 1 12 aabbccdd \(next) A RRSIG")
    }
    return try World(
      apex + signed("@", "NSEC3PARAM", "1 0 12 aabbccdd")
        + "a NS ns1.a\nns1.a A 192.0.2.5\nc NS ns1.c\nns1.c A 192.0.2.7\n"
        + signed("a", "DS", "58470 5 1 00") + signed("ns1", "A", "192.0.2.1") + signed("ns2", "A", "192.0.2.2")
        + signed("ai", "A", "192.0.2.9") + signed("*.w", "MX", "1 ai") + signed("x.w", "MX", "1 xx")
        + signed("x.y.w", "MX", "1 xx") + signed("xx", "A", "192.0.2.10") + chain.joined())
  }
  private static let soa = pairs("example. SOA")

  /// Appendix B's answers: B.1, B.2, B.2.1, B.3, B.4, B.5 and B.6.
  @Test(
    arguments: [
      (
        "a.c.x.w.example. A", "NXDOMAIN aa",
        soa + pairs(hash("x.w.example.") + " NSEC3", hash("example.") + " NSEC3", hash("a.example.") + " NSEC3")
      ),
      ("ns1.example. MX", "NOERROR aa", soa + pairs(hash("ns1.example.") + " NSEC3")),
      ("y.w.example. A", "NOERROR aa", soa + pairs(hash("y.w.example.") + " NSEC3")),
      (
        "mc.c.example. MX", "NOERROR",
        ["c.example. NS"] + pairs(hash("a.example.") + " NSEC3", hash("example.") + " NSEC3")
      ),
      ("a.z.w.example. MX", "NOERROR aa", pairs(hash("ns2.example.") + " NSEC3")),
      (
        "a.z.w.example. AAAA", "NOERROR aa",
        soa + pairs(hash("w.example.") + " NSEC3", hash("ns2.example.") + " NSEC3", hash("*.w.example.") + " NSEC3")
      ),
      ("mc.a.example. MX", "NOERROR", ["a.example. NS"] + pairs("a.example. DS")),
      ("c.example. DS", "NOERROR aa", soa + pairs(hash("a.example.") + " NSEC3", hash("example.") + " NSEC3")),
    ] as [(String, String, [String])])
  func proofs(question: String, status: String, authority: [String]) throws {
    let reply = try Self.world.get().ask(question, edns: dnssecOK)
    #expect(reply.status == status)
    #expect(outline(reply.authority) == Set(authority).sorted())
  }

  /// A zone that is redirected as a whole: the hashes below its apex are proofs, not names.
  @Test func redirectedApex() throws {
    let own = try #require(Self.hashes["example."])
    let world = try World(
      "@ SOA ns.example.org. h.example.org. 1 2 3 4 60\n@ NS ns.example.org.\n" + signed("@", "DNAME", "example.org.")
        + signature("@", "SOA") + signed("@", "NSEC3PARAM", "1 0 12 aabbccdd")
        + signed(own, "NSEC3", "1 0 12 aabbccdd \(own) NS SOA DNAME RRSIG NSEC3PARAM"))
    #expect(world.problems.isEmpty)
    let reply = try world.ask("example. A", edns: dnssecOK)
    #expect(outline(reply.authority) == (Self.soa + pairs("\(own).example. NSEC3")).sorted())
    #expect(try world.ask("\(own).example. A").answer.map(\.type) == [.dname, .cname])
  }

  /// The owner of an NSEC3 record is no name that exists (§7.2.8, B.2 of the appendix).
  @Test func hashedOwner() throws {
    let name = try #require(Self.hashes["example."]) + ".example."
    for type in ["NSEC3", "A", "RRSIG", "ANY"] {
      #expect(try Self.world.get().ask("\(name) \(type)").status == "NXDOMAIN aa")
    }
  }
}
