import Control
import Synchronization

/// Since when each pool has answered as it does, and for how long caches may still hold what it answered before.
final class AnswerHistory: Sendable {
  private struct Key: Hashable {
    let pool: String
    let type: String
  }

  private struct Entry {
    var since: Int64
    var addresses: [String] = []
    /// By address that is answered no more: when the last answer that named it expires.
    var expiries: [String: Int64] = [:]
  }

  private let entries = Mutex<[Key: Entry]>([:])

  /// - Parameter ttl: the largest that was handed out, in seconds.
  /// - Returns: what was answered before, over reloads too; nil: nothing was.
  func note(_ change: AnswerChange, ttl: Int, at now: Int64) -> [String]? {
    let expiry = now + Int64(ttl) * 1_000_000_000
    let key = Key(pool: change.pool, type: change.type)
    return entries.withLock { entries in
      let before = entries[key]?.addresses
      var entry = entries[key] ?? Entry(since: now)
      if before != change.after { entry.since = now }
      entry.expiries = entry.expiries.filter { $0.value > now }
      for address in before ?? [] where !change.after.contains(address) { entry.expiries[address] = expiry }
      for address in change.after { entry.expiries[address] = nil }
      entry.addresses = change.after
      entries[key] = entry
      return before
    }
  }

  /// What the pool answered before its latest change expires by then, which may be sooner than its largest TTL allows.
  func limit(pool: String, to end: Int64) {
    entries.withLock { entries in
      for type in ["A", "AAAA"] {
        let key = Key(pool: pool, type: type)
        if let expiries = entries[key]?.expiries { entries[key]?.expiries = expiries.mapValues { min($0, end) } }
      }
    }
  }

  func since(pool: String, type: String) -> Int64? {
    entries.withLock { $0[Key(pool: pool, type: type)]?.since }
  }

  /// When the last answer of the pool that named the address expires; nil: nobody holds one.
  func expiry(pool: String, type: String, address: String, at now: Int64) -> Int64? {
    entries.withLock { $0[Key(pool: pool, type: type)]?.expiries[address] }.flatMap { $0 > now ? $0 : nil }
  }

  /// Forgets pools that are gone.
  func keep(pools: Set<String>) { entries.withLock { $0 = $0.filter { pools.contains($0.key.pool) } } }
}
