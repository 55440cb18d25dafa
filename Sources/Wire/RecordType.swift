/// The kind of a record (RFC 1035 §3.2.2 and the IANA registry); any 16-bit number is valid.
@usableFromInline package struct RecordType: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package let rawValue: UInt16
  @inlinable package init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable package init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// Both said here because what RawRepresentable brings goes through a witness table on the path of a query.
  @inlinable package static func == (a: RecordType, b: RecordType) -> Bool { a.rawValue == b.rawValue }
  @inlinable package static func != (a: RecordType, b: RecordType) -> Bool { a.rawValue != b.rawValue }

  @inlinable package static var a: RecordType { RecordType(1) }
  @inlinable package static var ns: RecordType { RecordType(2) }
  @inlinable package static var cname: RecordType { RecordType(5) }
  @inlinable package static var soa: RecordType { RecordType(6) }
  @inlinable package static var ptr: RecordType { RecordType(12) }
  @inlinable package static var mx: RecordType { RecordType(15) }
  @inlinable package static var txt: RecordType { RecordType(16) }
  @inlinable package static var aaaa: RecordType { RecordType(28) }
  @inlinable package static var srv: RecordType { RecordType(33) }
  @inlinable package static var dname: RecordType { RecordType(39) }
  @inlinable package static var opt: RecordType { RecordType(41) }
  @inlinable package static var ds: RecordType { RecordType(43) }
  @inlinable package static var rrsig: RecordType { RecordType(46) }
  @inlinable package static var nsec: RecordType { RecordType(47) }
  @inlinable package static var nsec3: RecordType { RecordType(50) }
  @inlinable package static var nsec3param: RecordType { RecordType(51) }
  @inlinable package static var https: RecordType { RecordType(65) }
  @inlinable package static var tsig: RecordType { RecordType(250) }
  @inlinable package static var ixfr: RecordType { RecordType(251) }
  @inlinable package static var axfr: RecordType { RecordType(252) }
  @inlinable package static var any: RecordType { RecordType(255) }
  @inlinable package static var caa: RecordType { RecordType(257) }

  /// A request for a zone, not for records.
  @inlinable package var isTransfer: Bool { rawValue == 251 || rawValue == 252 }
}

extension RecordType: CustomStringConvertible {
  /// The mnemonic, or `TYPE` and the number (RFC 3597 §5).
  @usableFromInline package var description: String {
    RDataFormat.index(of: self).map { RecordType.registry[$0].name.description } ?? "TYPE\(rawValue)"
  }

  /// Whether the number is for questions and messages and never that of a record in a zone
  /// (RFC 6895 §3.1: 0, OPT, and 128 to 255).
  package var isMeta: Bool { rawValue == 0 || rawValue == 41 || 128...255 ~= rawValue }

  /// Reads a mnemonic, or `TYPE` and a number, in any case.
  package init?(text: some StringProtocol) {
    let octets = Array(text.utf8)
    self.init(text: octets.span, 0..<octets.count)
  }

  package init?(text: Span<UInt8>, _ range: Range<Int>) {
    guard let key = RecordType.key(text, range) else { return nil }
    let index = RecordType.sorted
    var (low, high) = (0, index.count)
    while low < high {
      let middle = (low + high) / 2
      if index[middle].key < key { low = middle + 1 } else { high = middle }
    }
    if low < index.count, index[low].key == key {
      self = index[low].type
    } else {
      guard let number = RecordType.genericNumber(text, range) else { return nil }
      self.init(number)
    }
  }

  private static func genericNumber(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt16? {
    guard 5...9 ~= range.count, key(text, range.lowerBound..<range.lowerBound + 4) == key("TYPE") else { return nil }
    var number = 0
    for i in range.lowerBound + 4..<range.upperBound {
      guard 0x30...0x39 ~= text[i] else { return nil }
      number = 10 * number + Int(text[i] - 0x30)
    }
    return UInt16(exactly: number)
  }

  /// Six bits a character, so that every mnemonic is one word that compares and sorts; nil for more
  /// than ten characters and for characters that no mnemonic has.
  private static func key(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
    guard 1...10 ~= range.count else { return nil }
    var key: UInt64 = 0
    for i in range {
      switch text[i] {
      case 0x41...0x5A, 0x61...0x7A: key = key << 6 | UInt64(text[i] & 0x1F)
      case 0x30...0x39: key = key << 6 | UInt64(text[i] - 0x30 + 27)
      case UInt8(ascii: "-"): key = key << 6 | 37
      default: return nil
      }
    }
    return key
  }

  private static func key(_ text: String) -> UInt64? {
    let octets = Array(text.utf8)
    return key(octets.span, 0..<octets.count)
  }

  private static let sorted: [(key: UInt64, type: RecordType)] =
    registry.enumerated().compactMap { index, entry in
      key(entry.name).map { ($0, RecordType(RDataFormat.number(at: index))) }
    }
    .sorted { $0.key < $1.key }
}
