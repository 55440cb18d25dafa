import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// A flood from one network, while others ask in peace.
  @Suite struct RateLimitTests {
    private func alula(_ limit: String, cookies: String = "on") throws -> Alula {
      let alula = try Alula(
        "zones: { app.example.com: { file: app.example.com.zone } }\n",
        files: ["app.example.com.zone": try exampleZone()],
        server: "  workers: 1\n  cookies: \(cookies)\n  rate-limit: \(limit)\n")
      try alula.waitUntilReady()
      return alula
    }

    /// Whole answers, and those with TC or BADCOOKIE.
    private struct Replies: Equatable {
      var whole = 0
      var truncated = 0
      var badCookie = 0

      mutating func add(_ reply: [UInt8]) {
        if reply[2] & 0x02 != 0 {
          truncated += 1
        } else if reply[3] & 0xF == 7 {
          badCookie += 1
        } else {
          whole += 1
        }
      }
    }

    private func counter(_ name: String, in log: String) -> Int {
      let line = log.split(separator: "\n").last { $0.contains("notice stopped") } ?? ""
      return line.split(separator: " ").first { $0.hasPrefix("\(name)=") }
        .flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
    }

    /// Every query of the flood is accounted for: answered, slipped or dropped.
    @Test func floodIsLimitedAndNobodyElse() throws {
      let alula = try alula("{ responses: 30/s, slip: 3, exempt: [127.0.3.0/24] }")
      let flood = try Datagrams(to: alula.ipv4, from: "127.0.1.1")
      let neighbour = try Datagrams(to: alula.ipv4, from: "127.0.2.1")
      let exempt = try Datagrams(to: alula.ipv4, from: "127.0.3.1")
      var replies = Replies()
      for number in 0..<900 {
        flood.send(Message.query(identifier: UInt16(number)))
        while let reply = flood.receive(milliseconds: 0) { replies.add(reply) }
        if number % 45 == 0 {
          neighbour.send(Message.query(identifier: UInt16(number)))
          let reply = try #require(neighbour.receive())
          #expect(Message.identifier(reply) == UInt16(number) && reply[2] & 0x02 == 0)
        }
        if number % 5 == 0 {
          exempt.send(Message.query(identifier: UInt16(number)))
          #expect(exempt.receive().map { $0[2] & 0x02 } == 0)
        }
      }
      while let reply = flood.receive(milliseconds: 300) { replies.add(reply) }
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0))
      #expect(replies.whole >= 30 && replies.whole < 900 && replies.badCookie == 0)
      let limited = 900 - replies.whole
      #expect(replies.truncated == (limited + 2) / 3)
      #expect(counter("slipped_rate_limited", in: alula.log) == replies.truncated)
      #expect(counter("dropped_rate_limited", in: alula.log) == limited - replies.truncated, "\(alula.log)")
    }

    /// A real client in a flooded network: BADCOOKIE brings it a cookie, and that its answer.
    @Test func cookieIsTheWayOut() throws {
      let alula = try alula("{ responses: 2/s, slip: 1 }")
      let flood = try Datagrams(to: alula.ipv4, from: "127.0.0.1")
      let option: [UInt8] = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
      let query = Message.header(additionals: 1) + Message.question() + Message.opt(options: option)
      var replies = Replies()
      for _ in 0..<200 {
        flood.send(query)
        replies.add(try #require(flood.receive()))
      }
      #expect(replies.truncated == 0 && replies.badCookie > 0)
      for _ in 0..<10 {
        flood.send(query)
        flood.send(query)
        // dig repeats by itself what was answered with BADCOOKIE, with the cookie that came along.
        let reply = try alula.ask("app.example.com", "SOA", ["+cookie", "+badcookie"])
        #expect(reply.status == "NOERROR" && reply.answer.count == 1)
      }
    }

    /// From off to on, to another rate, and off again, each by a reload.
    @Test func followsAReload() throws {
      let alula = try alula("off")
      let client = try Datagrams(to: alula.ipv4, from: "127.0.1.1")
      let head = try readFile(alula.folder.path("head.yaml"))
      func isLimited() throws -> Bool {
        for _ in 0..<40 {
          client.send(Message.query())
          if let reply = client.receive(), reply[2] & 0x02 != 0 { return true }
        }
        return false
      }
      #expect(try !isLimited())
      for (limit, expected) in [
        ("{ responses: 5/s, slip: 1 }", true), ("{ responses: 9/s, slip: 1 }", true), ("off", false),
      ] {
        try alula.folder.write("head.yaml", head.replacing("rate-limit: off", with: "rate-limit: \(limit)"))
        try alula.reload("zones: { app.example.com: { file: app.example.com.zone } }\n")
        #expect(try becomesTrue { try isLimited() == expected }, "\(limit)\n\(alula.log)")
      }
    }
  }
}
