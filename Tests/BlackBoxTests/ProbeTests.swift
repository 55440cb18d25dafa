import TestSupport
import Testing

extension BlackBox {
  /// The probes of RFC 8906 §8, which a server must answer for resolvers to rely on it, over UDP and TCP.
  @Suite struct ProbeTests {
    /// Nothing about a reply in what is not said: the defaults are those of §8.1.1.
    struct Probe: Sendable, CustomTestStringConvertible {
      let testDescription: String
      var flags: UInt16 = 0
      var type: UInt16 = 6
      var question = true
      /// Octets behind the question: an OPT record.
      var edns: [UInt8] = []

      var code = 0
      /// Of the header, all but the four bits of the code. AA with an answer from the zone.
      var expectedFlags: UInt16 = 0x8400
      var hasAnswer = true
      var options: [Int] = []
      var isDNSSECOK = false

      init(
        _ section: String, flags: UInt16 = 0, type: UInt16 = 6, question: Bool = true, edns: [UInt8] = [],
        code: Int = 0,
        expectedFlags: UInt16 = 0x8400, hasAnswer: Bool = true, options: [Int] = [], isDNSSECOK: Bool = false
      ) {
        testDescription = section
        (self.flags, self.type, self.question, self.edns, self.code) = (flags, type, question, edns, code)
        (self.expectedFlags, self.hasAnswer, self.options) = (expectedFlags, hasAnswer, options)
        self.isDNSSECOK = isDNSSECOK
      }

      var octets: [UInt8] {
        Message.header(flags: flags, questions: question ? 1 : 0, additionals: edns.isEmpty ? 0 : 1)
          + (question ? Message.question("example.com", type: type) : []) + edns
      }
    }

    private static let version1: UInt8 = 1
    private static let unknown = Message.option(100)

    static let probes: [Probe] = [
      Probe("8.1.1 the zone is served"),
      Probe("8.1.2 unknown type", type: 1000, hasAnswer: false),
      // RFC 4035 §3.1.6: neither CD nor AD is set in an authoritative answer.
      Probe("8.1.3.1 CD", flags: 0x0010),
      Probe("8.1.3.2 AD", flags: 0x0020),
      Probe("8.1.3.3 the reserved bit", flags: 0x0040),
      Probe("8.1.3.4 RD", flags: 0x0100, expectedFlags: 0x8500),
      Probe("RA in a query", flags: 0x0080),
      Probe("AA in a query", flags: 0x0400),
      Probe("TC in a query", flags: 0x0200),
      Probe("all bits but QR and opcode", flags: 0x07F0, expectedFlags: 0x8500),
      Probe("8.1.4 unknown opcode", flags: 15 << 11, question: false, code: 4, expectedFlags: 0xF800, hasAnswer: false),
      Probe(
        "8.1.4 unknown opcode with a question", flags: 15 << 11, code: 4, expectedFlags: 0xF800, hasAnswer: false),
      Probe("opcode STATUS", flags: 2 << 11, code: 4, expectedFlags: 0x9000, hasAnswer: false),
      Probe("8.2.1 EDNS", edns: Message.opt()),
      Probe("8.2.2 EDNS version 1", edns: Message.opt(version: 1), code: 16, expectedFlags: 0x8000, hasAnswer: false),
      Probe(
        "EDNS version 255", edns: Message.opt(version: 255), code: 16, expectedFlags: 0x8000, hasAnswer: false),
      Probe("8.2.3 unknown option", edns: Message.opt(options: unknown)),
      Probe("8.2.4 unknown flag", edns: Message.opt(flags: 0x0040)),
      Probe("8.2.4 all unknown flags", edns: Message.opt(flags: 0x7FFF)),
      Probe(
        "8.2.5 version 1, unknown flag", edns: Message.opt(version: 1, flags: 0x0040), code: 16, expectedFlags: 0x8000,
        hasAnswer: false),
      Probe(
        "8.2.6 version 1, unknown option", edns: Message.opt(version: 1, options: unknown), code: 16,
        expectedFlags: 0x8000, hasAnswer: false),
      Probe("8.2.8 DO", edns: Message.opt(flags: 0x8000), isDNSSECOK: true),
      Probe(
        "8.2.9 version 1, DO", edns: Message.opt(version: 1, flags: 0x8000), code: 16, expectedFlags: 0x8000,
        hasAnswer: false, isDNSSECOK: true),
      // A client cookie gets a server cookie (RFC 7873 §5.2.1), NSID is told if there is one, EXPIRE is for
      // secondaries and client subnets are for resolvers.
      Probe("8.2.10 cookie", edns: Message.opt(options: Message.option(10, Array(1...8))), options: [10]),
      Probe("8.2.10 NSID", edns: Message.opt(options: Message.option(3)), options: [3]),
      Probe("8.2.10 EXPIRE", edns: Message.opt(options: Message.option(9))),
      Probe("8.2.10 client subnet", edns: Message.opt(options: Message.option(8, [0, 1, 0, 0]))),
      Probe(
        "8.2.10 cookie, NSID, EXPIRE, client subnet",
        edns: Message.opt(
          options: Message.option(10, Array(1...8)) + Message.option(3) + Message.option(9)
            + Message.option(8, [0, 1, 0, 0])), options: [3, 10]),
    ]

    static let alula = Result {
      let text = """
        $TTL 300
        @ SOA ns hostmaster 1 3600 600 86400 60
        @ NS ns
        ns A 192.0.2.1

        """ + (0..<60).map { "big TXT \"\($0) 345678901234567890\"\n" }.joined()
      let alula = try Alula(
        "zones: { example.com: { file: zone } }\n", files: ["zone": text], server: "  identity: here\n")
      try alula.waitUntilReady("example.com")
      return alula
    }

    private func ask(_ message: [UInt8], overTCP: Bool) throws -> DecodedMessage? {
      let alula = try Self.alula.get()
      if overTCP {
        let stream = try Stream(to: alula.ipv4)
        stream.sendMessage(message)
        return stream.receiveMessage().flatMap { DecodedMessage($0) }
      }
      let client = try Datagrams(to: alula.ipv4)
      client.send(message)
      return client.receive().flatMap { DecodedMessage($0) }
    }

    /// §8.1.5 is the same over TCP.
    @Test(arguments: probes, [false, true])
    func isAnswered(probe: Probe, overTCP: Bool) throws {
      let reply = try #require(try ask(probe.octets, overTCP: overTCP))
      #expect(reply.isWhole && reply.identifier == 0x1234)
      #expect(reply.code == probe.code)
      #expect(reply.flags & 0xFFF0 == probe.expectedFlags)
      #expect(reply.records(1, 6).count == (probe.hasAnswer ? 1 : 0))
      #expect(reply.records(2, 6).count == (probe.code == 0 && !probe.hasAnswer ? 1 : 0))
      if probe.flags & 0x7800 == 0 {
        #expect(reply.questions.map(\.octets) == [Message.question("example.com", type: probe.type)])
      } else {
        #expect(reply.counts == [0, 0, 0, 0])
      }
      #expect((reply.opt == nil) == probe.edns.isEmpty)
      if reply.opt != nil {
        #expect(reply.ednsVersion == 0)
        #expect(reply.ednsFlags == (probe.isDNSSECOK ? 0x8000 : 0))
        #expect(reply.options?.map(\.code).sorted() == probe.options)
      }
    }

    @Test func optionsSayWhatTheyShould() throws {
      let cookie: [UInt8] = Array(1...8)
      let edns = Message.opt(options: Message.option(10, cookie) + Message.option(3))
      let query = Message.header(additionals: 1) + Message.question("example.com") + edns
      let options = try #require(try ask(query, overTCP: false)?.options)
      let (cookies, identities) = (options.filter { $0.code == 10 }, options.filter { $0.code == 3 })
      #expect(cookies.map(\.data.count) == [24] && cookies.allSatisfy { $0.data.starts(with: cookie) })
      #expect(identities.map(\.data) == [Array("here".utf8)])
    }

    /// §8.2.7: what does not fit is truncated, and OPT is there all the same.
    @Test(arguments: [512, 600, 1232] as [UInt16])
    func truncated(size: UInt16) throws {
      let query =
        Message.header(additionals: 1) + Message.question("big.example.com", type: 16) + Message.opt(size: size)
      let reply = try #require(try ask(query, overTCP: false))
      #expect(reply.isWhole && reply.isTruncated && reply.code == 0 && reply.ednsVersion == 0)
      let whole = try #require(try ask(query, overTCP: true))
      #expect(whole.isWhole && !whole.isTruncated && whole.records(1, 16).count == 60)
    }

    /// Neither a header alone nor two questions can be understood.
    @Test(arguments: [false, true])
    func questionsThatAreNotOne(overTCP: Bool) throws {
      let question = Message.question("example.com")
      for query in [
        Message.header(questions: 0), Message.header(), Message.header(questions: 2) + question + question,
        Message.header(questions: 2) + question, Message.header(questions: 0xFFFF) + question,
      ] {
        let reply = try #require(try ask(query, overTCP: overTCP))
        #expect(reply.isWhole && reply.code == 1 && reply.isResponse && reply.identifier == 0x1234)
        #expect(reply.counts == [0, 0, 0, 0])
      }
    }

    /// NOTIFY and UPDATE are known, and not for us; a signature that we cannot verify is said to be so.
    @Test func requestsOfOtherKinds() throws {
      for (opcode, name, code) in [(4, "example.com", 5), (5, "example.com", 5), (4, "example.org", 9)]
        as [(UInt16, String, Int)]
      {
        let reply = try #require(
          try ask(Message.header(flags: opcode << 11) + Message.question(name), overTCP: false))
        #expect(reply.code == code && reply.opcode == Int(opcode) && reply.isWhole)
      }
      let key: [UInt8] = Message.name("hmac-sha256") + [0, 0, 0, 0, 0, 0, 1, 44, 0, 0, 0x12, 0x34, 0, 0, 0, 0]
      let tsig = Message.name("key") + [0, 250, 0, 255, 0, 0, 0, 0, 0, UInt8(key.count)] + key
      let query = Message.header(additionals: 1) + Message.question("example.com") + tsig
      let reply = try #require(try ask(query, overTCP: false))
      #expect(reply.code == 9 && reply.records.last?.type == 250 && reply.records(1, 6).isEmpty)
    }
  }
}
