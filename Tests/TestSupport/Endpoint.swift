package import Glibc
import Synchronization

/// An address and port on loopback, to talk to or to bind.
package struct Endpoint: Sendable, CustomStringConvertible {
  package let address: String
  package let port: UInt16

  package init(_ address: String, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  package var isIPv6: Bool { address.contains(":") }
  package var description: String { isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
  var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

  /// Calls `body` with the address as the kernel takes it.
  func withKernelAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var storage = sockaddr_storage()
    return unsafe withUnsafeMutableBytes(of: &storage) { octets in
      let base = unsafe octets.baseAddress.unsafelyUnwrapped
      let size: Int
      if isIPv6 {
        let address6 = unsafe base.bindMemory(to: sockaddr_in6.self, capacity: 1)
        unsafe address6.pointee.sin6_family = sa_family_t(AF_INET6)
        unsafe address6.pointee.sin6_port = port.bigEndian
        _ = unsafe inet_pton(AF_INET6, address, &address6.pointee.sin6_addr)
        size = MemoryLayout<sockaddr_in6>.size
      } else {
        let address4 = unsafe base.bindMemory(to: sockaddr_in.self, capacity: 1)
        unsafe address4.pointee.sin_family = sa_family_t(AF_INET)
        unsafe address4.pointee.sin_port = port.bigEndian
        _ = unsafe inet_pton(AF_INET, address, &address4.pointee.sin_addr)
        size = MemoryLayout<sockaddr_in>.size
      }
      return unsafe body(UnsafePointer(base.assumingMemoryBound(to: sockaddr.self)), socklen_t(size))
    }
  }

  /// Whether a socket of `type` can be bound here now.
  package func canBind(_ type: __socket_type) -> Bool {
    let number = socket(family, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return false }
    defer { close(number) }
    var yes: Int32 = 1
    _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    return unsafe withKernelAddress { unsafe bind(number, $0, $1) } == 0
  }

  /// Whether something accepts connections here.
  package var accepts: Bool { (try? Stream(to: self)) != nil }
}

private let nextPort = Mutex<UInt16>(UInt16(truncatingIfNeeded: 20_000 + getpid() % 5_000))
private let nextHost = Mutex<Int>(Int(getpid()) * 16 % 60_000)

/// A port that is free on 127.0.0.1 and ::1, UDP and TCP, and that no other caller in this process gets. Below
/// the range that the kernel gives out by itself.
package func freePort() -> UInt16 {
  nextPort.withLock { next in
    while true {
      next = next >= 31_999 ? 20_000 : next + 1
      let candidates = [Endpoint("127.0.0.1", next), Endpoint("::1", next)]
      if candidates.allSatisfy({ $0.canBind(SOCK_DGRAM) && $0.canBind(SOCK_STREAM) }) { return next }
    }
  }
}

/// An address in 127.0.0.0/8 that no other test in this process uses.
package func freeAddress() -> String {
  nextHost.withLock { next in
    next = next % 60_000 + 1
    return "127.100.\(next / 250).\(next % 250 + 1)"
  }
}
