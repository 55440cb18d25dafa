package import Wire

/// The secrets of server cookies (RFC 9018): the first one makes them, all of them verify, so that servers
/// that share a file can change it one after the other.
package struct CookieSecrets: Sendable {
  package static var most: Int { 4 }

  private var keys = InlineArray<4, SipHash.Key>(repeating: SipHash.Key(0, 0))
  private var count = 0

  /// No secret: cookies are off.
  package static var off: CookieSecrets { CookieSecrets([]) }

  /// - Parameter list: at most `most`.
  package init(_ list: [SipHash.Key]) {
    precondition(list.count <= Self.most)
    for (i, key) in list.enumerated() { keys[i] = key }
    count = list.count
  }

  var areOff: Bool { count == 0 }

  /// A server cookie: version 1, three octets reserved, the time, and the hash (RFC 9018 §4).
  struct ServerCookie: BitwiseCopyable {
    /// As the octets lie in memory.
    var head, hash: UInt64

    /// Seconds since 1970 modulo 2^32.
    var time: UInt32 { UInt32(truncatingIfNeeded: head >> 32).byteSwapped }
    var version: UInt8 { UInt8(truncatingIfNeeded: head) }

    static var length: Int { 16 }
  }

  func make(for cookie: Cookie, _ client: IPAddress, at time: UInt32) -> ServerCookie {
    let head = 1 | UInt64(time.byteSwapped) << 32
    return ServerCookie(head: head, hash: hash(keys[0], cookie.client, head, client))
  }

  /// How old the server cookie of `cookie` is, in seconds, and whether it is from the first secret; nil when
  /// it is not one of ours (any more).
  ///
  /// An hour is the longest life, and five minutes ahead is how far clocks may differ (RFC 9018 §4.3).
  func age(_ cookie: Cookie, _ client: IPAddress, at time: UInt32) -> (age: Int, isOfFirst: Bool)? {
    guard cookie.serverLength == ServerCookie.length else { return nil }
    let server = ServerCookie(head: cookie.server.0, hash: cookie.server.1)
    let age = Int(Int32(bitPattern: time &- server.time))
    guard server.version == 1, -300...3600 ~= age else { return nil }
    for i in 0..<count where hash(keys[i], cookie.client, server.head, client) == server.hash { return (age, i == 0) }
    return nil
  }

  private func hash(_ key: SipHash.Key, _ cookie: UInt64, _ head: UInt64, _ client: IPAddress) -> UInt64 {
    var hash = SipHash(key)
    hash.absorb(cookie)
    hash.absorb(head)
    switch client {
    case .v4(let address):
      return hash.finish(UInt64(address.byteSwapped), length: 20)
    case .v6(let high, let low):
      hash.absorb(high.byteSwapped)
      hash.absorb(low.byteSwapped)
      return hash.finish(length: 32)
    }
  }
}
