import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// DNS cookies as `dig` and the other servers see them.
  @Suite struct CookieTests {
    static let old = "e5e973e5a6b2a43f48e7dc849e37bfcf"
    static let new = "445536bcd2513298075a5d379663c962"
    static let clientCookie = "2464c4abcf10c957"

    /// A server whose secrets are in a file, or as `cookies` says.
    static func alula(_ secrets: [String]? = nil, cookies: String = "{ secrets-file: secrets }", more: String = "")
      throws -> Alula
    {
      var files = ["app.example.com.zone": try exampleZone()]
      files["secrets"] = secrets.map { $0.joined(separator: "\n") }
      let alula = try Alula(
        "zones: { app.example.com: { file: app.example.com.zone } }\n", files: files,
        server: "  cookies: \(cookies)\n  workers: 1\n\(more)")
      try alula.waitUntilReady()
      return alula
    }

    static func ask(_ server: Endpoint, cookie: String = clientCookie, _ options: [String] = []) throws -> DigResult {
      try dig(server, "app.example.com", "SOA", ["+cookie=\(cookie)", "+nobadcookie"] + options)
    }

    /// Client and server cookie as `server` gives them.
    static func learn(_ server: Endpoint) throws -> String { try #require(ask(server).cookie).data }

    /// Whether `server` takes a cookie, as it says itself to a query without a question (RFC 7873 §5.4).
    static func isTaken(_ cookie: String, by server: Endpoint) throws -> Bool {
      let digits = Array(cookie)
      let octets = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
      }
      let datagrams = try Datagrams(to: server)
      let option = [0, 10, 0, UInt8(octets.count)] + octets
      datagrams.send(Message.header(questions: 0, additionals: 1) + Message.opt(options: option))
      let reply = try #require(datagrams.receive())
      // NOERROR, or BADCOOKIE: 7 in the header and 1 in OPT.
      try #require(reply.count >= 23 && (reply[3] & 0xF, reply[17]) == (0, 0) || (reply[3] & 0xF, reply[17]) == (7, 1))
      return reply[17] == 0
    }

    @Test(arguments: ["+notcp", "+tcp"]) func isGoodTheSecondTime(transport: String) throws {
      let alula = try Self.alula(cookies: "on")
      let first = try #require(try Self.ask(alula.ipv4, [transport]).cookie)
      #expect(first.word == "good" && first.data.count == 48 && first.data.hasPrefix(Self.clientCookie))
      let second = try Self.ask(alula.ipv4, cookie: first.data, [transport])
      #expect(second.status == "NOERROR" && second.cookie?.data == first.data && second.cookie?.word == "good")
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0))
      // The server has seen dig's own ones too, when it was asked whether it is ready.
      #expect(alula.log.contains("cookies_valid=1") && alula.log.contains("cookies_missing="), "\(alula.log)")
    }

    @Test func offSendsNone() throws {
      let alula = try Self.alula(cookies: "off")
      let reply = try Self.ask(alula.ipv4)
      #expect(reply.status == "NOERROR" && reply.cookie == nil)
    }

    /// What this process makes it takes for as long as it lives.
    @Test func randomSecretOutlivesAReload() throws {
      let alula = try Self.alula(cookies: "on")
      let cookie = try Self.learn(alula.ipv4)
      alula.child.signal(SIGHUP)
      #expect(becomesTrue { alula.log.contains("notice reloaded") }, "\(alula.log)")
      #expect(try Self.isTaken(cookie, by: alula.ipv4))
      let other = try Self.alula(cookies: "on")
      #expect(try !Self.isTaken(cookie, by: other.ipv4))
    }

    /// Two servers with one address change their secret; at no moment does one refuse the other's cookies.
    @Test func secretRollsOver() throws {
      let servers = try (0..<2).map { _ in try Self.alula([Self.old]) }
      let first = try Self.learn(servers[0].ipv4)
      func expectTaken() throws {
        for (one, other) in [(0, 1), (1, 0)] {
          let cookie = try Self.learn(servers[one].ipv4)
          #expect(try Self.isTaken(cookie, by: servers[other].ipv4))
        }
      }
      try expectTaken()
      for secrets in [[Self.old, Self.new], [Self.new, Self.old], [Self.new]] {
        for server in servers {
          let reloads = server.log.split(separator: "notice reloaded").count
          try server.folder.write("secrets", secrets.joined(separator: " # comment\n"))
          server.child.signal(SIGHUP)
          try #require(becomesTrue { server.log.split(separator: "notice reloaded").count > reloads }, "\(server.log)")
          try expectTaken()
        }
      }
      for server in servers { #expect(try !Self.isTaken(first, by: server.ipv4)) }
    }

    @Test func brokenSecretsLeaveTheOldOnes() throws {
      let alula = try Self.alula([Self.old])
      let cookie = try Self.learn(alula.ipv4)
      try alula.folder.write("secrets", "# next\n  \(Self.new)00\n")
      let check = try run([alulaProgram, "check", "--config", alula.folder.path("alula.yaml")])
      #expect(check.status == .exited(1) && check.output.contains("secrets:2:3: error: expected a secret"))
      #expect(!check.output.contains(Self.new))
      alula.child.signal(SIGHUP)
      #expect(
        becomesTrue { alula.log.contains("secrets:2:3:") && alula.log.contains("reload refused") }, "\(alula.log)")
      #expect(try Self.isTaken(cookie, by: alula.ipv4))
      try run(["rm", alula.folder.path("secrets")])
      let gone = try run([alulaProgram, "check", "--config", alula.folder.path("alula.yaml")])
      #expect(gone.status == .exited(1) && gone.output.contains("alula.yaml:3:28: error: cannot read the secrets"))
    }

    @Test func strangersComeBackOverTCP() throws {
      let alula = try Self.alula(cookies: "on", more: "  nocookie-size: 512\n")
      let zone = try exampleZone()
      let text = String(repeating: "x", count: 200)
      try alula.folder.write("app.example.com.zone", zone + "big 300 IN TXT \(text)1 \(text)2 \(text)3\n")
      alula.child.signal(SIGHUP)
      #expect(try becomesTrue { try alula.ask("big.app.example.com", "TXT").data("TXT").count == 1 })
      let options = ["+ignore", "+bufsize=1232"]
      let stranger = try alula.ask("big.app.example.com", "TXT", options + ["+nocookie"])
      #expect(stranger.flags.contains("tc") && stranger.answer.isEmpty)
      let cookie = try Self.learn(alula.ipv4)
      let known = try alula.ask("big.app.example.com", "TXT", options + ["+cookie=\(cookie)"])
      #expect(!known.flags.contains("tc") && known.data("TXT").count == 1)
    }

    @Test func kdigTakesThem() throws {
      try #require(Peers.areThere, "run .ci/peers first")
      let alula = try Self.alula(cookies: "on")
      let server = ["@\(alula.ipv4.address)", "-p", "\(alula.ipv4.port)"]
      let reply = try Peers.run("kdig", server + ["+cookie=\(Self.clientCookie)", "app.example.com", "SOA"])
      // The client's half, and a server's of 16 octets behind it.
      let line = reply.split(separator: "\n").first { $0.hasPrefix(";; COOKIE: ") } ?? ""
      let cookie = line.dropFirst(";; COOKIE: ".count).lowercased()
      #expect(reply.contains("status: NOERROR"))
      #expect(cookie.hasPrefix(Self.clientCookie) && cookie.utf8.count == 48, "\(reply)")
    }
  }
}
