import Glibc
import Memory

/// One thing that a journal asks of the disk: where a test lets it fail or end the process.
package enum JournalStep: String, CaseIterable, Sendable {
  case openTemporary, writeTemporary, syncTemporary, openLog, rename, syncFolder, truncateLog, writeHeader, syncHeader
  case append, syncLog
  case openEvents, truncateEvents, appendEvent, syncEvents, rotateEvents
}

/// Called before each step; what it returns other than 0 is the `errno` with which the step fails.
package typealias JournalFault = @Sendable (JournalStep) -> Int32

/// The calls that a journal needs; the only code of this target that speaks to the system.
struct Disk: Sendable {
  let fault: JournalFault

  /// Opens for writing, and makes the file if it is missing, for its owner alone.
  func open(_ path: String, isTruncated: Bool = false, _ step: JournalStep) throws(FileError) -> JournalFile {
    try pass(step, path)
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | (isTruncated ? O_TRUNC : 0)
    let descriptor = unsafe Glibc.open(path, flags, 0o600)
    guard descriptor >= 0 else { throw error(path) }
    return JournalFile(path, descriptor)
  }

  /// - Parameter offset: in octets.
  func write(_ octets: [UInt8], to file: JournalFile, at offset: Int, _ step: JournalStep) throws(FileError) {
    try pass(step, file.path)
    var done = 0
    while done < octets.count {
      let count = unsafe octets.withUnsafeBytes {
        unsafe pwrite(file.descriptor, $0.baseAddress.unsafelyUnwrapped + done, $0.count - done, offset + done)
      }
      guard count > 0 || errno == EINTR else { throw error(file.path) }
      done += max(0, count)
    }
  }

  /// Returns when the content, and the size that it needs, are on disk.
  func sync(_ file: JournalFile, _ step: JournalStep) throws(FileError) {
    try pass(step, file.path)
    guard fdatasync(file.descriptor) == 0 else { throw error(file.path) }
  }

  func truncate(_ file: JournalFile, to size: Int, _ step: JournalStep) throws(FileError) {
    try pass(step, file.path)
    guard ftruncate(file.descriptor, size) == 0 else { throw error(file.path) }
  }

  func rename(_ path: String, to new: String, _ step: JournalStep) throws(FileError) {
    try pass(step, new)
    guard unsafe Glibc.rename(path, new) == 0 else { throw error(new) }
  }

  /// Makes new names of the folder last.
  func syncFolder(_ path: String, _ step: JournalStep) throws(FileError) {
    try pass(step, path)
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw error(path) }
  }

  /// The whole file; nil when there is none.
  ///
  /// - Parameter limit: octets; a larger file is refused.
  static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw FileError(path: path, message: unsafe String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, message: "not a regular file")
    }
    guard status.st_size <= limit else { throw FileError(path: path, message: "larger than \(limit) octets") }
    var octets = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < octets.count {
      let count = unsafe octets.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress.unsafelyUnwrapped + done, $0.count - done, done)
      }
      if count == 0 { break }
      guard count > 0 || errno == EINTR else {
        throw FileError(path: path, message: unsafe String(cString: strerror(errno)))
      }
      done += max(0, count)
    }
    octets.removeLast(octets.count - done)
    return octets
  }

  /// Keeps a damaged file for who wants to look at it; one that cannot be moved is written over.
  func setAside(_ path: String) { _ = unsafe Glibc.rename(path, path + ".damaged") }

  /// Lets go of what an attempt that failed has left.
  func remove(_ path: String) { _ = unsafe unlink(path) }

  private func pass(_ step: JournalStep, _ path: String) throws(FileError) {
    let number = fault(step)
    if number != 0 { throw FileError(path: path, message: unsafe String(cString: strerror(number))) }
  }

  private func error(_ path: String) -> FileError {
    FileError(path: path, message: unsafe String(cString: strerror(errno)))
  }
}

/// An open file of a journal, closed with its last reference.
final class JournalFile {
  let path: String
  fileprivate let descriptor: Int32

  fileprivate init(_ path: String, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}

extension JournalStamp {
  /// This moment.
  package static func now() -> JournalStamp {
    JournalStamp(wall: clock(CLOCK_REALTIME), monotonic: clock(CLOCK_MONOTONIC), boot: bootIdentity)
  }

  /// The same until the machine starts anew; zero where the kernel does not tell.
  private static let bootIdentity: BootIdentity = {
    // A file of /proc has no size.
    let descriptor = unsafe Glibc.open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return BootIdentity() }
    defer { close(descriptor) }
    var text = [UInt8](repeating: 0, count: 64)
    let count = unsafe Glibc.read(descriptor, &text, text.count)
    return BootIdentity(text: String(decoding: text.prefix(max(0, count)), as: UTF8.self))
  }()
}

/// Nanoseconds.
func monotonicNow() -> Int64 { clock(CLOCK_MONOTONIC) }

/// Nanoseconds since 1970; may jump.
func wallNow() -> Int64 { clock(CLOCK_REALTIME) }

private func clock(_ identifier: clockid_t) -> Int64 {
  var time = timespec()
  _ = unsafe clock_gettime(identifier, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension ContentHash {
  static func of(_ octets: [UInt8]) -> UInt64 {
    unsafe octets.withUnsafeBytes { unsafe ContentHash.of(RawSpan(_unsafeBytes: $0)) }
  }
}
