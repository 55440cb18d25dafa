import Answering
import Memory
import Testing
import Wire
import Zone

private let zones: [String: String] = [
  "plain": apexRecords + """
    @ MX 10 mail
    www CNAME @
    *.wild CNAME www
    *.w TXT x
    *.w MX 5 mail
    mail A 192.0.2.1
    pool A 192.0.2.9
    red DNAME to
    x.to A 192.0.2.4
    sub NS ns.sub
    sub NS ns.other
    deep.ns.sub A 192.0.2.2
    ns.sub A 192.0.2.2
    a.b.c TXT "\(String(repeating: "x", count: 250))"
    srv SRV 0 0 1 mail
    """,
  "NSEC": signedApex + signed("@", "NSEC", "a.example. NS SOA") + signed("a", "A", "192.0.2.1")
    + signed("a", "NSEC", "sub.example. A") + "sub NS ns.sub\nns.sub A 192.0.2.2\n" + signed("sub", "NSEC", "*.w NS")
    + signed("*.w", "TXT", "t") + signed("*.w", "NSEC", "example. TXT"),
  "NSEC3": signedApex + signed("@", "NSEC3PARAM", "1 0 2 aabb") + signed("a", "A", "192.0.2.1")
    + [("0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", "A"), ("35mthgpgcu1qg68fab165klnsnk3dpvl", "NS SOA")]
    .map { signed($0.0, "NSEC3", "1 1 2 aabb 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom \($0.1)") }.joined(),
]

private let signedApex =
  signed("@", "SOA", "ns h 1 2 3 4 60") + signed("@", "NS", "ns") + signed("ns", "A", "192.0.2.53")

private func signed(_ owner: String, _ type: String, _ data: String) -> String {
  "\(owner) \(type) \(data)\n\(owner) 300 RRSIG \(type) 13 1 300 20380101000000 20260101000000 1 example. AAAA\n"
}

private let pools = [TestPool(owners: ["pool.example."], addresses: ["192.0.2.8", "2001:db8::9"])]
private let names =
  ["", "www.", "q.wild.", "q.w.", "mail.", "pool.", "x.red.", "x.y.red.", "x.sub.", "sub.", "deep.ns.sub.", "no."]
  + ["b.c.", "a.b.c.", "srv.", "ns.", "a.", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.", "x.0p9mhaveqvm6t7vbl5lop2u3t2rp3tom."]

private func questions() throws -> [[UInt8]] {
  try names.flatMap { name in
    try ["A", "MX", "NS", "DS", "SOA", "ANY", "RRSIG"].map { type in
      var query = try TestQuery("\(name)example. \(type)")
      query.edns = TestQuery.EDNS(udpSize: 4096, flags: 0x8000)
      return query.octets
    }
  }
}

@Suite struct ImageTests {
  /// What comes from an image answers like what was built.
  @Test(arguments: 1...4)
  func answersAreTheSame(seed: UInt64) throws {
    var random = RandomZones(seed: seed)
    for _ in 0..<40 {
      var again = random
      let built = try random.make().world
      let loaded = try again.make { _ in }.world
      var one = Client(seed: 1)
      var other = Client(seed: 1)
      for _ in 0..<40 {
        let question = random.question()
        let query = try TestQuery("\(question.name) \(question.type)").octets
        #expect(one.ask(query, .tcp, built) == other.ask(query, .tcp, loaded), "\(question)")
      }
    }
  }

  @Test(arguments: zones.keys.sorted())
  func answersOfSignedZonesAreTheSame(zone: String) throws {
    let text = zones[zone] ?? ""
    let used = zone == "plain" ? pools : []
    let built = try World(text, pools: used, transfer: ["0.0.0.0/0"])
    let loaded = try World(text, pools: used, transfer: ["0.0.0.0/0"], image: { _ in })
    var one = Client(seed: 1)
    var other = Client(seed: 1)
    for query in try questions() { #expect(one.ask(query, .tcp, built) == other.ask(query, .tcp, loaded)) }
    #expect(try built.transfer("example. AXFR").records == loaded.transfer("example. AXFR").records)
  }

  /// One octet is another: found, wherever it is.
  @Test(arguments: zones.keys.sorted())
  func damageIsFound(zone: String) throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<100 {
      let world = Result {
        try World(zones[zone] ?? "", pools: zone == "plain" ? pools : [], image: { random.damage(&$0) })
      }
      #expect(throws: ZoneImageError.self) { try world.get() }
    }
  }

  @Test func cutOffIsFound() throws {
    for count in [0, 1, 4095, 4096, 5000] {
      #expect(throws: ZoneImageError.damaged) {
        try World(zones["plain"] ?? "", pools: pools, image: { $0.octets.removeLast($0.octets.count - count) })
      }
    }
    #expect(throws: ZoneImageError.damaged) {
      try World(zones["plain"] ?? "", pools: pools, image: { $0.octets.append(0) })
    }
  }

  @Test func anotherLayoutIsRefused() throws {
    let error = #expect(throws: ZoneImageError.self) {
      try World(
        zones["plain"] ?? "", pools: pools,
        image: { image in
          image.octets[8] ^= 1
          image.sign()
        })
    }
    #expect(error?.description.contains("version") == true)
  }

  /// Somebody has spoilt an image and made its hashes right: it is refused or it answers, whatever it says.
  @Test(arguments: zones.keys.sorted(), 1...2 as ClosedRange<UInt64>)
  func noImageCrashes(zone: String, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let questions = try questions()
    var accepted = 0
    let rounds = 100
    for _ in 0..<rounds {
      let world = try? World(
        zones[zone] ?? "", pools: zone == "plain" ? pools : [], transfer: ["0.0.0.0/0"],
        image: { random.spoil(&$0) })
      guard let world else { continue }
      accepted += 1
      var client = Client(seed: 1)
      for question in questions { _ = client.ask(question, .tcp, world) }
      try world.walk()
    }
    #expect(accepted > 0 && accepted < rounds)
  }
}

extension SeededGenerator {
  /// Changes one bit of header or sections.
  fileprivate mutating func damage(_ image: inout Image) {
    let section = (image.ranges.filter { !$0.isEmpty } + [0..<Image.header]).randomElement(using: &self) ?? 0..<1
    image.octets[Int.random(in: section, using: &self)] ^= 1 << UInt8.random(in: 0...7, using: &self)
  }

  /// Changes one to three octets of header or sections to what lengths and offsets go wrong with.
  fileprivate mutating func spoil(_ image: inout Image) {
    let ranges = image.ranges
    let all = ranges[1...].filter { !$0.isEmpty } + [ranges[1], ranges[1], ranges[1], 32..<Image.sections + 120]
    for _ in 0...Int.random(in: 0...2, using: &self) {
      let at = Int.random(in: all.randomElement(using: &self) ?? 0..<1, using: &self)
      let values = [0, 1, 2, 8, 63, 64, 0x80, 0xC0, 0xFF, image.octets[at] &+ 1, image.octets[at] &- 1]
      image.octets[at] = values.randomElement(using: &self) ?? 0
    }
    // With sections elsewhere there may be nothing to sign.
    guard image.ranges.allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= image.octets.count }) else { return }
    image.sign()
  }
}

extension World {
  /// A transfer to its end, whatever the messages say.
  fileprivate func walk() throws {
    let query = try TestQuery("example. AXFR").octets
    var buffer = Slab<UInt8>(count: 65_535 + Message.slack)
    buffer.copy(query.rawBytes)
    var responder = Responder(seed: 1)
    var transfer = World.begin(&responder, &buffer, query.count, generation.value)
    var messages = 0
    while !transfer.isDone, messages < 1000 {
      var message = Message(buffer.mutableBytes(at: 0, count: buffer.count), length: 0)
      guard transfer.write(to: &message, limit: 65_535) else { return }
      messages += 1
    }
    #expect(messages < 1000)
  }

  private static func begin(
    _ responder: inout Responder, _ buffer: inout Slab<UInt8>, _ length: Int, _ generation: borrowing Generation
  ) -> ZoneTransfer {
    var message = Message(buffer.mutableBytes(at: 0, count: buffer.count), length: length)
    let context = RequestContext(transport: .tcp, client: IPAddress("192.0.2.1") ?? .v4(0))
    _ = responder.respond(to: &message, context, over: generation)
    return ZoneTransfer(ZoneSnapshot(generation, zone: 0), frame: message)
  }
}
