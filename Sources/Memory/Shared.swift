public import Synchronization

/// Octets between the number of owners and the value: the count changes while others read the value,
/// so it must not share a cache line with it.
private let headerSize = 64

/// An immutable noncopyable value with several owners, counted by hand.
///
/// Unlike a class it costs nothing to read: `value` is borrowed in place, and only `share` and the
/// end of an owner touch the count. A zone that a reload leaves as it was is shared by two generations.
@safe @usableFromInline package struct Shared<Value: ~Copyable>: ~Copyable {
  @usableFromInline let pointer: UnsafeMutablePointer<Value>

  package init(_ value: consuming Value) {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: headerSize + max(1, MemoryLayout<Value>.size), alignment: headerSize)
    unsafe memory.bindMemory(to: Atomic<Int>.self, capacity: 1).initialize(to: Atomic(1))
    unsafe pointer = (memory + headerSize).bindMemory(to: Value.self, capacity: 1)
    unsafe pointer.initialize(to: value)
  }

  fileprivate init(adopting pointer: UnsafeMutablePointer<Value>) { unsafe self.pointer = pointer }

  deinit {
    if unsafe owners.pointee.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
      unsafe pointer.deinitialize(count: 1)
      unsafe UnsafeMutableRawPointer(owners).deallocate()
    }
  }

  private var owners: UnsafeMutablePointer<Atomic<Int>> {
    unsafe (UnsafeMutableRawPointer(pointer) - headerSize).assumingMemoryBound(to: Atomic<Int>.self)
  }

  @inlinable package var value: Value {
    unsafeAddress { unsafe UnsafePointer(pointer) }
  }

  /// One more owner of the same value.
  package func share() -> Shared {
    unsafe owners.pointee.add(1, ordering: .relaxed)
    return unsafe Shared(adopting: pointer)
  }

  fileprivate consuming func release() -> UnsafeMutablePointer<Value> {
    let result = unsafe pointer
    discard self
    return unsafe result
  }
}

/// A place from which many threads read an immutable value while one thread exchanges it, without a lock.
///
/// A reader borrows `current` only between `ReaderEpochs.enter` and `leave`. The writer hands what it
/// took out to a `Retirement`, which lets go when no reader can be looking at it any more.
@safe @usableFromInline package struct Published<Value: ~Copyable>: ~Copyable {
  @usableFromInline let pointer: Atomic<UnsafeMutablePointer<Value>>

  package init(_ value: consuming Shared<Value>) { unsafe pointer = Atomic(value.release()) }

  deinit { _ = unsafe Shared(adopting: pointer.load(ordering: .acquiring)) }

  /// The value as it is now. Load it once for all that must agree.
  ///
  /// Sequentially consistent, like the store of `ReaderEpochs.enter`, as an acquiring load could be done
  /// before that store and so before the writer can know of the reader. On x86-64 it is a plain load.
  @inlinable package var current: Value {
    unsafeAddress { unsafe UnsafePointer(pointer.load(ordering: .sequentiallyConsistent)) }
  }

  /// Publishes `value` and returns what it replaces, which readers may still be using.
  package func exchange(_ value: consuming Shared<Value>) -> Shared<Value> {
    unsafe Shared(adopting: pointer.exchange(value.release(), ordering: .sequentiallyConsistent))
  }

  /// An owner of the current value. Only for the writer, or for a reader inside its epoch.
  package func lease() -> Shared<Value> {
    let borrowed = unsafe Shared(adopting: pointer.load(ordering: .acquiring))
    let lease = borrowed.share()
    _ = unsafe borrowed.release()
    return lease
  }
}

// The raw pointers hide it from the compiler: the values are immutable, and owners are counted atomically.
extension Shared: @unchecked Sendable where Value: Sendable & ~Copyable {}
extension Published: @unchecked Sendable where Value: Sendable & ~Copyable {}
