import Glibc

/// The test at $NOTIFY_SOCKET, in systemd's place (sd_notify(3)).
package final class NotifySocket: Sendable {
  /// What the environment of the server says.
  package let name: String
  private let number: Int32

  /// - Parameter name: a path, or `@` and an abstract name.
  package init(_ name: String) throws {
    self.name = name
    number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var raw = sockaddr_un()
    raw.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &raw.sun_path) { unsafe $0.copyBytes(from: name.utf8) }
    if name.hasPrefix("@") { raw.sun_path.0 = 0 }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
    let failed = unsafe withUnsafePointer(to: &raw) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(number, $0, size) }
    }
    guard number >= 0, failed == 0 else { throw Trouble("cannot bind \(name)") }
  }

  deinit { close(number) }

  /// The next message as its assignments; nil when none comes in time.
  package func next(milliseconds: Int32 = 20_000) -> [String: String]? {
    var wanted = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    guard unsafe Glibc.poll(&wanted, 1, milliseconds) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(number, &buffer, buffer.count, 0)
    let lines = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
    return Dictionary(
      lines.map { line in
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : "")
      }, uniquingKeysWith: { $1 })
  }

  /// The next message that has `key`; what comes before it is passed over.
  package func next(_ key: String, seconds: Int = 20) -> [String: String]? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      if let message = next(milliseconds: 500), message[key] != nil { return message }
    }
    return nil
  }

  /// Takes what has come so far.
  package func clear() { while next(milliseconds: 0) != nil {} }
}

/// Nanoseconds of the monotonic clock.
package func monotonicNow() -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
