/// The TSIG record of a message (RFC 8945 §4.2), as offsets into it.
package struct SignatureRecord: Sendable, BitwiseCopyable {
  /// Where the key's name begins; it may end in a pointer.
  package let name: Int
  /// Where the algorithm's name begins; it is not compressed.
  package let algorithm: Int
  package let algorithmLength: Int
  /// Where the time begins, behind the algorithm's name.
  package var fields: Int { algorithm + algorithmLength }
  /// When it was signed, in seconds since 1970: 48 bits.
  package let time: (high: UInt16, low: UInt32)
  package let fudge: UInt16
  package let originalID: UInt16

  /// Octets behind the algorithm's name in a record without a MAC.
  package static var unsignedLength: Int { 16 }

  /// Nil when the record is malformed. The caller has checked that the record ends in the message.
  package init?(_ message: borrowing Message, at offset: Int) {
    guard let fixed = Query.skipName(message, at: offset), fixed + 10 <= message.length,
      message.uint16(fixed + 2) == 255, message.uint32(fixed + 4) == 0
    else { return nil }
    let end = fixed + 10 + Int(message.uint16(fixed + 8))
    guard end <= message.length, let behind = SignatureRecord.nameEnd(message, from: fixed + 10, to: end),
      behind + SignatureRecord.unsignedLength <= end
    else { return nil }
    let code = behind + 10 + Int(message.uint16(behind + 8))
    guard code + 6 <= end, code + 6 + Int(message.uint16(code + 4)) == end else { return nil }
    name = offset
    algorithm = fixed + 10
    algorithmLength = behind - algorithm
    time = (message.uint16(behind), message.uint32(behind + 2))
    fudge = message.uint16(behind + 6)
    originalID = message.uint16(code)
  }

  private static func nameEnd(_ message: borrowing Message, from start: Int, to end: Int) -> Int? {
    var at = start
    while at < end, at - start < DomainName.maximumLength {
      let label = Int(message.octet(at))
      if label == 0 { return at + 1 }
      guard label <= 63 else { return nil }
      at += label + 1
    }
    return nil
  }
}
