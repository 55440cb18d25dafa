import CLinux
import Glibc
package import Wire

/// A non-blocking TCP socket.
package struct StreamSocket: ~Copyable, Sendable {
  package let descriptor: Descriptor
  package var number: Int32 { descriptor.number }

  init(adopting number: Int32) { descriptor = Descriptor(number) }

  package enum Connecting: Sendable { case connected, inProgress, failed(SystemError) }

  /// A socket for connecting to `remote`, optionally from `source`.
  package init(to remote: SocketAddress, from source: IPAddress? = nil) throws(SystemError) {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(try check("socket") { socket(remote.family, type, 0) })
    if let source { try StreamSocket.bind(descriptor.number, to: source) }
    self.descriptor = descriptor
  }

  private static func bind(_ number: Int32, to source: IPAddress) throws(SystemError) {
    let local = SocketAddress(source, port: 0)
    setOption(number, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1)
    try check("bind") { unsafe local.withKernelAddress { unsafe Glibc.bind(number, $0, $1) } }
  }

  /// Begins to connect; the socket becomes writable when it is done. Called again, or `pendingError`,
  /// says how it went.
  package borrowing func connect(_ remote: SocketAddress) -> Connecting {
    let number = descriptor.number
    let result = unsafe remote.withKernelAddress { unsafe Glibc.connect(number, $0, $1) }
    if result == 0 { return .connected }
    return [EINPROGRESS, EALREADY, EINTR].contains(errno) ? .inProgress : .failed(SystemError("connect"))
  }

  /// Takes the socket's pending error (SO_ERROR): nil when there is none.
  package borrowing func pendingError() -> SystemError? {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &value, &size) == 0 else {
      return SystemError("getsockopt")
    }
    return value == 0 ? nil : SystemError("connect", value)
  }

  package borrowing func read(into buffer: inout MutableRawSpan) -> Transfer { Self.read(number, into: &buffer) }

  package borrowing func write(_ buffer: RawSpan) -> Transfer { Self.write(number, buffer) }

  /// By descriptor, for a caller that owns socket and buffer in one structure and cannot borrow both.
  package static func read(_ number: Int32, into buffer: inout MutableRawSpan) -> Transfer {
    return unsafe buffer.withUnsafeMutableBytes { octets in
      Transfer.of { unsafe recv(number, octets.baseAddress, octets.count, 0) }
    }
  }

  package static func write(_ number: Int32, _ buffer: RawSpan) -> Transfer {
    return unsafe buffer.withUnsafeBytes { octets in
      Transfer.of { unsafe send(number, octets.baseAddress, octets.count, Int32(MSG_NOSIGNAL)) }
    }
  }

  /// Sends no more; what was written is still delivered.
  package borrowing func finishWriting() { _ = shutdown(descriptor.number, Int32(SHUT_WR)) }

  /// Closing will reset the connection: nothing is delivered any more and no TIME_WAIT is left behind.
  package borrowing func resetOnClose() {
    var value = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(
      descriptor.number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
  }

  package borrowing func setNoDelay() { setOption(descriptor.number, Int32(IPPROTO_TCP), TCP_NODELAY, 1) }
}

/// Sets an integer option; false when the kernel refuses.
@discardableResult
func setOption(_ number: Int32, _ level: Int32, _ name: Int32, _ value: Int32) -> Bool {
  var value = value
  return unsafe setsockopt(number, level, name, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
}
