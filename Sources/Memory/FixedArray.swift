/// A fixed number of noncopyable elements in one allocation, borrowed in place by index.
@safe @usableFromInline package struct FixedArray<Element: ~Copyable>: ~Copyable {
  @usableFromInline let start: UnsafeMutablePointer<Element>
  @usableFromInline package let count: Int

  package init(count: Int, _ make: (Int) -> Element) {
    self.count = count
    unsafe start = .allocate(capacity: max(1, count))
    for i in 0..<count { unsafe (start + i).initialize(to: make(i)) }
  }

  deinit {
    unsafe start.deinitialize(count: count)
    unsafe start.deallocate()
  }

  @inlinable package subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return unsafe UnsafePointer(start + index)
    }
    unsafeMutableAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
      return unsafe start + index
    }
  }
}

extension FixedArray: @unchecked Sendable where Element: Sendable & ~Copyable {}
