import CLinux
import Glibc

/// Octets from which an allocation is a mapping of its own instead of a part of the heap.
let mappingThreshold = 1 << 20

/// Mappings that the kernel zeroes, makes resident where they are touched, and takes back whole or in parts.
enum Pages {
  /// What is given back of a mapping of small pages at once.
  static var piece: Int { 1 << 18 }
  /// A page of 2 MiB is given back whole: of one in parts the kernel keeps the rest.
  static var hugePiece: Int { 1 << 21 }

  /// - Returns: nil when the system has not so much memory.
  static func map(_ octets: Int) -> UnsafeMutableRawPointer? {
    let memory = unsafe mmap(nil, octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return unsafe memory == MAP_FAILED ? nil : memory
  }

  /// The same pages, more of them, where there is room: nothing is copied, so that no page is there twice.
  static func grow(_ memory: UnsafeMutableRawPointer, from old: Int, to new: Int) -> UnsafeMutableRawPointer? {
    let moved = unsafe clinux_remap(memory, old, new)
    return unsafe moved == MAP_FAILED ? nil : moved
  }

  /// Gives the whole pieces of memory between two offsets of a mapping back; they read as zeros from now on.
  ///
  /// - Returns: the offset up to which that is so.
  static func giveBack(_ memory: UnsafeMutableRawPointer, from start: Int, to end: Int, piece: Int = piece)
    -> Int
  {
    let base = Int(bitPattern: memory)
    let last = (base + end) / piece * piece - base
    guard last > start else { return start }
    _ = unsafe madvise(memory + start, last - start, Int32(MADV_DONTNEED))
    return last
  }
}
