import Glibc

/// Which state of which file: it changes with whoever writes the file or puts another in its place, save
/// within one tick of the clock or on purpose.
package struct FileIdentity: Equatable, Sendable, BitwiseCopyable {
  /// Octets.
  package var size: UInt64
  /// Of the last change, in seconds since 1970 and nanoseconds.
  package var seconds: Int64
  package var nanoseconds: Int64
  package var inode: UInt64
  package var device: UInt64

  package init(size: UInt64, seconds: Int64, nanoseconds: Int64, inode: UInt64, device: UInt64) {
    self.size = size
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.inode = inode
    self.device = device
  }

  init(_ status: stat) {
    self.init(
      size: UInt64(truncatingIfNeeded: status.st_size), seconds: Int64(status.st_mtim.tv_sec),
      nanoseconds: Int64(status.st_mtim.tv_nsec), inode: UInt64(status.st_ino), device: UInt64(status.st_dev))
  }

  /// Nil when there is no such regular file.
  package init?(_ path: String) {
    var status = Glibc.stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }
}

/// The hash of a file's content, read piece by piece.
package struct FileHash: Equatable, Sendable {
  package let identity: FileIdentity
  package let content: UInt64

  package init(identity: FileIdentity, content: UInt64) {
    self.identity = identity
    self.content = content
  }

  private static var piece: Int { 1 << 18 }

  /// - Returns: nil when the file cannot be read, or changes meanwhile.
  package init?(_ path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var (before, after) = (stat(), stat())
    guard unsafe fstat(descriptor, &before) == 0, before.st_mode & S_IFMT == S_IFREG else { return nil }
    let buffer = Slab<UInt8>(count: Self.piece)
    var hash = ContentHash()
    while true {
      guard let count = try? FileContents.read(descriptor, path, into: buffer) else { return nil }
      if count < Self.piece {
        content = hash.finish(buffer.bytes.extracting(0..<count))
        break
      }
      hash.absorb(buffer.bytes)
    }
    guard unsafe fstat(descriptor, &after) == 0, FileIdentity(before) == FileIdentity(after) else { return nil }
    identity = FileIdentity(after)
  }
}
