import Memory
package import Wire

/// How many answers a client network may get (rate limiting, as operators know it from BIND's RRL).
package struct RateLimit: ~Copyable, Sendable {
  /// Of one kind, a second, from the whole server; 0: not limited.
  package let responses: Int
  /// One of so many limited answers is sent truncated; 0: none.
  package let slip: Int
  /// Never limited.
  let exempt: Slab<Network>
  let exemptCount: Int

  struct Network: BitwiseCopyable, Sendable {
    var isIPv6: Bool
    /// The prefix, and a mask of the same form.
    var high, low, highMask, lowMask: UInt64
  }

  package static var off: RateLimit { RateLimit(responses: 0) }

  package init(responses: Int, slip: Int = 2, exempt: [IPPrefix] = []) {
    self.responses = responses
    self.slip = slip
    let networks = exempt.map { Network($0) }
    self.exempt = Slab(copying: networks.span)
    exemptCount = networks.count
  }

  var isOn: Bool { responses > 0 }

  func exempts(_ client: IPAddress) -> Bool {
    let (high, low) = client.words
    let networks = exempt.span
    for i in 0..<exemptCount {
      let network = networks[i]
      if network.isIPv6 == client.isIPv6, high & network.highMask == network.high, low & network.lowMask == network.low
      {
        return true
      }
    }
    return false
  }
}

extension RateLimit.Network {
  init(_ prefix: IPPrefix) {
    isIPv6 = prefix.address.isIPv6
    (high, low) = prefix.address.words
    let length = isIPv6 ? prefix.length : prefix.length + 32
    highMask = isIPv6 ? length == 0 ? 0 : .max << UInt64(max(0, 64 - length)) : 0
    lowMask =
      isIPv6
      ? length <= 64 ? 0 : .max << UInt64(128 - length) : prefix.length == 0 ? 0 : .max << UInt64(64 - length)
  }
}

extension IPAddress {
  /// Two words that say which address it is within its family.
  var words: (high: UInt64, low: UInt64) {
    switch self {
    case .v4(let address): (0, UInt64(address))
    case .v6(let high, let low): (high, low)
    }
  }
}
