import Glibc

/// Elements appended one after another, in one allocation that doubles: what a loader fills.
///
/// The growing is realloc(3)'s, which moves large allocations by remapping pages, not by copying.
@safe @usableFromInline package struct GrowableArray<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var storage: UnsafeMutablePointer<Element>
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0

  package init(minimumCapacity: Int = 64) {
    precondition(MemoryLayout<Element>.alignment <= 16)
    capacity = max(1, minimumCapacity)
    unsafe storage = GrowableArray.allocate(nil, capacity)
  }

  deinit { unsafe free(storage) }

  private static func allocate(_ old: UnsafeMutablePointer<Element>?, _ count: Int) -> UnsafeMutablePointer<Element> {
    let (octets, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    let memory = overflow ? nil : unsafe realloc(old, octets)
    precondition(unsafe memory != nil, "out of memory")
    return unsafe memory.unsafelyUnwrapped.bindMemory(to: Element.self, capacity: count)
  }

  @inlinable package var count: Int { used }

  @inlinable package mutating func append(_ element: Element) {
    if used == capacity { reserve(1) }
    unsafe (storage + used).initialize(to: element)
    used &+= 1
  }

  @inlinable package mutating func append(contentsOf source: Span<Element>) {
    if capacity - used < source.count { reserve(source.count) }
    let target = unsafe storage + used
    unsafe source.withUnsafeBufferPointer {
      if let base = $0.baseAddress { unsafe target.initialize(from: base, count: $0.count) }
    }
    used += source.count
  }

  /// Forgets the elements from `newCount` on.
  @inlinable package mutating func truncate(to newCount: Int) {
    precondition(newCount >= 0 && newCount <= used)
    used = newCount
  }

  /// Makes room for `additional` more elements.
  @usableFromInline package mutating func reserve(_ additional: Int) {
    guard capacity - used < additional else { return }
    capacity = max(used + additional, 2 * capacity)
    unsafe storage = GrowableArray.allocate(storage, capacity)
  }

  @inlinable package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < used)
      return unsafe storage[index]
    }
    set {
      precondition(index >= 0 && index < used)
      unsafe storage[index] = newValue
    }
  }

  @inlinable package var span: Span<Element> {
    @_lifetime(borrow self) borrowing get {
      unsafe _overrideLifetime(Span(_unsafeStart: UnsafePointer(storage), count: used), borrowing: self)
    }
  }

  @inlinable package var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self) mutating get {
      unsafe _overrideLifetime(MutableSpan(_unsafeStart: storage, count: used), mutating: &self)
    }
  }

  /// The same memory as octets.
  @inlinable package var bytes: RawSpan {
    @_lifetime(borrow self) borrowing get {
      unsafe _overrideLifetime(
        RawSpan(_unsafeStart: UnsafePointer(storage), byteCount: used * MemoryLayout<Element>.stride), borrowing: self)
    }
  }
}

// One owner, and changed only through it: sharing it is sharing its elements.
extension GrowableArray: @unchecked Sendable where Element: Sendable {}
