import Memory
package import Wire

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
  /// For a second name beside the one in question.
  var otherName = NameBuffer()
  var chain = AliasChain()
  var proofs = ProofList()
  private var random: UInt64
  private let pinned = Pinned()

  /// - Parameter seed: any number but 0; chooses the rotations of pools.
  package init(seed: UInt64) { random = seed | 1 }

  /// Replaces the query in `message` by its reply.
  package mutating func respond(
    to message: inout Message, _ context: RequestContext, over generation: borrowing Generation
  ) -> Reply {
    var query = Query()
    switch query.parse(message, name: &name) {
    case .drop: return .none
    case .refuse(let code): return refuse(query, code, &message, context, generation)
    case .acknowledge: return refuse(query, .noError, &message, context, generation)
    case .answer: break
    }
    guard query.signature == 0, query.opcode == .query, query.recordClass == 1, !query.type.isTransfer else {
      return respondSpecially(query, &message, context, generation)
    }
    begin(query, &message, context, generation)
    var answer = Answer(query.type, signed: query.edns?.dnssecOK ?? false)
    resolve(&answer, &message, generation)
    return finish(query, answer, &message, context, generation)
  }

  /// What is not an ordinary question.
  private mutating func respondSpecially(
    _ query: Query, _ message: inout Message, _ context: RequestContext, _ generation: borrowing Generation
  ) -> Reply {
    if query.signature > 0 { return refuseSignature(query, &message, context, generation) }
    if query.opcode != .query { return refuseChange(query, &message, context, generation) }
    if query.recordClass == RecordClass.chaos { return answerChaos(query, &message, context, generation) }
    let why = query.recordClass == RecordClass.internet ? ExtendedError.prohibited : .notSupported
    return refuse(query, .refused, &message, context, generation, because: why)
  }

  /// xorshift64*: rotation needs spread, not secrecy.
  mutating func nextRandom() -> UInt32 {
    random ^= random >> 12
    random ^= random << 25
    random ^= random >> 27
    return UInt32(truncatingIfNeeded: (random &* 0x2545_F491_4F6C_DD1D) >> 32)
  }
}

enum RecordClass {
  static var internet: UInt16 { 1 }
  static var chaos: UInt16 { 3 }
}

extension RecordType {
  var isTransfer: Bool { self == .axfr || self == .ixfr }
}
