import Answering
import Diagnostics
import Memory
import Wire
import Zone

/// Answers `octets` as a request over UDP and over TCP. Whatever they are, the server only answers or is
/// silent, and what it answers belongs to the request and fits the transport.
package func fuzzMessage(_ octets: [UInt8]) {
  guard octets.count <= 65_535 else { return }
  answer(octets, .udp)
  answer(octets, .tcp)
}

private let generation = exampleGeneration()

private func answer(_ request: [UInt8], _ transport: RequestContext.Transport) {
  var buffer = Slab<UInt8>(count: 65_535 + Message.slack)
  var octets = buffer.mutableSpan
  for index in request.indices { octets[index] = request[index] }
  var responder = Responder(seed: 1)
  var message = Message(buffer.mutableBytes(at: 0, count: buffer.count), length: request.count)
  let reply = responder.respond(to: &message, RequestContext(transport: transport), over: generation.value)
  guard reply.isSent else { return }
  precondition(message.length >= Message.headerLength && message.length <= 65_535)
  precondition(transport == .tcp || message.length <= 4096)
  precondition(message.octet(0) == request[0] && message.octet(1) == request[1])
  precondition(message.octet(2) & 0x80 != 0)
}

/// A small zone with what lookup knows: a pool at the apex, aliases, a wildcard, redirections, a delegation with glue.
private let exampleZone = """
  @ 300 SOA ns1 hostmaster.example.com. 1 3600 600 86400 60
  @ 300 NS ns1
  @ 300 MX 10 www
  ns1 300 A 192.0.2.1
  www 300 CNAME @
  far 300 CNAME www.preview
  *.preview 300 TXT "a"
  *.wild 300 CNAME www
  loop 300 CNAME b.loop
  b.loop 300 CNAME loop
  old 300 DNAME preview
  longer 300 DNAME a.b.c.longer
  internal 300 NS ns.internal
  ns.internal 300 A 192.0.2.90

  """

private func exampleGeneration() -> Shared<Generation> {
  guard let apex = try? DomainName("app.example.com") else { preconditionFailure("a good name") }
  let zones = FixedArray<ZoneTable.Entry>(count: 1) { _ in
    let text = Array(exampleZone.utf8)
    let parsed = ZoneFileParser.parse(file: "example", apex: apex, text: text.span) { _, _, _ in "none" }
    var problems = parsed.problems
    let zone = ZoneBuilder.build(apex: apex, records: parsed.records, pooled: [apex], problems: &problems)
    guard let zone else { preconditionFailure("the fuzzer's own zone is wrong: \(problems.listed)") }
    return ZoneTable.Entry(zone: Shared(zone), pools: [0])
  }
  let addresses = ["192.0.2.10", "192.0.2.11", "2001:db8::10"].compactMap { IPAddress($0) }
  let pools = FixedArray<PoolSlot>(count: 1) { _ in PoolSlot(PoolBlock(ttl: 30, addresses: addresses)) }
  return Shared(Generation(zones: ZoneTable(zones), pools: pools, settings: AnswerSettings(udpSize: 1232)))
}
