import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// Whatever comes from the network is answered, refused or dropped, and disturbs nobody else.
  @Suite struct HostileTests {
    enum Outcome: Equatable, Sendable {
      case silence
      case code(Int)
      case badVersion
      /// Any reply, or none: only that the server lives is asked for.
      case any
    }

    struct Packet: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let octets: [UInt8]
      let outcome: Outcome
      init(_ what: String, _ octets: [UInt8], _ outcome: Outcome) {
        testDescription = what
        self.octets = octets
        self.outcome = outcome
      }
    }

    private static let longName = (0..<5).map { _ in String(repeating: "a", count: 60) }.joined(separator: ".")
    private static let loop: [UInt8] = [0xC0, 12, 0, 1, 0, 1]

    static let packets: [Packet] = [
      Packet("nothing at all", [], .silence),
      Packet("one octet", [0], .silence),
      Packet("eleven octets", [UInt8](repeating: 0, count: 11), .silence),
      Packet("a response", Message.header(flags: 0x8000) + Message.question(), .silence),
      Packet("no question", Message.header(questions: 0), .code(1)),
      Packet("two questions", Message.header(questions: 2) + Message.question() + Message.question(), .code(1)),
      Packet("a header and nothing else", Message.header(), .code(1)),
      Packet("a name that ends early", Message.header() + [3, 97, 112], .code(1)),
      Packet("a question without its class", Message.header() + Message.question().dropLast(2), .code(1)),
      Packet("a compression loop", Message.header() + loop, .code(1)),
      Packet("a pointer past the end", Message.header() + [0xFF, 0xFF, 0, 1, 0, 1], .code(1)),
      Packet("a label of a reserved kind", Message.header() + [0x40, 1, 0, 0, 1, 0, 1], .code(1)),
      Packet("a name of more than 255 octets", Message.header() + Message.question(longName), .code(1)),
      Packet("opcode STATUS", Message.header(flags: 2 << 11) + Message.question(), .code(4)),
      Packet("an unassigned opcode", Message.header(flags: 15 << 11) + Message.question(), .code(4)),
      Packet("a name of somebody else", Message.query("example.org", type: 1), .code(5)),
      Packet(
        "EDNS version 1", Message.header(additionals: 1) + Message.question() + Message.opt(version: 1), .badVersion),
      Packet(
        "two OPT records", Message.header(additionals: 2) + Message.question() + Message.opt() + Message.opt(), .code(1)
      ),
      Packet(
        "OPT not at the root", Message.header(additionals: 1) + Message.question() + Message.opt(owner: [1, 97, 0]),
        .code(1)),
      Packet(
        "OPT longer than the message", Message.header(additionals: 1) + Message.question() + Message.opt(length: 9),
        .code(1)),
      Packet(
        "an option longer than OPT",
        Message.header(additionals: 1) + Message.question() + Message.opt(options: [0, 10, 0, 200, 1]), .code(1)),
      Packet("a record announced and missing", Message.header(additionals: 1) + Message.question(), .code(1)),
      Packet("octets after the end", Message.query() + [1, 2, 3], .any),
      Packet("class CHAOS", Message.header() + Message.question(class: 3), .any),
      Packet("a type that is none", Message.query(type: 65_535), .any),
      Packet("only ones", [UInt8](repeating: 0xFF, count: 512), .any),
      Packet("64 KiB of zeros", [UInt8](repeating: 0, count: 65_000), .any),
    ]

    private func outcome(_ reply: [UInt8]?) -> Outcome {
      guard let reply, let code = Message.responseCode(reply) else { return .silence }
      // The last record is OPT without options; its sixth octet from the end is the upper part of RCODE.
      if code == 0, reply.count > 22, Array(reply[(reply.count - 11)..<(reply.count - 8)]) == [0, 0, 41] {
        return reply[reply.count - 6] == 1 ? .badVersion : .code(0)
      }
      return .code(code)
    }

    /// Each packet alone, with a good query behind it on the same socket.
    @Test func datagrams() throws {
      let alula = try TwoSites().alula()
      let bystander = try Bystander(alula.ipv4)
      for packet in Self.packets {
        let client = try Datagrams(to: alula.ipv4)
        client.send(packet.octets)
        // The same address is served by one worker in order: the good query's answer ends the wait for silence.
        client.send(Message.query(identifier: 0x7777))
        var first = client.receive()
        if first.flatMap(Message.identifier) == 0x7777 { first = nil }
        if packet.outcome != .any { #expect(outcome(first) == packet.outcome, "\(packet.testDescription)") }
        #expect(alula.child.ended() == nil, "\(packet.testDescription)")
      }
      // Every beginning of a good query, and a good query with each octet spoilt.
      let good =
        Message.header(additionals: 1) + Message.question() + Message.opt(options: [0, 10, 0, 8] + [UInt8](1...8))
      let client = try Datagrams(to: alula.ipv4)
      for length in good.indices { client.send(Array(good[..<length])) }
      for index in good.indices {
        for value in [0, 0x3F, 0x7F, 0xC0, 0xFF] as [UInt8] {
          var spoilt = good
          spoilt[index] = value
          client.send(spoilt)
        }
      }
      let (answered, missed) = bystander.finish()
      #expect(answered > 0 && missed == 0)
      #expect(try alula.ask("app.example.com").status == "NOERROR")
    }

    @Test func streams() throws {
      let sites = TwoSites()
      let alula = try Alula(
        sites.configuration(), files: ["app.example.com.zone": try exampleZone()],
        server: "  tcp: { connections: 100, idle: 2s }\n")
      try alula.waitUntilReady()
      let bystander = try Bystander(alula.ipv4)
      let query = Message.query()

      let silent = try Stream(to: alula.ipv4)
      let half = try Stream(to: alula.ipv4)
      half.send([0])
      let promising = try Stream(to: alula.ipv4)
      promising.send([0xFF, 0xFF] + query)

      for packet in Self.packets where packet.octets.count >= 12 {
        let stream = try Stream(to: alula.ipv4)
        stream.sendMessage(packet.octets)
        stream.finishWriting()
        let reply = stream.receiveMessage()
        if packet.outcome != .any { #expect(outcome(reply) == packet.outcome, "\(packet.testDescription)") }
      }

      // A length of nothing, a length too short for a header, and garbage without end.
      for octets in [[0, 0], [0, 5, 1, 2, 3, 4, 5], [UInt8](repeating: 0xFF, count: 200_000)] as [[UInt8]] {
        let stream = try Stream(to: alula.ipv4)
        stream.send(octets)
        #expect(stream.isClosed())
      }
      #expect(silent.isClosed())
      #expect(half.isClosed())
      #expect(promising.isClosed())
      #expect(alula.child.ended() == nil)
      let (answered, missed) = bystander.finish()
      #expect(answered > 0 && missed == 0)
    }

    @Test func oneOctetAtATimeIsAnswered() throws {
      let alula = try TwoSites().alula()
      let stream = try Stream(to: alula.ipv6)
      let query = Message.query(identifier: 42)
      for octet in [0, UInt8(query.count)] + query { #expect(stream.send([octet])) }
      #expect(stream.receiveMessage().flatMap(Message.identifier) == 42)
    }

    @Test func pipelinedQueriesAreAllAnsweredAndHalfClosingLosesNone() throws {
      let alula = try TwoSites().alula()
      let stream = try Stream(to: alula.ipv4)
      let queries = (1...100).map { Message.query(identifier: UInt16($0)) }
      stream.send(queries.flatMap { [0, UInt8($0.count)] + $0 })
      stream.finishWriting()
      let answered = (1...100).compactMap { _ in stream.receiveMessage().flatMap(Message.identifier) }
      #expect(Set(answered) == Set(1...100))
      #expect(stream.isClosed())
    }

    @Test(arguments: [[0, 0], [0, 5, 1, 2, 3, 4, 5]] as [[UInt8]])
    func whatWasAskedBeforeGarbageIsAnswered(garbage: [UInt8]) throws {
      let alula = try TwoSites().alula()
      let stream = try Stream(to: alula.ipv4)
      let query = Message.query(identifier: 7)
      stream.send([0, UInt8(query.count)] + query + garbage)
      #expect(stream.receiveMessage().flatMap(Message.identifier) == 7)
      #expect(stream.isClosed())
    }

    /// A machine that stood still for longer than the idle limit blames nobody for having been silent.
    @Test func aStandstillClosesNobodyWhoHasAsked() throws {
      let sites = TwoSites()
      let alula = try Alula(
        sites.configuration(), files: ["app.example.com.zone": try exampleZone()],
        server: "  tcp: { connections: 400, idle: 1s }\n")
      try alula.waitUntilReady()
      // More than the server looks at in one turn.
      let streams = try (0..<90).map { _ in try Stream(to: alula.ipv4) }
      alula.child.signal(SIGSTOP)
      for (number, stream) in streams.enumerated() { stream.sendMessage(Message.query(identifier: UInt16(number))) }
      #expect(!becomesTrue(seconds: 2) { false })
      alula.child.signal(SIGCONT)
      let answered = streams.compactMap { $0.receiveMessage().flatMap(Message.identifier) }
      #expect(answered == Array(0..<90))
    }

    /// At the limit the longest idle connection makes room; the new one is served.
    @Test func connectionsBeyondTheLimitReplaceTheIdlest() throws {
      let sites = TwoSites()
      let alula = try Alula(
        sites.configuration(), files: ["app.example.com.zone": try exampleZone()],
        server: "  tcp: { connections: 8, idle: 60s }\n")
      try alula.waitUntilReady()
      let idle = try (0..<8).map { _ in try Stream(to: alula.ipv4) }
      // Who has not said anything yet has no place: the kernel keeps such connections for a while.
      for stream in idle {
        stream.sendMessage(Message.query(identifier: 99))
        #expect(stream.receiveMessage().flatMap(Message.identifier) == 99)
      }
      for number in 0..<8 {
        let stream = try Stream(to: alula.ipv6)
        stream.sendMessage(Message.query(identifier: UInt16(number)))
        #expect(stream.receiveMessage().flatMap(Message.identifier) == UInt16(number))
      }
      #expect(idle[0].isClosed())
    }
  }
}
