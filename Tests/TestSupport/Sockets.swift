import Glibc

/// A UDP socket that sends what no well-behaved client would.
package final class Datagrams: Sendable {
  private let number: Int32

  /// - Parameter local: the address to send from; nil: the kernel's choice.
  package init(to remote: Endpoint, from local: String? = nil) throws {
    number = socket(remote.family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if let local { _ = unsafe Endpoint(local, 0).withKernelAddress { unsafe bind(number, $0, $1) } }
    guard number >= 0, unsafe remote.withKernelAddress({ unsafe connect(number, $0, $1) }) == 0 else {
      throw Trouble("no socket to \(remote)")
    }
  }

  deinit { close(number) }

  package func send(_ octets: [UInt8]) { _ = unsafe Glibc.send(number, octets, octets.count, 0) }

  /// The next datagram; nil when none comes in time.
  package func receive(milliseconds: Int32 = 2000) -> [UInt8]? {
    guard isReadable(number, milliseconds) else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let size = unsafe recv(number, &buffer, buffer.count, 0)
    return size >= 0 ? Array(buffer[..<size]) : nil
  }
}

/// A TCP connection whose every octet the test decides.
package final class Stream: Sendable {
  private let number: Int32

  /// - Parameter receiveBuffer: octets that the kernel is to hold at most; small for a slow reader.
  package init(to remote: Endpoint, receiveBuffer: Int32? = nil) throws {
    number = socket(remote.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    if var size = receiveBuffer {
      _ = unsafe setsockopt(number, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    _ = unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard number >= 0, unsafe remote.withKernelAddress({ unsafe connect(number, $0, $1) }) == 0 else {
      close(number)
      throw Trouble("no connection to \(remote)")
    }
  }

  deinit { close(number) }

  /// False when the other side is gone.
  @discardableResult
  package func send(_ octets: [UInt8]) -> Bool {
    unsafe Glibc.send(number, octets, octets.count, Int32(MSG_NOSIGNAL)) == octets.count
  }

  /// A message with its two-octet length before it (RFC 1035 §4.2.2).
  @discardableResult
  package func sendMessage(_ message: [UInt8]) -> Bool {
    send([UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message)
  }

  package func finishWriting() { _ = shutdown(number, Int32(SHUT_WR)) }

  /// At most `count` octets; empty when the other side has finished, nil when nothing comes in time.
  package func receive(_ count: Int, milliseconds: Int32 = 2000) -> [UInt8]? {
    guard isReadable(number, milliseconds) else { return nil }
    var buffer = [UInt8](repeating: 0, count: count)
    return Array(buffer[..<max(0, unsafe recv(number, &buffer, count, 0))])
  }

  /// The next whole message; nil when the other side finishes, or stalls for two seconds, before its end.
  package func receiveMessage() -> [UInt8]? {
    guard let length = receiveExactly(2) else { return nil }
    return receiveExactly(Int(length[0]) << 8 | Int(length[1]))
  }

  private func receiveExactly(_ count: Int) -> [UInt8]? {
    var octets: [UInt8] = []
    while octets.count < count {
      guard let more = receive(count - octets.count), !more.isEmpty else { return nil }
      octets += more
    }
    return octets
  }

  /// Whether the other side closes, or resets, within `seconds`; what it sends before is thrown away.
  package func isClosed(seconds: Int = 20) -> Bool {
    poll(seconds: seconds, every: 1) { receive(4096, milliseconds: 100).flatMap { $0.isEmpty ? true : nil } } ?? false
  }
}

private func isReadable(_ number: Int32, _ milliseconds: Int32) -> Bool {
  var descriptor = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
  return unsafe Glibc.poll(&descriptor, 1, milliseconds) == 1
}
