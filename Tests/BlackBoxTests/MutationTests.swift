import TestSupport
import Testing

private func hex(_ octets: [UInt8]) -> String {
  octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension BlackBox {
  /// A hundred thousand spoilt messages: every reply is one that an independent reader of the message allows,
  /// every request has a reply, and nothing else has.
  @Suite struct MutationTests {
    private static let batch = 128
    private static let perRun = 50_000

    private func server() throws -> Alula {
      let alula = try Alula("zones: { example.com: { file: zone } }\n", files: ["zone": Oracle.zone])
      try alula.waitUntilReady("example.com")
      return alula
    }

    /// Numbered within their batch, so that each reply finds its request.
    private func makeBatch(_ mutator: inout Mutator, shortest: Int) -> [[UInt8]] {
      (0..<Self.batch).map { number in
        var message = mutator.next()
        while message.count < shortest { message = mutator.next() }
        if message.count > 0 { message[0] = 0 }
        if message.count > 1 { message[1] = UInt8(number) }
        return message
      }
    }

    private func faults(_ batch: [[UInt8]], _ replies: [[UInt8]], overTCP: Bool) -> [String] {
      var faults: [String] = []
      var waiting = batch.map { Oracle($0) }.enumerated().reduce(into: [Int: Oracle]()) { $0[$1.offset] = $1.element }
      for reply in replies {
        let number = Int(Message.identifier(reply) ?? 0xFFFF)
        guard let oracle = waiting.removeValue(forKey: number) else {
          faults.append("an identifier that nobody waits for: \(hex(reply))")
          continue
        }
        if let fault = oracle.fault(of: reply, overTCP: overTCP) {
          faults.append("\(fault): \(hex(batch[number])) was answered with \(hex(reply))")
        }
      }
      for (number, oracle) in waiting where oracle.codes != nil { faults.append("no reply to \(hex(batch[number]))") }
      return faults
    }

    /// Most messages are requests, and every reaction comes often.
    private func expectVariety(_ seen: [Int: Int]) {
      #expect(seen.values.reduce(0, +) > Self.perRun / 2)
      for code in [0, 1, 3, 4, 5, 9, 16] { #expect(seen[code, default: 0] > 100, "rcode \(code) of \(seen)") }
    }

    @Test func overUDP() throws {
      let alula = try server()
      let client = try Datagrams(to: alula.ipv4)
      var mutator = Mutator(random: Random(seed: 8906))
      var sent = 0
      var seen: [Int: Int] = [:]
      while sent < Self.perRun {
        let batch = makeBatch(&mutator, shortest: 0)
        for message in batch { client.send(message) }
        // One socket is served by one worker in order: this answer is the last.
        client.send(Message.query("example.com", identifier: 0x7777))
        var replies: [[UInt8]] = []
        while let reply = client.receive(), Message.identifier(reply) != 0x7777 { replies.append(reply) }
        let faults = faults(batch, replies, overTCP: false)
        try #require(faults.isEmpty, "\(faults.prefix(3).joined(separator: "\n"))")
        sent += batch.count
        for reply in replies { seen[DecodedMessage(reply)?.code ?? -1, default: 0] += 1 }
      }
      expectVariety(seen)
      #expect(alula.child.ended() == nil)
      #expect(try alula.ask("a.example.com").data("A") == ["192.0.2.2"])
    }

    @Test func overTCP() throws {
      let alula = try server()
      var mutator = Mutator(random: Random(seed: 7766))
      var sent = 0
      var seen: [Int: Int] = [:]
      while sent < Self.perRun {
        // What is shorter than a header ends the connection; what is a response is ignored on it.
        let batch = makeBatch(&mutator, shortest: 12)
        let stream = try Stream(to: alula.ipv4)
        stream.send(batch.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xFF)] + $0 })
        stream.finishWriting()
        var replies: [[UInt8]] = []
        while let reply = stream.receiveMessage() { replies.append(reply) }
        let faults = faults(batch, replies, overTCP: true)
        try #require(faults.isEmpty, "\(faults.prefix(3).joined(separator: "\n"))")
        sent += batch.count
        for reply in replies { seen[DecodedMessage(reply)?.code ?? -1, default: 0] += 1 }
      }
      expectVariety(seen)
      #expect(alula.child.ended() == nil)
      #expect(try alula.ask("a.example.com").data("A") == ["192.0.2.2"])
    }
  }
}
