package import Memory

/// What of the configuration every answer depends on.
package struct AnswerSettings: ~Copyable, Sendable {
  /// The largest UDP reply, and the size that we advertise (RFC 6891 §6.2.5): 512 to 4096.
  package var udpSize: UInt16
  /// The same for a UDP query without a cookie that proves its address; 512 to `udpSize`.
  package var sizeWithoutCookie: UInt16
  package var cookies = CookieSecrets.off
  package var rateLimit = RateLimit.off
  /// Whether pools that choose by client look at the client subnet option (RFC 7871).
  package var usesClientSubnet = false
  /// How long an idle TCP connection is kept, in units of 100 ms (RFC 7828 §3.1).
  package var keepalive: UInt16 = 0
  package var keys = KeyNames()
  /// What NSID and `id.server` tell: at most 255 octets; empty: nothing.
  package let identity: Slab<UInt8>
  package let identityLength: Int
  private let pinned = Pinned()

  package init(udpSize: UInt16, identity: String? = nil) {
    self.udpSize = udpSize
    sizeWithoutCookie = udpSize
    let octets = Array((identity ?? "").utf8.prefix(255))
    self.identity = Slab(copying: octets.span)
    identityLength = octets.count
  }
}
