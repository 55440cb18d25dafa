import CLinux
import Glibc

/// The folder of what outlives a restart, locked for as long as this value lives: two servers must not
/// both believe that it is theirs.
struct StateFolder: ~Copyable {
  private let lock: Int32

  /// Makes the folder if it is missing.
  init(_ path: String) throws(StartError) {
    try StateFolder.make(path)
    let file = path + "/lock"
    let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StartError("cannot open \(file): \(StartError.reason()); see `state`") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = StateFolder.owner(descriptor)
      close(descriptor)
      throw StartError("the state folder \(path) belongs to another running Alula\(owner); stop it, or change `state`")
    }
    let text = "\(getpid())\n"
    _ = ftruncate(descriptor, 0)
    _ = unsafe write(descriptor, text, text.utf8.count)
    lock = descriptor
  }

  deinit { close(lock) }

  private static func make(_ path: String) throws(StartError) {
    var at = path.startIndex
    while at < path.endIndex {
      at = path[path.index(after: at)...].firstIndex(of: "/") ?? path.endIndex
      let part = String(path[..<at])
      // The folder itself is for the server alone.
      guard unsafe mkdir(part, at == path.endIndex ? 0o700 : 0o755) == 0 || errno == EEXIST else {
        throw StartError("cannot make the state folder \(part): \(StartError.reason()); make it, or change `state`")
      }
    }
  }

  private static func owner(_ descriptor: Int32) -> String {
    var text = [UInt8](repeating: 0, count: 16)
    let count = unsafe pread(descriptor, &text, text.count, 0)
    let digits = text.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
  }
}

/// Why the server does not start, in one line that says what to do.
package struct StartError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }

  /// The text of `errno`.
  static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
