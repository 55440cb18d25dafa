package import Wire

/// Walks the records of an answer. Nothing in it is trusted.
package enum AnswerReader {
  package struct Record {
    package let section: Int
    package let type: RecordType
    /// Class and TTL as they stand; an OPT record has other things there.
    package let recordClass: UInt16
    package let ttl: UInt32
    package let data: Range<Int>
  }

  /// Calls `body` for each record; false when the message is damaged.
  @discardableResult
  package static func records(_ message: RawSpan, _ body: (Record) -> Void) -> Bool {
    guard message.byteCount >= 12 else { return false }
    var at = 12
    for _ in 0..<message.uint16(4) {
      guard let end = skipName(message, at), end + 4 <= message.byteCount else { return false }
      at = end + 4
    }
    for section in 1...3 {
      for _ in 0..<message.uint16(4 + 2 * section) {
        guard let fixed = skipName(message, at), fixed + 10 <= message.byteCount else { return false }
        let end = fixed + 10 + Int(message.uint16(fixed + 8))
        guard end <= message.byteCount else { return false }
        body(
          Record(
            section: section, type: RecordType(message.uint16(fixed)), recordClass: message.uint16(fixed + 2),
            ttl: message.uint32(fixed + 4), data: fixed + 10..<end))
        at = end
      }
    }
    return true
  }

  /// Where the name that begins at `start` ends; compression pointers are not followed (RFC 1035 §4.1.4).
  private static func skipName(_ message: RawSpan, _ start: Int) -> Int? {
    var at = start
    while at < message.byteCount {
      let octet = message.octet(at)
      if octet == 0 { return at + 1 }
      if octet >= 0xC0 { return at + 2 <= message.byteCount ? at + 2 : nil }
      guard octet < 64 else { return nil }
      at += 1 + Int(octet)
    }
    return nil
  }

  /// The whole response code: the header's four bits and the OPT record's eight (RFC 6891 §6.1.3).
  package static func responseCode(_ message: RawSpan) -> Int {
    var code = Int(message.octet(3) & 15)
    records(message) { record in
      if record.type == .opt { code |= Int(record.ttl >> 24) << 4 }
    }
    return code
  }

  /// The server's cookie (RFC 7873 §4); nil when there is none, or the client's before it is not `client`.
  package static func serverCookie(_ message: RawSpan, client: UInt64) -> [UInt8]? {
    var found: [UInt8]?
    records(message) { record in
      guard record.type == .opt else { return }
      var at = record.data.lowerBound
      while at + 4 <= record.data.upperBound {
        let end = at + 4 + Int(message.uint16(at + 2))
        guard end <= record.data.upperBound else { return }
        if message.uint16(at) == EDNS.Option.cookie, 20...44 ~= end - at {
          let echoed = UInt64(message.uint32(at + 4)) << 32 | UInt64(message.uint32(at + 8))
          if echoed == client { found = [UInt8](copying: message, at + 12..<end) }
        }
        at = end
      }
    }
    return found
  }
}
