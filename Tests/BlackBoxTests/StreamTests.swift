import TestSupport
import Testing

extension BlackBox {
  /// Large answers over TCP.
  @Suite struct StreamTests {
    /// RFC 7766 §6.2.1.1: all in one segment, answered in order, though the client takes them in small pieces.
    @Test func largeAnswersToASlowReader() throws {
      let text = (0..<250).map { "big TXT \"\($0) \(String(repeating: "x", count: 235))\"\n" }.joined()
      let alula = try Alula(
        "zones: { app.example.com: { file: app.example.com.zone } }\n",
        files: ["app.example.com.zone": largeZone(records: 1) + text])
      try alula.waitUntilReady()
      let slow = try Stream(to: alula.ipv4, receiveBuffer: 4096)
      let queries = (1...40).map { Message.query("big.app.example.com", type: 16, identifier: UInt16($0)) }
      slow.send(queries.flatMap { [0, UInt8($0.count)] + $0 })
      // They do not fit what lies between the two, and keep nobody from being answered.
      let other = try Stream(to: alula.ipv4)
      for identifier in 100..<110 as Range<UInt16> {
        other.sendMessage(Message.query("big.app.example.com", type: 16, identifier: identifier))
        #expect(other.receiveMessage().flatMap(Message.identifier) == identifier)
      }
      for identifier in 1...40 as ClosedRange<UInt16> {
        let answer = try #require(slow.receiveMessage())
        #expect(Message.identifier(answer) == identifier)
        #expect(answer.count > 62_000 && answer[2] & 0x02 == 0 && Array(answer[6..<8]) == [0, 250])
      }
    }

    /// A signed request is answered by another thread, meanwhile the client has not taken what stands before: the
    /// answer comes behind it, wherever the socket was full.
    @Test func signedAnswersKeepTheirPlace() throws {
      let text = (0..<250).map { "big TXT \"\($0) \(String(repeating: "x", count: 235))\"\n" }.joined()
      let alula = try Alula(
        UpdateTests.configuration(),
        files: ["zone": UpdateTests.zone() + text, "certbot.key": UpdateTests.secret + "\n"])
      try alula.waitUntilReady()
      for count in 1...8 as ClosedRange<UInt16> {
        let slow = try Stream(to: alula.ipv4, receiveBuffer: 4096)
        let queries = (1...count).map { Message.query("big.app.example.com", type: 16, identifier: $0) }
        slow.send((queries + [badlySigned(identifier: 99)]).flatMap { Message.octets(UInt16($0.count)) + $0 })
        // Requests are verified one after the other: when this one has its answer, the first has too.
        let other = try Stream(to: alula.ipv4)
        other.sendMessage(badlySigned(identifier: 77))
        #expect(other.receiveMessage().flatMap(Message.identifier) == 77)
        for identifier in 1...count {
          let answer = try #require(slow.receiveMessage())
          #expect(Message.identifier(answer) == identifier && answer.count > 62_000)
        }
        let last = try #require(slow.receiveMessage())
        #expect(Message.identifier(last) == 99 && Message.responseCode(last) == 9, "behind \(count)")
      }
    }

    /// A question with a signature of the right key that is wrong.
    private func badlySigned(identifier: UInt16) -> [UInt8] {
      let signature: [UInt8] =
        Message.name("hmac-sha256") + [0, 0, 0, 0, 0, 0] + Message.octets(300) + Message.octets(32)
        + Array(repeating: 7, count: 32) + Message.octets(identifier) + [0, 0, 0, 0]
      var message = Message.query(identifier: identifier)
      message[11] = 1
      return message + Message.name("certbot") + Message.octets(250) + [0, 255, 0, 0, 0, 0]
        + Message.octets(UInt16(signature.count)) + signature
    }
  }
}
