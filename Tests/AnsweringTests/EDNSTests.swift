import Answering
import Testing
import Wire

private let world = Result { try World(apexRecords + "www A 192.0.2.1") }

private func query(_ edns: [UInt8], additionals: UInt16 = 1, authorities: UInt16 = 0) throws -> [UInt8] {
  try TestQuery.header(authorities: authorities, additionals: additionals) + TestQuery("www.example. A").question + edns
}

private func ask(_ edns: [UInt8], additionals: UInt16 = 1, authorities: UInt16 = 0) throws -> Reply {
  try world.get().ask(try query(edns, additionals: additionals, authorities: authorities), over: .udp)
}

private let plain = TestQuery.EDNS()

@Suite struct EDNSTests {
  /// OPT answers OPT, and only then; it has our size, and DO as it came (RFC 3225 §3).
  @Test(arguments: [0, 0x8000, 0x7FFF, 0xFFFF] as [UInt16])
  func flags(flags: UInt16) throws {
    var edns = plain
    edns.flags = flags
    let reply = try ask(edns.octets)
    #expect(reply.status == "NOERROR aa" && reply.answer.count == 1)
    #expect(reply.opt == Reply.OPT(udpSize: 1232, extendedCode: 0, version: 0, flags: flags & 0x8000))
    #expect(try world.get().ask("www.example. A").opt == nil)
  }

  @Test(arguments: ["www.example. A", "no.example. A", "www.example. MX", "other. A", "example. AXFR"])
  func everyKindOfAnswer(question: String) throws {
    #expect(try world.get().ask(question, edns: plain).opt != nil)
  }

  /// RFC 6891 §6.1.3.
  @Test(arguments: [1, 2, 127, 255] as [UInt8])
  func versions(version: UInt8) throws {
    var edns = plain
    edns.version = version
    edns.flags = 0x8000
    let reply = try ask(edns.octets)
    #expect(reply.status == "BADVERS")
    #expect(reply.opt == Reply.OPT(udpSize: 1232, extendedCode: 1, version: 0, flags: 0x8000))
    #expect(reply.question != nil && reply.answer.isEmpty && reply.authority.isEmpty)
  }

  @Test func twice() throws {
    #expect(try ask(plain.octets + plain.octets, additionals: 2).status == "FORMERR")
  }

  @Test func inTheWrongSection() throws {
    #expect(try ask(plain.octets, additionals: 0, authorities: 1).status == "FORMERR")
    #expect(try ask(plain.octets + plain.octets, additionals: 1, authorities: 1).status == "FORMERR")
  }

  /// The owner is the root (RFC 6891 §6.1.2).
  @Test(arguments: [[1, 0x78, 0], [0xC0, 12], [0xC0, 24]] as [[UInt8]])
  func owner(owner: [UInt8]) throws {
    #expect(try ask(owner + plain.octets.dropFirst()).status == "FORMERR")
  }

  /// Options that we do not know are read over; their lengths must add up.
  @Test(
    arguments: [
      ([], true), ([0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8], true), ([0, 3, 0, 0], true),
      ([0, 8, 0, 0, 0, 12, 0, 2, 0, 0], true),
      ([255, 255, 0, 1, 9], true), ([0], false), ([0, 10], false), ([0, 10, 0], false), ([0, 10, 0, 1], false),
      ([0, 10, 0, 2, 1], false), ([0, 10, 0xFF, 0xFF, 1], false), ([0, 3, 0, 0, 0], false),
      ([0, 3, 0, 0, 0, 3, 0, 1], false),
    ] as [([UInt8], Bool)])
  func options(options: [UInt8], isGood: Bool) throws {
    var edns = plain
    edns.options = options
    #expect(try ask(edns.octets).status == (isGood ? "NOERROR aa" : "FORMERR"))
  }

  /// RDLENGTH that lies.
  @Test(arguments: [1, 11, 13, 100, 65535] as [UInt16])
  func length(length: UInt16) throws {
    var edns = plain
    edns.options = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
    edns.length = length
    #expect(try ask(edns.octets).status == "FORMERR")
  }

  /// OPT among other additional records, before and behind.
  @Test func amongOthers() throws {
    let record: [UInt8] = [0] + big(1) + big(1) + big(0) + big(60) + big(4) + [192, 0, 2, 1]
    #expect(try ask(record + plain.octets + record, additionals: 3).opt != nil)
  }
}
