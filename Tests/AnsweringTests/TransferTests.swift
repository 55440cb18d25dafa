import Answering
import Memory
import Testing
import Wire

/// A zone with something of every kind that is not answered but transferred.
private let text = """
  @ SOA ns h 1 2 3 4 60
  @ NS ns
  @ MX 10 mail.sub
  ns A 192.0.2.53
  *.w TXT wild
  cut NS ns.cut
  cut NS other.
  ns.cut A 192.0.2.54
  below.cut TXT occluded
  a.b.c.d A 192.0.2.1
  a.b.c.d MX 5 a.b.c.d
  a.b.c.d MX 6 x.a.b.c.d
  alias CNAME a.b.c.d
  srv SRV 0 0 1 pool
  pool TXT p

  """
private let pools = [
  TestPool(owners: ["pool.example.", "also.example."], addresses: ["198.51.100.1", "198.51.100.2", "2001:db8::1"]),
  TestPool(owners: ["empty.example."], addresses: []),
]
private let anybody = ["0.0.0.0/0"]

@Suite struct TransferTests {
  private let world = Result { try World(text, pools: pools, transfer: anybody) }

  @Test func everyRecordOnceBetweenTwoSOAs() throws {
    let transfer = try world.get().transfer("example. AXFR")
    #expect(
      transfer.records.map(\.description) == [
        soa,
        "example. 300 NS ns.example.",
        "example. 300 MX 10 mail.sub.example.",
        "ns.example. 300 A 192.0.2.53",
        "*.w.example. 300 TXT \"wild\"",
        "cut.example. 300 NS ns.cut.example.",
        "cut.example. 300 NS other.",
        "ns.cut.example. 300 A 192.0.2.54",
        "below.cut.example. 300 TXT \"occluded\"",
        "a.b.c.d.example. 300 A 192.0.2.1",
        "a.b.c.d.example. 300 MX 5 a.b.c.d.example.",
        "a.b.c.d.example. 300 MX 6 x.a.b.c.d.example.",
        "alias.example. 300 CNAME a.b.c.d.example.",
        "srv.example. 300 SRV 0 0 1 pool.example.",
        "pool.example. 30 A 198.51.100.1",
        "pool.example. 30 A 198.51.100.2",
        "pool.example. 30 AAAA 2001:db8::1",
        "pool.example. 300 TXT \"p\"",
        "also.example. 30 A 198.51.100.1",
        "also.example. 30 A 198.51.100.2",
        "also.example. 30 AAAA 2001:db8::1",
        soa,
      ])
    #expect(transfer.messages.count == 1)
    #expect(transfer.messages[0].status == "NOERROR aa")
  }

  /// RFC 5936 §2.2: each message is a whole reply, with an OPT record if the client sent one.
  @Test(arguments: [nil, TestQuery.EDNS()])
  func framesOfManyMessages(edns: TestQuery.EDNS?) throws {
    let lines = (0..<3000).map { "host\($0) A 192.0.2.\($0 % 256)\nhost\($0) MX 1 mail.host\($0)" }
    let world = try World(text + lines.joined(separator: "\n"), transfer: anybody)
    let transfer = try world.transfer("EXAMPLE. AXFR", edns: edns)
    #expect(transfer.messages.count > 3)
    #expect(transfer.sizes.dropLast().allSatisfy { 16_000...16_500 ~= $0 }, "\(transfer.sizes)")
    #expect(transfer.records.count == 2 + 14 + 6000)
    for message in transfer.messages {
      #expect(message.status == "NOERROR aa" && message.identifier == 0x1234)
      #expect(message.question.map { $0.name.map(DomainName.lowercase) } == (try DomainName("example.")).wire)
      #expect(message.authority.isEmpty && message.additional.isEmpty)
      #expect((message.opt != nil) == (edns != nil))
    }
  }

  /// Whatever the messages' sizes: what is sent is what stands in the file, and what the pools answer.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func randomZones(seed: UInt64) throws {
    var zones = RandomZones(seed: seed)
    let (world, reference) = try zones.make(transfer: anybody)
    for zone in reference.zones {
      let transfer = try world.transfer("\(zone.apex) AXFR", limits: [65_535, 512, 300, 150, 90].shuffled(seed))
      let pooled = zone.records.filter { zone.pools[$0.owner] == nil || ![.a, .aaaa].contains($0.type) }
      let expected = pooled.filter { $0.type != .soa } + zone.pools.values.joined()
      #expect(transfer.content.map(\.description).sorted() == expected.map(\.description).sorted())
      #expect(transfer.records.first?.type == .soa && transfer.records.last == transfer.records.first)
    }
  }

  /// RRsets too large for pointers to reach over, each in a message of its own, and a pool of that size.
  @Test func largeSets() throws {
    let texts = (0..<240).map { "big TXT \($0)-" + String(repeating: "x", count: 240) }
    let mails = (0..<1200).map { "mails MX 1 m\($0).deep.mails" }
    let pool = TestPool(owners: ["pool.example."], addresses: (0..<4000).map { "2001:db8::\(String($0, radix: 16))" })
    let world = try World(
      (apexRecords + (texts + mails + texts.map { "x" + $0 }).joined(separator: "\n")), pools: [pool], transfer: anybody
    )
    let transfer = try world.transfer("example. AXFR", limits: [65_535, 20_000, 1000])
    #expect(transfer.records.count == 4 + 240 + 1200 + 240 + 4000)
    #expect(Set(transfer.records).count == transfer.records.count - 1)
    #expect(transfer.sizes.allSatisfy { $0 <= 65_535 } && transfer.sizes.contains { $0 > 60_000 })
  }

  @Test func rootZone() throws {
    let world = try World(
      [(".", "@ SOA ns h 1 2 3 4 60\n@ NS a.ns\na.ns A 192.0.2.1\ncom NS a.gtld\na.gtld A 192.0.2.2")],
      transfer: anybody)
    #expect(
      try world.transfer(". AXFR").records.map(\.description) == [
        ". 300 SOA ns. h. 1 2 3 4 60", ". 300 NS a.ns.", "a.ns. 300 A 192.0.2.1", "com. 300 NS a.gtld.",
        "a.gtld. 300 A 192.0.2.2", ". 300 SOA ns. h. 1 2 3 4 60",
      ])
  }

  /// Signatures and proofs are records like others, also at hashes, which are names of nothing.
  @Test func signedZone() throws {
    let hash = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example."
    let lines = [
      "example. 300 NS ns.example.", "example. 300 NSEC3PARAM 1 0 0 -", "ns.example. 300 A 192.0.2.53",
      "*.w.example. 300 TXT \"wild\"", "cut.example. 300 NS ns.example.", "cut.example. 300 DS 1 13 2 00",
      "\(hash) 60 NSEC3 1 1 0 - 0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM NS SOA RRSIG NSEC3PARAM",
    ]
    let signed = ([soa] + lines).filter { !$0.hasPrefix("cut.example. 300 NS") }.map { line in
      let words = line.split(separator: " ")
      return "\(words[0]) \(words[1]) RRSIG \(words[2]) 13 2 300 20380101000000 20260101000000 1 example. AAAA"
    }
    let world = try World(([soa] + lines + signed).joined(separator: "\n"), transfer: anybody)
    for limits in [[65_535], [200, 100]] {
      let transfer = try world.transfer("example. AXFR", limits: limits)
      #expect(transfer.content.map(\.description).sorted() == (lines + signed).sorted())
    }
  }

  /// A verdict in the middle changes nothing, not even between two names of one pool.
  @Test func oneStateThroughAFailover() throws {
    let world = try World(text, pools: pools, transfer: anybody)
    let before = try world.transfer("example. AXFR")
    var number: UInt32 = 0
    let during = try world.transfer("example. AXFR", limits: [120]) {
      number += 1
      world.exchange(pool: 0, PoolBlock(ttl: number, addresses: [.v4(number)]))
    }
    #expect(during.messages.count > 5)
    #expect(during.records.map(\.description) == before.records.map(\.description))
    let after = try world.transfer("example. AXFR")
    #expect(after.records.filter { $0.owner == (try? DomainName("also.example.")) }.map(\.ttl) == [number])
  }
}

extension World {
  /// As a verdict does; nobody reads meanwhile.
  fileprivate func exchange(pool: Int, _ block: consuming PoolBlock) {
    _ = generation.value.pools[pool].block.exchange(Shared(block))
  }
}

extension Array {
  fileprivate func shuffled(_ seed: UInt64) -> Array {
    var random = SeededGenerator(seed: seed)
    return shuffled(using: &random)
  }
}
