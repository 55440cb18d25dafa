import Glibc

/// A file of slabs, opened to be read: large ones become mappings of it, small ones are copied.
///
/// It must never be changed in place: whoever has another content writes a file beside it and renames that.
package struct SlabFile: ~Copyable {
  private let descriptor: Int32
  /// Octets.
  package let size: Int

  /// Slabs begin at multiples of this: what a mapping asks for.
  package static var alignment: Int { 4096 }

  package init(_ path: String) throws(FileError) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError(path: path, message: "not a regular file")
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// - Parameter offset: in octets.
  /// - Returns: nil when the file or the memory does not reach so far.
  package func slab<Element: BitwiseCopyable>(_ type: Element.Type, at offset: Int, count: Int) -> Slab<Element>? {
    let (octets, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, count >= 0, offset >= 0, offset % Self.alignment == 0, octets <= size, offset <= size - octets
    else { return nil }
    if octets >= mappingThreshold { return Slab(mapping: descriptor, at: offset, count: count) }
    guard let slab = Slab<Element>(ifPossible: count) else { return nil }
    guard unsafe pread(descriptor, slab.address, octets, offset) == octets else { return nil }
    return consume slab
  }
}

extension Slab {
  /// Pages are read now, so that no reader waits for a disk later.
  fileprivate init?(mapping descriptor: Int32, at offset: Int, count: Int) {
    let octets = count * MemoryLayout<Element>.stride
    let memory = unsafe mmap(nil, octets, PROT_READ, MAP_PRIVATE | Int32(MAP_POPULATE), descriptor, offset)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    unsafe self.init(adopting: memory, count)
  }
}

/// Writes a file beside the one that it is to replace, which it does when all is there.
package struct FileWriter: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var isDone = false
  /// Octets so far.
  package private(set) var size = 0

  /// Nobody else can read the file.
  package init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = unsafe open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(path + ".new") }
  }

  deinit {
    close(descriptor)
    if !isDone { unsafe unlink(path + ".new") }
  }

  /// What nothing is written to, before the last octet written, is zero.
  ///
  /// - Parameter offset: in octets.
  package mutating func write(_ octets: RawSpan, at offset: Int) throws(FileError) {
    var done = 0
    while done < octets.byteCount {
      let result = unsafe octets.withUnsafeBytes {
        unsafe pwrite(descriptor, $0.baseAddress.unsafelyUnwrapped + done, $0.count - done, offset + done)
      }
      guard result > 0 || errno == EINTR else { throw FileError(path + ".new") }
      done += max(0, result)
    }
    size = max(size, offset + done)
  }

  /// Without fsync(2): what a crash leaves behind is recognised by its hash.
  package consuming func commit() throws(FileError) {
    guard unsafe Glibc.rename(path + ".new", path) == 0 else { throw FileError(path) }
    isDone = true
  }

  /// When this returns, the new content survives a power cut.
  package consuming func commitDurably() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError(path + ".new") }
    let path = path
    try commit()
    try syncFolder(of: path)
  }
}

/// Removes a file; one that is not there is no error.
package func removeFile(_ path: String) throws(FileError) {
  guard unsafe unlink(path) == 0 || errno == ENOENT else { throw FileError(path) }
}

/// Makes a folder that only its owner sees into; one that is there is no error.
package func makeNewFolder(_ path: String) throws(FileError) {
  guard unsafe mkdir(path, 0o755) == 0 else { throw FileError(path) }
}

/// Makes a folder that only its owner can look into, if it is not there.
package func makeFolder(_ path: String) throws(FileError) {
  guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileError(path) }
}

/// Removes an empty folder.
package func removeFolder(_ path: String) throws(FileError) {
  guard unsafe rmdir(path) == 0 else { throw FileError(path) }
}

/// Whether there is anything of that name.
package func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

/// Gives a file another name.
package func rename(_ path: String, to other: String) throws(FileError) {
  guard unsafe Glibc.rename(path, other) == 0 else { throw FileError(path) }
}
