import Control
import Failover
import Observing
import Sockets
import Synchronization
import TestSupport
import Wire

/// A server that believes what a test says, and says at once, or never.
final class FakeServer: ControlledServer, Sendable {
  struct State: Sendable {
    var fitness = Fitness.good
    var report = StatusReport(time: 1_700_000_000_000_000_000)
    var orders: [Order] = []
    var questions = 0
    var isStalled = false
    var subjects = ["ec2@app.example.com"]
    var reload = ReloadReport(isAdopted: true, changes: ["pool a is new"], problems: [])
  }

  let state = Mutex(State())
  let counters = WorkerCounters(workers: 1)

  var fitness: Fitness { state.withLock { $0.fitness } }

  var figures: Figures {
    var figures = Figures(version: "1", counters: counters)
    figures.probes = Figures.Probes(successes: 5, failures: 4, withoutResult: 3)
    figures.publication.add(300_000, count: 2)
    figures.publication.add(7_000_000_000)
    figures.zones = [Figures.Zone(name: "app.example.com", serial: 7, loaded: 0)]
    return figures
  }

  func status(_ deliver: @escaping @Sendable (@escaping @Sendable () -> StatusReport) -> Void) {
    let report = state.withLock { state -> StatusReport? in
      state.questions += 1
      return state.isStalled ? nil : state.report
    }
    if let report { deliver { report } }
  }

  func explain(
    _ question: ExplainQuestion, _ deliver: @escaping @Sendable (@escaping @Sendable () -> [ExplainReport]?) -> Void
  ) {
    let report = ExplainReport(text: "\(question.name) is fine", json: #"{"name":"\#(question.name)"}"#)
    deliver { question.name == "www.example" ? [report] : nil }
  }

  func give(_ order: Order, _ deliver: @escaping @Sendable (OrderReport) -> Void) {
    let subjects = state.withLock { state in
      state.orders.append(order)
      return state.subjects
    }
    deliver(OrderReport(subjects: subjects))
  }

  func reload(_ deliver: @escaping @Sendable (ReloadReport) -> Void) { deliver(state.withLock { $0.reload }) }

  func events(atMost count: Int) -> [Event] {
    Array((0..<5).map { Event(.verdict, time: Int64($0), subject: "ec2", text: "event \($0)") }.suffix(count))
  }
}

/// The control API over a fake server, on real sockets.
final class World: Sendable {
  let fake = FakeServer()
  let folder: Folder
  let address: SocketAddress
  let endpoint: TestSupport.Endpoint
  private let server: ControlServer

  static let token = "0123456789abcdef"

  init(token: String? = World.token, hosts: Set<String> = []) throws {
    folder = try Folder()
    let places = try ControlServer.Places(tcp: SocketAddress("127.0.0.1:0"), path: folder.path("control.sock"))
    guard let address = places.address else { throw Trouble("no address") }
    self.address = address
    endpoint = TestSupport.Endpoint("127.0.0.1", address.port)
    server = try ControlServer(places, Access(token: token.map { Access.Secret($0) }, hosts: hosts))
    guard server.start(fake, failed: { _ in }) else { throw Trouble("no thread") }
  }

  deinit { server.stop() }

  var socket: ControlPlace { .unix(folder.path("control.sock")) }

  func get(_ path: String, accept: String = "application/json", over place: ControlPlace? = nil) throws
    -> ControlClient.Reply
  {
    try ControlClient(place ?? .tcp(address)).ask("GET", path, accept: accept)
  }

  func post(_ path: String, _ body: String, token: String? = World.token, over place: ControlPlace? = nil) throws
    -> ControlClient.Reply
  {
    try ControlClient(place ?? .tcp(address), token: token).ask("POST", path, body: Array(body.utf8))
  }

  /// What comes back for raw octets, until the server closes; its status alone.
  func send(_ text: String) throws -> String {
    let stream = try Stream(to: endpoint)
    stream.send(Array(text.utf8))
    return String(decoding: stream.receive(64) ?? [], as: UTF8.self).split(separator: " ").dropFirst().first.map(
      String.init)
      ?? "nothing"
  }
}
