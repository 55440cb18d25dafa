import Answering
import Testing
import Wire

private let text =
  apexRecords + """
    @ MX 10 mail
    www CNAME @
    far CNAME x.y.wild
    *.wild CNAME www
    mail A 192.0.2.1
    six AAAA 2001:db8::6
    sub NS ns.sub
    sub NS ns.sub.example.org.
    ns.sub A 192.0.2.2
    big TXT "\(String(repeating: "x", count: 250))" "\(String(repeating: "y", count: 250))"
    to-other CNAME a.b.other
    srv SRV 0 0 1 mail
    """
private let pools = [
  TestPool(owners: ["example.", "six.example."], addresses: ["192.0.2.8", "192.0.2.9", "2001:db8::9"]),
  TestPool(owners: ["p.other."], addresses: ["192.0.2.7"]),
]
private let world = Result {
  try World(
    [("example.", text), ("b.other.", "@ SOA ns.other. h.other. 1 2 3 4 5\n@ NS p.other."), ("other.", apexRecords)],
    pools: pools
  ) { $0.cookies = CookieSecrets([SipHash.Key(1, 2)]) }
}

/// Good queries to begin with.
private let queries: [[UInt8]] = ((try? seeds()) ?? [])

private func seeds() throws -> [[UInt8]] {
  var result: [[UInt8]] = []
  let names =
    ["example.", "www.example.", "far.example.", "q.wild.example.", "mail.example.", "six.example."]
    + ["x.sub.example.", "big.example.", "to-other.example.", "srv.example.", "p.other.", "no.a.b.other.", "."]
  for name in names {
    for type in ["A", "AAAA", "MX", "TXT", "ANY", "DS", "SRV"] {
      var query = try TestQuery("\(name) \(type)")
      result.append(query.octets)
      query.edns = TestQuery.EDNS(udpSize: 4096, flags: 0x8000, options: [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8])
      result.append(query.octets)
    }
  }
  return result
}

/// Values that lengths, counts and pointers go wrong with.
private let interesting: [UInt8] = [0, 1, 2, 11, 12, 41, 63, 64, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xFE, 0xFF]

extension SeededGenerator {
  fileprivate mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  /// One change: of an octet or a bit, something cut out, doubled, put in or from another message.
  fileprivate mutating func mutate(_ message: inout [UInt8]) {
    let at = below(message.count + 1)
    let end = min(message.count, at + 1 + below(8))
    switch below(8) {
    case 0 where at < message.count: message[at] = UInt8(truncatingIfNeeded: next())
    case 1 where at < message.count: message[at] ^= 1 << UInt8(below(8))
    case 2 where at < message.count: message[at] = interesting[below(interesting.count)]
    case 3: message.removeSubrange(at..<end)
    case 4: message.insert(contentsOf: Array(message[at..<end]), at: at)
    case 5: message.insert(interesting[below(interesting.count)], at: at)
    case 6: message.removeSubrange(at...)
    default: message = Array(message[..<at]) + queries[below(queries.count)].dropFirst(at)
    }
  }
}

@Suite struct MutationTests {
  /// 200,000 messages that were good once: an answer that belongs to the request, fits and parses, or silence.
  @Test(arguments: 1...4)
  func mutations(seed: UInt64) throws {
    let world = try world.get()
    var random = SeededGenerator(seed: seed)
    var client = Client(seed: seed)
    var answered = 0
    #expect(queries.count > 100)
    for _ in 0..<50_000 {
      var request = queries[random.below(queries.count)]
      for _ in 0...(random.below(3) == 0 ? random.below(4) : 0) { random.mutate(&request) }
      let isTCP = random.below(4) == 0
      guard let reply = client.ask(request, isTCP ? .tcp : .udp, world) else {
        let isAnswered = request.count >= 12 && request[2] & 0x80 == 0
        try #require(!isAnswered, "no answer to \(request)")
        continue
      }
      try #require(problem(reply, request, isTCP) == nil, "\(request) -> \(reply)")
      if reply[3] & 0xF == 0 { answered += 1 }
    }
    #expect(answered > 5000, "most mutations must get past the parser's first checks")
  }

  private func problem(_ reply: [UInt8], _ request: [UInt8], _ isTCP: Bool) -> String? {
    if request.count < 12 || request[2] & 0x80 != 0 { return "an answer to a response or less than a header" }
    if reply[..<2] != request[..<2] { return "another identifier" }
    if reply[2] & 0x79 != request[2] & 0x79 { return "another opcode or RD" }
    do {
      let decoded = try ReplyDecoder.decode(reply)
      // No client gets more than it offered, nor more than we do; without OPT in the reply it offered none.
      if !isTCP && reply.count > (decoded.opt == nil ? 512 : 1232) { return "too large" }
      if decoded.code == 2 { return "SERVFAIL" }
      if let question = decoded.question, !request[12...].starts(with: question.name) { return "another question" }
      return nil
    } catch { return "\(error)" }
  }
}
