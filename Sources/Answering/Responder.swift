import Memory
public import Wire
import Zone

/// What became of a request; the reply itself is in the message.
@usableFromInline package struct Reply: Sendable, BitwiseCopyable {
  @usableFromInline package enum Fate: UInt8, Sendable, BitwiseCopyable {
    case sent
    /// Nothing can be sent: it was no request.
    case malformed
    /// Sent, but cut to nothing, because the client's network has had too many answers.
    case slipped
    /// Not sent for the same reason.
    case limited
    /// Not answered here: whoever has time for it gets the request as it came, to verify and sign.
    case handedOver
  }

  @usableFromInline package var fate = Fate.sent
  @usableFromInline package var code = ResponseCode.noError
  @usableFromInline package var isTruncated = false
  @usableFromInline package var cookie = CookieStatus.none
  @usableFromInline package var transfer = Transfer.none

  /// What has become of a request for a whole zone.
  @usableFromInline package enum Transfer: Sendable, BitwiseCopyable {
    case none
    /// The message is the frame of each of the transfer's messages: whoever sends makes a `ZoneTransfer` of it.
    case begins(zone: Int)
    case refused
  }

  @inlinable package var isSent: Bool {
    switch fate {
    case .sent, .slipped: true
    case .malformed, .limited, .handedOver: false
    }
  }

  @inlinable package var isHandedOver: Bool { fate.rawValue == Fate.handedOver.rawValue }

  /// Nothing is to be said of it but its code. By raw values: `==` of an enumeration from another target is a call.
  @inlinable package var isPlain: Bool {
    fate.rawValue == Fate.sent.rawValue && cookie.rawValue == CookieStatus.none.rawValue && !isTruncated
  }
}

/// A received message as far as it is understood before it is answered.
struct Inquiry: BitwiseCopyable {
  var query = Query()
  var verdict = Query.Verdict.drop
  /// The entry of the zone that encloses the name; −1: none.
  var zone = -1
  /// Of the name in that zone.
  var hash: UInt64 = 0

  @inline(__always) mutating func read(
    _ message: borrowing Message, _ name: inout NameBuffer, _ zones: borrowing ZoneTable
  ) {
    query = Query()
    verdict = query.parse(message, name: &name)
    zone = -1
    guard case .answer = verdict else { return }
    zone = zones.find(name, for: query.type)
    if zone >= 0 {
      hash = nameHash(name.bytes, from: 0, count: name.length &- zones.entries[zone].apexLength)
    }
  }
}

/// Answers requests for one worker: bytes in, bytes out, over one generation.
///
/// It owns what a query needs beyond the message, so that nothing is allocated, counted or locked.
package struct Responder: ~Copyable {
  /// From whom the request comes; whoever asks for a reply sets it before.
  package var context = RequestContext(transport: .udp)
  // What is being answered.
  var inquiry = Inquiry()
  var answer = Answer(RecordType(0))
  /// The name in question, later the one that an alias leads to.
  var name = NameBuffer()
  /// For a second name beside it.
  var otherName = NameBuffer()
  var chain = AliasChain()
  var proofs = ProofList()
  var cookie = CookieExchange()
  var subnet = SubnetExchange()
  var limiter: RateLimiter
  /// UDP workers, among whom a rate is shared out.
  let workers: Int
  /// Of the worker among all that read generations.
  let index: Int
  /// Octets of the message that are kept free for the OPT record.
  var reserved = 0
  /// The state of what chooses by chance.
  var luck: UInt64
  private let pinned = Pinned()
  // Requests that are read already, and will be answered.
  private var inquiries = InlineArray<64, Inquiry>(repeating: Inquiry())
  private var names = FixedArray<NameBuffer>(count: Responder.places) { _ in NameBuffer() }

  /// Requests that can be read before the first is answered.
  package static var places: Int { 64 }

  var query: Query { inquiry.query }
  /// The type that was asked for last; means nothing after a request that was none.
  package var questionType: UInt16 { inquiry.query.type.rawValue }

  /// - Parameters:
  ///   - seed: any number but 0; chooses the rotations of pools.
  ///   - secret: what no client may know.
  ///   - workers: how many there are that answer over UDP.
  ///   - index: of the worker among all that read generations.
  package init(seed: UInt64, secret: SipHash.Key = .random(), workers: Int = 1, index: Int = 0) {
    luck = seed | 1
    limiter = RateLimiter(key: secret)
    self.workers = workers
    self.index = index
  }

  package mutating func respond(
    to message: inout Message, _ context: RequestContext, over generation: borrowing Generation
  ) -> Reply {
    self.context = context
    return respond(to: &message, over: generation)
  }

  /// Replaces the query in `message` by its reply.
  package mutating func respond(to message: inout Message, over generation: borrowing Generation) -> Reply {
    inquiry.read(message, &name, generation.zones)
    return answer(&message, generation)
  }

  @inline(__always) private mutating func answer(_ message: inout Message, _ generation: borrowing Generation) -> Reply
  {
    examineCookie(message, generation)
    subnet.isSent = false
    guard case .answer = inquiry.verdict else { return respondOtherwise(&message, generation) }
    guard examineSubnet(message, generation) else { return refuse(.formErr, &message, generation) }
    begin(&message, generation)
    let found = find(&message, generation)
    if found.isAnswered { return finish(.whole, &message, generation) }
    answer = Answer(query.type, signed: query.edns?.dnssecOK ?? false)
    resolve(found, &message, generation)
    return finish(answer, &message, generation)
  }

  /// What cannot be answered from a zone.
  @inline(never) private mutating func respondOtherwise(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    switch inquiry.verdict {
    case .answer, .special: respondSpecially(&message, generation)
    case .acknowledge: renewCookie(&message, generation)
    case .refuse(let code): refuse(code, &message, generation)
    case .drop: Reply(fate: .malformed)
    }
  }

  /// What is not an ordinary question.
  private mutating func respondSpecially(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    if query.signature > 0 { return meetSignature(&message, generation) }
    if query.opcode != .query { return refuseChange(&message, generation) }
    if query.recordClass == RecordClass.chaos { return answerChaos(&message, generation) }
    if query.recordClass == RecordClass.internet { return answerTransfer(&message, generation) }
    return refuse(.refused, &message, generation, because: .notSupported)
  }

  /// xorshift64*: rotation needs spread, not secrecy.
  mutating func nextRandom() -> UInt32 {
    luck ^= luck >> 12
    luck ^= luck << 25
    luck ^= luck >> 27
    return UInt32(truncatingIfNeeded: (luck &* 0x2545_F491_4F6C_DD1D) >> 32)
  }
}

/// Large zones: memory is slow, so that all requests of a batch are read before the first is answered, and what
/// the answers will need is fetched meanwhile.
extension Responder {
  /// Reads a request into a place, and has the processor fetch where its lookup begins.
  package mutating func read(_ message: borrowing Message, into place: Int, _ generation: borrowing Generation) {
    inquiries[place].read(message, &names[place], generation.zones)
    let zone = inquiries[place].zone
    if zone >= 0 { generation.zones.entries[zone].zone.value.prefetchSlot(inquiries[place].hash) }
  }

  /// Has the processor fetch what the lookups of the first `count` places will read next.
  package func fetch(_ count: Int, _ generation: borrowing Generation) {
    for i in 0..<count where inquiries[i].zone >= 0 {
      generation.zones.entries[inquiries[i].zone].zone.value.prefetchNode(inquiries[i].hash)
    }
  }

  /// Replaces the query in `message`, which has been read into `place`, by its reply.
  package mutating func respond(
    to message: inout Message, from place: Int, over generation: borrowing Generation
  ) -> Reply {
    inquiry = inquiries[place]
    swap(&name, &names[place])
    return answer(&message, generation)
  }
}

enum RecordClass {
  static var internet: UInt16 { 1 }
  static var chaos: UInt16 { 3 }
}
