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
    // One comparison: a negative offset is a very large one.
    precondition(UInt(bitPattern: offset) < UInt(bitPattern: byteCount))
    return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
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
  /// Traps unless `count` octets from `offset` can be read.
  @inlinable @inline(__always) package func check(_ offset: Int, _ count: Int) {
    precondition(offset >= 0 && offset <= byteCount &- count)
  }

  /// Traps unless whole words that cover `count` octets from `offset` can be read.
  @inlinable @inline(__always) package func checkWords(_ offset: Int, _ count: Int) {
    // Neither is negative nor so large that the sum could overflow.
    precondition((offset | count) &>> 48 == 0 && offset &+ (count &+ 7) & ~7 <= byteCount)
  }

  /// A number in the machine's order that `check` has been asked about.
  @inlinable @inline(__always) package func checked<T: FixedWidthInteger & BitwiseCopyable>(
    _ offset: Int, as type: T.Type
  ) -> T {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
  }

  /// Eight octets that `checkWords` has been asked about.
  @inlinable @inline(__always) package func checkedWord(_ offset: Int) -> UInt64 {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
  }

  /// Whether both have the same octets.
  package func holdsSame(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    for i in 0..<byteCount where octet(i) != other.octet(i) { return false }
    return true
  }
}

extension MutableRawSpan {
  @inlinable package func octet(_ offset: Int) -> UInt8 {
    // One comparison: a negative offset is a very large one.
    precondition(UInt(bitPattern: offset) < UInt(bitPattern: byteCount))
    return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
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

  /// Copies `count` octets of `source` from `start` to the front, in lower case and sixteen at a time: the
  /// first 32, or up to fifteen more, are read and written.
  @inlinable @inline(__always) package mutating func putLowercased(
    _ source: borrowing MutableRawSpan, from start: Int, count: Int
  ) {
    precondition((start | count) &>> 48 == 0)
    // Most names: no loop.
    if count <= 32, start &+ 32 <= source.byteCount, 32 <= byteCount {
      lowercase(source, from: start, at: 0)
      lowercase(source, from: start, at: 16)
      return
    }
    let rounded = (count &+ 15) & ~15
    precondition(rounded <= byteCount && start &+ rounded <= source.byteCount)
    for at in stride(from: 0, to: rounded, by: 16) { lowercase(source, from: start, at: at) }
  }

  /// Sixteen octets, which the caller knows to be there.
  @inlinable @inline(__always) mutating func lowercase(_ source: borrowing MutableRawSpan, from start: Int, at: Int) {
    let octets = unsafe source.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ at, as: SIMD2<UInt64>.self)
    unsafe storeBytes(of: lowercased(octets), toUncheckedByteOffset: at, as: SIMD2<UInt64>.self)
  }

  /// The first `count` octets become lower case, in sixteens: up to fifteen more are looked at.
  package mutating func lowercase(_ count: Int) {
    precondition(count >= 0 && (count &+ 15) & ~15 <= byteCount)
    for at in stride(from: 0, to: count, by: 16) {
      let octets = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: SIMD2<UInt64>.self)
      unsafe storeBytes(of: lowercased(octets), toUncheckedByteOffset: at, as: SIMD2<UInt64>.self)
    }
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

/// A message's buffer has room for `slack` octets at the least, which `Message.init` has checked: so the header
/// needs no check, and anything else one comparison.
extension Message {
  @inlinable @inline(__always) func checked<T: FixedWidthInteger & BitwiseCopyable>(
    _ offset: Int, as type: T.Type
  ) -> T {
    precondition(UInt(bitPattern: offset) <= UInt(bitPattern: octets.byteCount &- MemoryLayout<T>.size))
    return unsafe octets.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
  }

  // The caller has checked the offset against `length`.
  @inlinable package func octet(_ offset: Int) -> UInt8 { checked(offset, as: UInt8.self) }
  @inlinable package func uint16(_ offset: Int) -> UInt16 { UInt16(bigEndian: checked(offset, as: UInt16.self)) }
  @inlinable package func uint32(_ offset: Int) -> UInt32 { UInt32(bigEndian: checked(offset, as: UInt32.self)) }
  @inlinable package func word(_ offset: Int) -> UInt64 { checked(offset, as: UInt64.self) }

  /// The header's second 16 bits: `HeaderFlags`, and the response code.
  @inlinable package var flags: UInt16 {
    get { unsafe UInt16(bigEndian: octets.unsafeLoadUnaligned(fromUncheckedByteOffset: 2, as: UInt16.self)) }
    @_lifetime(self: copy self)
    set { unsafe octets.storeBytes(of: newValue.bigEndian, toUncheckedByteOffset: 2, as: UInt16.self) }
  }

  /// The header's four counters, as they lie in memory.
  @inlinable package var counts: UInt64 {
    unsafe octets.unsafeLoadUnaligned(fromUncheckedByteOffset: 4, as: UInt64.self)
  }

  /// Sets all counters but that of the questions to 0.
  @_lifetime(self: copy self)
  @inlinable package mutating func clearCounts() {
    unsafe octets.storeBytes(of: 0, toUncheckedByteOffset: 6, as: UInt32.self)
    unsafe octets.storeBytes(of: 0, toUncheckedByteOffset: 10, as: UInt16.self)
  }

  /// Adds `count` to one of the section counters.
  @_lifetime(self: copy self)
  @inlinable package mutating func count(_ count: Int, in section: Section) {
    let at = section.offset
    let old = unsafe UInt16(bigEndian: octets.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt16.self))
    let new = old &+ UInt16(truncatingIfNeeded: count)
    unsafe octets.storeBytes(of: new.bigEndian, toUncheckedByteOffset: at, as: UInt16.self)
  }
  /// Appends an OPT record without options (RFC 6891 §6.1.2), if it fits.
  ///
  /// - Parameters:
  ///   - size: octets of UDP that we take.
  ///   - upper: the response code's upper eight bits.
  @_lifetime(self: copy self)
  @inlinable package mutating func appendOPT(size: UInt16, upper: UInt8, dnssecOK: Bool) -> Bool {
    let at = length
    guard fits(11) else { return false }
    precondition(at >= 0 && at <= octets.byteCount &- 11)
    // The root's octet and the type; then, over what is too much of that, size, code, version, flags, data length.
    let tail = UInt64(size) &<< 48 | UInt64(upper) &<< 40 | (dnssecOK ? 0x8000_0000 : 0)
    unsafe octets.storeBytes(of: UInt32(0x2900).bigEndian, toUncheckedByteOffset: at, as: UInt32.self)
    unsafe octets.storeBytes(of: tail.bigEndian, toUncheckedByteOffset: at &+ 3, as: UInt64.self)
    length = at &+ 11
    return true
  }
  /// Where the labels of the name at `offset` begin, in octets from there: written to `starts` from `first` on, one
  /// octet each, at most 127.
  ///
  /// - Returns: the place of the root's octet, and how many labels there are; nil: malformed, compressed or too long.
  @inline(__always) func labels(at offset: Int, to starts: inout MutableRawSpan, from first: Int) -> (
    end: Int, count: Int
  )? {
    // Each label has two octets at the least, and the root's is the last of 255.
    let bound = min(length, octets.byteCount, offset &+ 255)
    precondition(offset >= 0 && first >= 0 && first &+ 127 <= starts.byteCount)
    var at = offset
    var count = 0
    while at < bound {
      let label = Int(unsafe octets.unsafeLoad(fromUncheckedByteOffset: at, as: UInt8.self))
      if label == 0 { return (at, count) }
      if label > 63 { return nil }
      unsafe starts.storeBytes(
        of: UInt8(truncatingIfNeeded: at &- offset), toUncheckedByteOffset: first &+ count, as: UInt8.self)
      count &+= 1
      at &+= label &+ 1
    }
    return nil
  }
}
