import Glibc
package import Wire

/// Why a server gave no reply.
package enum ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nobody listens there.
  case refused
  case timedOut
  /// TCP: it closed the connection before the whole reply was there.
  case closed
  /// The network's or the system's word for anything else.
  case failed(SystemError)
  /// No descriptor, no port, no memory: says nothing about the server.
  case ourOwn(SystemError)

  package var description: String {
    switch self {
    case .refused: "connection refused"
    case .timedOut: "no reply in time"
    case .closed: "it closed the connection"
    case .failed(let error): error.message
    case .ourOwn(let error): "trouble here: \(error)"
    }
  }

  init(_ error: SystemError) {
    self = error.isRefused ? .refused : error.isOurOwn ? .ourOwn(error) : .failed(error)
  }
}

/// One message to one server and its reply, waited for: for tools and for what runs on a thread of its own.
package struct Exchange: Sendable {
  package let server: SocketAddress
  package let source: IPAddress?
  /// Nanoseconds, for each try over UDP and for all of an exchange over TCP.
  package let timeout: UInt64
  /// Over UDP.
  package let tries: Int

  package init(with server: SocketAddress, from source: IPAddress? = nil, timeout: UInt64, tries: Int = 3) {
    self.server = server
    self.source = source
    self.timeout = timeout
    self.tries = tries
  }

  private static var largest: Int { 65535 }

  /// Over UDP, from a random port. Whatever is no reply to the message is not looked at: another identifier, or
  /// another question than the one that was asked.
  ///
  /// - Precondition: `message` has a header.
  package func datagram(_ message: [UInt8]) throws(ExchangeError) -> [UInt8] {
    for _ in 0..<max(1, tries) {
      if let reply = try attempt(message) { return reply }
    }
    throw .timedOut
  }

  private func attempt(_ message: [UInt8]) throws(ExchangeError) -> [UInt8]? {
    do throws(SystemError) {
      let client = try DatagramClient(to: server, from: source)
      let deadline = Clock.monotonic() + timeout
      if case .failed(let number) = client.send(message) { throw SystemError("send", number) }
      var reply: [UInt8] = []
      while try Exchange.wait(client.number, POLLIN, until: deadline) {
        switch client.receive(&reply, atMost: Self.largest) {
        case .done where Exchange.isReply(reply, to: message): return reply
        case .done, .wouldBlock: continue
        case .failed(let number): throw SystemError("recv", number)
        }
      }
      return nil
    } catch { throw ExchangeError(error) }
  }

  /// Over TCP, with the length before the message (RFC 1035 §4.2.2). A reply to something else is a failure: nobody
  /// but the server can have sent it.
  package func stream(_ message: [UInt8]) throws(ExchangeError) -> [UInt8] {
    let deadline = Clock.monotonic() + timeout
    do throws(SystemError) {
      let socket = try StreamSocket(to: server, from: source)
      try connect(socket, until: deadline)
      try send([UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message, over: socket, until: deadline)
      var received: [UInt8] = []
      while try Exchange.wait(socket.number, POLLIN, until: deadline) {
        switch socket.read(appendingTo: &received, atMost: Self.largest) {
        case .done(0): throw Exchange.closed
        case .done, .wouldBlock: break
        case .failed(let number): throw SystemError("recv", number)
        }
        guard received.count >= 2 else { continue }
        let count = Int(received[0]) << 8 | Int(received[1])
        guard received.count >= 2 + count else { continue }
        let reply = Array(received[2..<2 + count])
        guard Exchange.isReply(reply, to: message) else { throw SystemError("reply", EBADMSG) }
        return reply
      }
      throw SystemError.timedOut
    } catch {
      if error == .timedOut { throw .timedOut }
      if error == Exchange.closed { throw .closed }
      throw ExchangeError(error)
    }
  }

  private static var closed: SystemError { SystemError("recv", ECONNRESET) }

  private func connect(_ socket: borrowing StreamSocket, until deadline: UInt64) throws(SystemError) {
    switch socket.connect(server) {
    case .connected: return
    case .failed(let error): throw error
    case .inProgress:
      guard try Exchange.wait(socket.number, POLLOUT, until: deadline) else { throw .timedOut }
      if let error = socket.pendingError() { throw error }
    }
  }

  private func send(
    _ octets: [UInt8], over socket: borrowing StreamSocket, until deadline: UInt64
  ) throws(SystemError) {
    var rest = octets[...]
    while !rest.isEmpty {
      guard try Exchange.wait(socket.number, POLLOUT, until: deadline) else { throw .timedOut }
      switch socket.write(rest) {
      case .done(let count): rest = rest.dropFirst(count)
      case .wouldBlock: continue
      case .failed(let number): throw SystemError("send", number)
      }
    }
  }

  /// False when the deadline passes first.
  private static func wait(_ number: Int32, _ event: Int32, until deadline: UInt64) throws(SystemError) -> Bool {
    while true {
      let now = Clock.monotonic()
      guard now < deadline else { return false }
      var entry = pollfd(fd: number, events: Int16(event), revents: 0)
      let count = unsafe poll(&entry, 1, Int32(clamping: (deadline - now) / 1_000_000 + 1))
      if count > 0 { return true }
      guard count == 0 || errno == EINTR else { throw SystemError("poll") }
    }
  }

  /// A response with the message's identifier and question. A server that cannot read the question may leave it out.
  private static func isReply(_ reply: [UInt8], to message: [UInt8]) -> Bool {
    guard reply.count >= Message.headerLength, reply[2] & 0x80 != 0, reply[..<2] == message[..<2] else { return false }
    guard reply[4..<6] == message[4..<6] else { return reply[4] == 0 && reply[5] == 0 }
    guard message[5] == 1, let (name, end) = DomainName.read(message, at: Message.headerLength),
      end + 4 <= message.count
    else { return true }
    guard let (echo, behind) = DomainName.read(reply, at: Message.headerLength), behind + 4 <= reply.count else {
      return false
    }
    let isSameName = DomainName(unchecked: name) == DomainName(unchecked: echo)
    return isSameName && reply[behind..<behind + 4] == message[end..<end + 4]
  }
}
