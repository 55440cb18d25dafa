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
    guard file >= 0 else { throw FileError(path: path, message: unsafe String(cString: strerror(errno))) }
    defer { close(file) }
    let octets = Array(text.utf8)
    var at = 0
    while at < octets.count {
      let count = unsafe octets.withUnsafeBytes { octets in
        unsafe Glibc.write(file, octets.baseAddress.unsafelyUnwrapped + at, octets.count - at)
      }
      if count < 0 && errno != EINTR { throw FileError(path: path, message: unsafe String(cString: strerror(errno))) }
      at += max(0, count)
    }
  }
}

extension FileOutput {
  /// Writes a new file that only its owner can read, and that is on disk when this returns; one that is there is
  /// not touched.
  package static func create(_ text: String, at path: String) throws(FileError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileError(path: path, message: unsafe String(cString: strerror(errno))) }
    defer { close(file) }
    let octets = Array(text.utf8)
    var at = 0
    while at < octets.count {
      let count = unsafe octets.withUnsafeBytes { octets in
        unsafe Glibc.write(file, octets.baseAddress.unsafelyUnwrapped + at, octets.count - at)
      }
      if count < 0 && errno != EINTR { throw FileError(path: path, message: unsafe String(cString: strerror(errno))) }
      at += max(0, count)
    }
    guard fsync(file) == 0 else { throw FileError(path: path, message: unsafe String(cString: strerror(errno))) }
  }
}
