import Answering
import Memory
import Testing
import Wire

/// For large zones a batch is read before its first answer: every reply is what it is alone.
struct BatchTests {
  private static let zone = """
    @ SOA ns host 1 3600 600 86400 300
    @ NS ns
    ns A 192.0.2.1
    www A 192.0.2.2
    alias CNAME www
    *.wild A 192.0.2.3
    sub NS ns.sub
    ns.sub A 192.0.2.4
    old DNAME www
    """
  private static let questions = [
    "www.example. A", "WWW.example. AAAA", "alias.example. A", "x.wild.example. A", "a.sub.example. A",
    "a.old.example. A", "none.example. A", "example. SOA", "elsewhere. A", "example. DS", "pool.example. A",
    "example. AXFR",
  ]

  @Test func repliesAreTheSameInABatch() throws {
    let world = try World(Self.zone, pools: [TestPool(owners: ["pool.example."], addresses: ["192.0.2.9"])])
    var requests = try Self.questions.map { try TestQuery($0).octets }
    var signed = try TestQuery("www.example. A")
    signed.edns = TestQuery.EDNS(flags: 0x8000)
    requests += [signed.octets, [1, 2, 3], Array(signed.octets.dropLast()), []]
    // Places are used again, and what was in them before must not matter.
    for batch in [requests, requests.reversed()] {
      let alone = batch.map { request in
        var client = Client()
        return client.ask(request, .udp, world)
      }
      #expect(Self.answer(batch, world.generation.value) == alone)
    }
  }

  private static func answer(_ batch: [[UInt8]], _ generation: borrowing Generation) -> [[UInt8]?] {
    let stride = 4096
    var responder = Responder(seed: 1, secret: SipHash.Key(1, 1))
    responder.context = RequestContext(transport: .udp)
    var buffers = Slab<UInt8>(count: batch.count * stride)
    for (place, request) in batch.enumerated() {
      for (i, octet) in request.enumerated() { buffers[place * stride + i] = octet }
      let buffer = buffers.mutableBytes(at: place * stride, count: stride)
      responder.read(Message(buffer, length: request.count), into: place, generation)
    }
    responder.fetch(batch.count, generation)
    return batch.indices.map { place in
      var message = Message(buffers.mutableBytes(at: place * stride, count: stride), length: batch[place].count)
      let reply = responder.respond(to: &message, from: place, over: generation)
      let length = message.length
      return reply.isSent ? Array(buffers.span.extracting(place * stride..<place * stride + length)) : nil
    }
  }
}
