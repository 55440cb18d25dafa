import Answering
import Failover
import Memory
import Testing
import Wire

/// What is left to each query of a pool's plan.
struct PlanTests {
  private static let addresses = (1...12).map { "192.0.2.\($0)" }

  private func world(
    _ plan: Plan, ttl: UInt32 = 30, minimum: UInt32? = nil, deadline: Instant? = nil,
    clients: [(IPPrefix, Int)] = []
  ) throws -> World {
    try World(
      apexRecords,
      pools: [
        TestPool(
          owners: ["www.example."], ttl: ttl, addresses: Self.addresses + ["2001:db8::1"], plan: plan,
          minimumTTL: minimum, deadlines: Deadlines(v4: deadline))
      ], clients: clients)
  }

  /// How often each address was the whole answer to A.
  private func counts(
    _ world: World, queries: Int, client: (Int) -> IPAddress = { _ in .v4(0x7F00_0001) }
  ) throws -> [String: Int] {
    var asking = Client(seed: 7)
    var counts: [String: Int] = [:]
    for query in 0..<queries {
      let context = RequestContext(transport: .tcp, client: client(query))
      let octets = try #require(asking.ask(try TestQuery("www.example. A").octets, context, world))
      counts[try ReplyDecoder.decode(octets).answer.map(\.description).joined(separator: " "), default: 0] += 1
    }
    return counts
  }

  private func record(_ index: Int, ttl: Int = 30) -> String { "www.example. \(ttl) A \(Self.addresses[index])" }

  @Test func weightsAreOdds() throws {
    let plan = Plan([
      .weighted([.init(weight: 1, node: 1), .init(weight: 1_048_575, node: 2), .init(weight: 349_525, node: 3)]),
      .addresses([0], atMost: 1), .addresses([1], atMost: 1), .addresses([2], atMost: 1),
    ])
    let counts = try counts(try world(plan), queries: 8000)
    #expect(abs(counts[record(1), default: 0] - 6000) < 200)
    #expect(abs(counts[record(2), default: 0] - 2000) < 200)
    #expect(counts[record(0), default: 0] < 5)
  }

  @Test func aNodeWithManyAddressesGivesEachQuerySome() throws {
    let world = try world(Plan([.addresses(Array(0..<12), atMost: 8)]))
    var seen: Set<String> = []
    for seed in 1...40 {
      let reply = try world.ask("www.example. A", seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      #expect(reply.answer.count == 8 && Set(reply.answer).count == 8)
      seen.formUnion(reply.answer.map(\.description))
    }
    #expect(seen.count == 12)
  }

  @Test func nothingIsNoDataAndFailureIsServerFailure() throws {
    let nothing = try world(Plan([.nothing])).ask("www.example. A")
    #expect(nothing.status == "NOERROR aa" && nothing.answer.isEmpty && nothing.authority.count == 1)
    let failure = try world(Plan([.failure])).ask("www.example. A")
    #expect(failure.status == "SERVFAIL" && failure.answer.isEmpty)
    let other = try world(Plan([.failure])).ask("www.example. AAAA")
    #expect(other.answer.map(\.description) == ["www.example. 30 AAAA 2001:db8::1"], "the families are apart")
  }

  /// Whoever debugs sees why (RFC 8914).
  @Test func extendedErrorsSayThatNobodyIsUp() throws {
    let edns = TestQuery.EDNS()
    let failure = try world(Plan([.failure])).ask("www.example. A", edns: edns)
    #expect(failure.status == "SERVFAIL" && failure.extendedError == 0)
    #expect(failure.opt?.option(15)?.dropFirst(2).elementsEqual("no endpoint is up".utf8) == true)
    let world = try world(Plan([0]))
    let fine = try world.ask("www.example. A", edns: edns)
    #expect(fine.extendedError == nil)
    let open = PoolAnswer(
      v4: Decision(members: [0], tier: 0, failedOpen: true), v6: Decision(members: [1], tier: 0, failedOpen: false))
    let addresses: [IPAddress] = [.v4(0xC000_0201), .v6(0, 1)]
    let block = PoolBlock(open, ttl: Pool.TTL(minimum: 30, maximum: 30)) { addresses[$0] }
    _ = world.generation.value.pools[0].block.exchange(Shared(block))
    let answered = try world.ask("www.example. A", edns: edns)
    #expect(answered.answer.map(\.description) == [record(0)] && answered.extendedError == 0)
    #expect(try world.ask("www.example. AAAA", edns: edns).extendedError == nil, "the families are apart")
  }

  /// A transfer shows all that somebody may get.
  @Test func transfersHaveEveryMember() throws {
    let plan = Plan([
      .client(table: 0, nodes: [1, 2]), .weighted([.init(weight: 1, node: 3), .init(weight: 0, node: 4)]),
      .addresses([2, 5], atMost: 1), .addresses([0], atMost: 1), .addresses([2], atMost: 1),
    ])
    let world = try World(
      apexRecords, pools: [TestPool(owners: ["www.example."], addresses: Self.addresses, plan: plan)],
      transfer: ["192.0.2.0/24"])
    let records = try world.transfer("example. AXFR").records.map(\.description).filter { $0.hasPrefix("www") }
    #expect(records.sorted() == [record(0), record(2), record(5)].sorted())
  }

  // MARK: - Sticky

  private static let keys: [UInt64] = [0x1234_5678, 0xABCD_EF01_2345, 0x7777_0000_1111]

  private func sticky(_ branches: [Int], weights: [Int] = [1, 1, 2]) -> Plan {
    Plan(
      [.sticky(branches.enumerated().map { .init(weight: weights[$1], node: $0 + 1, key: Self.keys[$1]) })]
        + branches.map { .addresses([$0], atMost: 1) })
  }

  private func network(_ index: Int) -> IPAddress { .v4(0x0A00_0000 + UInt32(index) << 8 + UInt32(index % 250)) }

  @Test func stickyFollowsTheNetworkAndTheWeights() throws {
    let world = try world(sticky([0, 1, 2]))
    let first = try (0..<60).map { index in try counts(world, queries: 3) { _ in network(index) } }
    #expect(first.allSatisfy { $0.count == 1 }, "a client stays")
    let neighbours = try counts(world, queries: 200) { .v4(0xC633_6400 + UInt32($0)) }
    #expect(neighbours.count == 1, "and its network with it")
    let spread = try counts(world, queries: 4000) { network($0) }
    #expect(abs(spread[record(2), default: 0] - 2000) < 200, "\(spread)")
    #expect(abs(spread[record(0), default: 0] - 1000) < 150, "\(spread)")
  }

  @Test func whenAStickyBranchGoesOnlyItsClientsMove() throws {
    let (all, fewer) = (try world(sticky([0, 1, 2])), try world(sticky([0, 2])))
    for index in 0..<300 {
      let before = try counts(all, queries: 1) { _ in network(index) }.keys.first
      let after = try counts(fewer, queries: 1) { _ in network(index) }.keys.first
      #expect(before == record(1) || before == after)
    }
  }

  @Test func exponentialTimesAreWhatTheySay() {
    let times = (0..<20_000).map { ClientNetwork.waiting(UInt64($0)) }
    #expect(times.allSatisfy { $0 >= 0 && $0 < 40 })
    #expect(abs(times.reduce(0, +) / 20_000 - 1) < 0.03)
    #expect(abs(Double(times.count { $0 > 1 }) / 20_000 - 0.3679) < 0.01)
  }

  // MARK: - Clients

  @Test func clientsAreSentWhereTheirClassGoes() throws {
    let plan = Plan([
      .client(table: 0, nodes: [1, 2, 3]), .addresses([0], atMost: 1), .addresses([1], atMost: 1), .nothing,
    ])
    let clients = [("10.0.0.0/8", 1), ("10.1.0.0/16", 2)].compactMap { text, index in
      IPPrefix(text).map { ($0, index) }
    }
    let world = try world(plan, clients: clients)
    #expect(try counts(world, queries: 1) { _ in .v4(0x0A02_0001) } == [record(1): 1])
    #expect(try counts(world, queries: 1) { _ in .v4(0x0A01_0001) } == ["": 1])
    #expect(try counts(world, queries: 1) { _ in .v4(0x0B00_0001) } == [record(0): 1])
  }

  // MARK: - TTL

  @Test(arguments: [
    // Before the deadline: whole seconds, rounded down, between the bounds.
    (0, 30), (70_000_000_000, 30), (95_100_000_000, 4), (95_000_000_000, 5), (97_900_000_000, 2),
    (98_500_000_000, 2), (100_000_000_000, 2), (200_000_000_000, 2),
  ])
  func anAdaptiveTTLAgesWithTheClock(now: UInt64, ttl: Int) throws {
    let deadline = Instant(nanoseconds: 100_000_000_000)
    let world = try world(Plan([0, 1]), ttl: 30, minimum: 2, deadline: deadline)
    var client = Client()
    let context = RequestContext(transport: .udp, time: RequestTime(wall: 0, monotonic: now))
    let octets = try #require(client.ask(try TestQuery("www.example. A").octets, context, world))
    #expect(
      Set(try ReplyDecoder.decode(octets).answer.map(\.description)) == [record(0, ttl: ttl), record(1, ttl: ttl)])
    let last = world.generation.value.pools[0].block.current.lastExpiry ?? 0
    let expected = now + UInt64(ttl) * 1_000_000_000
    #expect((expected...(expected + 200_000_000)).contains(last))
  }

  @Test func aPoolThatWaitsForNothingHasItsLargestTTL() throws {
    let world = try world(Plan([0]), ttl: 30, minimum: 2)
    #expect(try world.ask("www.example. A").answer.map(\.description) == [record(0)])
    #expect(try world.ask("www.example. AAAA").answer.map(\.description) == ["www.example. 30 AAAA 2001:db8::1"])
  }
}
