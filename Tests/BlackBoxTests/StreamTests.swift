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
  }
}
