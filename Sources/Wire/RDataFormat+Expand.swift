extension RDataFormat {
  /// The data at `range` of `message` in canonical form (RFC 4034 §6.2): names uncompressed, and in lower case where
  /// the type has it so; nil when it is malformed.
  package func expanded(_ message: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    guard range.upperBound <= message.count else { return nil }
    var data = Array(message[range])
    if names.contains(.compressed) {
      guard let expanded = withoutPointers(message, range) else { return nil }
      data = expanded
    }
    guard isValid(data.rawBytes) else { return nil }
    fold(&data)
    return data
  }

  private func withoutPointers(_ message: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    var result: [UInt8] = []
    var at = range.lowerBound
    for i in 0..<Int(count) {
      if fields[i] == .name {
        guard let (name, end) = DomainName.read(message, at: at) else { return nil }
        result += name
        at = end
      } else {
        guard let end = RDataFormat.end(of: fields[i], in: message.rawBytes, from: at), end <= range.upperBound else {
          return nil
        }
        result += message[at..<end]
        at = end
      }
    }
    return at == range.upperBound ? result : nil
  }
}

extension DomainName {
  /// The wire form, without compression, of the name at `offset` of a message, and where what follows it begins; nil
  /// when it is malformed. Pointers lead backwards only, so that none goes round (RFC 1035 §4.1.4).
  package static func read(_ message: [UInt8], at offset: Int) -> (wire: [UInt8], end: Int)? {
    var wire: [UInt8] = []
    var at = offset
    var end: Int?
    while at < message.count {
      let length = Int(message[at])
      if length >= 0xC0 {
        guard at + 1 < message.count else { return nil }
        let target = (length & 0x3F) << 8 | Int(message[at + 1])
        guard target < at else { return nil }
        end = end ?? at + 2
        at = target
      } else {
        guard length <= 63, at + length < message.count, wire.count + length + 1 <= maximumLength else { return nil }
        wire += message[at...at + length]
        at += length + 1
        if length == 0 { return (wire, end ?? at) }
      }
    }
    return nil
  }
}
