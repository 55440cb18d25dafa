import Failover
import Probing
import Testing
import Wire

/// Backends that fail in every way that a backend can: the verdict is right, and says why.
struct DrillTests {
  private typealias Request = ProbeSpecification.Request
  private static let ok = "HTTP/1.1 200 OK\r\n"

  private func words(
    _ server: some LoopbackTarget, _ request: ProbeSpecification.Request, timeout: Duration = .seconds(10)
  ) throws -> String {
    let specification = ProbeSpecification(
      .http(request), target: server.address, interval: .seconds(10), timeout: timeout)
    defer { withExtendedLifetime(server) {} }
    return try ProbingTests.words(outcome(of: specification))
  }

  struct Drill: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let behaviour: LoopbackServer.Behaviour
    let expected: String
    var body: ProbeSpecification.Expectation? = .text("healthy")
    var timeout = Duration.seconds(10)

    init(
      _ name: String, _ behaviour: LoopbackServer.Behaviour, _ expected: String,
      body: ProbeSpecification.Expectation? = .text("healthy"), timeout: Duration = .seconds(10)
    ) {
      testDescription = name
      self.behaviour = behaviour
      self.expected = expected
      self.body = body
      self.timeout = timeout
    }
  }

  static let drills: [Drill] = [
    Drill("right", .answers(ok + "\r\nall healthy"), "up"),
    Drill("right with length", .answersAndStays(ok + "Content-Length: 11\r\n\r\nall healthy"), "up"),
    Drill("right and slow", .answersSlowly(ok + "content-length:11\r\n\r\nall healthy"), "up"),
    Drill("right, then silent", .answersAndStays(ok + "\r\nhealthy"), "up"),
    Drill("right, then half closed", .answersAndHalfCloses(ok + "\r\nhealthy"), "up"),
    Drill(
      "right by expression", .answers(ok + "\r\nstate=  healthy"), "up", body: .pattern("state=\\s+(healthy|fine)$")),
    Drill("chunked", .answersAndStays(ok + "Transfer-Encoding: chunked\r\n\r\n4;a=b\r\nheal\r\n3\r\nthy\r\n"), "up"),
    Drill(
      "chunked to the end", .answersAndStays(ok + "Transfer-Encoding: chunked\r\n\r\n7\r\nhealthy\r\n0\r\n\r\n"), "up",
      body: .pattern("^healthy$")),
    Drill("refuses", .refuses, "connection refused"),
    Drill("hangs", .hangs, "timed out after 300 ms waiting for the status line", timeout: .milliseconds(300)),
    Drill("503", .answers("HTTP/1.1 503 Busy\r\n\r\nhealthy"), "status 503"),
    Drill(
      "redirect", .answers("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), "body: the 0 octets do not hold `healthy`"),
    Drill("wrong body", .answers(ok + "\r\nall sick"), "body: the 8 octets do not hold `healthy`"),
    Drill(
      "wrong body by expression", .answers(ok + "\r\nall sick"), "body: the 8 octets do not match `^healthy`",
      body: .pattern("^healthy")),
    Drill(
      "too late in the body", .answers(ok + "\r\n" + String(repeating: "x", count: 5114) + "healthy"),
      "body: the first 5120 octets do not hold `healthy`"),
    Drill("just in time", .answers(ok + "\r\n" + String(repeating: "x", count: 5113) + "healthy"), "up"),
    Drill(
      "half closed in the body", .answersAndHalfCloses(ok + "Content-Length: 100\r\n\r\nheal"),
      "closed before the end of the body"),
    Drill("half closed in the head", .answersAndHalfCloses(ok + "Content-Le"), "closed before the end of the head"),
    Drill("reset in the body", .answersAndResets(ok + "Content-Length: 100\r\n\r\nheal"), "reset by peer"),
    Drill("reset", .resets, "reset by peer"),
    Drill(
      "silent in the body", .answersAndStays(ok + "Content-Length: 100\r\n\r\nheal"),
      "timed out after 300 ms waiting for the body", timeout: .milliseconds(300)),
    Drill(
      "16 KiB of headers", .answers(ok + String(repeating: "X-Y: zzzzzzzzz\r\n", count: 1100) + "\r\nhealthy"),
      "response head longer than 16384 octets"),
    Drill("endless head", .answersWithoutEnd("HTTP/1.1 200 OK: a\r\n"), "response head longer than 16384 octets"),
    Drill("endless body", .answersWithoutEnd(ok + "\r\nmore "), "body: the first 5120 octets do not hold `healthy`"),
    Drill("garbage", .answersWithoutEnd("\u{1}\u{2}\u{3}"), "not HTTP"),
    Drill(
      "garbage behind the status", .answers(ok + "no field\r\n\r\nhealthy"), "malformed body: a field without a colon"),
    Drill(
      "a broken chunk", .answersAndStays(ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhealthy"),
      "malformed body: a broken chunk"),
    Drill(
      "an endless chunk size", .answersWithoutEnd(ok + "Transfer-Encoding: chunked\r\n\r\n00000000000"),
      "malformed body: a broken chunk"),
    Drill(
      "two lengths", .answers(ok + "Content-Length: 7\r\nContent-Length: 8\r\n\r\nhealthy"),
      "malformed body: a Content-Length that is no number, or two of them"),
    Drill(
      "a length beyond all numbers", .answers(ok + "Content-Length: 99999999999999999999\r\n\r\nhealthy"),
      "malformed body: a Content-Length that is no number, or two of them"),
    Drill(
      "an unknown coding", .answers(ok + "Content-Encoding: br\r\n\r\nhealthy"), "malformed body: the content coding br"
    ),
    Drill(
      "no gzip", .answers(ok + "Content-Encoding: gzip\r\n\r\nhealthy"), "malformed body: incorrect header check"),
    Drill(
      "a costly expression", .answers(ok + "\r\n" + String(repeating: "a", count: 5000)),
      "body: matching the expression takes too many steps", body: .pattern("(a+)+b|(a*)*c")),
    // Without an expected body the status line decides alone.
    Drill("endless body unread", .answersWithoutEnd(ok + "\r\nmore "), "up", body: nil),
    Drill("redirect unfollowed", .answers("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), "up", body: nil),
    Drill("status, then silent", .answersAndStays(ok), "up", body: nil),
  ]

  @Test(arguments: drills) func drill(_ drill: Drill) throws {
    let server = try LoopbackServer(drill.behaviour)
    let seen = try words(server, .init(body: drill.body), timeout: drill.timeout)
    #expect(seen == drill.expected)
  }

  /// What python's zlib makes of a text, in hexadecimal.
  private func compressed(_ expression: String) throws -> [UInt8] {
    let python = try Child(["python3", "-c", "import zlib,gzip,os;print(\(expression).hex())"])
    let digits = Array((python.line() ?? "").utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }

  @Test(arguments: [
    ("gzip", "gzip.compress(b'x'*3000+b'healthy')", "up"),
    ("x-gzip", "gzip.compress(b'healthy')", "up"),
    ("deflate", "zlib.compress(b'healthy')", "up"),
    ("deflate", "zlib.compress(b'healthy')[2:-4]", "up"),
    ("gzip", "gzip.compress(b'sick')", "body: the 4 octets do not hold `healthy`"),
    // A hundred megabytes that decode to nothing of use: the first 5,120 octets are enough.
    ("gzip", "gzip.compress(bytes(10**8),9)", "body: the first 5120 octets do not hold `healthy`"),
    ("gzip", "gzip.compress(b'healthy'+os.urandom(3000))[:-1000]", "up"),
    // A hundred thousand empty blocks: no output at all, but the input is bounded too.
    ("deflate", "(b'\\x00\\x00\\x00\\xff\\xff'*100000)", "body: the 0 octets do not hold `healthy`"),
  ])
  func decodes(coding: String, expression: String, expected: String) throws {
    let body = try compressed(expression)
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\n\r\n"
    let server = try LoopbackServer(.sends(Array(head.utf8) + body))
    let seen = try words(server, .init(body: .text("healthy")))
    #expect(seen == expected)
  }

  @Test func asksWithMethodAndHeaders() throws {
    let server = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    let request = ProbeSpecification.Request(
      method: "POST", path: "/up", host: "a.example",
      fields: [.init(name: "user-agent", value: "probe"), .init(name: "X-Key", value: "7")])
    #expect(try words(server, request) == "up")
    #expect(
      server.request
        == "POST /up HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nConnection: close\r\nuser-agent: probe\r\nX-Key: 7\r\n\r\n"
    )
  }

  @Test func partsHaveTimeLimitsOfTheirOwn() throws {
    let silent = try LoopbackServer(.hangs)
    var specification = ProbeSpecification(
      .http(.init()), target: silent.address, interval: .seconds(60), timeout: .seconds(30))
    specification.limits.firstByte = .milliseconds(200)
    #expect(
      try ProbingTests.words(outcome(of: specification)) == "timed out after 200 ms waiting for the status line")
    let full = try LoopbackServer(.isFull)
    specification.target = full.address
    specification.limits.connect = .milliseconds(250)
    #expect(try ProbingTests.words(outcome(of: specification)) == "timed out after 250 ms waiting for a connection")
    specification.target = silent.address
    specification.kind = .https(.init(), .init())
    specification.limits.handshake = .milliseconds(220)
    #expect(
      try ProbingTests.words(outcome(of: specification)) == "timed out after 220 ms waiting for the TLS handshake")
    withExtendedLifetime((silent, full)) {}
  }

  // MARK: - TCP

  @Test(arguments: [
    (LoopbackServer.Behaviour.greets("220 mail ready\r\n"), "", ProbeSpecification.Expectation.text("220 "), "up"),
    (.greets("220 mail ready\r\n"), "", .pattern("^220 .*ready"), "up"),
    (.answers("+PONG\r\n"), "PING\r\n\r\n", .text("+PONG"), "up"),
    (.answersSlowly("+PONG\r\n"), "PING\r\n\r\n", .text("+PONG"), "up"),
    (.answers("-ERR\r\n"), "PING\r\n\r\n", .text("+PONG"), "the 6 octets do not hold `+PONG`"),
    (.closes, "", .text("+PONG"), "closed before what is expected"),
    (.answersWithoutEnd("spam "), "PING\r\n\r\n", .pattern("ham"), "the first 5120 octets do not match `ham`"),
    (.hangs, "", .text("+PONG"), "timed out after 400 ms waiting for what is expected"),
  ])
  func speaksTCP(
    behaviour: LoopbackServer.Behaviour, send: String, expected: ProbeSpecification.Expectation, verdict: String
  ) throws {
    let server = try LoopbackServer(behaviour)
    let specification = ProbeSpecification(
      .tcpDialogue(.init(send: Array(send.utf8), expected: expected)), target: server.address, interval: .seconds(10),
      timeout: verdict.hasPrefix("timed out") ? .milliseconds(400) : .seconds(10))
    let seen = try ProbingTests.words(outcome(of: specification))
    if case .closes = behaviour, seen == "reset by peer" { return }
    #expect(seen == verdict)
    withExtendedLifetime(server) {}
  }
}
