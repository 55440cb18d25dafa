package import Failover
package import Wire

/// What of a client's address a sticky choice looks at: its network. The same on every server, so that it does not
/// matter which one is asked.
package enum ClientNetwork {
  /// Bits that count of an address.
  package static func length(_ address: IPAddress) -> Int { address.isIPv6 ? 56 : 24 }

  /// Of the /24 or the /56.
  package static func hash(_ address: IPAddress) -> UInt64 {
    switch address {
    case .v4(let value): mix(UInt64(value >> 8) | 4 << 32)
    case .v6(let high, _): mix(mix(high >> 8) | 6)
    }
  }

  /// The network of which it is the hash.
  package static func network(of address: IPAddress) -> IPPrefix {
    IPPrefix(masking: address, length: length(address))
  }

  /// Weighted rendezvous hashing: each choice draws a time for the client's network from an exponential
  /// distribution with its weight; the soonest wins. When one goes, only its clients move.
  ///
  /// - Returns: the index of one of the `count` choices from `first` on.
  @inline(__always) static func choice(
    of address: IPAddress, among choices: Span<PoolOdds>, from first: Int, count: Int
  ) -> Int {
    let network = hash(address)
    var best = first
    var soonest = Double.infinity
    for choice in first..<(first + count) {
      let time = waiting(network ^ choices[choice].key) / Double(choices[choice].weight)
      if time < soonest { (best, soonest) = (choice, time) }
    }
    return best
  }

  /// The finalizer of MurmurHash3: spreads every bit over all.
  static func mix(_ value: UInt64) -> UInt64 {
    var hash = value
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ (hash >> 33)
  }

  /// Exponentially distributed with mean 1, where `seed` is any number: −ln of one that is uniform in (0, 1).
  package static func waiting(_ seed: UInt64) -> Double {
    let uniform = Double((mix(seed) >> 12) | 1)
    // uniform = m · 2^e with m in [1, 2), out of 2^52.
    let bits = uniform.bitPattern
    let exponent = Int(bits >> 52) - 1023 - 52
    let significand = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    return -(Double(exponent) * 0.693_147_180_559_945_3 + logarithm(significand))
  }

  /// ln of [1, 2) by the series of artanh, to a millionth.
  private static func logarithm(_ x: Double) -> Double {
    let t = (x - 1) / (x + 1)
    let s = t * t
    return 2 * t * (1 + s * (1 / 3.0 + s * (1 / 5.0 + s * (1 / 7.0 + s * (1 / 9.0 + s / 11)))))
  }
}

extension Plan {
  /// What a client gets: as `outcome`, but where clients stick to a choice, the one that this client has.
  ///
  /// - Parameters:
  ///   - address: of the client, or of the network that its resolver tells.
  ///   - classes: the client's, by table.
  package func outcome(for address: IPAddress, _ classes: [Int: Int]) -> Trace.Outcome {
    outcome(classes) { odds in
      let choices = PoolOdds.all(of: odds, base: 0)
      return ClientNetwork.choice(of: address, among: choices.span, from: 0, count: choices.count)
    }
  }
}
