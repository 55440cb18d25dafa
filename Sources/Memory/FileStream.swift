import Glibc

/// A regular file that is read piece by piece, from its start as often as wanted.
package struct FileStream: ~Copyable, Sendable {
  package let path: String
  private let descriptor: Int32
  private var offset = 0

  package init(_ path: String) throws(FileError) {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { throw FileError(path: path, message: unsafe String(cString: strerror(errno))) }
    var status = stat()
    guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(number)
      throw FileError(path: path, message: "not a regular file")
    }
    self.path = path
    descriptor = number
  }

  deinit { close(descriptor) }

  /// Reads what comes next; 0 at the end.
  package mutating func read(into octets: inout Slab<UInt8>, at start: Int) throws(FileError) -> Int {
    precondition(start >= 0 && start <= octets.count)
    while true {
      let count = unsafe pread(descriptor, octets.address + start, octets.count - start, offset)
      if count >= 0 {
        offset += count
        return count
      }
      guard errno == EINTR else { throw FileError(path: path, message: unsafe String(cString: strerror(errno))) }
    }
  }

  package mutating func rewind() { offset = 0 }
}

/// Files that are written whole.
package enum FileOutput {
  /// Replaces the content of `path`.
  package static func write(_ text: String, to path: String) throws(FileError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileError(path) }
    defer { close(file) }
    try put(text, file, path)
  }

  /// Writes a new file that survives a power cut when this returns; one that is there is not touched, and where
  /// writing fails there is none.
  ///
  /// - Parameter isPrivate: only its owner can read it.
  package static func create(_ text: String, at path: String, isPrivate: Bool = true) throws(FileError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o644)
    guard file >= 0 else { throw FileError(path) }
    defer { close(file) }
    do throws(FileError) {
      try put(text, file, path)
      guard fsync(file) == 0 else { throw FileError(path) }
      try syncFolder(of: path)
    } catch {
      unsafe unlink(path)
      throw error
    }
  }

  private static func put(_ text: String, _ file: Int32, _ path: String) throws(FileError) {
    let octets = Array(text.utf8)
    var at = 0
    while at < octets.count {
      let count = unsafe octets.withUnsafeBytes { octets in
        unsafe Glibc.write(file, octets.baseAddress.unsafelyUnwrapped + at, octets.count - at)
      }
      guard count >= 0 || errno == EINTR else { throw FileError(path) }
      at += max(0, count)
    }
  }
}

/// When this returns, the names in the folder of `path` survive a power cut.
func syncFolder(of path: String) throws(FileError) {
  let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  let number = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard number >= 0 else { throw FileError(folder) }
  defer { close(number) }
  guard fsync(number) == 0 else { throw FileError(folder) }
}
