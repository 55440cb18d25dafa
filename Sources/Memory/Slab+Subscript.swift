extension Slab {
  /// One element, checked like a span's.
  @inlinable package subscript(index: Int) -> Element {
    get { span[index] }
    set {
      precondition(index >= 0 && index < count)
      unsafe start[index] = newValue
    }
  }
}
