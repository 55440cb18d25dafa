import Answering
import Failover
import Memory
import Testing
import Wire

/// SVCB and HTTPS records that lead to a pool carry its addresses, and never those of the zone file.
@Suite struct HintTests {
  private static let text =
    apexRecords + """
      www HTTPS 1 . alpn=h2 ipv4hint=198.51.100.9 ech=AQID ipv6hint=2001:db8:9::9 key700=x
      plain HTTPS 1 . alpn=h2
      to 10 HTTPS 1 www port=8443 ipv6hint=2001:db8:9::9
      _s._tcp SVCB 2 www ipv4hint=198.51.100.9 port=53
      _s._tcp SVCB 1 www.example. alpn=dot
      _s._tcp SVCB 3 host ipv4hint=198.51.100.9
      host A 192.0.2.77
      host HTTPS 1 . ipv4hint=192.0.2.77
      alias HTTPS 0 www
      four HTTPS 1 . ipv4hint=198.51.100.9 ipv6hint=2001:db8:9::9
      *.wild HTTPS 1 . ipv4hint=198.51.100.9
      chain CNAME www
      """

  private static let pools = [
    TestPool(owners: ["www.example.", "plain.example.", "*.wild.example."], addresses: ["192.0.2.1", "2001:db8::1"]),
    TestPool(owners: ["four.example."], ttl: 7, addresses: ["192.0.2.4", "192.0.2.5"]),
  ]

  private static let www = "HTTPS 1 . alpn=\"h2\" ipv4hint=192.0.2.1 ech=AQID ipv6hint=2001:db8::1 key700=\"x\""
  private static let addresses = ["www.example. 30 A 192.0.2.1", "www.example. 30 AAAA 2001:db8::1"]

  fileprivate static let cases = [
    Case("www.example. HTTPS", answer: ["www.example. 30 \(www)"], additional: addresses),
    // Without hints in the file there are none, and the TTL is the file's.
    Case(
      "plain.example. HTTPS", answer: ["plain.example. 300 HTTPS 1 . alpn=\"h2\""],
      additional: ["plain.example. 30 A 192.0.2.1", "plain.example. 30 AAAA 2001:db8::1"]),
    // From another owner, with a TTL that is shorter already.
    Case(
      "to.example. HTTPS",
      answer: ["to.example. 10 HTTPS 1 www.example. port=8443 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1"],
      additional: addresses),
    // Each record of an RRset for itself, one TTL for all of them.
    Case(
      "_s._tcp.example. SVCB",
      answer: [
        "_s._tcp.example. 30 SVCB 2 www.example. port=53 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1",
        "_s._tcp.example. 30 SVCB 1 www.example. alpn=\"dot\"",
        "_s._tcp.example. 30 SVCB 3 host.example. ipv4hint=198.51.100.9",
      ], additional: addresses + ["host.example. 300 A 192.0.2.77"]),
    // No pool's.
    Case(
      "host.example. HTTPS", answer: ["host.example. 300 HTTPS 1 . ipv4hint=192.0.2.77"],
      additional: ["host.example. 300 A 192.0.2.77"]),
    Case("alias.example. HTTPS", answer: ["alias.example. 300 HTTPS 0 www.example."], additional: addresses),
    // A family without addresses has no hint.
    Case(
      "four.example. HTTPS", answer: ["four.example. 7 HTTPS 1 . ipv4hint=192.0.2.4,192.0.2.5"],
      additional: ["four.example. 7 A 192.0.2.4", "four.example. 7 A 192.0.2.5"]),
    Case(
      "a.b.wild.example. HTTPS",
      answer: ["a.b.wild.example. 30 HTTPS 1 . ipv4hint=192.0.2.1 ipv6hint=2001:db8::1"],
      additional: ["a.b.wild.example. 30 A 192.0.2.1", "a.b.wild.example. 30 AAAA 2001:db8::1"]),
    Case(
      "chain.example. HTTPS", answer: ["chain.example. 300 CNAME www.example.", "www.example. 30 \(www)"],
      additional: addresses),
  ]

  @Test(arguments: cases) fileprivate func hints(_ expected: Case) throws {
    try expected.check(try World(Self.text, pools: Self.pools))
    try expected.check(try World(Self.text, pools: Self.pools, image: { _ in }))
  }

  /// Whatever a query draws, hints and addresses are one choice.
  @Test func hintsAndAddressesAreOneChoice() throws {
    let plan = Plan([
      .weighted([.init(weight: 1, node: 1), .init(weight: 1, node: 2)]), .addresses([0], atMost: 1),
      .addresses([1], atMost: 1),
    ])
    let pool = TestPool(owners: ["www.example."], addresses: ["192.0.2.1", "192.0.2.2"], plan: plan)
    let world = try World(
      apexRecords + "www HTTPS 1 . ipv4hint=192.0.2.9\nwww HTTPS 2 . ipv4hint=192.0.2.8", pools: [pool])
    var client = Client(seed: 3)
    var seen: [String: Int] = [:]
    for _ in 0..<400 {
      let octets = client.ask(try TestQuery("www.example. HTTPS").octets, .tcp, world)
      let reply = try ReplyDecoder.decode(octets ?? [])
      let hints = reply.answer.map { $0.description.split(separator: "=").last.map(String.init) ?? "" }
      let address = try #require(reply.additional.first).description.split(separator: " ").last.map(String.init) ?? ""
      #expect(hints == [address, address])
      seen[address, default: 0] += 1
    }
    #expect(seen.count == 2 && seen.values.allSatisfy { 150...250 ~= $0 }, "\(seen)")
  }

  /// A pool without a choice, named last, does not make the choice of the one before it repeat itself.
  @Test(arguments: ["MX 1 www\nto MX 2 plain", "HTTPS 1 www ipv4hint=::\nto HTTPS 2 plain ipv4hint=::"])
  func luckGoesOn(records: String) throws {
    let plan = Plan([
      .weighted([.init(weight: 1, node: 1), .init(weight: 1, node: 2)]), .addresses([0], atMost: 1),
      .addresses([1], atMost: 1),
    ])
    let world = try World(
      apexRecords + "to " + records.replacing("::", with: "192.0.2.9"),
      pools: [
        TestPool(owners: ["www.example."], addresses: ["192.0.2.1", "192.0.2.2"], plan: plan),
        TestPool(owners: ["plain.example."], addresses: ["192.0.2.3"]),
      ])
    var client = Client(seed: 5)
    let type = records.prefix { $0 != " " }
    var seen: [String: Int] = [:]
    for _ in 0..<400 {
      let octets = client.ask(try TestQuery("to.example. \(type)").octets, .tcp, world)
      for record in try ReplyDecoder.decode(octets ?? []).additional { seen[record.description, default: 0] += 1 }
    }
    #expect(seen["plain.example. 30 A 192.0.2.3"] == 400)
    #expect((150...250).contains(seen["www.example. 30 A 192.0.2.1"] ?? 0), "\(seen)")
    #expect(seen.count == 3)
  }

  @Test func hintsFollowTheBlock() throws {
    let world = try World(Self.text, pools: Self.pools)
    let block = PoolBlock(ttl: 20, addresses: [.v4(0xC000_0207)])
    _ = world.generation.value.pools[0].block.exchange(Shared(block))
    let reply = try world.ask("www.example. HTTPS")
    #expect(
      reply.answer.map(\.description) == [
        "www.example. 20 HTTPS 1 . alpn=\"h2\" ipv4hint=192.0.2.7 ech=AQID key700=\"x\""
      ])
    #expect(reply.additional.map(\.description) == ["www.example. 20 A 192.0.2.7"])
  }

  /// What does not fit is not sent in part.
  @Test func manyHintsAreTruncated() throws {
    let pool = TestPool(owners: ["www.example."], addresses: (1...120).map { "192.0.2.\($0)" })
    let world = try World(apexRecords + "www HTTPS 1 . ipv4hint=192.0.2.9", pools: [pool])
    let reply = try world.ask("www.example. HTTPS", over: .udp)
    #expect(reply.isTruncated && reply.answer.isEmpty && reply.additional.isEmpty)
    let whole = try world.ask("www.example. HTTPS", over: .tcp)
    #expect(whole.answer.count == 1 && whole.additional.count == 120)
    #expect(whole.answer[0].data.count == 3 + 4 + 480)
  }

  @Test func mandatoryHintsAreAnError() {
    #expect {
      try World(apexRecords + "www HTTPS 1 . mandatory=ipv4hint ipv4hint=192.0.2.9", pools: Self.pools)
    } throws: { "\($0)".contains("take them out of 'mandatory'") }
  }

  /// Records that differ in their hints alone are one when the pool gives them.
  @Test func hintsMakeNoDifference() throws {
    let world = try World(
      apexRecords + "www HTTPS 1 . ipv4hint=192.0.2.9\nwww HTTPS 1 . ipv4hint=192.0.2.8", pools: Self.pools)
    #expect(try world.ask("www.example. HTTPS").answer.count == 1)
  }

  /// Secondaries do not follow a failover, so what they get has no hints.
  @Test func transfersHaveNone() throws {
    let world = try World(Self.text, pools: Self.pools, transfer: ["192.0.2.0/24"])
    let records = try world.transfer("example. AXFR").records.map(\.description)
    #expect(records.contains("www.example. 300 HTTPS 1 . alpn=\"h2\" ech=AQID key700=\"x\""))
  }
}
