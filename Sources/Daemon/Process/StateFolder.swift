import CLinux
import Glibc

/// The folder of what outlives a restart, locked for as long as this value lives: two servers must not
/// both believe that it is theirs.
struct StateFolder: ~Copyable {
  /// Negative where nobody can write, and nobody has been.
  private let lock: Int32
  /// Why nothing can be written there; nil: it can.
  let trouble: String?

  /// Makes the folder if it is missing. One on a disk that takes nothing is taken all the same: a server without
  /// memory is better than none.
  init(_ path: String) throws(StartError) {
    try StateFolder.make(path)
    let (descriptor, trouble) = try StateFolder.open(path + "/lock")
    guard descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = StateFolder.owner(descriptor)
      close(descriptor)
      throw StartError("the state folder \(path) belongs to another running Alula\(owner); stop it, or change `state`")
    }
    if trouble == nil {
      let text = "\(getpid())\n"
      _ = ftruncate(descriptor, 0)
      _ = unsafe write(descriptor, text, text.utf8.count)
    }
    (lock, self.trouble) = (descriptor, trouble)
  }

  deinit { if lock >= 0 { close(lock) } }

  private static func open(_ file: String) throws(StartError) -> (descriptor: Int32, trouble: String?) {
    let descriptor = unsafe Glibc.open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { return (descriptor, nil) }
    let (number, reason) = (errno, StartError.reason())
    let readOnly = unsafe Glibc.open(file, O_RDONLY | O_CLOEXEC)
    guard [EROFS, ENOSPC, EDQUOT, EIO].contains(number), readOnly >= 0 || errno == ENOENT else {
      if readOnly >= 0 { close(readOnly) }
      throw StartError("cannot open \(file): \(reason); see `state`")
    }
    return (readOnly, reason)
  }

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
