import CLinux
import Glibc
package import Wire

/// A UDP socket of one worker, bound to one of the served addresses.
package struct DatagramSocket: ~Copyable, Sendable {
  package let descriptor: Descriptor
  package let isIPv6: Bool
  /// Bound to every address: a reply must be told from which one to leave.
  package let isWildcard: Bool
  package var number: Int32 { descriptor.number }

  /// Octets of receive buffer to ask for: the default holds 256 queries, 5 ms at 50,000 a second.
  package static var wantedBuffer: Int32 { 4 << 20 }

  /// Binds one socket for each worker to `address`.
  ///
  /// The first is bound alone, so that anybody else on the address is noticed; only then is the
  /// address shared. (With SO_REUSEPORT from the start, a second process of the same user would bind
  /// silently and take its share of the queries.)
  package static func bind(_ address: SocketAddress, count: Int) throws(SystemError) -> [Int32] {
    var sockets: [Int32] = []
    do {
      for i in 0..<count {
        let number = try open(address)
        sockets.append(number)
        if i > 0 { setOption(number, SOL_SOCKET, SO_REUSEPORT, 1) }
        try check("bind") { unsafe address.withKernelAddress { unsafe Glibc.bind(number, $0, $1) } }
        if i == 0 { setOption(number, SOL_SOCKET, SO_REUSEPORT, 1) }
      }
    } catch {
      for number in sockets { _ = close(number) }
      throw error
    }
    return sockets
  }

  private static func open(_ address: SocketAddress) throws(SystemError) -> Int32 {
    let type = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = try check("socket") { socket(address.family, type, 0) }
    if !setOption(number, SOL_SOCKET, Int32(CLINUX_SO_RCVBUFFORCE), wantedBuffer) {
      setOption(number, SOL_SOCKET, SO_RCVBUF, wantedBuffer)
    }
    // No fragments: neither ours nor a forged message that shrinks the path (RFC 9715).
    if address.address.isIPv6 {
      setOption(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1)
      setOption(number, Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT)
      if address.address.isUnspecified { setOption(number, Int32(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1) }
    } else {
      setOption(number, Int32(IPPROTO_IP), IP_MTU_DISCOVER, IP_PMTUDISC_OMIT)
      if address.address.isUnspecified { setOption(number, Int32(IPPROTO_IP), IP_PKTINFO, 1) }
    }
    return number
  }

  package init(adopting number: Int32, address: SocketAddress) {
    descriptor = Descriptor(number)
    isIPv6 = address.address.isIPv6
    isWildcard = address.address.isUnspecified
  }

  /// Octets of receive buffer that the kernel granted; it counts its own bookkeeping in them.
  package static func grantedBuffer(_ number: Int32) -> Int {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    _ = unsafe getsockopt(number, SOL_SOCKET, SO_RCVBUF, &value, &size)
    return Int(value)
  }

  /// Datagrams dropped because the buffer was full, since the socket was made (SO_MEMINFO: the same
  /// count as SO_RXQ_OVFL's, without a control message on every datagram once there was one).
  package borrowing func kernelDrops() -> UInt32 { Self.kernelDrops(descriptor.number) }

  static func kernelDrops(_ number: Int32) -> UInt32 {
    var values = [UInt32](repeating: 0, count: Int(CLINUX_SK_MEMINFO_VARS))
    var size = socklen_t(values.count * 4)
    let result = unsafe getsockopt(number, SOL_SOCKET, Int32(CLINUX_SO_MEMINFO), &values, &size)
    return result == 0 ? values[Int(CLINUX_SK_MEMINFO_DROPS)] : 0
  }
}
