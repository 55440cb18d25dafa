import Glibc
import Memory
import Synchronization
import TestSupport
import Testing

/// Everything that starts the built program, one test after the other: they share the machine's two cores.
@Suite(.serialized) struct BlackBox {}

/// The delegated zone of the examples, as it is shipped.
func exampleZone() throws -> String { try readFile(packageFolder + "/zones/app.example.com.zone") }

/// Two stand-in sites with real HTTP servers, and the configuration of a pool of both.
struct TwoSites {
  let primary: Endpoint
  let secondary: Endpoint

  init() {
    let port = freePort()
    primary = Endpoint(freeAddress(), port)
    secondary = Endpoint(freeAddress(), port)
  }

  /// - Parameters:
  ///   - check: keys of the check beside port and times.
  ///   - pool: further keys of the pool.
  func configuration(check: String = "type: http, path: /health", ttl: String = "1s") -> String {
    """
    zones:
      app.example.com: { file: app.example.com.zone }
    checks:
      site: { \(check), port: \(primary.port), interval: 500ms, timeout: 400ms, rise: 2, fall: 3 }
    endpoints:
      ec2:   { address: \(primary.address) }
      azure: { address: \(secondary.address) }
    pools:
      app.example.com:
        policy: failover
        ttl: \(ttl)
        check: site
        endpoints: [ec2, azure]

    """
  }

  /// A server that answers from this pool, ready for queries.
  func alula(check: String = "type: http, path: /health", listen: [Endpoint] = []) throws -> Alula {
    let alula = try Alula(
      configuration(check: check), files: ["app.example.com.zone": try exampleZone()], listen: listen)
    try alula.waitUntilReady()
    return alula
  }
}

/// Asks again and again for a pool's address, and keeps what it was told in order.
struct Watch {
  let server: Endpoint
  let name: String
  let allowed: Set<String>
  /// The answers with repetitions left out: primary, secondary, primary is a failover and a return.
  private(set) var changes: [String] = []
  private(set) var queries = 0

  init(_ server: Endpoint, _ sites: TwoSites, name: String = "app.example.com") {
    self.server = server
    self.name = name
    allowed = [sites.primary.address, sites.secondary.address]
  }

  /// Asks once; anything but exactly one of the allowed addresses is a failure of the test.
  mutating func ask() throws -> String {
    let reply = try dig(server, name)
    queries += 1
    let addresses = reply.data("A")
    try #require(reply.status == "NOERROR" && addresses.count == 1 && allowed.contains(addresses[0]), "\(reply)")
    if changes.last != addresses[0] { changes.append(addresses[0]) }
    return addresses[0]
  }

  /// Asks until `address` is the answer.
  mutating func waitFor(_ address: String, seconds: Int = 30) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try ask() != address {
      try #require(ContinuousClock.now < deadline, "still not \(address) after \(seconds) s; seen: \(changes)")
    }
  }

  /// Asks for `count` more times, which are to bring no change.
  mutating func stays(at address: String, for count: Int = 50) throws {
    for _ in 0..<count { try #require(try ask() == address, "seen: \(changes)") }
  }
}

/// A well-behaved client on a thread of its own that asks all the time while others misbehave.
final class Bystander: Sendable {
  private let stopping = Atomic(false)
  private let answered = Atomic(0)
  private let missed = Atomic(0)
  private let thread = Mutex<Thread?>(nil)

  init(_ server: Endpoint) throws {
    let client = try Datagrams(to: server)
    let thread = Thread.start("bystander") { [self] in
      var identifier: UInt16 = 0
      while !stopping.load(ordering: .acquiring) {
        identifier &+= 1
        client.send(Message.query(identifier: identifier))
        let reply = client.receive(milliseconds: 5000)
        let good = reply.map { Message.identifier($0) == identifier && Message.responseCode($0) == 0 } ?? false
        if good { answered.wrappingAdd(1, ordering: .relaxed) } else { missed.wrappingAdd(1, ordering: .relaxed) }
        // About as often as a busy resolver asks; it need not fill the machine.
        _ = Glibc.poll(nil, 0, 2)
      }
    }
    self.thread.withLock { $0 = thread }
  }

  /// Stops asking, though not before the first time, and says how it went.
  func finish() -> (answered: Int, missed: Int) {
    _ = becomesTrue { answered.load(ordering: .relaxed) + missed.load(ordering: .relaxed) > 0 }
    stopping.store(true, ordering: .releasing)
    thread.withLock {
      $0?.join()
      $0 = nil
    }
    return (answered.load(ordering: .relaxed), missed.load(ordering: .relaxed))
  }
}
