import Failover
import Glibc
import Probing
import Sockets
import Testing
import Wire

struct PlainProbeTests {
  private func words(
    _ kind: ProbeSpecification.Kind, _ server: LoopbackServer, timeout: Duration = .seconds(10)
  ) throws -> String {
    defer { withExtendedLifetime(server) {} }
    return try ProbingTests.words(
      outcome(of: ProbeSpecification(kind, target: server.address, interval: .seconds(1), timeout: timeout)))
  }

  @Test(arguments: [
    (LoopbackServer.Behaviour.hangs, "up"), (.closes, "up"), (.refuses, "connection refused"),
  ])
  func tcp(behaviour: LoopbackServer.Behaviour, expected: String) throws {
    #expect(try words(.tcp, LoopbackServer(behaviour)) == expected)
  }

  @Test(arguments: [
    (LoopbackServer.Behaviour.answers("HTTP/1.1 200 OK\r\n\r\n"), "up"),
    (.answers("HTTP/1.0 399 \r\n"), "up"),
    (.answersSlowly("HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 204 No Content\r\nServer: x\r\n\r\n"), "up"),
    (.answers("HTTP/1.1 503 Service Unavailable\r\n\r\n"), "status 503"),
    (.answers("HTTP/1.1 404\n"), "status 404"),
    (.answers("SSH-2.0-OpenSSH_9.2\r\n"), "not HTTP"),
    (.answers("\u{16}\u{3}\u{1}"), "not HTTP"),
    (.answers("HTTP/1.1 2000 OK\r\n"), "not HTTP"),
    (.answers("HTTP/1.1 20"), "closed before a status line"),
    (.closes, "closed before a status line"),
    (.resets, "reset by peer"),
    (.refuses, "connection refused"),
    (.answersWithoutEnd("HTTP/1.1 100 Continue\r\n\r\n"), "response head longer than 16384 octets"),
  ])
  func http(behaviour: LoopbackServer.Behaviour, expected: String) throws {
    let seen = try words(.http(.init()), LoopbackServer(behaviour))
    // A peer that closes with our request unread resets the connection, which may overtake its answer.
    if case .closes = behaviour, seen == "reset by peer" { return }
    #expect(seen == expected)
  }

  @Test func aStatusLineWithoutEndIsBounded() throws {
    // Not through the parser's first octets only: the line is right, and never ends.
    let server = try LoopbackServer(.answers("HTTP/1.1 200 " + String(repeating: "x", count: 20_000)))
    #expect(try words(.http(.init()), server) == "response head longer than 16384 octets")
  }

  @Test(arguments: [
    (LoopbackServer.Behaviour.hangs, "timed out after 300 ms waiting for the status line"),
    (.isFull, "timed out after 300 ms waiting for a connection"),
  ])
  func timeoutsSayWhatTheyWaitedFor(behaviour: LoopbackServer.Behaviour, expected: String) throws {
    #expect(try words(.http(.init()), LoopbackServer(behaviour), timeout: .milliseconds(300)) == expected)
  }

  @Test func onlyExpectedStatusesAreUp() throws {
    let server = try LoopbackServer(.answers("HTTP/1.1 418 \r\n"))
    #expect(try words(.http(.init(expected: [200...299, 418...418])), server) == "up")
    #expect(try words(.http(.init(expected: [200...299])), server) == "status 418")
  }

  @Test(arguments: [
    (nil as String?, "/", "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n"),
    ("app.example.com", "/health?a=b", "GET /health?a=b HTTP/1.1\r\nHost: app.example.com\r\n"),
  ])
  func asksAsTold(host: String?, path: String, expected: String) throws {
    let server = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    #expect(try words(.http(.init(path: path, host: host)), server) == "up")
    let prefix = expected.split(separator: "PORT").joined(separator: "\(server.address.port)")
    #expect(server.request.hasPrefix(prefix))
    #expect(server.request.hasSuffix("\r\nConnection: close\r\n\r\n"))
  }

  /// An orderly end would leave the port in TIME_WAIT for a minute: at a thousand probes a second there are none left.
  @Test func aProbeResetsItsConnection() throws {
    let server = try LoopbackServer(.notesTheEnd)
    #expect(try words(.tcp, server) == "up")
    let deadline = Instant.now + .seconds(20)
    while server.request.isEmpty, Instant.now < deadline { sched_yield() }
    #expect(server.request == "reset")
  }

  @Test func aSourceOfOurOwnIsUsed() throws {
    let server = try LoopbackServer(.hangs)
    let specification = ProbeSpecification(
      .tcp, target: server.address, source: IPAddress("127.0.0.9"), interval: .seconds(1), timeout: .seconds(10))
    #expect(try ProbingTests.words(outcome(of: specification)) == "up")
  }
}
