import Memory
import Wire

/// What happens to answers for a network that asks too much.
extension Responder {
  /// - Parameter message: with the answer's sections, before the OPT record.
  mutating func charge(
    _ answer: Answer, _ message: borrowing Message, _ limit: borrowing RateLimit
  ) -> RateLimiter.Verdict {
    if limit.exempts(context.client) { return .pass }
    // Each worker gives its share: together they give the rate.
    let interval = 1_000_000_000 * UInt64(workers) / UInt64(limit.responses)
    return limiter.charge(
      context.client, kind(answer, message), interval: interval, slip: limit.slip, at: context.time.monotonic)
  }

  private func kind(_ answer: Answer, _ message: borrowing Message) -> RateLimiter.Kind {
    switch answer.code {
    case .noError where message.uint16(Section.answer.offset) > 0: .positive
    case .noError: answer.isAuthoritative ? .negative : .referral
    case .nxDomain: .negative
    default: .error
    }
  }

  /// A reply without an answer, by which a real client comes back: over TCP, or, if it speaks cookies, with
  /// the good one that it gets here (RFC 7873 §5.2.3).
  mutating func slip(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    clear(&message)
    answer = Answer(query.type)
    if cookie.isSent { answer.code = .badCookie } else { answer.isTruncated = true }
    var reply = complete(answer, &message, generation)
    reply.fate = .slipped
    return reply
  }
}
