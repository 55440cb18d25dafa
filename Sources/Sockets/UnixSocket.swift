import CLinux
import Glibc

/// Sockets in the file system (unix(7)).
package enum UnixSocket {
  /// Octets of a path, without the zero behind it.
  package static var longestPath: Int { 107 }

  /// A socket that listens at `path`; whatever was there is taken away.
  ///
  /// - Parameter mode: of the file: who may connect.
  package static func listen(_ path: String, mode: UInt32) throws(SystemError) -> Descriptor {
    remove(path)
    let descriptor = try open(SOCK_STREAM)
    let number = descriptor.number
    try check("bind") { unsafe withAddress(path) { unsafe bind(number, $0, $1) } }
    // Before anybody can connect.
    try check("chmod") { unsafe chmod(path, mode) }
    try check("listen") { Glibc.listen(number, 128) }
    return descriptor
  }

  package static func connect(_ path: String) throws(SystemError) -> StreamSocket {
    let descriptor = try open(SOCK_STREAM)
    let number = descriptor.number
    try check("connect") { unsafe withAddress(path) { unsafe Glibc.connect(number, $0, $1) } }
    return StreamSocket(adopting: descriptor.release())
  }

  /// Sends one datagram to the socket at `path`, or to the abstract one whose name follows an `@`, without waiting.
  package static func send(_ octets: [UInt8], to path: String) -> Transfer {
    guard let descriptor = try? open(SOCK_DGRAM) else { return .failed(errno) }
    let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
    return Transfer.of {
      Int(
        unsafe withAddress(path, allowsAbstract: true) {
          Int32(clamping: unsafe sendto(descriptor.number, octets, octets.count, flags, $0, $1))
        })
    }
  }

  package static func remove(_ path: String) { _ = unsafe unlink(path) }

  private static func open(_ type: __socket_type) throws(SystemError) -> Descriptor {
    let type = Int32(type.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    return Descriptor(try check("socket") { socket(AF_UNIX, type, 0) })
  }

  /// −1 with ENAMETOOLONG when the path has no room.
  private static func withAddress(
    _ path: String, allowsAbstract: Bool = false, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    guard path.utf8.count <= longestPath, !path.isEmpty else {
      errno = ENAMETOOLONG
      return -1
    }
    var raw = sockaddr_un()
    raw.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &raw.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    var size = MemoryLayout<sockaddr_un>.size
    if allowsAbstract, path.hasPrefix("@") {
      raw.sun_path.0 = 0
      // No zero ends such a name: its length does.
      size = MemoryLayout<sa_family_t>.size + path.utf8.count
    }
    return unsafe withUnsafePointer(to: &raw) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(size))
      }
    }
  }
}
