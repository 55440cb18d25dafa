import Answering
import Failover
import Testing
import Wire

/// EDNS Client Subnet (RFC 7871).
@Suite struct ClientSubnetTests {
  private static let addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]

  private static let byNetwork = Plan([
    .client(table: 0, nodes: [1, 2, 3]), .addresses([0], atMost: 1), .addresses([1], atMost: 1), .nothing,
  ])

  private static let sticky = Plan([
    .sticky([.init(weight: 1, node: 1, key: 11), .init(weight: 1, node: 2, key: 22)]), .addresses([0], atMost: 1),
    .addresses([1], atMost: 1),
  ])

  private static let text =
    apexRecords + """
      plain A 192.0.2.99
      alias CNAME www
      mail MX 1 www
      www HTTPS 1 . ipv4hint=192.0.2.9
      """

  private func world(_ plan: Plan = byNetwork, isOn: Bool = true) throws -> World {
    let clients = [("10.0.0.0/8", 1), ("10.64.0.0/10", 2), ("2001:db8::/32", 1)].compactMap { text, index in
      IPPrefix(text).map { ($0, index) }
    }
    return try World(
      Self.text, pools: [TestPool(owners: ["www.example."], addresses: Self.addresses, plan: plan)],
      clients: clients, set: { $0.usesClientSubnet = isOn })
  }

  private func option(_ data: [UInt8]) -> TestQuery.EDNS {
    var edns = TestQuery.EDNS()
    edns.options = big(8) + big(UInt16(data.count)) + data
    return edns
  }

  private func address(_ reply: Reply) -> String? {
    reply.answer.last { $0.type == .a }?.description.split(separator: " ").last.map(String.init)
  }

  /// The option's client counts, not the query's (which is 0.0.0.0 here); the scope is that of its class.
  @Test(
    arguments: [
      ([0, 1, 24, 0, 10, 0, 3], "192.0.2.2", 10), ([0, 1, 8, 0, 10], "192.0.2.2", 10),
      ([0, 1, 32, 0, 9, 9, 9, 9], "192.0.2.1", 7),
      ([0, 1, 17, 0, 10, 130, 128], "192.0.2.2", 9), ([0, 2, 48, 0, 0x20, 1, 0xD, 0xB8, 0, 1], "192.0.2.2", 32),
      ([0, 2, 0, 0], "192.0.2.1", 0), ([0, 1, 0, 0], "192.0.2.1", 0), ([0, 0, 0, 0], "192.0.2.1", 0),
      ([0, 1, 16, 0, 10, 64], nil, 10),
    ] as [([UInt8], String?, UInt8)])
  func classes(data: [UInt8], address expected: String?, scope: UInt8) throws {
    for name in ["www", "alias"] {
      let reply = try world().ask("\(name).example. A", edns: option(data))
      #expect(reply.status == "NOERROR aa" && address(reply) == expected)
      var echoed = data
      echoed[3] = scope
      #expect(reply.opt?.option(8) == echoed)
    }
  }

  @Test func stickyGoesByTheToldNetwork() throws {
    let world = try world(Self.sticky)
    var seen: Set<String> = []
    for third in 0..<40 as Range<UInt8> {
      let told = [198, 51, third]
      let whole = try world.ask("www.example. A", edns: option([0, 1, 24, 0] + told))
      let longer = try world.ask("www.example. A", edns: option([0, 1, 32, 0] + told + [77]))
      #expect(whole.opt?.option(8) == [0, 1, 24, 24] + told && longer.opt?.option(8) == [0, 1, 32, 24] + told + [77])
      #expect(address(whole) == address(longer))
      seen.insert(address(whole) ?? "")
    }
    #expect(seen == ["192.0.2.1", "192.0.2.2"])
    let v6 = try world.ask("www.example. A", edns: option([0, 2, 56, 0, 0x20, 1, 0xD, 0xB8, 0, 1, 2]))
    #expect(v6.opt?.option(8) == [0, 2, 56, 56, 0x20, 1, 0xD, 0xB8, 0, 1, 2])
  }

  /// What is the same for everybody has scope 0: records, refusals, pools that do not choose by client.
  @Test(arguments: ["plain.example. A", "no.example. A", "www.example. AAAA", "example. SOA", "other. A"])
  func elsewhereTheScopeIsZero(question: String) throws {
    let data: [UInt8] = [0, 1, 24, 0, 10, 0, 3]
    let reply = try world().ask(question, edns: option(data))
    #expect(reply.opt?.option(8) == data)
    let all = Plan([.addresses([0, 1], atMost: 1)])
    #expect(try world(all).ask("www.example. A", edns: option(data)).opt?.option(8) == data)
  }

  /// The scope is of the answer section: what a resolver may give to others is not chosen for one network.
  @Test func additionalAddressesAreNobodysOwn() throws {
    let told = try world().ask("mail.example. MX", edns: option([0, 1, 24, 0, 10, 0, 3]))
    #expect(told.answer.count == 1 && told.additional.isEmpty && told.opt?.option(8) == [0, 1, 24, 0, 10, 0, 3])
    #expect(try world().ask("mail.example. MX").additional.count == 1)
    #expect(try world().ask("mail.example. MX", edns: option([0, 1, 0, 0])).additional.count == 1)
  }

  /// Hints stand in the answer section.
  @Test func hintsAreTheToldNetworks() throws {
    let reply = try world().ask("www.example. HTTPS", edns: option([0, 1, 24, 0, 10, 0, 3]))
    #expect(reply.answer.map(\.description) == ["www.example. 30 HTTPS 1 . ipv4hint=192.0.2.2"])
    #expect(reply.additional.isEmpty && reply.opt?.option(8) == [0, 1, 24, 10, 10, 0, 3])
  }

  fileprivate static let malformed: [[UInt8]] = [
    // Too short, another family, a prefix too long.
    [], [0, 1, 24], [0, 3, 0, 0], [1, 1, 24, 0, 10, 0, 3], [0, 0, 8, 0, 10], [0, 1, 33, 0, 10, 0, 3, 0, 0],
    [0, 2, 129, 0] + Array(repeating: 0, count: 17),
    // Octets too few and too many.
    [0, 1, 24, 0, 10, 0], [0, 1, 24, 0, 10, 0, 3, 0], [0, 1, 0, 0, 0], [0, 1, 25, 0, 10, 0, 3], [0, 2, 48, 0, 0x20, 1],
    // Bits behind the prefix.
    [0, 1, 23, 0, 10, 0, 3], [0, 1, 31, 0, 10, 0, 3, 1], [0, 1, 1, 0, 0xC0], [0, 2, 63, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    [0, 2, 65, 0] + Array(repeating: 0, count: 8) + [0x40], [0, 2, 127, 0] + Array(repeating: 0, count: 15) + [1],
    // A scope.
    [0, 1, 24, 24, 10, 0, 3], [0, 1, 0, 1],
  ]

  @Test(arguments: malformed) fileprivate func malformedIsAnError(data: [UInt8]) throws {
    for question in ["www.example. A", "plain.example. A", "other. A"] {
      let reply = try world().ask(question, edns: option(data))
      #expect(reply.status == "FORMERR" && reply.answer.isEmpty && reply.opt?.option(8) == nil)
    }
  }

  /// Off, it is an option like any that is not known.
  @Test(arguments: malformed + [[0, 1, 24, 0, 10, 0, 3]]) fileprivate func offItIsPassedOver(data: [UInt8]) throws {
    let reply = try world(isOn: false).ask("www.example. A", edns: option(data))
    #expect(reply.status == "NOERROR aa" && address(reply) == "192.0.2.1" && reply.opt?.options == [])
  }

  /// What is not answered from a zone does not know of the network of the query before it.
  @Test(arguments: [("version.bind. TXT", 3), ("id.server. TXT", 3), ("example. A", 5), ("example. IXFR", 1)])
  func isNotToldToTheNext(question: String, class recordClass: UInt16) throws {
    let world = try world()
    var client = Client()
    var query = try TestQuery("www.example. A")
    query.edns = option([0, 1, 24, 0, 10, 0, 3])
    #expect(try ReplyDecoder.decode(client.ask(query.octets, .udp, world) ?? []).opt?.option(8) != nil)
    var next = try TestQuery(question)
    next.recordClass = recordClass
    next.edns = TestQuery.EDNS()
    let reply = try ReplyDecoder.decode(client.ask(next.octets, .udp, world) ?? [])
    #expect(reply.opt != nil && reply.opt?.option(8) == nil)
    next.edns?.version = 1
    #expect(try ReplyDecoder.decode(client.ask(next.octets, .udp, world) ?? []).opt?.option(8) == nil)
  }

  /// Of two, the first counts; the worker forgets it with the next query.
  @Test func oneAtATime() throws {
    let world = try world()
    var client = Client()
    var query = try TestQuery("www.example. A")
    query.edns = option([0, 1, 24, 0, 10, 0, 3])
    query.edns?.options += big(8) + big(4) + [9, 9, 9, 9]
    let first = try ReplyDecoder.decode(client.ask(query.octets, .udp, world) ?? [])
    #expect(address(first) == "192.0.2.2" && first.opt?.option(8) == [0, 1, 24, 10, 10, 0, 3])
    let second = try ReplyDecoder.decode(client.ask(try TestQuery("www.example. A").octets, .udp, world) ?? [])
    #expect(address(second) == "192.0.2.1" && second.opt == nil)
  }
}
