import Answering
import Memory
import Testing
import Wire

/// Who gets a transfer, and what the others are told.
@Suite struct TransferRequestTests {
  private let world = Result {
    try World(
      [("example.", "@ SOA ns h 5 2 3 4 60\n@ NS ns\nns A 192.0.2.53"), ("a.example.", apexRecords)],
      transfer: ["192.0.2.0/25", "2001:db8::/32"])
  }

  private func ask(
    _ question: String, from client: String = "192.0.2.1", serial: UInt32? = nil,
    over transport: RequestContext.Transport = .tcp, recordClass: UInt16 = 1, canTransfer: Bool = true
  ) throws -> (reply: Reply, begins: Bool) {
    var query = try TestQuery(question)
    query.recordClass = recordClass
    var request = TestQuery.header(authorities: serial == nil ? 0 : 1) + query.question
    if let serial {
      let numbers = [serial, 1, 1, 1, 1].flatMap { big(UInt16($0 >> 16)) + big(UInt16($0 & 0xFFFF)) }
      request += [0xC0, 12] + big(6) + big(1) + big(0) + big(300) + big(22) + [0, 0] + numbers
    }
    var context = RequestContext(transport: transport, client: IPAddress(client) ?? .v4(0))
    context.canTransfer = canTransfer
    var client = Client()
    let (octets, reply) = client.see(request, context, try world.get())
    guard case .begins = reply.transfer else { return (try ReplyDecoder.decode(octets), false) }
    return (try ReplyDecoder.decode(octets), true)
  }

  @Test(arguments: ["AXFR", "IXFR"], ["192.0.2.1", "192.0.2.127", "2001:db8:1::1"])
  func whoIsNamedGetsIt(type: String, client: String) throws {
    #expect(try ask("example. \(type)", from: client, serial: type == "IXFR" ? 4 : nil).begins)
    #expect(try ask("A.Example. \(type)", from: client, serial: type == "IXFR" ? 0 : nil).begins)
  }

  @Test(
    arguments: ["AXFR", "IXFR"],
    ["192.0.2.128", "192.0.1.255", "127.0.0.1", "2001:db7:ffff::1", "::ffff:192.0.2.1", "::"])
  func othersAreRefused(type: String, client: String) throws {
    let (reply, begins) = try ask("example. \(type)", from: client, serial: type == "IXFR" ? 4 : nil)
    #expect(reply.status == "REFUSED" && !begins && reply.answer.isEmpty)
  }

  @Test(arguments: ["AXFR", "IXFR"]) func nobodyByDefault(type: String) throws {
    #expect(try World(apexRecords).ask("example. \(type)").status == "REFUSED")
  }

  @Test(arguments: ["AXFR", "IXFR"], ["ns.example.", "no.example.", "other.", "."])
  func onlyAnApexIsAZone(type: String, name: String) throws {
    #expect(try ask("\(name) \(type)", serial: type == "IXFR" ? 4 : nil).reply.status == "NOTAUTH")
  }

  /// RFC 5936 §4.2: AXFR is not defined over UDP.
  @Test(arguments: ["example.", "other."]) func notOverUDP(name: String) throws {
    let (reply, begins) = try ask("\(name) AXFR", over: .udp)
    #expect(reply.status == "NOTIMP" && !begins)
  }

  @Test(arguments: [0, 3, 254, 255] as [UInt16]) func otherClasses(recordClass: UInt16) throws {
    #expect(try ask("example. AXFR", recordClass: recordClass).reply.status == "REFUSED")
  }

  /// RFC 1995 §2: who has everything is told so by the SOA alone; RFC 1982 says what is newer.
  @Test(arguments: [5, 6, 5 + (1 << 31) - 1] as [UInt32]) func nothingNew(serial: UInt32) throws {
    let (reply, begins) = try ask("example. IXFR", serial: serial)
    #expect(!begins && reply.status == "NOERROR aa")
    #expect(reply.answer.map(\.description) == ["example. 300 SOA ns.example. h.example. 5 2 3 4 60"])
  }

  @Test(arguments: [4, 0, .max, 5 + (1 << 31)] as [UInt32]) func somethingNew(serial: UInt32) throws {
    #expect(try ask("example. IXFR", serial: serial).begins)
    let (reply, begins) = try ask("example. IXFR", serial: serial, over: .udp)
    #expect(!begins && reply.answer.map(\.type) == [.soa] && !reply.isTruncated)
  }

  @Test(arguments: [RequestContext.Transport.udp, .tcp])
  func incrementalWithoutASerial(transport: RequestContext.Transport) throws {
    #expect(try ask("example. IXFR", over: transport).reply.status == "FORMERR")
  }

  @Test func asManyAsMayRun() throws {
    let (reply, begins) = try ask("example. AXFR", canTransfer: false)
    #expect(reply.status == "REFUSED" && !begins)
    // This takes no time.
    #expect(try ask("example. IXFR", serial: 5, canTransfer: false).reply.status == "NOERROR aa")
  }
}
