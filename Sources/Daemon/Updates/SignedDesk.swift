import Answering
import Assembly
import Logging
import Memory
import Serving
import Sockets
import Synchronization
import Updating
import Wire

/// The thread that answers what is signed with one of our keys (RFC 8945): it verifies the request, has a query
/// answered as any other and an update carried out, and signs the reply.
final class SignedDesk: Sendable {
  /// Carries out an update; the answer's code.
  typealias Carry = @Sendable (VerifiedRequest, UpdateRequest, IPAddress) -> ResponseCode

  private let requests: SignedRequests
  private let logger: Logger
  private let keys: Mutex<KeyRing>
  /// Of this thread among those that read generations.
  private let reader: Int
  private let refusals = RefusalLog()

  init(_ requests: SignedRequests, _ keys: KeyRing, reader: Int, _ logger: Logger) {
    self.requests = requests
    self.keys = Mutex(keys)
    self.reader = reader
    self.logger = logger
  }

  /// From the next request on.
  func set(_ keys: KeyRing) { self.keys.withLock { $0 = keys } }

  /// - Parameter carry: called on the desk's thread.
  func start(_ publication: Publication, carry: @escaping Carry) -> Thread? {
    Thread.start("signed") { [self] in
      var responder = Responder(seed: Entropy.number(), index: reader)
      while let requests = requests.take() {
        for request in requests { serve(request, &responder, publication, carry) }
      }
    }
  }

  func stop() { requests.close() }

  private func serve(
    _ request: SignedRequest, _ responder: inout Responder, _ publication: Publication, _ carry: Carry
  ) {
    let now = Clock.wall() / 1_000_000_000
    switch keys.withLock({ $0 }).verify(request.octets, now: now) {
    // The worker that left it here has seen a signature.
    case .unsigned: request.answer(nil)
    case .refused(let refusal):
      // Whoever forges an address could have us answer to it.
      guard refusals.note("\(refusal)", from: request.client, logger) || !request.isDatagram else { return }
      let frame = UpdateReply.octets(to: request.octets, refusal.responseCode)
      request.answer(frame.map { refusal.complete($0, now: now) })
    case .good(let verified):
      let reply = reply(to: verified, request, &responder, publication, carry)
      // The work may have taken its time.
      request.answer(reply.flatMap { verified.sign($0, time: Clock.wall() / 1_000_000_000) })
    }
  }

  private func reply(
    to verified: VerifiedRequest, _ request: SignedRequest, _ responder: inout Responder, _ publication: Publication,
    _ carry: Carry
  ) -> [UInt8]? {
    guard UpdateRequest.isUpdate(verified.message) else {
      return answer(verified, request, &responder, publication)
    }
    do throws(UpdateRefusal) {
      let update = try UpdateRequest(verified.message)
      return UpdateReply.octets(to: verified.message, carry(verified, update, request.client))
    } catch {
      logger.warning("update refused: \(error)", metadata: ["key": "\(verified.key.name.shortText)"])
      return UpdateReply.octets(to: verified.message, error.code)
    }
  }

  /// Octets of the largest reply to a client that says nothing of EDNS (RFC 1035 §4.2.1).
  private static var plainLimit: Int { 512 }

  /// A query, answered as without a signature, with room for one.
  private func answer(
    _ verified: VerifiedRequest, _ request: SignedRequest, _ responder: inout Responder, _ publication: Publication
  ) -> [UInt8]? {
    publication.epochs.enter(reader)
    defer { publication.epochs.leave(reader) }
    let query = verified.message
    let limit = request.isDatagram ? datagramLimit(query, publication.generation.current.settings.udpSize) : 65535
    let count = max(query.count + Message.slack, limit - verified.key.recordLength)
    var scratch = Slab<UInt8>(count: count)
    var buffer = scratch.mutableBytes(at: 0, count: count)
    buffer.copy(query.rawBytes, from: 0, count: query.count, at: 0)
    var message = Message(buffer, length: query.count)
    var context = RequestContext(
      transport: request.isDatagram ? .udp : .tcp, client: request.client,
      time: RequestTime(wall: Clock.seconds(), monotonic: Clock.monotonic()))
    // Messages of a transfer would have to be signed one after another.
    context.canTransfer = false
    let reply = responder.respond(to: &message, context, over: publication.generation.current)
    return reply.isSent ? message.octets(0..<message.length) : nil
  }

  /// Octets that the client takes in one datagram, and we send.
  private func datagramLimit(_ query: [UInt8], _ own: UInt16) -> Int {
    var copy = Slab<UInt8>(count: query.count + Message.slack)
    var buffer = copy.mutableBytes(at: 0, count: query.count + Message.slack)
    buffer.copy(query.rawBytes, from: 0, count: query.count, at: 0)
    var name = NameBuffer()
    var parsed = Query()
    _ = parsed.parse(Message(buffer, length: query.count), name: &name)
    return parsed.edns.map { min(max(Self.plainLimit, Int($0.udpSize)), Int(own)) } ?? Self.plainLimit
  }
}

/// Says what is wrong with signatures, but not more often than somebody can read.
final class RefusalLog: Sendable {
  private struct State {
    var second: UInt64 = 0
    var count = 0
    var silent = 0
  }
  private let state = Mutex(State())
  /// Refusals a second that are told and, over UDP, answered.
  private static var most: Int { 20 }

  /// - Returns: whether this one is within the measure.
  func note(_ text: String, from client: IPAddress, _ logger: Logger) -> Bool {
    let now = Clock.monotonic() / 1_000_000_000
    let (isWithin, silent) = state.withLock { state in
      if state.second != now { state = State(second: now, silent: state.silent) }
      state.count += 1
      guard state.count <= Self.most else {
        state.silent += 1
        return (false, 0)
      }
      defer { state.silent = 0 }
      return (true, state.silent)
    }
    guard isWithin else { return false }
    if silent > 0 { logger.warning("\(silent) further signed requests were refused") }
    logger.warning("signed request refused: \(text)", metadata: ["client": "\(client)"])
    return true
  }
}
