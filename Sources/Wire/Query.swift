/// What a received message asks, as offsets and numbers; the name is in the worker's `NameBuffer`.
package struct Query: Sendable, BitwiseCopyable {
  package var opcode = Opcode.query
  package var type = RecordType(0)
  package var recordClass: UInt16 = 0
  /// The offset behind the question, where the answer begins; 12 when there is none.
  package var end = Message.headerLength
  package var edns: EDNS?
  /// The offset of the TSIG record that signs the message (RFC 8945); 0: none.
  package var signature = 0

  package init() {}

  /// Whether a question was read.
  package var hasQuestion: Bool { end > Message.headerLength }

  /// How a message must be met. The error is the reaction.
  package enum Verdict: Sendable, BitwiseCopyable {
    /// No reply at all: shorter than a header, or itself a reply.
    case drop
    case refuse(ResponseCode)
    case answer
    /// No question, only a cookie to be renewed (RFC 7873 §5.4).
    case acknowledge
  }
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
    opcode = Opcode(rawValue: UInt8(truncatingIfNeeded: (flags & HeaderFlags.opcode) >> 11))
    // Of an opcode that we do not know, nothing behind the header can be understood.
    guard opcode == .query || opcode == .notify || opcode == .update else { return .refuse(.notImp) }
    let questions = message.uint16(4)
    if questions == 0 { return parseWithoutQuestion(message) }
    guard questions == 1, let nameEnd = name.read(question: message, at: Message.headerLength),
      nameEnd + 4 <= message.length
    else { return .refuse(.formErr) }
    type = RecordType(message.uint16(nameEnd))
    recordClass = message.uint16(nameEnd + 2)
    end = nameEnd + 4
    // The common cases: nothing behind the question, or one OPT and no more.
    if message.word(4) >> 16 == 0 { return message.length == end ? .answer : .refuse(.formErr) }
    return parseRecords(message)
  }

  private mutating func parseWithoutQuestion(_ message: borrowing Message) -> Verdict {
    let verdict = parseRecords(message)
    guard case .answer = verdict else { return verdict }
    return opcode == .query && edns?.cookie != nil ? .acknowledge : .refuse(.formErr)
  }

  private mutating func parseRecords(_ message: borrowing Message) -> Verdict {
    let before = Int(message.uint16(6)) + Int(message.uint16(8))
    let total = before + Int(message.uint16(10))
    var at = end
    for i in 0..<total {
      guard let fixed = Query.skipName(message, at: at), fixed + 10 <= message.length else { return .refuse(.formErr) }
      let next = fixed + 10 + Int(message.uint16(fixed + 8))
      guard next <= message.length else { return .refuse(.formErr) }
      let type = message.uint16(fixed)
      if type == RecordType.opt.rawValue {
        guard i >= before, edns == nil, fixed == at + 1, let read = EDNS(message, at: fixed, to: next)
        else { return .refuse(.formErr) }
        edns = read
      } else if type == RecordType.tsig.rawValue {
        guard i >= before, i == total - 1, SignatureRecord(message, at: at) != nil else { return .refuse(.formErr) }
        signature = at
      }
      at = next
    }
    guard at == message.length else { return .refuse(.formErr) }
    if let edns, edns.version > 0 { return .refuse(.badVers) }
    return .answer
  }

  /// The offset behind a name that may end in a pointer; where the pointer leads is not looked at.
  package static func skipName(_ message: borrowing Message, at offset: Int) -> Int? {
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
