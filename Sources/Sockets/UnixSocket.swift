import CLinux
import Glibc

/// Stream sockets in the file system (unix(7)).
package enum UnixSocket {
  /// Octets of a path, without the zero behind it.
  package static var longestPath: Int { 107 }

  /// A socket that listens at `path`; whatever was there is taken away.
  ///
  /// - Parameter mode: of the file: who may connect.
  package static func listen(_ path: String, mode: UInt32) throws(SystemError) -> Descriptor {
    remove(path)
    let descriptor = try open()
    let number = descriptor.number
    try check("bind") { unsafe withAddress(path) { unsafe bind(number, $0, $1) } }
    // Before anybody can connect.
    try check("chmod") { unsafe chmod(path, mode) }
    try check("listen") { Glibc.listen(number, 128) }
    return descriptor
  }

  package static func connect(_ path: String) throws(SystemError) -> StreamSocket {
    let descriptor = try open()
    let number = descriptor.number
    try check("connect") { unsafe withAddress(path) { unsafe Glibc.connect(number, $0, $1) } }
    return StreamSocket(adopting: descriptor.release())
  }

  package static func remove(_ path: String) { _ = unsafe unlink(path) }

  private static func open() throws(SystemError) -> Descriptor {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    return Descriptor(try check("socket") { socket(AF_UNIX, type, 0) })
  }

  /// −1 with ENAMETOOLONG when the path has no room.
  private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    guard path.utf8.count <= longestPath, !path.isEmpty else {
      errno = ENAMETOOLONG
      return -1
    }
    var raw = sockaddr_un()
    raw.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &raw.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    return unsafe withUnsafePointer(to: &raw) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
