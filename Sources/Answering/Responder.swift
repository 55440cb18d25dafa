package import Wire

/// How a request reached us.
package struct RequestContext: Sendable, BitwiseCopyable {
  package enum Transport: UInt8, Sendable, BitwiseCopyable { case udp, tcp }

  package var transport: Transport
  package init(transport: Transport) { self.transport = transport }
}

/// What became of a request; the reply itself is in the message.
package struct Reply: Sendable, BitwiseCopyable {
  /// False: nothing is sent.
  package var isSent: Bool
  package var code: ResponseCode
  package var isTruncated: Bool

  static var none: Reply { Reply(isSent: false, code: .noError, isTruncated: false) }
}

/// Answers requests for one worker: bytes in, bytes out, over one generation.
///
/// It owns what a query needs beyond the message, so that nothing is allocated, counted or locked.
package struct Responder: ~Copyable {
  var name = NameBuffer()
  var chain = AliasChain()
  private var random: UInt64

  /// - Parameter seed: any number but 0; chooses the rotations of pools.
  package init(seed: UInt64) { random = seed | 1 }

  /// Replaces the query in `message` by its reply.
  package mutating func respond(
    to message: inout Message, _ context: RequestContext, over generation: borrowing Generation
  ) -> Reply {
    var query = Query()
    switch query.parse(message, name: &name) {
    case .drop: return .none
    case .refuse(let code): return refuse(query, code, &message, context, generation.settings)
    case .answer: break
    }
    guard query.recordClass == 1, !query.type.isTransfer else {
      return refuse(query, .refused, &message, context, generation.settings)
    }
    begin(query, &message, context, generation.settings)
    var answer = Answer(query.type)
    resolve(&answer, &message, generation)
    return finish(query, answer, &message, generation.settings)
  }

  /// xorshift64*: rotation needs spread, not secrecy.
  mutating func nextRandom() -> UInt32 {
    random ^= random >> 12
    random ^= random << 25
    random ^= random >> 27
    return UInt32(truncatingIfNeeded: (random &* 0x2545_F491_4F6C_DD1D) >> 32)
  }
}

// MARK: - The frame of a reply: header, question, OPT

extension Responder {
  /// Cuts the message behind its question and sets how far the reply may go.
  private func begin(
    _ query: Query, _ message: inout Message, _ context: RequestContext, _ settings: AnswerSettings
  ) {
    message.length = query.end
    message.put(UInt32(0), at: 6)
    message.put(UInt16(0), at: 10)
    message.setLimit(Self.limit(query, context, settings) - (query.edns == nil ? 0 : EDNS.recordLength))
  }

  /// Octets that the client and we both take (RFC 6891 §6.2.5).
  private static func limit(_ query: Query, _ context: RequestContext, _ settings: AnswerSettings) -> Int {
    if context.transport == .tcp { return 65535 }
    guard let edns = query.edns else { return 512 }
    return min(max(512, Int(edns.udpSize)), Int(settings.udpSize))
  }

  private func finish(_ query: Query, _ answer: Answer, _ message: inout Message, _ settings: AnswerSettings) -> Reply {
    var flags = HeaderFlags.response | message.uint16(2) & (HeaderFlags.opcode | HeaderFlags.recursionDesired)
    if answer.isAuthoritative { flags |= HeaderFlags.authoritative }
    if answer.isTruncated { flags |= HeaderFlags.truncated }
    message.put(flags | answer.code.rawValue & 0xF, at: 2)
    if let edns = query.edns { appendOPT(edns, answer.code, &message, settings) }
    return Reply(isSent: true, code: answer.code, isTruncated: answer.isTruncated)
  }

  /// Our OPT record: our size, the code's upper bits, version 0, and DO as the client set it (RFC 3225 §3).
  private func appendOPT(_ edns: EDNS, _ code: ResponseCode, _ message: inout Message, _ settings: AnswerSettings) {
    let at = message.length
    message.setLimit(at + EDNS.recordLength)
    guard message.fits(EDNS.recordLength) else { return }
    message.put(UInt8(0), at: at)
    message.put(RecordType.opt.rawValue, at: at + 1)
    message.put(settings.udpSize, at: at + 3)
    message.put(UInt32(code.rawValue >> 4) << 24 | (edns.dnssecOK ? 0x8000 : 0), at: at + 5)
    message.put(UInt16(0), at: at + 9)
    message.length += EDNS.recordLength
    message.count(1, in: .additional)
  }

  private func refuse(
    _ query: Query, _ code: ResponseCode, _ message: inout Message, _ context: RequestContext,
    _ settings: AnswerSettings
  ) -> Reply {
    begin(query, &message, context, settings)
    if query.end == Message.headerLength { message.put(UInt16(0), at: 4) }
    var answer = Answer(query.type)
    answer.code = code
    return finish(query, answer, &message, settings)
  }
}

extension RecordType {
  var isTransfer: Bool { self == .axfr || self == .ixfr }
}
