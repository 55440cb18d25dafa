/// One message in the buffer that received it: the query is read where it lies, and the reply is
/// written behind its question.
///
/// An append that does not fit writes nothing and returns false; the caller goes back to a mark and
/// truncates (RFC 2181 §9). `limit` is the largest reply that the client takes.
@usableFromInline package struct Message: ~Copyable, ~Escapable {
  /// Octets that the buffer must have behind a received message, so that names can be read by words.
  @inlinable package static var slack: Int { 16 }
  @inlinable package static var headerLength: Int { 12 }

  @usableFromInline var octets: MutableRawSpan
  /// The end of what was received, later of what is written.
  @usableFromInline package var length: Int
  @usableFromInline var limit: Int

  /// - Precondition: `buffer` has `slack` octets behind `length`.
  @_lifetime(copy buffer)
  @inlinable package init(_ buffer: consuming MutableRawSpan, length: Int) {
    precondition(length >= 0 && length <= buffer.byteCount - Message.slack)
    self.limit = buffer.byteCount
    self.octets = buffer
    self.length = length
  }

  /// The offset of what stands `count` octets behind the start of the uncompressed name at `offset`:
  /// there the name may go on behind a pointer.
  ///
  /// - Precondition: a label of the name begins there.
  @inlinable package func position(_ count: Int, inNameAt offset: Int) -> Int {
    var at = offset
    var left = count
    while left > 0 {
      let label = Int(octet(at))
      if label >= 0xC0 {
        at = Int(uint16(at) & 0x3FFF)
      } else {
        at += label + 1
        left -= label + 1
      }
    }
    return at
  }

  /// A copy.
  package func octets(_ range: Range<Int>) -> [UInt8] { range.map { octet($0) } }

  // MARK: - Writing

  /// Lets the reply grow to `octets`, or to the buffer's end.
  @_lifetime(self: copy self)
  @inlinable package mutating func setLimit(_ octets: Int) { limit = min(octets, self.octets.byteCount) }

  /// Gives back room that was kept free.
  @_lifetime(self: copy self)
  @inlinable package mutating func extendLimit(by octets: Int) { setLimit(limit + octets) }

  @inlinable package func fits(_ count: Int) -> Bool { count <= limit &- length }

  @_lifetime(self: copy self)
  @inlinable package mutating func put(_ value: UInt8, at offset: Int) { octets.put(value, at: offset) }

  @_lifetime(self: copy self)
  @inlinable package mutating func put(_ value: UInt16, at offset: Int) { octets.put(value, at: offset) }

  @_lifetime(self: copy self)
  @inlinable package mutating func put(_ value: UInt32, at offset: Int) { octets.put(value, at: offset) }

  @_lifetime(self: copy self)
  @inlinable package mutating func append(_ value: UInt16) -> Bool {
    guard fits(2) else { return false }
    octets.put(value, at: length)
    length += 2
    return true
  }

  @_lifetime(self: copy self)
  @inlinable package mutating func append(_ value: UInt32) -> Bool {
    guard fits(4) else { return false }
    octets.put(value, at: length)
    length += 4
    return true
  }

  @_lifetime(self: copy self)
  @inlinable package mutating func append(_ value: UInt8) -> Bool {
    guard fits(1) else { return false }
    octets.put(value, at: length)
    length += 1
    return true
  }

  /// Appends eight octets as they lie in memory.
  @_lifetime(self: copy self)
  @inlinable package mutating func append(word: UInt64) -> Bool {
    guard fits(8) else { return false }
    octets.putWord(word, at: length)
    length += 8
    return true
  }

  /// Appends ASCII text without a length.
  @_lifetime(self: copy self)
  package mutating func append(_ text: StaticString) -> Bool {
    guard fits(text.utf8CodeUnitCount) else { return false }
    octets.put(text, at: length)
    length += text.utf8CodeUnitCount
    return true
  }

  /// Appends `count` octets of `source`, starting at `start`.
  @_lifetime(self: copy self)
  @inlinable @inline(__always) package mutating func append(_ source: RawSpan, from start: Int, count: Int) -> Bool {
    guard fits(count) else { return false }
    octets.copy(source, from: start, count: count, at: length)
    length &+= count
    return true
  }
}

/// The record sections behind the question (RFC 1035 §4.1).
@usableFromInline package enum Section: Sendable {
  case answer, authority, additional

  /// Where the header counts the section's records.
  @inlinable package var offset: Int {
    switch self {
    case .answer: 6
    case .authority: 8
    case .additional: 10
    }
  }
}
