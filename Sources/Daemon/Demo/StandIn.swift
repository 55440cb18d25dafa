import Memory
import Sockets
import Wire

extension Commands {
  /// Plays a website: answers every request with 200 and its own name, until it is killed.
  package static func standIn(_ text: String, _ name: String) -> Int32 {
    guard let address = SocketAddress(text), address.address.isLoopback else {
      Output.write("alula: `\(text)` is not a loopback ADDRESS:PORT", toError: true)
      return 2
    }
    do throws(SystemError) {
      var site = try StandInSite(address, name)
      try site.run()
    } catch {
      Output.write("alula: stand-in \(name) on \(address): \(error)", toError: true)
      return 1
    }
  }
}

/// The smallest website: one thread, one answer.
private struct StandInSite: ~Copyable {
  private let listener: ListeningSocket
  private let poller: Poller
  private let reply: [UInt8]
  private var clients: [UInt64: StandInClient] = [:]
  private var input = Slab<UInt8>(count: 4096)
  private var lastToken: UInt64 = 0

  init(_ address: SocketAddress, _ name: String) throws(SystemError) {
    let listener = ListeningSocket(adopting: try ListeningSocket.listen(address))
    let poller = try Poller()
    try poller.add(listener.number, .read, token: 0)
    self.listener = listener
    self.poller = poller
    let body = "This is \(name).\n"
    reply = Array(
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        .utf8)
  }

  mutating func run() throws(SystemError) -> Never {
    while true {
      var ready: [UInt64] = []
      try poller.wait(milliseconds: nil) { ready.append($0.token) }
      for token in ready { if token == 0 { accept() } else { serve(token) } }
    }
  }

  private mutating func accept() {
    guard case .connection(let socket, _) = listener.accept() else { return }
    // A few clients are enough for a demo; a silent one must not hold a place for ever.
    if clients.count >= 100, let oldest = clients.keys.min() { clients[oldest] = nil }
    lastToken += 1
    let client = StandInClient(socket)
    let added: Void? = try? poller.add(client.number, .read, token: lastToken)
    if added != nil { clients[lastToken] = client }
  }

  /// The request does not matter, only that it has ended.
  private mutating func serve(_ token: UInt64) {
    guard let client = clients[token] else { return }
    var room = input.mutableBytes(at: 0, count: 4096)
    switch StreamSocket.read(client.number, into: &room) {
    case .wouldBlock: return
    case .done(let count) where count > 0:
      client.request += Array(copying: input.bytes, 0..<count)
      guard client.request.count < 16384, !client.hasWholeRequest else {
        _ = StreamSocket.write(client.number, reply.rawBytes)
        clients[token] = nil
        return
      }
    default: clients[token] = nil
    }
  }
}

private final class StandInClient {
  private let socket: StreamSocket
  var request: [UInt8] = []
  var number: Int32 { socket.number }

  init(_ socket: consuming StreamSocket) { self.socket = socket }

  var hasWholeRequest: Bool { request.suffix(4).elementsEqual([13, 10, 13, 10]) }
}
