import Glibc

/// Elements appended one after another, in one allocation that doubles: what a loader fills.
///
/// A large one is a mapping, which grows by moving its pages, not by copying them, is resident only as far as it is
/// filled, and can be given back from its start while it is read.
@safe @usableFromInline package struct GrowableArray<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var storage: UnsafeMutablePointer<Element>
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0
  /// Octets from the start that the kernel has back.
  private var returned = 0

  package init(minimumCapacity: Int = 64) {
    precondition(MemoryLayout<Element>.alignment <= 16)
    capacity = max(1, minimumCapacity)
    let memory = unsafe GrowableArray.resize(nil, from: 0, to: GrowableArray.octets(capacity))
    unsafe storage = memory.bindMemory(to: Element.self, capacity: capacity)
  }

  /// With no room to spare.
  package init(copying source: Span<Element>) {
    self.init(minimumCapacity: source.count)
    append(contentsOf: source)
  }

  deinit {
    let octets = GrowableArray.octets(capacity)
    if octets >= mappingThreshold { unsafe munmap(storage, octets) } else { unsafe free(storage) }
  }

  private static func octets(_ count: Int) -> Int {
    let (octets, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    precondition(!overflow, "out of memory")
    return octets
  }

  private static func resize(_ old: UnsafeMutableRawPointer?, from oldSize: Int, to size: Int)
    -> UnsafeMutableRawPointer
  {
    let memory: UnsafeMutableRawPointer?
    if size < mappingThreshold {
      unsafe memory = realloc(old, size)
    } else if let old = unsafe old, oldSize >= mappingThreshold {
      unsafe memory = Pages.grow(old, from: oldSize, to: size)
    } else {
      unsafe memory = Pages.map(size)
      if let old = unsafe old, let memory = unsafe memory {
        unsafe memcpy(memory, old, oldSize)
        unsafe free(old)
      }
    }
    precondition(unsafe memory != nil, "out of memory")
    return unsafe memory.unsafelyUnwrapped
  }

  /// Octets of the elements, but for those that are given back.
  package var held: Int { used * MemoryLayout<Element>.stride - returned }

  /// Gives back memory of the elements before `index`, which nobody asks for any more: they read as zeros, or as
  /// they were.
  package mutating func release(before index: Int) {
    precondition(index >= 0 && index <= used)
    guard GrowableArray.octets(capacity) >= mappingThreshold else { return }
    let end = index * MemoryLayout<Element>.stride
    returned = unsafe Pages.giveBack(UnsafeMutableRawPointer(storage), from: returned, to: end)
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
    let old = GrowableArray.octets(capacity)
    capacity = max(used + additional, 2 * capacity)
    let memory = unsafe GrowableArray.resize(storage, from: old, to: GrowableArray.octets(capacity))
    unsafe storage = memory.bindMemory(to: Element.self, capacity: capacity)
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
