import Crypto
import Failover
import Probing
import Sockets
import Wire

/// What a check costs: the processor time of a process that does nothing but probe, divided by its checks.
/// See `bench/prober/run`.
@main struct ProberBench {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "serve": try serve(try address(arguments.dropFirst().first))
    case "probe": try measure(Array(arguments.dropFirst()))
    default: throw Usage()
    }
  }

  struct Usage: Error, CustomStringConvertible {
    var description: String {
      "usage: ProberBench serve ADDRESS\n"
        + "       ProberBench probe tcp|http|body|full|resumed ADDRESS CHECKS INTERVAL-MS SECONDS [CA-FILE]"
    }
  }

  private static func address(_ text: String?) throws -> SocketAddress {
    guard let text, let address = SocketAddress(text) else { throw Usage() }
    return address
  }

  // MARK: - The site

  /// Answers every connection's first octets and closes.
  private static func serve(_ address: SocketAddress) throws -> Never {
    OwnThread.raiseDescriptorLimit()
    let listener = ListeningSocket(adopting: try ListeningSocket.listen(address))
    let poller = try Poller()
    try poller.add(listener.number, .read, token: 0)
    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhealthy\n".utf8)
    while true {
      try poller.wait(milliseconds: nil) { _ in
        while true {
          guard case .connection(let connection, _) = listener.accept() else { return }
          var request: [UInt8] = []
          _ = connection.read(appendingTo: &request, atMost: 1024)
          _ = connection.write(answer[...])
        }
      }
    }
  }

  // MARK: - The prober

  private static func measure(_ arguments: [String]) throws {
    guard arguments.count >= 5, let checks = Int(arguments[2]), let interval = Int(arguments[3]),
      let seconds = Int(arguments[4])
    else { throw Usage() }
    OwnThread.raiseDescriptorLimit()
    let kind = try kind(arguments[0], authorities: arguments.count > 5 ? arguments[5] : nil)
    let specification = ProbeSpecification(
      kind, target: try address(arguments[1]), interval: .milliseconds(interval), timeout: .milliseconds(interval))
    var prober = try Prober(seed: 1)
    prober.replaceProbes(Array(repeating: specification, count: checks), now: .now)
    // The first round comes all at once, and the second is not spread yet.
    _ = try run(&prober, until: .now + .milliseconds(2 * interval + 500))
    let (started, before) = (Instant.now, ProcessTimes.own)
    let counts = try run(&prober, until: started + .seconds(seconds))
    let used = ProcessTimes.own - before
    report(arguments[0], counts, used, over: Double((Instant.now - started).nanoseconds) / 1e9)
  }

  private static func kind(_ word: String, authorities: String?) throws -> ProbeSpecification.Kind {
    func tls(_ fullHandshake: Duration) -> ProbeSpecification.TLS {
      .init(
        serverName: "app.example.com", verification: authorities.map { .file($0) } ?? .off,
        fullHandshake: fullHandshake)
    }
    switch word {
    case "tcp": return .tcp
    case "http": return .http(.init())
    case "body": return .http(.init(body: .text("healthy")))
    case "full": return .https(.init(), tls(.zero))
    case "resumed": return .https(.init(), tls(.seconds(3600)))
    default: throw Usage()
    }
  }

  private struct Counts {
    var up = 0
    var down = 0
    var unknown = 0
    var lastReason = ""
  }

  private static func run(_ prober: inout Prober, until end: Instant) throws -> Counts {
    var counts = Counts()
    while Instant.now < end {
      try prober.turn(until: end) { _, outcome, _, _ in
        switch outcome {
        case .success: counts.up += 1
        case .failure(let reason):
          counts.down += 1
          counts.lastReason = "\(reason)"
        case .noResult(let trouble):
          counts.unknown += 1
          counts.lastReason = "\(trouble)"
        }
      }
    }
    return counts
  }

  private static func report(_ word: String, _ counts: Counts, _ used: ProcessTimes, over seconds: Double) {
    func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    let all = Double(max(1, counts.up + counts.down + counts.unknown))
    print(
      "\(word): \(rounded(all / seconds)) checks a second, \(rounded(used.total / seconds * 100)) % of a core,",
      "\(rounded(used.user / all * 1e6)) + \(rounded(used.system / all * 1e6)) µs a check (user + system);",
      "\(counts.up) up, \(counts.down) down, \(counts.unknown) without result \(counts.lastReason)")
  }
}
