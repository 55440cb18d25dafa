import Answering
import Testing
import Wire

private let second: UInt64 = 1_000_000_000
private let start: UInt64 = 1 << 40

/// One worker's clients over a world with a limit, on a clock that the test sets.
private struct Crowd: ~Copyable {
  private let world: World
  private var worker: Client
  var now = start

  init(
    _ responses: Int, slip: Int = 0, exempt: [String] = [], workers: Int = 1, secrets: [SipHash.Key] = []
  ) throws {
    let networks = exempt.compactMap { IPPrefix($0) }
    world = try World(apexRecords + "www A 192.0.2.1\nsub NS ns.example.net.") {
      $0.rateLimit = RateLimit(responses: responses, slip: slip, exempt: networks)
      $0.cookies = CookieSecrets(secrets)
    }
    worker = Client(workers: workers)
  }

  mutating func ask(
    _ question: String = "www.example. A", from client: IPAddress, cookie: [UInt8]? = nil,
    over transport: RequestContext.Transport = .udp
  ) throws -> Reply? {
    var query = try TestQuery(question)
    if let cookie { query.edns = TestQuery.EDNS(options: big(10) + big(UInt16(cookie.count)) + cookie) }
    let time = RequestTime(wall: UInt32(now / second), monotonic: now)
    let context = RequestContext(transport: transport, client: client, time: time)
    return try worker.ask(query.octets, context, world).map { try ReplyDecoder.decode($0) }
  }

  /// How many of `count` questions are answered.
  mutating func answered(
    _ count: Int, _ question: String = "www.example. A", from client: IPAddress
  ) throws -> Int {
    var answered = 0
    for _ in 0..<count where try ask(question, from: client) != nil { answered += 1 }
    return answered
  }
}

/// `#expect` cannot call what changes a noncopyable value.
private func expect<Value: Equatable>(
  _ expected: Value, _ value: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(value == expected, sourceLocation: sourceLocation)
}

private let client = IPAddress.v4(0xC633_6401)

@Suite struct RateLimitTests {
  /// A second's worth at once, then as the rate allows.
  @Test func bucket() throws {
    var crowd = try Crowd(10)
    expect(10, try crowd.answered(50, from: client))
    for _ in 0..<5 {
      crowd.now += second / 10
      expect(1, try crowd.answered(5, from: client))
    }
    crowd.now += 3600 * second
    expect(10, try crowd.answered(50, from: client))
  }

  /// The rate is the server's: each of four workers gives a quarter of it.
  @Test func shares() throws {
    var crowd = try Crowd(40, workers: 4)
    expect(10, try crowd.answered(100, from: client))
  }

  /// Networks are counted together, kinds of answer apart.
  @Test func whatIsCounted() throws {
    var crowd = try Crowd(10)
    expect(10, try crowd.answered(6, from: client) + crowd.answered(20, from: .v4(0xC633_64FE)))
    expect(10, try crowd.answered(20, from: .v4(0xC633_6501)))
    for question in ["no.example. A", "x.sub.example. A", "other. A"] {
      expect(10, try crowd.answered(20, question, from: client))
    }
    // NODATA and NXDOMAIN are one kind.
    expect(0, try crowd.answered(20, "www.example. MX", from: client))
    let network: UInt64 = 0x2001_0DB8_0000_0000
    expect(10, try crowd.answered(6, from: .v6(network, 1)) + crowd.answered(20, from: .v6(network | 0xFF, 9)))
    expect(10, try crowd.answered(20, from: .v6(network | 0x100, 1)))
  }

  @Test(arguments: [(0, 0), (1, 40), (2, 20), (10, 4)])
  func slip(slip: Int, count: Int) throws {
    var crowd = try Crowd(10, slip: slip)
    _ = try crowd.answered(10, from: client)
    var slipped = 0
    for _ in 0..<40 {
      guard let reply = try crowd.ask(from: client) else { continue }
      #expect(reply.status == "NOERROR tc" && reply.answer.isEmpty && reply.question != nil)
      slipped += 1
    }
    #expect(slipped == count)
  }

  /// Who speaks cookies is told the good one, and with that is not limited any more.
  @Test func cookies() throws {
    var crowd = try Crowd(10, slip: 1, secrets: [SipHash.Key(1, 2)])
    _ = try crowd.answered(10, from: client)
    let limited = try crowd.ask(from: client, cookie: [1, 2, 3, 4, 5, 6, 7, 8])
    let reply = try #require(limited)
    #expect(reply.status == "BADCOOKIE" && reply.answer.isEmpty)
    let cookie = try #require(reply.opt?.option(10))
    for _ in 0..<100 {
      expect(1, try crowd.ask(from: client, cookie: cookie)?.answer.count)
    }
    expect("BADCOOKIE", try crowd.ask(from: client, cookie: [0] + cookie.dropFirst())?.status)
  }

  @Test func exempt() throws {
    var crowd = try Crowd(1, exempt: ["198.51.100.0/25", "2001:db8::/33", "10.0.0.1/32"])
    expect(20, try crowd.answered(20, from: client))
    expect(1, try crowd.answered(20, from: .v4(0xC633_6480)))
    expect(20, try crowd.answered(20, from: .v6(0x2001_0DB8_7FFF_FFFF, 5)))
    expect(1, try crowd.answered(20, from: .v6(0x2001_0DB8_8000_0000, 5)))
    expect(20, try crowd.answered(20, from: .v4(0x0A00_0001)))
    expect(1, try crowd.answered(20, from: .v4(0x0A00_0002)))
    var all = try Crowd(1, exempt: ["0.0.0.0/0"])
    expect(20, try all.answered(20, from: client))
    expect(1, try all.answered(20, from: .v6(1, 1)))
  }

  /// TCP has shown that the address is real.
  @Test func overTCP() throws {
    var crowd = try Crowd(1)
    for _ in 0..<20 { expect(1, try crowd.ask(from: client, over: .tcp)?.answer.count) }
  }

  /// A million networks that ask once make the table forget no network that is limited …
  @Test func manyNetworksDoNotHelpTheLimited() throws {
    var crowd = try Crowd(10)
    expect(10, try crowd.answered(50, from: client))
    for network: UInt32 in 0..<400_000 {
      _ = try crowd.ask(from: .v4(network << 8 | 1))
      if network % 40_000 == 0 { expect(0, try crowd.answered(5, from: client)) }
    }
    expect(0, try crowd.answered(20, from: client))
  }

  /// … nor do networks that ask far too much, however many, slow down others.
  @Test func manyLimitedNetworksDoNotHurtOthers() throws {
    var crowd = try Crowd(2)
    for network: UInt32 in 0..<200_000 {
      for _ in 0..<3 { _ = try crowd.ask(from: .v4(network << 8 | 1)) }
    }
    for network: UInt32 in 300_000..<301_000 {
      expect(2, try crowd.answered(2, from: .v4(network << 8 | 1)))
    }
  }
}
