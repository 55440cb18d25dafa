import Answering
import Testing
import Wire

private let world = Result { try World(apexRecords + "www A 192.0.2.1") }
private let question = Result { try TestQuery("www.example. A").question }

/// What comes back on the wire; nil: nothing.
private func ask(_ request: [UInt8]) throws -> Reply? {
  var client = Client()
  guard let octets = client.ask(request, .udp, try world.get()) else { return nil }
  return try ReplyDecoder.decode(octets)
}

@Suite struct HeaderTests {
  /// What is shorter than a header, or a response, is never answered.
  @Test(arguments: 0..<12)
  func shorterThanAHeader(count: Int) throws {
    #expect(try ask(Array(repeating: 0, count: count)) == nil)
  }

  @Test(arguments: [0x8000, 0x8400, 0xF800, 0x8180, 0xFFFF] as [UInt16])
  func responses(flags: UInt16) throws {
    #expect(try ask(TestQuery.header(flags: flags) + question.get()) == nil)
  }

  @Test(arguments: [1, 2, 3] + Array(6...15))
  func otherOpcodes(opcode: UInt16) throws {
    let reply = try ask(TestQuery.header(flags: opcode << 11 | 0x0100) + question.get())
    #expect(reply?.status == "NOTIMP rd")
    #expect(reply?.flags == 0x8000 | opcode << 11 | 0x0100 | 4)
    #expect(reply?.identifier == 0x1234)
  }

  /// RD is copied; all else of the query's flags is not (RFC 1035 §4.1.1, RFC 4035 §3.1.6).
  @Test(arguments: 0..<0x800)
  func flags(flags: UInt16) throws {
    let reply = try ask(TestQuery.header(flags: flags) + question.get())
    #expect(reply?.flags == 0x8400 | flags & 0x0100)
    #expect(reply?.answer.count == 1)
  }

  @Test(arguments: [0, 1, 0x1234, 0xFFFF] as [UInt16])
  func identifier(_ identifier: UInt16) throws {
    let reply = try ask(TestQuery.header(identifier: identifier) + question.get())
    #expect(reply?.identifier == identifier)
  }

  @Test(arguments: [0, 2, 3, 255, 65535] as [UInt16])
  func questionCount(_ count: UInt16) throws {
    let octets = try Array(repeating: question.get(), count: min(3, Int(count))).flatMap { $0 }
    let reply = try ask(TestQuery.header(questions: count) + octets)
    #expect(reply?.status == "FORMERR")
    #expect(reply?.question == nil)
  }

  /// Every way in which a message can stop early or go on too long.
  @Test func everyLength() throws {
    let whole = try TestQuery.header() + question.get()
    for count in 12..<whole.count { #expect(try ask(Array(whole[..<count]))?.status == "FORMERR") }
    #expect(try ask(whole)?.status == "NOERROR aa")
    for count in 1...20 {
      #expect(try ask(whole + Array(repeating: 0, count: count))?.status == "FORMERR")
    }
  }

  @Test(
    arguments: [(1, 0, 0), (0, 1, 0), (0, 0, 1), (65535, 65535, 65535), (0, 0, 65535)] as [(UInt16, UInt16, UInt16)])
  func countsThatLie(answers: UInt16, authorities: UInt16, additionals: UInt16) throws {
    let header = TestQuery.header(answers: answers, authorities: authorities, additionals: additionals)
    #expect(try ask(header + question.get())?.status == "FORMERR")
  }

  /// Records that a query need not have are read over.
  @Test(arguments: [(1, 0, 0), (0, 1, 0), (0, 0, 1)] as [(UInt16, UInt16, UInt16)])
  func recordsInAQuery(answers: UInt16, authorities: UInt16, additionals: UInt16) throws {
    let header = TestQuery.header(answers: answers, authorities: authorities, additionals: additionals)
    for owner in [[0], [0xC0, 12], [1, 0x78, 0]] as [[UInt8]] {
      let record = owner + big(1) + big(1) + big(0) + big(60) + big(4) + [192, 0, 2, 1]
      #expect(try ask(header + question.get() + record)?.status == "NOERROR aa")
      #expect(try ask(header + question.get() + record.dropLast())?.status == "FORMERR")
    }
  }

  /// Names that a question must not have.
  @Test(
    arguments: [
      [0xC0, 12], [0xC0, 0], [0xFF, 0xFF], [1, 0x78, 0xC0, 12], [0x40, 0], [0x80, 0],
      [64] + Array(repeating: 1, count: 64) + [0],
      Array(repeating: [1, 0x78], count: 127).flatMap { $0 } + [1, 0x78, 0], Array(repeating: 63, count: 300),
      [5, 1, 2],
    ] as [[UInt8]])
  func badNames(name: [UInt8]) throws {
    let reply = try ask(TestQuery.header() + name + big(1) + big(1))
    #expect(reply?.status == "FORMERR")
    #expect(reply?.question == nil)
  }

  @Test(arguments: [0, 2, 3, 4, 254, 255, 65535] as [UInt16])
  func otherClasses(recordClass: UInt16) throws {
    var query = try TestQuery("www.example. A")
    query.recordClass = recordClass
    query.edns = TestQuery.EDNS()
    let reply = try ask(query.octets)
    #expect(reply?.status == "REFUSED")
    #expect(reply?.extendedError == 21)
    #expect(reply?.question?.recordClass == recordClass)
    #expect(reply?.opt != nil)
  }

  /// No type of question can do harm.
  @Test func everyType() throws {
    var client = Client()
    var query = try TestQuery("www.example. A")
    for type in UInt16.min...UInt16.max where type < 300 || type % 97 == 0 {
      query.type = type
      let octets = client.ask(query.octets, .udp, try world.get())
      let reply = try ReplyDecoder.decode(octets ?? [])
      // IXFR for what is no zone's apex; AXFR over UDP.
      let expected = type == 251 ? "NOTAUTH" : type == 252 ? "NOTIMP" : "NOERROR aa"
      #expect(reply.status == expected, "type \(type)")
      #expect(reply.answer.count == (type == 1 || type == 255 ? 1 : 0))
    }
  }
}
