import Answering
import Testing
import Wire

private let world = Result { try World(apexRecords + "www A 192.0.2.1", identity: "ns1.test") }
private let anonymous = Result { try World(apexRecords) }

private func option(_ code: UInt16, _ data: [UInt8] = []) -> [UInt8] { big(code) + big(UInt16(data.count)) + data }

private func ask(
  _ question: String, opcode: UInt16 = 0, recordClass: UInt16 = 1, options: [UInt8]? = nil,
  over transport: RequestContext.Transport = .udp, of world: World? = nil
) throws -> Reply {
  var query = try TestQuery(question)
  query.flags = opcode << 11
  query.recordClass = recordClass
  if let options { query.edns = TestQuery.EDNS(options: options) }
  return try (world ?? requestWorld()).ask(query.octets, over: transport)
}

private func requestWorld() throws -> World { try world.get() }

/// Requests about the server itself, and such as it does not grant.
@Suite struct RequestTests {
  /// RFC 5001: only who asks is told, in every kind of answer.
  @Test(arguments: ["www.example. A", "no.example. A", "other. A", "example. AXFR"])
  func identity(question: String) throws {
    #expect(try ask(question, options: option(3)).opt?.option(3) == Array("ns1.test".utf8))
    #expect(try ask(question, options: []).opt?.option(3) == nil)
    #expect(try ask(question, options: option(3), of: anonymous.get()).opt?.option(3) == nil)
  }

  /// RFC 7828 §3.2.1: the idle time in units of 100 ms, and never over UDP (§3.3.2).
  @Test func keepalive() throws {
    #expect(try ask("www.example. A", options: option(11), over: .tcp).opt?.option(11) == [0, 100])
    #expect(try ask("www.example. A", options: option(11), over: .udp).opt?.option(11) == nil)
    #expect(try ask("www.example. A", options: [], over: .tcp).opt?.option(11) == nil)
  }

  /// RFC 8914: where a code alone says too little.
  @Test func extendedErrors() throws {
    #expect(try ask("other. A", options: []).extendedError == 20)
    #expect(try ask("example. AXFR", options: [], over: .tcp).extendedError == 18)
    #expect(try ask("other. AXFR", options: [], over: .tcp).extendedError == 20)
    #expect(try ask("example. AXFR", options: []).extendedError == 21)
    #expect(try ask("www.example. A", recordClass: 4, options: []).extendedError == 21)
    #expect(try ask("no.example. A", options: []).extendedError == nil)
  }

  @Test(arguments: [
    ("version.bind. TXT", "Alula"), ("VERSION.server. ANY", "Alula"), ("id.server. TXT", "ns1.test"),
    ("hostname.bind. TXT", "ns1.test"),
  ])
  func chaos(question: String, text: String) throws {
    let reply = try ask(question, recordClass: 3)
    #expect(reply.status == "NOERROR aa")
    #expect(reply.answer.map(\.data) == [[UInt8(text.utf8.count)] + Array(text.utf8)])
    #expect(reply.answer.map(\.ttl) == [0])
  }

  @Test(arguments: ["id.server. TXT", "hostname.bind. TXT", "version.bind. A", "other. TXT", "www.example. A"])
  func refusedChaos(question: String) throws {
    let reply = try ask(question, recordClass: 3, of: anonymous.get())
    #expect(reply.status == "REFUSED" && reply.answer.isEmpty)
  }

  /// NOTIFY (RFC 1996) and UPDATE (RFC 2136 §3.1.2, §3.3): ours, not ours, and no zone.
  @Test(arguments: [
    (4, "example. SOA", "REFUSED"), (4, "www.example. SOA", "NOTAUTH"), (4, "other. SOA", "NOTAUTH"),
    (5, "example. SOA", "REFUSED"), (5, "www.example. SOA", "NOTAUTH"), (5, "example. A", "FORMERR"),
  ])
  func changes(opcode: UInt16, question: String, status: String) throws {
    let reply = try ask(question, opcode: opcode, options: [])
    #expect(reply.status == status)
    #expect(reply.flags >> 11 & 15 == opcode)
    #expect(reply.question != nil && reply.opt != nil)
  }
}

/// TSIG without a key that we share (RFC 8945 §5.2.1).
@Suite struct SignatureTests {
  private static let algorithm: [UInt8] = [11] + Array("hmac-sha256".utf8) + [0]
  private static let data = algorithm + [0, 0, 1, 2, 3, 4, 1, 44, 0, 3, 7, 8, 9, 0x12, 0x34, 0, 0, 0, 0]

  private func record(
    _ name: [UInt8] = [3, 75, 101, 121, 0], type: UInt16 = 250, recordClass: UInt16 = 255, ttl: UInt16 = 0,
    data: [UInt8] = data
  ) -> [UInt8] {
    name + big(type) + big(recordClass) + big(0) + big(ttl) + big(UInt16(data.count)) + data
  }

  private func ask(_ records: [UInt8], additionals: UInt16 = 1) throws -> Reply {
    let query = try TestQuery("www.example. A")
    return try world.get().ask(TestQuery.header(additionals: additionals) + query.question + records, over: .udp)
  }

  @Test func unknownKey() throws {
    let reply = try ask(record())
    #expect(reply.status == "NOTAUTH" && reply.answer.isEmpty)
    let signature = try #require(reply.additional.last)
    #expect(signature.type == .tsig && signature.owner.description == "key.")
    // The time and the identifier as they came, no MAC, BADKEY.
    #expect(signature.data == Self.algorithm + [0, 0, 1, 2, 3, 4, 1, 44, 0, 0, 0x12, 0x34, 0, 17, 0, 0])
  }

  @Test func withEDNS() throws {
    let reply = try ask(TestQuery.EDNS().octets + record(), additionals: 2)
    #expect(reply.status == "NOTAUTH" && reply.opt != nil && reply.additional.count == 1)
  }

  @Test func withoutQuestion() throws {
    let edns = TestQuery.EDNS(options: [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8])
    let header = TestQuery.header(questions: 0, additionals: 2)
    let reply = try world.get().ask(header + edns.octets + record(), over: .udp)
    #expect(reply.status == "NOTAUTH" && reply.question == nil && reply.additional.last?.type == .tsig)
  }

  /// The key's name may end in the question's.
  @Test func compressedName() throws {
    let reply = try ask(record([3, 75, 101, 121, 0xC0, 12]))
    #expect(reply.additional.last?.owner.description == "key.www.example.")
  }

  /// Malformed, or not the last record (RFC 8945 §5.1).
  @Test func malformed() throws {
    for count in 0..<Self.data.count {
      #expect(try ask(record(data: Array(Self.data[..<count]))).status == "FORMERR", "\(count) octets")
    }
    #expect(try ask(record(data: Self.data + [0])).status == "FORMERR")
    #expect(try ask(record(recordClass: 1)).status == "FORMERR")
    #expect(try ask(record(ttl: 1)).status == "FORMERR")
    #expect(try ask(record() + record(), additionals: 2).status == "FORMERR")
    #expect(try ask(record() + TestQuery.EDNS().octets, additionals: 2).status == "FORMERR")
    #expect(try ask(record([0xC0, 200])).status == "FORMERR")
  }
}
