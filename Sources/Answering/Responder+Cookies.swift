import Memory
import Wire

/// What a query's cookie says of its client, and what is sent back (RFC 7873 §5.2).
@usableFromInline package enum CookieStatus: UInt8, Sendable, BitwiseCopyable {
  /// No cookie, or cookies are off.
  case none
  /// A client cookie alone: who does not know us yet.
  case missing
  /// A server cookie that is not, or no longer, ours.
  case wrong
  /// The client really has its address.
  case valid
}

/// The cookie of the query that is being answered.
struct CookieExchange: BitwiseCopyable {
  var status = CookieStatus.none
  var client: UInt64 = 0
  var server = CookieSecrets.ServerCookie(head: 0, hash: 0)

  /// Octets of the option's data.
  static var length: Int { Cookie.clientLength + CookieSecrets.ServerCookie.length }

  var isSent: Bool { if case .none = status { false } else { true } }
  var isValid: Bool { if case .valid = status { true } else { false } }
  var isWrong: Bool { if case .wrong = status { true } else { false } }
}

extension Responder {
  /// A cookie younger than this is sent back as it is (RFC 9018 §4.3).
  private static var renewal: Int { 1800 }

  /// What the query's cookie says of its client, and what is sent back.
  @inline(__always) mutating func examineCookie(
    _ message: borrowing Message, _ generation: borrowing Generation
  ) {
    cookie.status = .none
    guard let sent = query.edns?.cookie(in: message) else { return }
    cookie = examine(sent, generation.settings.cookies)
  }

  private func examine(_ cookie: Cookie, _ secrets: borrowing CookieSecrets) -> CookieExchange {
    if secrets.areOff { return CookieExchange() }
    if let known = secrets.age(cookie, context.client, at: context.time.wall) {
      let own = CookieSecrets.ServerCookie(head: cookie.server.0, hash: cookie.server.1)
      // With an older secret it is replaced before that one goes.
      let isFresh = known.age <= Self.renewal && known.isOfFirst
      return CookieExchange(
        status: .valid, client: cookie.client,
        server: isFresh ? own : secrets.make(for: cookie, context.client, at: context.time.wall))
    }
    return CookieExchange(
      status: cookie.serverLength == 0 ? .missing : .wrong, client: cookie.client,
      server: secrets.make(for: cookie, context.client, at: context.time.wall))
  }

  /// A query that is nothing but a cookie gets a good one in return (RFC 7873 §5.4).
  mutating func renewCookie(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    // With cookies off it is a query without a question.
    guard cookie.isSent else { return refuse(.formErr, &message, generation) }
    return refuse(cookie.isWrong ? .badCookie : .noError, &message, generation)
  }
}
