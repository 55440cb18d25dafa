/// What a received message asks, as offsets and numbers; the name is in the worker's `NameBuffer`.
@usableFromInline package struct Query: Sendable, BitwiseCopyable {
  @usableFromInline package var type = RecordType(0)
  @usableFromInline package var recordClass: UInt16 = 0
  @usableFromInline var endOffset: UInt16 = 12
  @usableFromInline var signatureOffset: UInt16 = 0
  @usableFromInline package var opcode = Opcode.query
  @usableFromInline package var edns: EDNS?

  @inlinable package init() {}

  /// The offset behind the question, where the answer begins; 12 when there is none.
  @inlinable package var end: Int { Int(endOffset) }
  /// The offset of the TSIG record that signs the message (RFC 8945); 0: none.
  @inlinable package var signature: Int { Int(signatureOffset) }
  /// Whether a question was read.
  @inlinable package var hasQuestion: Bool { end > Message.headerLength }

  /// How a message must be met. The error is the reaction.
  @usableFromInline package enum Verdict: Sendable, BitwiseCopyable {
    /// No reply at all: shorter than a header, or itself a reply.
    case drop
    case refuse(ResponseCode)
    /// A question for the records of one name.
    case answer
    /// Another kind of request.
    case special
    /// No question, only a cookie to be renewed (RFC 7873 §5.4).
    case acknowledge
  }
}

/// The first flags octet's parts that a reply copies or sets (RFC 1035 §4.1.1).
@usableFromInline package enum HeaderFlags {
  @inlinable package static var response: UInt16 { 0x8000 }
  @inlinable package static var opcode: UInt16 { 0x7800 }
  @inlinable package static var authoritative: UInt16 { 0x0400 }
  @inlinable package static var truncated: UInt16 { 0x0200 }
  @inlinable package static var recursionDesired: UInt16 { 0x0100 }
}

/// Parts of messages as `Message.word` has them; of the header, its counters.
private enum Pattern {
  static var ownerAndType: UInt64 { UInt64(bigEndian: 0xFFFF_FF00_0000_0000) }
  static var opt: UInt64 { UInt64(bigEndian: 0x0000_2900_0000_0000) }
  static var one: UInt16 { UInt16(bigEndian: 1) }
  /// One question and nothing else.
  static var question: UInt64 { UInt64(bigEndian: 0x0001_0000_0000_0000) }
  /// One question, and one additional record, which is an OPT as a rule.
  static var questionAndOne: UInt64 { UInt64(bigEndian: 0x0001_0000_0000_0001) }
}

extension Query {
  /// Reads the whole message: header, question, and every record for the one that is an OPT.
  ///
  /// What can be reacted to is left in `self` also when the verdict is an error: a question that was
  /// read is echoed.
  package mutating func parse(_ message: borrowing Message, name: inout NameBuffer) -> Verdict {
    guard message.length >= Message.headerLength else { return .drop }
    let flags = message.flags
    guard flags & HeaderFlags.response == 0 else { return .drop }
    opcode = Opcode(rawValue: UInt8(truncatingIfNeeded: (flags & HeaderFlags.opcode) >> 11))
    // Of an opcode that we do not know, nothing behind the header can be understood.
    guard opcode == .query || opcode == .notify || opcode == .update else { return .refuse(.notImp) }
    let counts = message.counts
    guard UInt16(truncatingIfNeeded: counts) == Pattern.one else {
      return UInt16(truncatingIfNeeded: counts) == 0 ? parseWithoutQuestion(message) : .refuse(.formErr)
    }
    guard let nameEnd = name.read(question: message, at: Message.headerLength),
      nameEnd + 4 <= message.length
    else { return .refuse(.formErr) }
    type = RecordType(message.uint16(nameEnd))
    recordClass = message.uint16(nameEnd + 2)
    // At most the header, a name of 255 octets, type and class.
    endOffset = UInt16(truncatingIfNeeded: nameEnd + 4)
    // The common cases: nothing behind the question, or one OPT and no more.
    if counts == Pattern.question { return message.length == end ? kind : .refuse(.formErr) }
    if counts == Pattern.questionAndOne, let verdict = parseLoneOPT(message) { return verdict }
    return parseRecords(message)
  }

  /// Nil when the one record behind the question is no OPT that ends the message.
  private mutating func parseLoneOPT(_ message: borrowing Message) -> Verdict? {
    let fixed = end + 1
    // The root's octet and the type.
    guard fixed + 10 <= message.length, message.word(end) & Pattern.ownerAndType == Pattern.opt,
      fixed + 10 + Int(message.uint16(fixed + 8)) == message.length
    else { return nil }
    guard let read = EDNS(message, at: fixed, to: message.length) else { return .refuse(.formErr) }
    edns = read
    return read.version == 0 ? kind : .refuse(.badVers)
  }

  /// What kind of request it is that has no fault.
  private var kind: Verdict {
    opcode.rawValue == 0 && recordClass == 1 && !type.isTransfer && signatureOffset == 0 ? .answer : .special
  }

  private mutating func parseWithoutQuestion(_ message: borrowing Message) -> Verdict {
    let verdict = parseRecords(message)
    guard case .special = verdict else { return verdict }
    guard opcode == .query, edns?.hasCookie == true else { return .refuse(.formErr) }
    return signatureOffset == 0 ? .acknowledge : .special
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
        // No message is longer than 65,535 octets.
        signatureOffset = UInt16(truncatingIfNeeded: at)
      }
      at = next
    }
    guard at == message.length else { return .refuse(.formErr) }
    if let edns, edns.version > 0 { return .refuse(.badVers) }
    return kind
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
