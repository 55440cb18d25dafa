public import CLinux
import Glibc

/// Octets from which a mapping is worth pages of 2 MiB: fewer of them to make, and to look up when a question
/// finds its name somewhere in a large zone.
private let hugePageThreshold = 8 << 20

/// A fixed-size allocation with one owner, visible only through bounds-checked spans.
///
/// Long-lived tables and buffers live in slabs: no reference counting, no copy-on-write check, and
/// no exclusivity call on access. The memory starts zeroed.
@safe @usableFromInline package struct Slab<Element: BitwiseCopyable>: ~Copyable {
  /// Kept apart, as a buffer pointer's address may be nil and is looked at before each access.
  @usableFromInline let start: UnsafeMutablePointer<Element>
  @usableFromInline package let count: Int

  /// - Parameter alignment: octets; 64 keeps a buffer's start on a cache line of its own.
  package init(count: Int, alignment: Int = 64) {
    let memory = unsafe Slab.allocate(count, alignment)
    precondition(unsafe memory != nil, "out of memory")
    unsafe self.init(adopting: memory.unsafelyUnwrapped, count)
  }

  /// For a size that somebody else chose: nil when the system has not so much memory.
  package init?(ifPossible count: Int) {
    guard let memory = unsafe Slab.allocate(count, 64) else { return nil }
    unsafe self.init(adopting: memory, count)
  }

  init(adopting memory: UnsafeMutableRawPointer, _ count: Int) {
    unsafe start = memory.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  package init(copying source: borrowing Span<Element>) {
    self.init(count: source.count)
    for i in source.indices { unsafe start[i] = source[i] }
  }

  deinit {
    let octets = max(1, count) * MemoryLayout<Element>.stride
    if octets >= mappingThreshold {
      unsafe munmap(start, octets)
    } else {
      unsafe free(start)
    }
  }

  /// Large slabs are mappings of their own: zeroed by the kernel, resident only where they are
  /// touched, and given back whole when they end.
  private static func allocate(_ count: Int, _ alignment: Int) -> UnsafeMutableRawPointer? {
    precondition(count >= 0)
    let octets = max(1, count) * MemoryLayout<Element>.stride
    if octets >= mappingThreshold {
      guard let memory = unsafe Pages.map(octets) else { return nil }
      if octets >= hugePageThreshold { _ = unsafe madvise(memory, octets, Int32(MADV_HUGEPAGE)) }
      return unsafe memory
    }
    var memory: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&memory, alignment, octets) == 0 else { return nil }
    return unsafe memset(memory.unsafelyUnwrapped, 0, octets)
  }

  @inlinable package var span: Span<Element> {
    @_lifetime(borrow self) borrowing get {
      unsafe _overrideLifetime(Span(_unsafeStart: start, count: count), borrowing: self)
    }
  }

  @inlinable package var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self) mutating get {
      unsafe _overrideLifetime(MutableSpan(_unsafeStart: start, count: count), mutating: &self)
    }
  }

  /// The same memory as octets.
  @inlinable package var bytes: RawSpan {
    @_lifetime(borrow self) borrowing get {
      unsafe _overrideLifetime(
        RawSpan(_unsafeStart: start, byteCount: count &* MemoryLayout<Element>.stride), borrowing: self)
    }
  }

  /// `count` octets from `offset`, for writing: one datagram's buffer out of a ring.
  @_lifetime(&self)
  @inlinable @inline(__always) package mutating func mutableBytes(at offset: Int, count: Int) -> MutableRawSpan {
    precondition(offset >= 0 && count >= 0 && offset <= self.count &* MemoryLayout<Element>.stride &- count)
    let first = unsafe UnsafeMutableRawPointer(start) + offset
    return unsafe _overrideLifetime(MutableRawSpan(_unsafeStart: first, byteCount: count), mutating: &self)
  }

  /// Has the processor fetch element `index` meanwhile. One that does not exist is not fetched.
  @inlinable package func prefetch(_ index: Int) {
    guard index >= 0, index < count else { return }
    unsafe clinux_prefetch(UnsafeRawPointer(start + index))
  }

  /// Copies all of `source` to the front.
  package mutating func copy(_ source: RawSpan) {
    precondition(source.byteCount <= count * MemoryLayout<Element>.stride)
    unsafe source.withUnsafeBytes { octets in
      guard let source = octets.baseAddress else { return }
      unsafe memcpy(start, source, octets.count)
    }
  }

  /// The address, for the kernel (`iovec`) and C libraries. Valid while the slab lives.
  @unsafe @inlinable package var address: UnsafeMutablePointer<Element> {
    unsafe start
  }
}

// One owner, and changed only through it: sharing it is sharing its elements.
extension Slab: @unchecked Sendable where Element: Sendable {}
