import Failover
import Glibc
import Probing
import Sockets
import Testing
import Wire

/// Probes by DNS, by command and by name.
struct OtherProbeTests {
  private func specification(
    _ kind: ProbeSpecification.Kind, _ target: String = "127.0.0.1:1", timeout: Duration = .seconds(10)
  ) throws -> ProbeSpecification {
    ProbeSpecification(
      kind, target: try #require(SocketAddress(target)), interval: .seconds(10), timeout: timeout)
  }

  private func command(_ script: String, timeout: Duration = .seconds(10)) throws -> String {
    try words(outcome(of: specification(.command(.init(["/bin/sh", "-c", script])), timeout: timeout)))
  }

  // MARK: - Commands

  @Test(arguments: [
    ("exit 0", "up"), ("echo fine", "up"), ("exit 3", "exit status 3"),
    ("echo 'disk full'; echo more; exit 1", "exit status 1: disk full"),
    ("echo oops >&2; exit 2", "exit status 2: oops"),
    ("printf 'a\\001\\377b'; exit 1", "exit status 1: a??b"),
    ("kill -9 $$", "ended by signal 9"),
    // A reader that has gone is a program's own matter.
    ("trap '' PIPE; exec sleep 0", "up"),
    ("yes", "more than 65536 octets of output"),
    ("head -c 60000 /dev/zero", "up"),
    // Neither descriptors nor environment of ours; signals as they are by default.
    ("ls /proc/self/fd | tr '\\n' ' '; exit 1", "exit status 1: 0 1 2 3 "),
    ("env | grep -v -e ^PATH= -e ^PWD= -e ^SHLVL= -e ^_= ; exit 1", "exit status 1"),
    // But for two that the C library keeps for itself: hence no 1 and 8.
    ("grep -e SigBlk -e SigIgn /proc/self/status | tr -dc 2-79a-f; exit 1", "exit status 1"),
    // Read to its end: there is nothing to read.
    ("cat", "up"),
  ])
  func runsCommands(script: String, expected: String) throws {
    let seen = try command(script)
    #expect(seen == expected)
  }

  @Test func aCommandThatCannotStartIsNoResult() throws {
    let outcome = try words(outcome(of: specification(.command(.init(["/nonexistent/check"])))))
    #expect(outcome == "no result: cannot start /nonexistent/check: No such file or directory")
  }

  @Test func aCommandThatHangsIsKilledWithItsGroup() throws {
    var template = Array("/tmp/alula-command-XXXXXX".utf8CString)
    let folder = unsafe mkdtemp(&template).map { unsafe String(cString: $0) } ?? "/nonexistent"
    defer { _ = try? Child.run(["rm", "-r", folder]) }
    let script = "sleep 1000 & echo $! >\(folder)/a; echo $$ >\(folder)/b; trap '' TERM; wait"
    let seen = try command(script, timeout: .milliseconds(1500))
    #expect(seen == "timed out after 1500 ms waiting for the end of /bin/sh")
    for file in ["a", "b"] {
      let isGone = "kill -0 $(cat \(folder)/\(file)) 2>/dev/null || exit 0; "
      let states = "read s </proc/$(cat \(folder)/\(file))/stat; case $s in *' Z '*) exit 0;; esac; "
      let script = "for i in $(seq 100); do \(isGone)\(states)sleep 0.1; done; exit 1"
      #expect(try Child.run(["sh", "-c", script]), "\(file) is gone")
    }
    let deadline = Instant.now + .seconds(20)
    while ChildCommand.Slot.taken > 0, Instant.now < deadline { sched_yield() }
  }

  @Test func manyCommandsTakeTurns() throws {
    var prober = try Prober(seed: 1)
    let count = 100
    prober.replaceProbes(
      try (0..<count).map {
        try specification(.command(.init(["/bin/sh", "-c", "sleep 0.05 # \($0)"])), timeout: .seconds(9))
      },
      now: .now)
    var seen: Set<Int> = []
    var most = 0
    _ = try turn(&prober, within: .seconds(60)) { index, outcome in
      most = max(most, ChildCommand.Slot.taken)
      if case .success = outcome { seen.insert(index) }
      return seen.count == count
    }
    #expect(seen.count == count)
    #expect(most <= 32, "of all probers, and so of tests that run at the same time")
  }

  // MARK: - Names

  @Test func looksTheTargetUp() throws {
    let server = try LoopbackServer(.answers("HTTP/1.1 200 OK\r\n\r\n"))
    var probe = try specification(.http(.init()), "0.0.0.0:\(server.address.port)")
    probe.hostName = "localhost"
    #expect(try words(outcome(of: probe)) == "up")
    #expect(server.request.contains("\r\nHost: localhost:\(server.address.port)\r\n"))
    #expect(probe.place == "localhost:\(server.address.port)")
  }

  /// What the resolver of the machine says of it, or that it has none: down or no result, but never up.
  @Test func aNameThatDoesNotResolveSaysSo() throws {
    var probe = try specification(.tcp, "0.0.0.0:80")
    probe.hostName = "no-such-name.invalid"
    let seen = try words(outcome(of: probe))
    #expect(
      seen.hasPrefix("cannot resolve no-such-name.invalid: ")
        || seen.hasPrefix("no result: cannot look up no-such-name.invalid: ")
        || seen.hasPrefix("no result: looking up no-such-name.invalid took longer than"), "\(seen)")
  }

  // MARK: - DNS

  private static let name = (try? DomainName("app.example.com")) ?? .root
  private static let head: [UInt8] = [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
  private static let question: [UInt8] = name.wire + [0, 1, 0, 1]
  private static let record: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]

  private func judge(_ reply: [UInt8], expected: [[UInt8]] = []) -> DNSReply.Verdict {
    let answers = expected.map { ProbeSpecification.Question.Answer(data: $0, text: "it") }
    return DNSReply.judge(
      reply, to: .init(name: Self.name, type: .a, expected: answers), identifier: 0x1234)
  }

  @Test func judgesAnswers() {
    let good = Self.head + Self.question + Self.record
    #expect(judge(good) == .expected)
    #expect(judge(good, expected: [[192, 0, 2, 1]]) == .expected)
    #expect(
      judge(good, expected: [[192, 0, 2, 2]])
        == .failed(.unexpectedAnswer("the answer is 192.0.2.1, without it")))
    var other = good
    other[1] = 0x35
    #expect(judge(other) == .foreign)
    var query = good
    query[2] = 0x01
    #expect(judge(query) == .foreign)
    var refused = good
    refused[3] = 0x05
    #expect(judge(refused) == .failed(.unexpectedAnswer("the answer is REFUSED")))
    var capitals = good
    capitals[13] = UInt8(ascii: "A")
    #expect(judge(capitals) == .expected)
    capitals[13] = UInt8(ascii: "b")
    #expect(judge(capitals) == .foreign)
    var empty = Self.head + Self.question
    empty[7] = 0
    #expect(judge(empty) == .failed(.unexpectedAnswer("the answer has no A record")))
    empty[2] |= 2
    #expect(judge(empty) == .failed(.unexpectedAnswer("the answer is truncated")))
  }

  @Test func noOctetsOfAReplyTrap() {
    let good = Self.head + Self.question + Self.record
    for length in 0..<good.count { _ = judge(Array(good.prefix(length)), expected: [[1]]) }
    var random = SeededRandom(seed: 7)
    for _ in 0..<20_000 {
      var reply = good
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        reply[Int.random(in: 4..<reply.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = judge(reply)
    }
  }

  @Test func aServerThatIsNotThereRefuses() throws {
    let free = try LoopbackServer(.refuses)
    let question = ProbeSpecification.Question(name: Self.name, type: .a)
    #expect(try words(outcome(of: specification(.dns(question), "\(free.address)"))) == "connection refused")
  }

  @Test(arguments: [
    ("192.0.2.1", "up"), ("192.0.2.9", "the answer is 192.0.2.1, without 192.0.2.9"),
  ])
  func asksARealServer(answer: String, expected: String) throws {
    let server = try Child(["python3", "-u", "-c", Self.pythonServer])
    let port = try #require(server.line())
    let data = try RDataFormat(.a).wire(text: answer)
    let question = ProbeSpecification.Question(
      name: Self.name, type: .a, expected: [.init(data: data, text: answer)])
    #expect(try words(outcome(of: specification(.dns(question), "127.0.0.1:\(port)"))) == expected)
    withExtendedLifetime(server) {}
  }

  /// Sends what is no answer first: it is passed over.
  private static let pythonServer = """
    from socket import socket, AF_INET, SOCK_DGRAM
    s = socket(AF_INET, SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])
    while True:
      q, a = s.recvfrom(512)
      s.sendto(b"garbage", a)
      s.sendto(bytes([q[0] ^ 1]) + q[1:], a)
      s.sendto(q[:2] + bytes([0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]) + q[12:]
        + bytes([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]), a)
    """
}
