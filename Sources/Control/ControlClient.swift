import Sockets
package import Wire

/// Why a server could not be asked.
package struct ControlError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// Where a control API is.
package enum ControlPlace: Sendable, Equatable, CustomStringConvertible {
  case tcp(SocketAddress)
  case unix(String)

  /// Of the socket in the state folder.
  package static var socketName: String { "control.sock" }

  /// `127.0.0.1:8053`, `[::1]:8053`, or the path of a socket, with a slash in it.
  package init?(_ text: String) {
    if text.contains("/") {
      self = .unix(text)
    } else if let address = SocketAddress(text), address.port > 0 {
      self = .tcp(address)
    } else {
      return nil
    }
  }

  /// For one segment of a path of the API.
  package static func encoded(_ segment: String) -> String { percentEncoded(segment) }

  package var description: String {
    switch self {
    case .tcp(let address): "\(address)"
    case .unix(let path): path
    }
  }
}

/// A small HTTP/1.1 client (RFC 9112): one request a connection, whole within its time, its reply bounded.
package struct ControlClient: Sendable {
  private let place: ControlPlace
  private let milliseconds: Int32
  private let token: String?

  /// Octets of a reply's head, and of the whole.
  private static var largestHead: Int { 16_384 }
  private static var largest: Int { 64 << 20 }

  /// - Parameter milliseconds: for everything.
  package init(_ place: ControlPlace, token: String? = nil, milliseconds: Int32 = 10_000) {
    self.place = place
    self.token = token
    self.milliseconds = milliseconds
  }

  package struct Reply: Sendable {
    package var status: Int
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }
  }

  package func ask(
    _ method: String, _ path: String, host: String? = nil, accept: String = "application/json", body: [UInt8] = []
  ) throws(ControlError) -> Reply {
    let deadline = Clock.monotonic() + UInt64(milliseconds) * 1_000_000
    var octets: [UInt8] = []
    do throws(SystemError) {
      let poller = try Poller()
      let socket = try connect(poller, deadline)
      try send(request(method, path, host, accept, body), over: socket, poller, deadline)
      octets = try receive(from: socket, poller, deadline)
    } catch {
      throw ControlError(error.isRefused || error.isNoSuchFile ? "nobody listens there" : error.message)
    }
    return try parse(octets)
  }

  private func request(
    _ method: String, _ path: String, _ host: String?, _ accept: String, _ body: [UInt8]
  ) -> [UInt8] {
    let name: String
    if case .tcp(let address) = place { name = host ?? "\(address)" } else { name = "localhost" }
    var head = "\(method) \(path) HTTP/1.1\r\nHost: \(name)\r\nAccept: \(accept)\r\nConnection: close\r\n"
    if let token { head += "Authorization: Bearer \(token)\r\n" }
    if method == "POST" { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + body
  }
}

// MARK: - The connection

extension ControlClient {
  private func connect(_ poller: borrowing Poller, _ deadline: UInt64) throws(SystemError) -> StreamSocket {
    switch place {
    case .unix(let path):
      let socket = try UnixSocket.connect(path)
      try poller.add(socket.number, [.read, .write, .edgeTriggered], token: 0)
      return socket
    case .tcp(let address):
      let socket = try StreamSocket(to: address)
      try poller.add(socket.number, [.read, .write, .edgeTriggered], token: 0)
      switch socket.connect(address) {
      case .connected: break
      case .failed(let error): throw error
      case .inProgress:
        try wait(poller, deadline)
        if let error = socket.pendingError() { throw error }
      }
      return socket
    }
  }

  private func wait(_ poller: borrowing Poller, _ deadline: UInt64) throws(SystemError) {
    let now = Clock.monotonic()
    guard now < deadline else { throw SystemError.timedOut }
    try poller.wait(milliseconds: Int32(clamping: (deadline - now) / 1_000_000 + 1)) { _ in }
  }

  private func send(
    _ octets: [UInt8], over socket: borrowing StreamSocket, _ poller: borrowing Poller, _ deadline: UInt64
  ) throws(SystemError) {
    var sent = 0
    while sent < octets.count {
      switch socket.write(octets[sent...]) {
      case .done(let count): sent += count
      case .wouldBlock: try wait(poller, deadline)
      // It may have refused before all was sent: what it says is to be read.
      case .failed: return
      }
    }
  }

  /// Everything until the server ends the connection.
  private func receive(
    from socket: borrowing StreamSocket, _ poller: borrowing Poller, _ deadline: UInt64
  ) throws(SystemError) -> [UInt8] {
    var reply: [UInt8] = []
    while reply.count < Self.largest {
      switch socket.read(appendingTo: &reply, atMost: 16_384) {
      case .done(0): return reply
      case .done: break
      case .wouldBlock: try wait(poller, deadline)
      case .failed(let number):
        if reply.isEmpty { throw SystemError("recv", number) }
        return reply
      }
    }
    return reply
  }
}

// MARK: - The reply

extension ControlClient {
  private func parse(_ octets: [UInt8]) throws(ControlError) -> Reply {
    let end = Array("\r\n\r\n".utf8)
    let limit = min(octets.count, Self.largestHead)
    guard let headEnd = (0..<max(0, limit - 3)).first(where: { octets[$0...].starts(with: end) }) else {
      throw ControlError(octets.isEmpty ? "it closed the connection without a word" : "what it said is not HTTP")
    }
    let lines = String(decoding: octets[..<headEnd], as: UTF8.self).split(separator: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      throw ControlError("what it said is not HTTP")
    }
    let body = octets[(headEnd + 4)...]
    guard let length = header("content-length", lines).flatMap({ Int($0) }) else {
      return Reply(status: status, body: Array(body))
    }
    guard length >= 0, body.count >= length else { throw ControlError("the reply was cut") }
    return Reply(status: status, body: Array(body.prefix(length)))
  }

  private func header(_ name: String, _ lines: [Substring]) -> String? {
    for line in lines.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      if pair.count == 2, pair[0].lowercased() == name { return pair[1].filter { $0 != " " && $0 != "\t" } }
    }
    return nil
  }
}
