import Glibc
import Wire

/// Another process of this program.
struct ChildProcess: Sendable {
  let identifier: pid_t

  /// The path of the running program.
  static var ownPath: String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { octets in
      unsafe readlink(
        "/proc/self/exe", octets.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self), octets.count)
    }
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : CommandLine.arguments[0]
  }

  /// A website of the demo.
  static func standIn(_ name: String, _ address: SocketAddress) throws(StartError) -> ChildProcess {
    try spawn([ownPath, "stand-in", "\(address)", name])
  }

  /// Starts a program that gets no signals blocked.
  private static func spawn(_ arguments: [String]) throws(StartError) -> ChildProcess {
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    // In a group of its own: Ctrl-C is for the demo, which ends its websites itself.
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    let strings = unsafe arguments.map { unsafe strdup($0) }
    defer { unsafe strings.forEach { unsafe free($0) } }
    let vector = unsafe strings + [nil]
    var identifier: pid_t = 0
    let failure = unsafe posix_spawn(&identifier, arguments[0], nil, &attributes, vector, environ)
    guard failure == 0 else {
      throw StartError("cannot start \(arguments[0]): \(unsafe String(cString: strerror(failure)))")
    }
    return ChildProcess(identifier: identifier)
  }

  /// Ends it at once (SIGKILL) and waits until it is gone.
  func kill() {
    _ = Glibc.kill(identifier, SIGKILL)
    var status: Int32 = 0
    _ = unsafe waitpid(identifier, &status, 0)
  }

  /// False once it has ended, by whatever cause.
  var isRunning: Bool {
    var status: Int32 = 0
    return unsafe waitpid(identifier, &status, WNOHANG) == 0
  }
}
