import CLinux
import Glibc
import Wire

extension SocketAddress {
  var family: Int32 { address.isIPv6 ? AF_INET6 : AF_INET }

  /// Calls `body` with the address as the kernel wants it.
  func withKernelAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    switch address {
    case .v4(let value):
      var raw = sockaddr_in()
      raw.sin_family = sa_family_t(AF_INET)
      raw.sin_port = port.bigEndian
      raw.sin_addr.s_addr = value.bigEndian
      return unsafe withUnsafePointer(to: &raw) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .v6(let high, let low):
      var raw = sockaddr_in6()
      raw.sin6_family = sa_family_t(AF_INET6)
      raw.sin6_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &raw.sin6_addr) {
        unsafe $0.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
        unsafe $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      return unsafe withUnsafePointer(to: &raw) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }

  /// Reads what the kernel wrote; nil for any family but IPv4 and IPv6.
  init?(kernel storage: UnsafeRawPointer) {
    switch unsafe Int32(storage.loadUnaligned(as: sa_family_t.self)) {
    case AF_INET:
      let raw = unsafe storage.loadUnaligned(as: sockaddr_in.self)
      self.init(.v4(UInt32(bigEndian: raw.sin_addr.s_addr)), port: UInt16(bigEndian: raw.sin_port))
    case AF_INET6:
      let high = unsafe UInt64(bigEndian: storage.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      let low = unsafe UInt64(bigEndian: storage.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
      let port = unsafe UInt16(bigEndian: storage.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
      self.init(.v6(high, low), port: port)
    default: return nil
    }
  }
}
