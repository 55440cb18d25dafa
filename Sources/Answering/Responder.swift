import Memory
package import Wire

/// What became of a request; the reply itself is in the message.
package struct Reply: Sendable, BitwiseCopyable {
  package enum Fate: UInt8, Sendable, BitwiseCopyable {
    case sent
    /// Nothing can be sent: it was no request.
    case malformed
    /// Sent, but cut to nothing, because the client's network has had too many answers.
    case slipped
    /// Not sent for the same reason.
    case limited
  }

  package var fate = Fate.sent
  package var code = ResponseCode.noError
  package var isTruncated = false
  package var cookie = CookieStatus.none
  package var transfer = Transfer.none

  /// What has become of a request for a whole zone.
  package enum Transfer: Sendable, BitwiseCopyable {
    case none
    /// The message is the frame of each of the transfer's messages: whoever sends makes a `ZoneTransfer` of it.
    case begins(zone: Int)
    case refused
  }

  package var isSent: Bool {
    switch fate {
    case .sent, .slipped: true
    case .malformed, .limited: false
    }
  }
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
  var cookie = CookieExchange()
  var limiter: RateLimiter
  /// UDP workers, among whom a rate is shared out.
  let workers: Int
  private var random: UInt64
  private let pinned = Pinned()

  /// - Parameters:
  ///   - seed: any number but 0; chooses the rotations of pools.
  ///   - secret: what no client may know.
  ///   - workers: how many there are that answer over UDP.
  package init(seed: UInt64, secret: SipHash.Key = .random(), workers: Int = 1) {
    random = seed | 1
    limiter = RateLimiter(key: secret)
    self.workers = workers
  }

  /// Replaces the query in `message` by its reply.
  package mutating func respond(
    to message: inout Message, _ context: RequestContext, over generation: borrowing Generation
  ) -> Reply {
    var query = Query()
    let verdict = query.parse(message, name: &name)
    cookie = CookieExchange()
    if let sent = query.edns?.cookie { cookie = examine(sent, context, generation.settings.cookies) }
    switch verdict {
    case .drop: return Reply(fate: .malformed)
    case .refuse(let code): return refuse(query, code, &message, context, generation)
    case .acknowledge where query.signature == 0: return renewCookie(query, &message, context, generation)
    case .acknowledge, .answer: break
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
    if query.recordClass == RecordClass.internet { return answerTransfer(query, &message, context, generation) }
    return refuse(query, .refused, &message, context, generation, because: .notSupported)
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
