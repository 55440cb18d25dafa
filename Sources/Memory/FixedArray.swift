/// A fixed number of noncopyable elements in one allocation, borrowed in place by index.
@safe @usableFromInline package struct FixedArray<Element: ~Copyable>: ~Copyable {
  @usableFromInline let storage: UnsafeMutableBufferPointer<Element>

  package init(count: Int, _ make: (Int) -> Element) {
    unsafe storage = .allocate(capacity: count)
    for i in 0..<count { unsafe (storage.baseAddress.unsafelyUnwrapped + i).initialize(to: make(i)) }
  }

  deinit {
    unsafe storage.deinitialize()
    unsafe storage.deallocate()
  }

  @inlinable package var count: Int { unsafe storage.count }

  @inlinable package subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(index >= 0 && index < count)
      return unsafe UnsafePointer(storage.baseAddress.unsafelyUnwrapped + index)
    }
    unsafeMutableAddress {
      precondition(index >= 0 && index < count)
      return unsafe storage.baseAddress.unsafelyUnwrapped + index
    }
  }
}

extension FixedArray: @unchecked Sendable where Element: Sendable & ~Copyable {}
