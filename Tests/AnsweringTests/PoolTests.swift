import Answering
import Memory
import Synchronization
import Testing
import Wire

private let text =
  apexRecords + """
    @ MX 10 www
    @ TXT "apex"
    mail MX 10 @
    mail MX 20 six
    mail MX 30 q.wild
    srv SRV 0 0 443 deep.er
    alias CNAME six
    far CNAME q.wild
    out.pool TXT "a name below a pool"
    www TXT "beside a pool"
    www A 198.51.100.1
    delegated NS www
    cover TXT "a pool's descendant makes it exist"
    """

private let pools = [
  TestPool(owners: ["example.", "www.example."], addresses: ["192.0.2.1", "2001:db8::1"]),
  TestPool(owners: ["six.example."], ttl: 7, addresses: ["2001:db8::6"]),
  TestPool(owners: ["*.wild.example.", "deep.er.example.", "pool.example."], ttl: 0, addresses: ["192.0.2.9"]),
]

private let world = Result { try World(text, pools: pools) }

private let six = "six.example. 7 AAAA 2001:db8::6"
private let www = ["www.example. 30 A 192.0.2.1", "www.example. 30 AAAA 2001:db8::1"]

private let cases: [Case] = [
  // At the apex, beside its own records.
  Case("example. A", answer: ["example. 30 A 192.0.2.1"]),
  Case("example. AAAA", answer: ["example. 30 AAAA 2001:db8::1"]),
  Case("example. ANY", answer: ["example. 30 A 192.0.2.1"]),
  Case("example. TXT", answer: ["example. 300 TXT \"apex\""]),
  Case("example. SOA", answer: [soa]),
  Case("example. TYPE65", authority: negative),
  // A second owner; the addresses of the file are replaced, its other records stay.
  Case("www.example. A", answer: ["www.example. 30 A 192.0.2.1"]),
  Case("www.example. TXT", answer: ["www.example. 300 TXT \"beside a pool\""]),
  // One family only: NODATA for the other.
  Case("six.example. A", authority: negative),
  Case("six.example. AAAA", answer: [six]),
  Case("six.example. ANY", answer: [six]),
  Case("pool.example. AAAA", authority: negative),
  Case("pool.example. ANY", answer: ["pool.example. 0 A 192.0.2.9"]),
  // Owners that exist by their pool alone, and their ancestors.
  Case("deep.er.example. A", answer: ["deep.er.example. 0 A 192.0.2.9"]),
  Case("deep.er.example. TXT", authority: negative),
  Case("er.example. A", authority: negative),
  Case("x.er.example. A", "NXDOMAIN aa", authority: negative),
  Case("x.pool.example. A", "NXDOMAIN aa", authority: negative),
  Case("out.pool.example. A", authority: negative),
  // Types that no record has must not find what marks an owner as a pool's.
  Case("example. TYPE0", authority: negative),
  Case("six.example. TYPE0", authority: negative),
  Case("pool.example. TYPE0", authority: negative),
  // A wildcard owner.
  Case("q.wild.example. A", answer: ["q.wild.example. 0 A 192.0.2.9"]),
  Case("p.q.wild.example. A", answer: ["p.q.wild.example. 0 A 192.0.2.9"]),
  Case("*.wild.example. A", answer: ["*.wild.example. 0 A 192.0.2.9"]),
  Case("q.wild.example. AAAA", authority: negative),
  Case("q.wild.example. MX", authority: negative),
  Case("wild.example. A", authority: negative),
  // Through an alias.
  Case("alias.example. AAAA", answer: ["alias.example. 300 CNAME six.example.", six]),
  Case("alias.example. A", answer: ["alias.example. 300 CNAME six.example."], authority: negative),
  Case(
    "far.example. A", answer: ["far.example. 300 CNAME q.wild.example.", "q.wild.example. 0 A 192.0.2.9"]),
  // As additional addresses.
  Case("example. MX", answer: ["example. 300 MX 10 www.example."], additional: www),
  Case(
    "mail.example. MX",
    answer: [
      "mail.example. 300 MX 10 example.", "mail.example. 300 MX 20 six.example.",
      "mail.example. 300 MX 30 q.wild.example.",
    ],
    additional: [
      "example. 30 A 192.0.2.1", "example. 30 AAAA 2001:db8::1", six, "q.wild.example. 0 A 192.0.2.9",
    ]),
  Case(
    "srv.example. SRV", answer: ["srv.example. 300 SRV 0 0 443 deep.er.example."],
    additional: ["deep.er.example. 0 A 192.0.2.9"]),
  Case(
    "delegated.example. A", "NOERROR", authority: ["delegated.example. 300 NS www.example."], additional: www),
]

@Suite struct PoolTests {
  @Test(arguments: cases) fileprivate func pools(_ expected: Case) throws { try expected.check(world.get()) }

  @Test func replacedAddressesAreNoted() throws {
    #expect(try world.get().problems == ["z:15:1: note: www.example A: replaced by the pool of this name"])
  }

  /// Every rotation comes up, each about as often as the others, and no other order.
  @Test(arguments: [1, 2, 3, 7])
  func rotation(count: Int) throws {
    for (type, prefix) in [("A", "192.0.2."), ("AAAA", "2001:db8::")] {
      let addresses = (1...count).map { "\(prefix)\($0)" }
      let world = try World(apexRecords, pools: [TestPool(owners: ["p.example."], addresses: addresses)])
      let rotations = addresses.indices.map { Array(addresses[$0...] + addresses[..<$0]) }
      var client = Client(seed: 42)
      var seen: [[String]: Int] = [:]
      let query = try TestQuery("p.example. \(type)").octets
      for _ in 0..<count * 200 {
        let octets = client.ask(query, .udp, world)
        let reply = try ReplyDecoder.decode(octets ?? [])
        seen[reply.answer.map { RDataFormat($0.type).text($0.data.span.octets) }, default: 0] += 1
      }
      #expect(Set(seen.keys) == Set(rotations))
      #expect(seen.values.allSatisfy { 100...300 ~= $0 })
    }
  }

  /// More addresses than fit: none of them, and TC.
  @Test func poolThatDoesNotFit() throws {
    let pool = TestPool(owners: ["p.example."], addresses: (1...100).map { "192.0.2.\($0)" })
    let world = try World(apexRecords + "mail MX 10 p", pools: [pool])
    let reply = try world.ask("p.example. A", over: .udp)
    #expect(reply.status == "NOERROR aa tc" && reply.answer.isEmpty && reply.authority.isEmpty)
    #expect(try world.ask("p.example. A", over: .tcp).answer.count == 100)
    let mail = try world.ask("mail.example. MX", over: .udp)
    #expect(mail.status == "NOERROR aa" && mail.answer.count == 1 && mail.additional.isEmpty)
  }

  /// Verdicts that change the families of a pool meanwhile: every answer is from one block.
  @Test func answersAgreeWithThemselves() throws {
    let pool = TestPool(owners: ["p.example."], addresses: ["192.0.2.1"])
    let world = try World(apexRecords + "mail MX 10 p", pools: [pool])
    let questions = try ["p.example. A", "p.example. AAAA", "p.example. ANY", "mail.example. MX"].map {
      try TestQuery($0).octets
    }
    let publication = ReaderEpochs(readers: 1)
    let outcome = Outcome()
    let reader = try #require(
      Thread.start("reader") {
        var client = Client()
        for i in 0..<40_000 {
          publication.enter(0)
          let reply = client.ask(questions[i % 4], .udp, world)
          publication.leave(0)
          if !isWhole(reply) { outcome.wrong.add(1, ordering: .relaxed) }
        }
        outcome.isDone.store(true, ordering: .releasing)
      })
    var retirement = Retirement(publication)
    let families = ["192.0.2.1", "2001:db8::1"].compactMap { IPAddress($0) }
    var turn = 0
    while !outcome.isDone.load(ordering: .acquiring) {
      turn += 1
      let block = PoolBlock(ttl: 30, addresses: [families[turn % 2]])
      retirement.retire(world.generation.value.pools[0].block.exchange(Shared(block)))
      _ = retirement.collect()
    }
    reader.join()
    #expect(outcome.wrong.load(ordering: .relaxed) == 0)
  }
}

private final class Outcome: Sendable {
  let wrong = Atomic(0)
  let isDone = Atomic(false)
}

/// Of a pool with one address of either family: that address where it belongs, else the SOA.
private func isWhole(_ octets: [UInt8]?) -> Bool {
  guard let octets, let reply = try? ReplyDecoder.decode(octets) else { return false }
  let isMail = reply.question?.type == .mx
  let records = isMail ? reply.additional : reply.answer + reply.authority
  return records.count == 1 && (isMail ? reply.answer.count == 1 : reply.additional.isEmpty)
}
