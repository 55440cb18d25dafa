import Glibc

/// Why a file could not be read.
package struct FileError: Error, CustomStringConvertible {
  package let path: String
  package let message: String

  package init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  package var description: String { "\(path): \(message)" }
}

extension FileError {
  /// The reason is `errno`'s.
  init(_ path: String) { self.init(path: path, message: unsafe String(cString: strerror(errno))) }
}

/// A file's octets, read whole.
package struct FileContents: ~Copyable {
  private let octets: Slab<UInt8>
  package let count: Int
  /// Whether every user of the machine may read it.
  package let isPublic: Bool
  private let identity: FileIdentity

  package var bytes: Span<UInt8> {
    @_lifetime(borrow self) borrowing get { octets.span.extracting(0..<count) }
  }

  /// Gives back memory of the octets before `offset`, which nobody asks for any more: they read as zeros, or as
  /// they were. `returned` is what the last call has returned; 0 before the first.
  ///
  /// - Returns: the offset up to which they are given back.
  package func release(before offset: Int, after returned: Int) -> Int {
    precondition(returned >= 0 && returned <= offset && offset <= count)
    guard octets.count >= mappingThreshold else { return 0 }
    return unsafe Pages.giveBack(
      UnsafeMutableRawPointer(octets.address), from: returned, to: offset, piece: Pages.hugePiece)
  }

  package var hash: FileHash { FileHash(identity: identity, content: ContentHash.of(octets.bytes)) }

  /// - Parameter limit: octets; a larger file is refused.
  package init(_ path: String, limit: Int = 1 << 32 - 1) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, message: "not a regular file")
    }
    guard status.st_size <= limit else { throw FileError(path: path, message: "larger than \(limit) octets") }
    guard let octets = Slab<UInt8>(ifPossible: Int(status.st_size)) else {
      throw FileError(path: path, message: "too large for this machine: no memory for \(status.st_size) octets")
    }
    let count = try FileContents.read(descriptor, path, into: octets)
    var after = stat()
    // Half of an old file and half of a new one may well make sense, but nobody's.
    guard unsafe fstat(descriptor, &after) == 0, count == Int(status.st_size),
      FileIdentity(status) == FileIdentity(after)
    else {
      throw FileError(path: path, message: "changed while it was read; write a new file beside it and rename that")
    }
    self.count = count
    identity = FileIdentity(status)
    isPublic = status.st_mode & S_IROTH != 0
    self.octets = octets
  }

  /// - Returns: octets read, fewer than there were when the file has shrunk.
  static func read(
    _ descriptor: Int32, _ path: String, into octets: borrowing Slab<UInt8>
  ) throws(FileError) -> Int {
    var done = 0
    while done < octets.count {
      let result = unsafe Glibc.read(descriptor, octets.address + done, octets.count - done)
      if result > 0 {
        done += result
      } else if result == 0 {
        break
      } else if errno != EINTR {
        throw FileError(path)
      }
    }
    return done
  }
}
