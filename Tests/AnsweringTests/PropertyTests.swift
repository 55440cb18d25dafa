import Answering
import Testing
import Wire

@Suite struct PropertyTests {
  /// Random zones and random questions: the server and the reference give the same records.
  @Test(arguments: 1...8)
  func agreesWithTheReference(seed: UInt64) throws {
    var random = RandomZones(seed: seed)
    for round in 0..<60 {
      let (world, reference) = try random.make()
      var client = Client(seed: seed)
      for _ in 0..<80 {
        let question = random.question()
        let query = try TestQuery("\(question.name) \(question.type)")
        let octets = client.ask(query.octets, .tcp, world)
        let reply = try ReplyDecoder.decode(octets ?? [])
        let expected = reference.resolve(
          try DomainName(question.name), try #require(RecordType(text: question.type)))
        if let difference = difference(reply, expected) {
          let zones = reference.zones.map { zone in
            "zone \(zone.apex)\n" + (zone.records + zone.pools.values.joined()).map { "  \($0)\n" }.joined()
          }
          Issue.record("seed \(seed) round \(round): \(question): \(difference)\n\(zones.joined())")
          return
        }
      }
    }
  }

  private func difference(_ reply: Reply, _ expected: ReferenceResolver.Answer) -> String? {
    func differ(_ what: String, _ a: some Equatable, _ b: some Equatable) -> String { "\(what): \(a) instead of \(b)" }
    if reply.code != expected.code { return differ("code", reply.code, expected.code) }
    if (reply.flags & 0x0400 != 0) != expected.isAuthoritative {
      return "authoritative: not \(expected.isAuthoritative)"
    }
    if reply.isTruncated { return "truncated" }
    let isGoodAnswer =
      expected.anyOf.isEmpty
      ? isSame(reply.answer, expected.answer) : expected.anyOf.contains { isSame(reply.answer, $0) }
    if !isGoodAnswer { return differ("answer", reply.answer, expected.answer + expected.anyOf.joined()) }
    if !isSame(reply.authority, expected.authority) { return differ("authority", reply.authority, expected.authority) }
    // The additional section of ANY depends on which RRset was taken.
    if expected.anyOf.isEmpty, !isSame(reply.additional, Array(expected.additional)) {
      return differ("additional", reply.additional, Array(expected.additional))
    }
    return nil
  }

  /// As sets, and no record twice.
  private func isSame(_ a: [Record], _ b: [Record]) -> Bool { a.count == b.count && Set(a) == Set(b) }
}
