import Testing

private let text = "@ SOA ns h 1 2 3 4 60\n@ NS ns\nns A 192.0.2.1\nwww A 192.0.2.2\n"

/// A zone, one below it with a delegation between, and one below without.
private let nested = Result {
  try World([
    ("a.example.", text + "zone.cut A 192.0.2.9"),
    ("example.", text + "a NS ns\nb A 192.0.2.3\nwww.b A 192.0.2.4\nx NS ns.example.org.\n"),
    ("b.example.", text),
    ("deep.x.example.", text),
  ])
}

private let cases: [Case] = [
  Case("www.example. A", answer: ["www.example. 300 A 192.0.2.2"]),
  Case("www.a.example. A", answer: ["www.a.example. 300 A 192.0.2.2"]),
  Case("a.example. SOA", answer: ["a.example. 300 SOA ns.a.example. h.a.example. 1 2 3 4 60"]),
  Case(
    "a.example. NS", answer: ["a.example. 300 NS ns.a.example."], additional: ["ns.a.example. 300 A 192.0.2.1"]),
  Case(
    "no.a.example. A", "NXDOMAIN aa", authority: ["a.example. 60 SOA ns.a.example. h.a.example. 1 2 3 4 60"]),
  // DS at a child's apex is the parent's; elsewhere in the child its own.
  Case("a.example. DS", authority: negative),
  Case("b.example. DS", authority: negative),
  Case("www.a.example. DS", authority: ["a.example. 60 SOA ns.a.example. h.a.example. 1 2 3 4 60"]),
  Case("example. DS", authority: negative),
  // What the parent has at the child's names is not seen.
  Case("b.example. A", authority: ["b.example. 60 SOA ns.b.example. h.b.example. 1 2 3 4 60"]),
  Case("www.b.example. A", answer: ["www.b.example. 300 A 192.0.2.2"]),
  // Below somebody else's delegation.
  Case("www.deep.x.example. A", answer: ["www.deep.x.example. 300 A 192.0.2.2"]),
  Case("x.example. A", "NOERROR", authority: ["x.example. 300 NS ns.example.org."]),
  Case("other.x.example. A", "NOERROR", authority: ["x.example. 300 NS ns.example.org."]),
]

private let root = Result {
  try World([
    (
      ".",
      """
      . SOA a.root. h.root. 1 2 3 4 60
      . NS a.root.
      a.root. A 192.0.2.1
      com. NS a.gtld.com.
      a.gtld.com. A 192.0.2.2
      net. DS 1 8 1 0101010101010101010101010101010101010101
      net. NS a.root.
      alias. CNAME x.example.
      *.wild. TXT "w"
      """
    ),
    ("example.", text),
  ])
}
private let rootNegative = [". 60 SOA a.root. h.root. 1 2 3 4 60"]

private let rootCases: [Case] = [
  Case(". SOA", answer: [". 300 SOA a.root. h.root. 1 2 3 4 60"]),
  Case(". NS", answer: [". 300 NS a.root."], additional: ["a.root. 300 A 192.0.2.1"]),
  Case(". A", authority: rootNegative),
  Case(". DS", authority: rootNegative),
  Case("root. A", authority: rootNegative),
  Case("no. A", "NXDOMAIN aa", authority: rootNegative),
  Case("a.b.c.no. A", "NXDOMAIN aa", authority: rootNegative),
  Case("x.y.wild. TXT", answer: ["x.y.wild. 300 TXT \"w\""]),
  Case(
    "www.example.com. A", "NOERROR", authority: ["com. 300 NS a.gtld.com."],
    additional: ["a.gtld.com. 300 A 192.0.2.2"]),
  Case("net. DS", answer: ["net. 300 DS 1 8 1 0101010101010101010101010101010101010101"]),
  Case("www.example. A", answer: ["www.example. 300 A 192.0.2.2"]),
  Case("example. DS", "NXDOMAIN aa", authority: rootNegative),
  Case("alias. A", "NXDOMAIN aa", ["alias. 300 CNAME x.example."], authority: negative),
]

@Suite struct ServedZonesTests {
  @Test(arguments: cases) fileprivate func zoneWithinZone(_ expected: Case) throws { try expected.check(nested.get()) }
  @Test(arguments: rootCases) fileprivate func rootZone(_ expected: Case) throws { try expected.check(root.get()) }

  @Test func noZones() throws {
    let world = try World([])
    #expect(try world.ask("example. A").status == "REFUSED")
    #expect(try world.ask(". NS").status == "REFUSED")
  }

  /// A table of many, so that the search through it has collisions.
  @Test func manyZones() throws {
    let world = try World((0..<300).map { ("z\($0).example.", text) })
    for i in 0..<300 {
      #expect(try world.ask("www.z\(i).example. A").answer.map(\.description) == ["www.z\(i).example. 300 A 192.0.2.2"])
    }
    #expect(try world.ask("www.z300.example. A").status == "REFUSED")
    #expect(try world.ask("example. A").status == "REFUSED")
  }
}
