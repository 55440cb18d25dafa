import Answering
import Testing
import Wire

private func octets(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap { $0.hexDigitValue }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private func key(_ hexadecimal: String) -> SipHash.Key {
  func word(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  let all = octets(hexadecimal)
  return SipHash.Key(word(all[..<8]), word(all[8...]))
}

private let first = "e5e973e5a6b2a43f48e7dc849e37bfcf"
private let old = "dd3bdf9344b678b185a6f5cb60fca715"
private let new = "445536bcd2513298075a5d379663c962"

private func world(_ secrets: String...) throws -> World {
  try World(apexRecords + (0..<30).map { "big A 192.0.2.\($0)\n" }.joined()) {
    $0.cookies = CookieSecrets(secrets.map(key))
    $0.sizeWithoutCookie = 512
  }
}

private func ask(
  _ cookie: String, _ world: World, from client: String = "198.51.100.100", at time: UInt32 = 1_559_731_985,
  question: String = "example. SOA", over transport: RequestContext.Transport = .udp
) throws -> Reply {
  var query = try TestQuery(question)
  let data = octets(cookie)
  query.edns = TestQuery.EDNS(options: big(10) + big(UInt16(data.count)) + data)
  return try reply(query.octets, world, client, time, transport)
}

private func reply(
  _ request: [UInt8], _ world: World, _ client: String, _ time: UInt32, _ transport: RequestContext.Transport = .udp
) throws -> Reply {
  let address = try #require(IPAddress(client))
  let context = RequestContext(
    transport: transport, client: address, time: RequestTime(wall: time, monotonic: 1 << 40))
  var asking = Client()
  let octets = asking.ask(request, context, world)
  return try ReplyDecoder.decode(try #require(octets))
}

/// RFC 9018, appendix A.
@Suite struct CookieVectorTests {
  /// A.1: a client without a server cookie learns one.
  @Test func learning() throws {
    let reply = try ask("2464c4abcf10c957", world(first))
    #expect(reply.opt?.option(10) == octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480"))
  }

  /// A.2: forty minutes later the same client gets a new one.
  @Test func renewing() throws {
    let reply = try ask("2464c4abcf10c957010000005cf79f111f8130c3eee29480", world(first), at: 1_559_734_385)
    #expect(reply.opt?.option(10) == octets("2464c4abcf10c957010000005cf7a871d4a564a1442aca77"))
  }

  /// A.3: reserved octets that a later version may set are part of what is verified.
  @Test func reservedOctets() throws {
    let cookie = "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"
    let reply = try ask(
      cookie, world(first), from: "203.0.113.203", at: 1_559_727_985 + 600, question: "big.example. A")
    #expect(!reply.isTruncated && reply.opt?.option(10) == octets(cookie))
    #expect(
      try ask("fc93fc62807ddb86", world(first), from: "203.0.113.203", at: 1_559_734_700).opt?.option(10)
        == octets("fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"))
  }

  /// A.4: IPv6, and a secret that is going out of use.
  @Test func rollover() throws {
    let cookie = "22681ab97d52c298010000005cf7c57926556bd0934c72f8"
    let client = "2001:db8:220:1:59de:d0f4:8769:82b8"
    let renewed = octets("22681ab97d52c298010000005cf7c609a6bb79d16625507a")
    let reply = try ask(cookie, world(old), from: client, at: 1_559_741_817)
    #expect(reply.opt?.option(10) == octets(cookie))
    #expect(try ask("22681ab97d52c298", world(new, old), from: client, at: 1_559_741_961).opt?.option(10) == renewed)
    // The old secret still proves the address.
    let known = try ask(cookie, world(new, old), from: client, at: 1_559_741_961, question: "big.example. A")
    #expect(!known.isTruncated)
    #expect(try ask(cookie, world(new), from: client, at: 1_559_741_961, question: "big.example. A").isTruncated)
  }
}

@Suite struct CookieTests {
  private static let cookie = "2464c4abcf10c957010000005cf79f111f8130c3eee29480"
  private static let made: UInt32 = 1_559_731_985

  /// An hour is its life, five minutes ahead what clocks may differ, half an hour until it is renewed (RFC 9018 §4.3).
  @Test(arguments: [
    (0, true, true), (1800, true, true), (1801, true, false), (3600, true, false), (3601, false, false),
    (-300, true, true), (-301, false, false),
  ])
  func age(seconds: Int, isGood: Bool, isKept: Bool) throws {
    let time = UInt32(Int(Self.made) + seconds)
    let reply = try ask(Self.cookie, world(first), at: time, question: "big.example. A")
    #expect(reply.isTruncated == !isGood)
    #expect((reply.opt?.option(10) == octets(Self.cookie)) == isKept)
    #expect(reply.opt?.option(10)?.count == 24)
  }

  /// Every changed bit, another client and another secret are noticed; the question is answered all the same.
  @Test func forged() throws {
    for bit in 0..<192 where !(72..<96).contains(bit) {
      var forged = octets(Self.cookie)
      forged[bit / 8] ^= 1 << UInt8(bit % 8)
      let reply = try ask(
        forged.map { String(0x100 + Int($0), radix: 16).suffix(2) }.joined(), world(first),
        at: Self.made + 60, question: "big.example. A")
      #expect(reply.isTruncated && reply.status == "NOERROR aa tc", "bit \(bit)")
    }
    #expect(try ask(Self.cookie, world(first), from: "198.51.100.101", question: "big.example. A").isTruncated)
    #expect(try ask(Self.cookie, world(old), question: "big.example. A").isTruncated)
  }

  /// What a UDP query without a proof gets is bounded; TCP proves enough by itself.
  @Test func sizes() throws {
    var plain = try TestQuery("big.example. A")
    plain.edns = TestQuery.EDNS()
    #expect(try reply(plain.octets, world(first), "192.0.2.1", Self.made).isTruncated)
    #expect(try !reply(plain.octets, world(first), "192.0.2.1", Self.made, .tcp).isTruncated)
    #expect(try !ask(Self.cookie, world(first), question: "big.example. A").isTruncated)
    #expect(try ask("2464c4abcf10c957", world(first), question: "big.example. A").isTruncated)
  }

  /// RFC 7873 §5.2.2.
  @Test(arguments: 0...42)
  func lengths(count: Int) throws {
    let reply = try ask(String(repeating: "ab", count: count), world(first))
    #expect(reply.status == (count == 8 || 16...40 ~= count ? "NOERROR aa" : "FORMERR"))
  }

  @Test func off() throws {
    #expect(try ask(Self.cookie, world()).opt?.option(10) == nil)
    #expect(try ask("00", world()).status == "FORMERR")
  }

  /// A cookie and no question (RFC 7873 §5.4).
  @Test func withoutQuestion() throws {
    func ask(_ cookie: String, _ world: World) throws -> Reply {
      let data = octets(cookie)
      let edns = TestQuery.EDNS(options: big(10) + big(UInt16(data.count)) + data)
      return try reply(
        TestQuery.header(questions: 0, additionals: 1) + edns.octets, world, "198.51.100.100", Self.made)
    }
    #expect(try ask(Self.cookie, world(first)).status == "NOERROR")
    #expect(try ask("2464c4abcf10c957", world(first)).status == "NOERROR")
    #expect(try ask(Self.cookie, world(old)).status == "BADCOOKIE")
    #expect(try ask(Self.cookie, world(old)).opt?.option(10)?.count == 24)
    #expect(try ask(Self.cookie, world()).status == "FORMERR")
  }
}
