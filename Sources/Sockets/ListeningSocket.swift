import CLinux
import Glibc
package import Wire

/// A TCP socket that accepts connections on one of the served addresses.
package struct ListeningSocket: ~Copyable, Sendable {
  package let descriptor: Descriptor
  package var number: Int32 { descriptor.number }

  /// Connections that wait to be accepted; the kernel cuts it at net.core.somaxconn.
  private static var backlog: Int32 { 1024 }

  /// Octets that the kernel keeps for a connection each way, in its own count twice that; accepted sockets
  /// inherit it. Left to itself it lets the answers to a client that does not read grow to 4 MiB, so that a
  /// thousand such clients take all the memory that TCP has, our probes' too. Enough for one answer of any size.
  private static var buffer: Int32 { 64 << 10 }

  /// - Returns: the descriptor of a socket that listens.
  package static func listen(_ address: SocketAddress) throws(SystemError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(try check("socket") { socket(address.family, type, 0) })
    let number = descriptor.number
    // A restart must not wait for old connections to time out; another listener is still noticed.
    setOption(number, SOL_SOCKET, SO_REUSEADDR, 1)
    setOption(number, SOL_SOCKET, SO_SNDBUF, buffer)
    setOption(number, SOL_SOCKET, SO_RCVBUF, buffer)
    // Inherited like the buffers, which saves a call for each connection.
    setOption(number, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    // A connection is shown when its query has come, or after a second: a wake-up less for each, and who says
    // nothing has no place.
    setOption(number, Int32(IPPROTO_TCP), TCP_DEFER_ACCEPT, 1)
    if address.address.isIPv6 { setOption(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
    try check("bind") { unsafe address.withKernelAddress { unsafe Glibc.bind(number, $0, $1) } }
    try check("listen") { Glibc.listen(number, backlog) }
    return descriptor.release()
  }

  package init(adopting number: Int32) { descriptor = Descriptor(number) }

  /// Where a socket is bound, with the port that the kernel chose if it was left to it.
  package static func address(_ number: Int32) -> SocketAddress? {
    var storage = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    return unsafe withUnsafeMutableBytes(of: &storage) { raw in
      let start = unsafe raw.baseAddress.unsafelyUnwrapped
      guard unsafe getsockname(number, start.assumingMemoryBound(to: sockaddr.self), &length) == 0 else { return nil }
      return unsafe SocketAddress(kernel: start)
    }
  }

  package enum Accepted: ~Copyable {
    case connection(StreamSocket, SocketAddress)
    case none
    case failed(SystemError)
  }

  /// The next connection, non-blocking, if one waits.
  package borrowing func accept() -> Accepted {
    var storage = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let number = descriptor.number
    let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let result = unsafe withUnsafeMutableBytes(of: &storage) { raw in
      Transfer.of {
        unsafe Int(clinux_accept4(number, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length, flags))
      }
    }
    switch result {
    case .wouldBlock: return .none
    // The peer has already gone away; there may be more behind it.
    case .failed(ECONNABORTED): return .none
    case .failed(let number): return .failed(SystemError("accept4", number))
    case .done(let connection):
      let socket = StreamSocket(adopting: Int32(connection))
      let peer = unsafe withUnsafeBytes(of: &storage) { unsafe SocketAddress(kernel: $0.baseAddress.unsafelyUnwrapped) }
      guard let peer else { return .none }
      return .connection(socket, peer)
    }
  }
}
