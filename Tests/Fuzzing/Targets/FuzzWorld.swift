import Answering
import Diagnostics
import Failover
import Memory
import Wire
import Zone

/// One worker's responder over a generation that has what lookup knows: a pool at the apex, aliases, a
/// wildcard, redirections, a delegation with glue; a zone signed with NSEC and one with NSEC3 and opt-out.
///
/// Made once: each execution costs what a query costs.
final class FuzzWorld: @unchecked Sendable {
  static let shared = FuzzWorld()

  private let generation = makeGeneration()
  private var buffer = Slab<UInt8>(count: 65_535 + Message.slack)
  private var responder = Responder(seed: 1)

  /// Nil when there is none.
  func answer(_ request: [UInt8], _ transport: RequestContext.Transport) -> [UInt8]? {
    let context = RequestContext(
      transport: transport, client: .v4(0xC000_0201), time: RequestTime(wall: 1_800_000_000, monotonic: 1 << 40))
    return Self.answer(request, context, generation.value, &responder, &buffer)
  }

  private static func answer(
    _ request: [UInt8], _ context: RequestContext, _ generation: borrowing Generation, _ responder: inout Responder,
    _ buffer: inout Slab<UInt8>
  ) -> [UInt8]? {
    var octets = buffer.mutableSpan
    for index in request.indices { octets[index] = request[index] }
    var message = Message(buffer.mutableBytes(at: 0, count: buffer.count), length: request.count)
    let reply = responder.respond(to: &message, context, over: generation)
    let length = message.length
    return reply.isSent ? Array(buffer.span.extracting(0..<length)) : nil
  }

  private static let zones: [(apex: String, text: String)] = [
    ("app.example.com", plain), ("signed", signed), ("hashed", hashed),
  ]

  private static func makeGeneration() -> Shared<Generation> {
    let entries = FixedArray<ZoneTable.Entry>(count: zones.count) { index in
      guard let apex = try? DomainName(zones[index].apex) else { preconditionFailure("a good name") }
      let text = Array(zones[index].text.utf8)
      let parsed = ZoneFileParser.parse(file: "example", apex: apex, text: text.span) { _, _, _ in "none" }
      var problems = parsed.problems
      let pooled = index == 0 ? [apex] : []
      let zone = ZoneBuilder.build(records: parsed.takeRecords(), pooled: pooled, problems: &problems)
      guard let zone else { preconditionFailure("the fuzzer's own zone is wrong: \(problems.listed)") }
      return ZoneTable.Entry(zone: Shared(zone), pools: index == 0 ? [0] : [])
    }
    let addresses = ["192.0.2.10", "192.0.2.11", "2001:db8::10"].compactMap { IPAddress($0) }
    let pools = FixedArray<PoolSlot>(count: 1) { _ in PoolSlot(block(addresses)) }
    let networks = ["192.0.2.0/25", "2001:db8::/33"].compactMap { IPPrefix($0) }.map { (prefix: $0, classIndex: 1) }
    let clients = FixedArray<Shared<ClientTable>>(count: 1) { _ in Shared(ClientTable(networks)) }
    var settings = AnswerSettings(udpSize: 1232, identity: "fuzzed")
    settings.cookies = CookieSecrets([SipHash.Key(1, 2), SipHash.Key(3, 4)])
    settings.sizeWithoutCookie = 600
    settings.usesClientSubnet = true
    return Shared(Generation(zones: ZoneTable(entries), pools: pools, clients: clients, settings: settings))
  }

  /// Every kind of choice, and a TTL that counts down.
  private static func block(_ addresses: [IPAddress]) -> PoolBlock {
    let odds = [Plan.Odds(weight: 1, node: 3, key: 1), Plan.Odds(weight: 2, node: 4, key: 2)]
    let v4 = Plan([
      .client(table: 0, nodes: [1, 2]), .weighted(odds), .sticky(odds), .addresses([0, 1], atMost: 1),
      .addresses([1], atMost: 8),
    ])
    let answer = PoolAnswer(
      v4: Decision(plan: v4, tier: nil, failedOpen: true), v6: Decision(members: [2], tier: 0, failedOpen: false))
    return PoolBlock(answer, ttl: Pool.TTL(minimum: 1, maximum: 30)) { addresses[$0] }
  }
}

private let plain = """
  @ 300 SOA ns1 hostmaster.example.com. 1 3600 600 86400 60
  @ 300 NS ns1
  @ 300 MX 10 www
  @ 300 HTTPS 1 . alpn=h2 ipv4hint=192.0.2.9
  ns1 300 A 192.0.2.1
  www 300 CNAME @
  far 300 CNAME www.preview
  *.preview 300 TXT "a"
  *.wild 300 CNAME www
  loop 300 CNAME b.loop
  b.loop 300 CNAME loop
  old 300 DNAME preview
  longer 300 DNAME a.b.c.longer
  into 300 CNAME a.w.signed.
  internal 300 NS ns.internal
  ns.internal 300 A 192.0.2.90

  """

private let signed = """
  @ 60 SOA ns h 1 2 3 4 60
  @ 60 RRSIG SOA 13 1 60 20380101000000 20260101000000 1 signed. AAAA
  @ 60 NS ns
  @ 60 NSEC a NS SOA RRSIG NSEC
  @ 60 RRSIG NSEC 13 1 60 20380101000000 20260101000000 1 signed. AAAA
  a 60 A 192.0.2.1
  a 60 RRSIG A 13 2 60 20380101000000 20260101000000 1 signed. AAAA
  a 60 NSEC b.ent A RRSIG NSEC
  b.ent 60 CNAME x.w.hashed.
  b.ent 60 NSEC dn CNAME RRSIG NSEC
  dn 60 DNAME w
  dn 60 RRSIG DNAME 13 2 60 20380101000000 20260101000000 1 signed. AAAA
  dn 60 NSEC ns DNAME RRSIG NSEC
  ns 60 A 192.0.2.1
  ns 60 NSEC sub A RRSIG NSEC
  sub 60 NS ns.sub
  sub 60 NSEC *.w NS RRSIG NSEC
  ns.sub 60 A 192.0.2.1
  *.w 60 A 192.0.2.1
  *.w 60 RRSIG A 13 2 60 20380101000000 20260101000000 1 signed. AAAA
  *.w 60 NSEC @ A RRSIG NSEC

  """

/// The hashes are those of the apex, ns, a, w, *.w, ent and b.ent.
private let hashed = """
  @ 60 SOA ns h 1 2 3 4 60
  @ 60 RRSIG SOA 13 1 60 20380101000000 20260101000000 1 hashed. AAAA
  @ 60 NS ns
  @ 60 NSEC3PARAM 1 0 1 abcd
  ns 60 A 192.0.2.1
  a 60 A 192.0.2.1
  a 60 RRSIG A 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  *.w 60 CNAME a
  *.w 60 RRSIG CNAME 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  b.ent 60 TXT "b"
  sub 60 NS ns.sub
  ns.sub 60 A 192.0.2.1
  x.open 60 NS ns.sub
  0b8e50l0hplrabqmfchnpcneqalar7la 60 NSEC3 1 0 1 abcd goa2hlcnbbk3r0k9f51092fo6gt4uc0h A RRSIG
  goa2hlcnbbk3r0k9f51092fo6gt4uc0h 60 NSEC3 1 1 1 abcd iahckhjecim8eib4vi73ovu3ne4it29b A RRSIG
  iahckhjecim8eib4vi73ovu3ne4it29b 60 NSEC3 1 0 1 abcd jhni0mdn10briig1i8vjafnkt0dkp8td A RRSIG
  jhni0mdn10briig1i8vjafnkt0dkp8td 60 NSEC3 1 1 1 abcd lddm54sfmvjjko84pnh6g0ggv472mh1g A RRSIG
  lddm54sfmvjjko84pnh6g0ggv472mh1g 60 NSEC3 1 0 1 abcd u1va82ftvf2m8vf52qjhs2db5c3e17bv A RRSIG
  u1va82ftvf2m8vf52qjhs2db5c3e17bv 60 NSEC3 1 1 1 abcd u7p73ah1vnmp1rt0mg9g729aj5fdc2pq A RRSIG
  u7p73ah1vnmp1rt0mg9g729aj5fdc2pq 60 NSEC3 1 0 1 abcd 0b8e50l0hplrabqmfchnpcneqalar7la A RRSIG
  0b8e50l0hplrabqmfchnpcneqalar7la 60 RRSIG NSEC3 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  goa2hlcnbbk3r0k9f51092fo6gt4uc0h 60 RRSIG NSEC3 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  iahckhjecim8eib4vi73ovu3ne4it29b 60 RRSIG NSEC3 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  jhni0mdn10briig1i8vjafnkt0dkp8td 60 RRSIG NSEC3 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  lddm54sfmvjjko84pnh6g0ggv472mh1g 60 RRSIG NSEC3 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  u1va82ftvf2m8vf52qjhs2db5c3e17bv 60 RRSIG NSEC3 13 2 60 20380101000000 20260101000000 1 hashed. AAAA
  u7p73ah1vnmp1rt0mg9g729aj5fdc2pq 60 RRSIG NSEC3 13 2 60 20380101000000 20260101000000 1 hashed. AAAA

  """
