import Memory

/// The set of types that NSEC, NSEC3 and CSYNC carry: windows of 256 types, each with a block number,
/// a length and as many octets as its last type needs (RFC 4034 §4.1.2).
extension Tokenizer {
  mutating func appendBitmap(to out: inout OctetBuffer) throws(SyntaxError) {
    let types = try typesToEnd().sorted()
    var index = 0
    while index < types.count {
      let window = types[index] >> 8
      out.append(UInt8(window))
      let length = out.count
      out.append(UInt8(0))
      while index < types.count, types[index] >> 8 == window {
        let octet = Int(types[index] & 0xFF) / 8
        while out.count - length - 1 <= octet { out.append(UInt8(0)) }
        out[length + 1 + octet] |= 0x80 >> UInt8(types[index] % 8)
        index += 1
      }
      out[length] = UInt8(out.count - length - 1)
    }
  }

  /// The form of NXT: one bitmap of types below 128 (RFC 2535 §5.2).
  mutating func appendOldBitmap(to out: inout OctetBuffer) throws(SyntaxError) {
    let start = out.count
    let (at, line) = (self.at, self.line)
    for type in try typesToEnd() {
      guard type < 128 else {
        throw error(at: at, line: line, "NXT can only say of types below 128 whether they exist")
      }
      while out.count - start <= type / 8 { out.append(UInt8(0)) }
      out[start + Int(type / 8)] |= 0x80 >> UInt8(type % 8)
    }
  }

  private mutating func typesToEnd() throws(SyntaxError) -> [UInt16] {
    var types: [UInt16] = []
    while !(try peek().isEnd) { types.append(try recordType().rawValue) }
    return types
  }
}

enum TypeBitmap {
  /// Whether windows ascend and none is empty, too long or padded with zeros.
  static func isValid(_ data: RawSpan, _ range: Range<Int>) -> Bool {
    var at = range.lowerBound
    var previous = -1
    while at < range.upperBound {
      guard range.upperBound - at >= 2 else { return false }
      let (window, length) = (Int(data.octet(at)), Int(data.octet(at + 1)))
      at += 2 + length
      guard window > previous, 1...32 ~= length, at <= range.upperBound, data.octet(at - 1) != 0 else { return false }
      previous = window
    }
    return true
  }

  /// The types of a valid bitmap, ascending.
  static func types(_ data: RawSpan, _ range: Range<Int>) -> [RecordType] {
    var types: [RecordType] = []
    var at = range.lowerBound
    while at < range.upperBound {
      let length = Int(data.octet(at + 1))
      types += bits(data, at + 2..<at + 2 + length).map { RecordType(UInt16(data.octet(at)) << 8 | $0) }
      at += 2 + length
    }
    return types
  }

  /// The numbers of the bits that are set, the first octet's highest being 0.
  static func bits(_ data: RawSpan, _ range: Range<Int>) -> [UInt16] {
    var bits: [UInt16] = []
    for i in range {
      for bit in 0..<8 where data.octet(i) & (0x80 >> UInt8(bit)) != 0 {
        bits.append(UInt16(8 * (i - range.lowerBound) + bit))
      }
    }
    return bits
  }
}
