import Answering
import Diagnostics
import Failover
import Memory
import Wire
import Zone

/// A pool as a test writes it.
struct TestPool: Sendable {
  var owners: [String]
  var ttl: UInt32 = 30
  /// The plans' members, by their place here.
  var addresses: [String]
  /// For IPv4; nil: all addresses.
  var plan: Plan?
  /// Nil: the TTL is fixed.
  var minimumTTL: UInt32?
  var deadlines = Deadlines()
}

/// Zones and pools as the server holds them, to be asked.
final class World: Sendable {
  let generation: Shared<Generation>
  let problems: [String]

  private struct Broken: Error, CustomStringConvertible { let description: String }

  /// Lets an array hold what cannot be copied.
  private final class Built: Sendable {
    let zone: Shared<Zone>
    let pools: [UInt32]
    init(_ zone: consuming Zone, _ pools: [UInt32]) {
      self.zone = Shared(zone)
      self.pools = pools
    }
  }

  /// - Parameters:
  ///   - zones: apex and master file; a `$TTL 300` stands before each.
  ///   - transfer: networks that may transfer any of them.
  ///   - image: may spoil the image that each zone goes through; nil: they go through none.
  init(
    _ zones: [(apex: String, text: String)], pools: [TestPool] = [], udpSize: UInt16 = 1232, identity: String? = nil,
    clients: [(IPPrefix, Int)] = [], transfer: [String] = [], set: (inout AnswerSettings) -> Void = { _ in },
    image: ((inout Image) -> Void)? = nil
  ) throws {
    let apexes = try zones.map { try DomainName($0.apex) }
    let owners = try pools.enumerated().flatMap { index, pool in
      try pool.owners.map { (name: try DomainName($0), pool: UInt32(index)) }
    }
    var built: [Built] = []
    var problems = ProblemList()
    for (apex, zone) in zip(apexes, zones) {
      let own = owners.filter { owner in
        apexes.filter(owner.name.isAtOrBelow).max { $0.wire.count < $1.wire.count } == apex
      }
      let text = Array("$TTL 300\n\(zone.text)\n".utf8)
      let parsed = ZoneFileParser.parse(file: "z", apex: apex, text: text.span) { _, _, _ in "none" }
      problems.take(parsed.problems)
      let zone = ZoneBuilder.build(
        records: parsed.takeRecords(), pooled: own.map(\.name), problems: &problems)
      guard let zone else { throw Broken(description: "\(problems.listed)") }
      if let image {
        built.append(Built(try Image.through(zone, pools: own.count, image), own.map(\.pool)))
      } else {
        built.append(Built(zone, own.map(\.pool)))
      }
    }
    self.problems = problems.listed.map(\.description)
    let addresses = try pools.map { pool in
      try pool.addresses.map { try IPAddress($0) ?? { throw Broken(description: "address") }() }
    }
    let entries = FixedArray<ZoneTable.Entry>(count: built.count) {
      ZoneTable.Entry(
        zone: built[$0].zone.share(), pools: built[$0].pools, transfer: transfer.compactMap { IPPrefix($0) })
    }
    let slots = FixedArray<PoolSlot>(count: pools.count) {
      PoolSlot(pools[$0].block(addresses[$0]), pools[$0].deadlines)
    }
    var settings = AnswerSettings(udpSize: udpSize, identity: identity)
    settings.keepalive = 100
    set(&settings)
    let tables = FixedArray<Shared<ClientTable>>(count: 1) { _ in
      Shared(ClientTable(clients.map { (prefix: $0.0, classIndex: $0.1) }))
    }
    generation = Shared(
      Generation(zones: ZoneTable(entries), pools: slots, clients: tables, settings: settings))
  }

  convenience init(
    _ text: String, pools: [TestPool] = [], udpSize: UInt16 = 1232, identity: String? = nil,
    clients: [(IPPrefix, Int)] = [], transfer: [String] = [], set: (inout AnswerSettings) -> Void = { _ in },
    image: ((inout Image) -> Void)? = nil
  ) throws {
    try self.init(
      [("example.", text)], pools: pools, udpSize: udpSize, identity: identity, clients: clients, transfer: transfer,
      set: set, image: image)
  }

  /// What a client reads; `question` is a name and a type.
  func ask(
    _ question: String, edns: TestQuery.EDNS? = nil, over transport: RequestContext.Transport = .tcp, seed: UInt64 = 1
  ) throws -> Reply {
    var query = try TestQuery(question)
    query.edns = edns
    return try ask(query.octets, over: transport, seed: seed)
  }

  func ask(_ request: [UInt8], over transport: RequestContext.Transport = .tcp, seed: UInt64 = 1) throws -> Reply {
    var client = Client(seed: seed)
    guard let reply = client.ask(request, transport, self) else { throw Broken(description: "no reply") }
    return try ReplyDecoder.decode(reply)
  }
}

extension TestPool {
  fileprivate func block(_ addresses: [IPAddress]) -> PoolBlock {
    let (v4, v6) = (
      addresses.indices.filter { !addresses[$0].isIPv6 }, addresses.indices.filter { addresses[$0].isIPv6 }
    )
    let answer = PoolAnswer(
      v4: Decision(plan: plan ?? Plan(v4), tier: 0, failedOpen: false),
      v6: Decision(members: v6, tier: 0, failedOpen: false))
    return PoolBlock(
      answer, ttl: Pool.TTL(minimum: Int(minimumTTL ?? ttl), maximum: Int(ttl)), addresses: { addresses[$0] })
  }
}

/// One worker's responder with its buffer: bytes in, bytes out.
struct Client: ~Copyable {
  private var buffer = Slab<UInt8>(count: 65_535 + Message.slack)
  private var responder: Responder

  init(seed: UInt64 = 1, workers: Int = 1) {
    responder = Responder(seed: seed, secret: SipHash.Key(seed, seed), workers: workers)
  }

  /// Nil: there was no reply.
  mutating func ask(_ request: [UInt8], _ transport: RequestContext.Transport, _ world: World) -> [UInt8]? {
    ask(request, RequestContext(transport: transport), world)
  }

  mutating func ask(_ request: [UInt8], _ context: RequestContext, _ world: World) -> [UInt8]? {
    let (octets, reply) = see(request, context, world)
    return reply.isSent ? octets : nil
  }

  /// The message, and what became of the request.
  mutating func see(_ request: [UInt8], _ context: RequestContext, _ world: World) -> ([UInt8], Answering.Reply) {
    Client.ask(request, context, world, &responder, &buffer)
  }

  private static func ask(
    _ request: [UInt8], _ context: RequestContext, _ world: World, _ responder: inout Responder,
    _ buffer: inout Slab<UInt8>
  ) -> ([UInt8], Answering.Reply) {
    var octets = buffer.mutableSpan
    for i in request.indices { octets[i] = request[i] }
    var message = Message(buffer.mutableBytes(at: 0, count: buffer.count), length: request.count)
    let reply = responder.respond(to: &message, context, over: world.generation.value)
    let length = message.length
    return (Array(buffer.span.extracting(0..<length)), reply)
  }
}
