import Wire

/// A record of a message as it lies there; its data is not looked at.
struct RawRecord {
  /// In lower case.
  let owner: DomainName
  let type: RecordType
  let recordClass: UInt16
  let ttl: UInt32
  let data: Range<Int>
  /// Where it begins.
  let start: Int
}

/// Reads a message from its header on. Everything is nil that does not end within the message.
struct MessageReader {
  let octets: [UInt8]
  private(set) var at = Message.headerLength

  /// - Returns: nil when there is no whole header.
  init?(_ octets: [UInt8]) {
    guard octets.count >= Message.headerLength else { return nil }
    self.octets = octets
  }

  var isAtEnd: Bool { at == octets.count }
  var identifier: UInt16 { octets.uint16(at: 0) }
  var flags: UInt16 { octets.uint16(at: 2) }
  var isReply: Bool { flags & HeaderFlags.response != 0 }
  var opcode: Opcode { Opcode(rawValue: UInt8(truncatingIfNeeded: (flags & HeaderFlags.opcode) >> 11)) }

  /// Records of one section: 0 to 3, zone or question first.
  func count(_ section: Int) -> Int { Int(octets.uint16(at: 4 + 2 * section)) }

  mutating func question() -> (name: DomainName, type: RecordType, recordClass: UInt16)? {
    guard let name = name(), octets.count - at >= 4 else { return nil }
    defer { at += 4 }
    return (name, RecordType(octets.uint16(at: at)), octets.uint16(at: at + 2))
  }

  mutating func record() -> RawRecord? {
    let start = at
    guard let owner = name(), octets.count - at >= 10 else { return nil }
    let data = at + 10
    let end = data + Int(octets.uint16(at: at + 8))
    guard end <= octets.count else { return nil }
    let ttl = UInt32(octets.uint16(at: at + 4)) << 16 | UInt32(octets.uint16(at: at + 6))
    defer { at = end }
    return RawRecord(
      owner: owner, type: RecordType(octets.uint16(at: at)), recordClass: octets.uint16(at: at + 2), ttl: ttl,
      data: data..<end, start: start)
  }

  private mutating func name() -> DomainName? {
    guard let (wire, end) = DomainName.read(octets, at: at) else { return nil }
    at = end
    return DomainName(unchecked: wire).lowercased
  }
}

extension [UInt8] {
  /// - Precondition: two octets are there.
  func uint16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

  mutating func append(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  mutating func append(_ value: UInt32) {
    append(UInt16(truncatingIfNeeded: value >> 16))
    append(UInt16(truncatingIfNeeded: value))
  }

  mutating func append(_ value: UInt64) {
    append(UInt32(truncatingIfNeeded: value >> 32))
    append(UInt32(truncatingIfNeeded: value))
  }

  /// Seconds since 1970 in 48 bits (RFC 8945 §4.2).
  mutating func append(time: UInt64) {
    append(UInt16(truncatingIfNeeded: time >> 32))
    append(UInt32(truncatingIfNeeded: time))
  }

  /// - Precondition: two octets are there.
  mutating func put(_ value: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: value >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
