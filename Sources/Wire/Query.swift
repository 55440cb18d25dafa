/// What a received message asks, as offsets and numbers; the name is in the worker's `NameBuffer`.
package struct Query: Sendable, BitwiseCopyable {
  package var type = RecordType(0)
  package var recordClass: UInt16 = 0
  /// The offset behind the question, where the answer begins; 12 when there is none.
  package var end = Message.headerLength
  package var edns: EDNS?

  package init() {}

  /// How a message must be met. The error is the reaction.
  package enum Verdict: Sendable, BitwiseCopyable {
    /// No reply at all: shorter than a header, or itself a reply.
    case drop
    case refuse(ResponseCode)
    case answer
  }
}

/// The OPT record of a query (RFC 6891 §6.1).
package struct EDNS: Sendable, BitwiseCopyable {
  /// The client's largest UDP reply, as sent; below 512 means 512.
  package var udpSize: UInt16
  package var version: UInt8
  package var dnssecOK: Bool

  /// Octets of an OPT record without options.
  package static var recordLength: Int { 11 }
}

/// The first flags octet's parts that a reply copies or sets (RFC 1035 §4.1.1).
package enum HeaderFlags {
  package static var response: UInt16 { 0x8000 }
  package static var opcode: UInt16 { 0x7800 }
  package static var authoritative: UInt16 { 0x0400 }
  package static var truncated: UInt16 { 0x0200 }
  package static var recursionDesired: UInt16 { 0x0100 }
}

extension Query {
  /// Reads the whole message: header, question, and every record for the one that is an OPT.
  ///
  /// What can be reacted to is left in `self` also when the verdict is an error: a question that was
  /// read is echoed.
  package mutating func parse(_ message: borrowing Message, name: inout NameBuffer) -> Verdict {
    guard message.length >= Message.headerLength else { return .drop }
    let flags = message.uint16(2)
    guard flags & HeaderFlags.response == 0 else { return .drop }
    guard flags & HeaderFlags.opcode == 0 else { return .refuse(.notImp) }
    guard message.uint16(4) == 1 else { return .refuse(.formErr) }
    guard let nameEnd = name.read(question: message, at: Message.headerLength), nameEnd + 4 <= message.length else {
      return .refuse(.formErr)
    }
    type = RecordType(message.uint16(nameEnd))
    recordClass = message.uint16(nameEnd + 2)
    end = nameEnd + 4
    // The common cases: nothing behind the question, or one OPT and no more.
    if message.word(4) >> 16 == 0 { return message.length == end ? .answer : .refuse(.formErr) }
    return parseRecords(message)
  }

  private mutating func parseRecords(_ message: borrowing Message) -> Verdict {
    let before = Int(message.uint16(6)) + Int(message.uint16(8))
    let additional = Int(message.uint16(10))
    var at = end
    for i in 0..<(before + additional) {
      guard let fixed = Query.skipName(message, at: at), fixed + 10 <= message.length else { return .refuse(.formErr) }
      let next = fixed + 10 + Int(message.uint16(fixed + 8))
      guard next <= message.length else { return .refuse(.formErr) }
      if message.uint16(fixed) == RecordType.opt.rawValue {
        guard i >= before, edns == nil, fixed == at + 1, Query.optionsAreWhole(message, from: fixed + 10, to: next)
        else { return .refuse(.formErr) }
        edns = EDNS(
          udpSize: message.uint16(fixed + 2), version: message.octet(fixed + 5),
          dnssecOK: message.octet(fixed + 6) & 0x80 != 0)
      }
      at = next
    }
    guard at == message.length else { return .refuse(.formErr) }
    if let edns, edns.version > 0 { return .refuse(.badVers) }
    return .answer
  }

  /// Every option's length must end inside the record (RFC 6891 §6.1.2).
  private static func optionsAreWhole(_ message: borrowing Message, from start: Int, to end: Int) -> Bool {
    var at = start
    while at + 4 <= end { at += 4 + Int(message.uint16(at + 2)) }
    return at == end
  }

  /// The offset behind a name that may end in a pointer; where the pointer leads is not looked at.
  private static func skipName(_ message: borrowing Message, at offset: Int) -> Int? {
    var at = offset
    while at < message.length {
      let label = Int(message.octet(at))
      if label == 0 { return at + 1 }
      if label >= 0xC0 { return at + 2 <= message.length ? at + 2 : nil }
      guard label <= 63, at - offset < DomainName.maximumLength else { return nil }
      at += label + 1
    }
    return nil
  }
}
