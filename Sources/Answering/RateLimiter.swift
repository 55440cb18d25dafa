import Memory
import Wire

/// The answers that one worker has given lately, by client network and kind of answer: a token bucket each,
/// in a table of fixed size.
///
/// The table is a set-associative cache: what is looked up may stand in one of four places. A newcomer takes
/// the place of the entry with the least load and begins without any; an entry near its limit is never given
/// up. So whoever asks from a great many networks can neither make the table forget those that are limited
/// nor charge others for what he does: where all four are near their limits the newcomer is not limited.
struct RateLimiter: ~Copyable {
  /// What is counted apart, so that an attack with one kind leaves the others alone.
  enum Kind: UInt64, BitwiseCopyable { case positive, negative, referral, error }

  enum Verdict: BitwiseCopyable { case pass, drop, slip }

  struct Entry: BitwiseCopyable {
    /// When the bucket will be full again, in nanoseconds since boot: the further ahead, the emptier it is.
    var fullAt: UInt64
    /// Of the network and the kind; 0 is empty.
    var tag: UInt32
    /// Limited answers so far, for `slip`.
    var limited: UInt32
  }

  private static var ways: Int { 4 }
  /// A power of two; with four entries of 16 octets each, 2 MiB, of which only what is used is resident.
  private static var sets: Int { 1 << 15 }
  /// The bucket's size: answers of one second, in nanoseconds.
  private static var burst: UInt64 { 1_000_000_000 }

  private var entries = Slab<Entry>(count: RateLimiter.sets * RateLimiter.ways)
  private let key: SipHash.Key

  /// - Parameter key: secret, so that nobody can choose networks that share a place.
  init(key: SipHash.Key) { self.key = key }

  /// Charges an answer, or says what to do instead.
  ///
  /// - Parameters:
  ///   - interval: nanoseconds for one answer.
  ///   - now: nanoseconds since boot.
  mutating func charge(
    _ client: IPAddress, _ kind: Kind, interval: UInt64, slip: Int, at now: UInt64
  ) -> Verdict {
    let hash = hash(client, kind)
    let tag = UInt32(truncatingIfNeeded: hash >> 32) | 1
    guard let place = place(tag, set: Int(truncatingIfNeeded: hash) & (Self.sets - 1), now) else { return .pass }
    var all = entries.mutableSpan
    var entry = all[place]
    if entry.tag != tag { entry = Entry(fullAt: 0, tag: tag, limited: 0) }
    let full = max(entry.fullAt, now) &+ interval
    if full &- now <= Self.burst {
      entry.fullAt = full
      all[place] = entry
      return .pass
    }
    // The first of each row, so that a client that has just gone too far knows at once.
    let isSlipped = slip > 0 && Int(entry.limited) % slip == 0
    entry.limited &+= 1
    all[place] = entry
    return isSlipped ? .slip : .drop
  }

  /// The entry with the tag, else the one to give up for it; nil when none may be.
  private func place(_ tag: UInt32, set: Int, _ now: UInt64) -> Int? {
    let all = entries.span
    let first = set * Self.ways
    var least = first
    for i in first..<(first + Self.ways) {
      if all[i].tag == tag { return i }
      if all[i].fullAt < all[least].fullAt { least = i }
    }
    return all[least].fullAt > now &+ Self.burst / 2 ? nil : least
  }

  /// A /24 of IPv4, a /56 of IPv6.
  private func hash(_ client: IPAddress, _ kind: Kind) -> UInt64 {
    var hash = SipHash(key)
    switch client {
    case .v4(let address): return hash.finish(UInt64(address & 0xFFFF_FF00) | kind.rawValue, length: 4)
    case .v6(let high, _):
      hash.absorb(high & ~0xFF | kind.rawValue)
      return hash.finish(length: 8)
    }
  }
}
