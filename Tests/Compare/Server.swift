import Glibc
import TestSupport

/// One of the four, as a child of this process on a port of its own.
final class Server {
  enum Kind: String, CaseIterable { case nsd = "NSD", knot = "Knot", bind = "BIND", alula = "Alula" }

  let kind: Kind
  let endpoint = Endpoint("127.0.0.1", freePort())
  private let zones: [Name]
  private let child: Child
  private let datagrams: Datagrams
  private var stream: Stream?

  /// - Parameter zones: each with the path of its file.
  init(_ kind: Kind, zones: [(apex: Name, path: String)]) throws {
    self.kind = kind
    self.zones = zones.map(\.apex)
    let folder = try Folder()
    let text = Self.configuration(kind, zones, port: endpoint.port, folder)
    let path = try folder.write("configuration", text)
    switch kind {
    case .nsd: child = try Peers.start("nsd", ["-d", "-c", path], in: folder)
    case .knot: child = try Peers.start("knotd", ["-c", path], in: folder)
    case .bind: child = try Peers.start("named", ["-g", "-n", "1", "-c", path], in: folder)
    case .alula: child = try Child([alulaProgram, "serve", "--config", path], in: folder, output: "alula.log")
    }
    datagrams = try Datagrams(to: endpoint)
  }

  /// Waits until it answers for every zone.
  func waitUntilReady() throws {
    for apex in zones {
      let isServed = try becomesTrue(seconds: 60) {
        if let status = child.ended() { throw Trouble("\(kind.rawValue) ended, \(status):\n\(child.output)") }
        return isServing(apex)
      }
      if !isServed { throw Trouble("\(kind.rawValue) does not serve \(apex):\n\(child.output.suffix(4000))") }
    }
  }

  /// Whether it still does: a worker may be busy for ever.
  func answers() -> Bool { becomesTrue(seconds: 3) { isServing(zones[0]) } }

  private func isServing(_ apex: Name) -> Bool {
    let question = Question(name: apex, type: Types.soa, kind: "ready?")
    send(question, 0)
    return receive(question, 0, milliseconds: 300)?.isAuthoritative ?? false
  }

  /// SIGTERM first: NSD has children of its own to end.
  func stop() {
    child.signal(SIGTERM)
    _ = child.wait(seconds: 5)
    child.stop()
  }

  func send(_ question: Question, _ identifier: UInt16) {
    let message = question.message(identifier: identifier)
    guard question.transport == .tcp else { return datagrams.send(message) }
    if stream?.sendMessage(message) != true {
      stream = try? Stream(to: endpoint)
      stream?.sendMessage(message)
    }
  }

  /// Nil when there is none. Over TCP, a connection that the server has ended is opened again, once.
  func receive(_ question: Question, _ identifier: UInt16, milliseconds: Int32 = 2000) -> Reply? {
    if question.transport == .tcp {
      if let message = stream?.receiveMessage() { return Reply(message) }
      stream = try? Stream(to: endpoint)
      stream?.sendMessage(question.message(identifier: identifier))
      guard let message = stream?.receiveMessage() else {
        stream = nil
        return nil
      }
      return Reply(message)
    }
    while let message = datagrams.receive(milliseconds: milliseconds) {
      let reply = Reply(message)
      if reply.identifier == identifier { return reply }
    }
    return nil
  }
}
