/// Checked, big-endian access to octets: the one file of `Wire` that may say `unsafe`.
///
/// The standard library's span loads are marked unsafe because they can reinterpret memory as any
/// type; here they only ever read and write integers, behind one bounds check each. Values from the
/// network choose the offsets, so callers check first and *return*; the trap is the last line of defence.

extension Span<UInt8> {
  /// The same octets, for the accessors below.
  @inlinable package var octets: RawSpan {
    @_lifetime(copy self) get { unsafe bytes }
  }
}

extension RawSpan {
  /// The octet at `offset`.
  @inlinable package func octet(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The big-endian 16-bit number at `offset`.
  @inlinable package func uint16(_ offset: Int) -> UInt16 {
    unsafe UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// The big-endian 32-bit number at `offset`.
  @inlinable package func uint32(_ offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Eight octets at `offset`, in the machine's order: for hashing and comparing, never for values.
  @inlinable package func word(_ offset: Int) -> UInt64 {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// A little-endian-in-memory integer in the machine's own order, for tables built by this process.
  @inlinable package func native<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
  }
}

extension RawSpan {
  /// Whether both have the same octets.
  package func holdsSame(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    for i in 0..<byteCount where octet(i) != other.octet(i) { return false }
    return true
  }
}

extension MutableRawSpan {
  @inlinable package func octet(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  @inlinable package func uint16(_ offset: Int) -> UInt16 {
    unsafe UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inlinable package func uint32(_ offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inlinable package func word(_ offset: Int) -> UInt64 {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  @inlinable package mutating func put(_ value: UInt8, at offset: Int) {
    storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
  }

  @inlinable package mutating func put(_ value: UInt16, at offset: Int) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
  }

  @inlinable package mutating func put(_ value: UInt32, at offset: Int) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
  }

  @inlinable package mutating func putWord(_ value: UInt64, at offset: Int) {
    storeBytes(of: value, toByteOffset: offset, as: UInt64.self)
  }

  package mutating func put(_ text: StaticString, at offset: Int) {
    for i in 0..<text.utf8CodeUnitCount { put(text.octet(i), at: offset + i) }
  }

  /// Copies `count` octets of `source` from `start` to `offset`.
  @inlinable package mutating func copy(_ source: RawSpan, from start: Int, count: Int, at offset: Int) {
    precondition(start >= 0 && count >= 0 && start <= source.byteCount - count)
    precondition(offset >= 0 && offset <= byteCount - count)
    unsafe withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { octets in
        unsafe target.baseAddress.unsafelyUnwrapped.advanced(by: offset)
          .copyMemory(from: octets.baseAddress.unsafelyUnwrapped.advanced(by: start), byteCount: count)
      }
    }
  }
}

extension Array<UInt8> {
  /// The array's octets for reading.
  @inlinable package var rawBytes: RawSpan {
    @_lifetime(borrow self) borrowing get { unsafe span.bytes }
  }
}

extension Array<UInt8> {
  /// A copy of `octets[range]`.
  package init(copying octets: RawSpan, _ range: Range<Int>) {
    unsafe self.init(unsafeUninitializedCapacity: range.count) { target, count in
      for i in range { unsafe target[i - range.lowerBound] = octets.octet(i) }
      count = range.count
    }
  }
}

extension StaticString {
  /// The octet at `index` of ASCII text.
  func octet(_ index: Int) -> UInt8 {
    precondition(hasPointerRepresentation && index >= 0 && index < utf8CodeUnitCount)
    return unsafe utf8Start[index]
  }
}
