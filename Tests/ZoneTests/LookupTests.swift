import Testing
import Wire
import Zone

private let text =
  apexRecords + """
    a.b.c A 192.0.2.1
    *.w A 192.0.2.2
    x.*.v A 192.0.2.3
    sub NS ns
    sub DS 1 8 1 0101010101010101010101010101010101010101
    ns.sub A 192.0.2.4
    in.sub NS ns
    d DNAME e
    x.d A 192.0.2.5
    *.d A 192.0.2.6
    alias CNAME a.b.c

    """

/// Name, outcome, labels of the node, octets left of the closest encloser.
private let cases: [(String, Lookup.Outcome, Int, Int)] = [
  ("example.", .found, 1, 0),
  ("EXAMPLE.", .found, 1, 0),
  ("ns.example.", .found, 2, 0),
  ("a.b.c.example.", .found, 4, 0),
  ("b.c.example.", .found, 3, 0),
  ("c.example.", .found, 2, 0),
  ("x.example.", .noSuchName, 1, 2),
  ("x.c.example.", .noSuchName, 2, 2),
  ("a.b.x.example.", .noSuchName, 1, 6),
  ("x.a.b.c.example.", .noSuchName, 4, 2),
  ("1.2.3.4.5.6.7.8.9.example.", .noSuchName, 1, 18),
  ("x.w.example.", .found, 3, 2),
  ("y.x.w.example.", .found, 3, 4),
  ("*.w.example.", .found, 3, 0),
  ("x.*.w.example.", .noSuchName, 3, 2),
  ("w.example.", .found, 2, 0),
  ("y.v.example.", .found, 3, 2),
  ("x.*.v.example.", .found, 4, 0),
  ("sub.example.", .referral, 2, 0),
  ("ns.sub.example.", .referral, 2, 0),
  ("x.sub.example.", .referral, 2, 2),
  ("x.ns.sub.example.", .referral, 2, 2),
  ("in.sub.example.", .referral, 2, 0),
  ("x.in.sub.example.", .referral, 2, 2),
  ("d.example.", .found, 2, 0),
  ("x.d.example.", .redirection, 2, 2),
  ("z.y.d.example.", .redirection, 2, 4),
  ("alias.example.", .found, 2, 0),
]

@Suite struct LookupTests {
  @Test(arguments: cases)
  func lookup(name: String, outcome: Lookup.Outcome, labels: Int, unmatched: Int) throws {
    let zone = try build(text)
    let found = try zone.lookup(DomainName(name))
    #expect(found.outcome == outcome)
    #expect(try zone.see { $0.labels(found.node) } == labels)
    #expect(found.unmatched == unmatched)
  }

  /// The parent's side of a cut, for DS only (RFC 4035 §3.1.4.1).
  @Test(arguments: [
    ("sub.example.", Lookup.Outcome.found), ("ns.sub.example.", .referral), ("in.sub.example.", .referral),
    ("x.sub.example.", .referral), ("ns.example.", .found), ("example.", .found), ("no.example.", .noSuchName),
  ])
  func lookupAtParent(name: String, outcome: Lookup.Outcome) throws {
    let zone = try build(text)
    #expect(try zone.lookup(DomainName(name), atParent: true).outcome == outcome)
  }

  /// Every owner of a large zone is found, and its neighbours are not.
  @Test(arguments: ["example.", ".", "a.b.c.d.e.f.example."])
  func everyName(apex: String) throws {
    let count = 2000
    let zone = try build(
      "@ SOA ns h 1 2 3 4 60\n@ NS ns\n" + (0..<count).map { "h\($0).r\($0 % 7) A 192.0.2.1\n" }.joined(), apex: apex
    )
    let apex = try DomainName(apex)
    for i in 0..<count + 100 {
      let found = try zone.lookup(DomainName("h\(i).r\(i % 7)", origin: apex))
      #expect((found.outcome == .found) == (i < count))
      if found.outcome == .found { #expect(try zone.see { $0.rrset(found.node, .a)?.recordCount } == 1) }
      #expect(
        try zone.lookup(DomainName("h\(i).r\((i + 1) % 7)", origin: apex), atParent: false).outcome == .noSuchName)
    }
  }

  /// The whole table is used, evenly: or every search begins at one place and is as long as the zone.
  @Test(arguments: [8, 100, 4097])
  func homes(slots: Int) {
    var counts = Array(repeating: 0, count: slots)
    var hash: UInt64 = 1
    for _ in 0..<slots * 100 {
      hash = hash &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      counts[Zone.home(hash, slots)] += 1
    }
    #expect(counts.allSatisfy { 40...170 ~= $0 })
  }

  /// Labels of 63 octets, names of 255, as many labels as a name can have.
  @Test(arguments: [
    Array(repeating: String(repeating: "l", count: 63), count: 3) + [String(repeating: "m", count: 53)],
    Array(repeating: "l", count: 123),
  ])
  func longNames(labels: [String]) throws {
    let name = try DomainName(labels.joined(separator: ".") + ".example.")
    #expect(name.wire.count == 255)
    let zone = try build(apexRecords + "\(name) A 192.0.2.1")
    let found = try zone.lookup(name)
    #expect(found.outcome == .found)
    #expect(try zone.see { $0.labels(found.node) } == labels.count + 1)
  }
}
