package import Wire

/// What a peer has not got yet: for each record what became of it last, so that a peer that is away for long
/// misses no more than what has changed.
package struct Outbox: Hashable, Sendable {
  package struct Key: Hashable, Sendable {
    package let zone: DomainName
    package let identity: RecordIdentity
  }

  struct Entry: Hashable, Sendable {
    /// Nil: the record is removed.
    let ttl: UInt32?
    /// Later entries have higher numbers.
    let number: UInt64
    /// Since when the peer lacks the record's latest: a change of what waits already does not make that later.
    /// Nanoseconds since 1970 UTC.
    let since: UInt64
  }

  private(set) var entries: [Key: Entry] = [:]
  private var nextNumber: UInt64 = 1

  /// Records that an outbox may hold; beyond that the oldest are given up.
  package static var limit: Int { 20_000 }

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }
  package var count: Int { entries.count }
  /// Since when the peer has lacked something, in nanoseconds since 1970 UTC; nil: it has everything.
  package var oldest: UInt64? { entries.values.lazy.map(\.since).min() }

  /// Takes what an update has changed in a zone.
  ///
  /// - Parameter now: nanoseconds since 1970 UTC.
  /// - Returns: how many of the oldest changes were given up for it; the peer will never learn of them.
  @discardableResult
  package mutating func put(_ edits: [Edit], in zone: DomainName, at now: UInt64) -> Int {
    for edit in edits {
      switch edit {
      case .add(let record): put(edit.identity, zone, ttl: record.ttl, at: now)
      case .remove: put(edit.identity, zone, ttl: nil, at: now)
      }
    }
    return giveUp(entries.count - Outbox.limit)
  }

  mutating func put(_ identity: RecordIdentity, _ zone: DomainName, ttl: UInt32?, at now: UInt64) {
    let key = Key(zone: zone.lowercased, identity: identity)
    entries[key] = Entry(ttl: ttl, number: nextNumber, since: entries[key]?.since ?? now)
    nextNumber += 1
  }

  private mutating func giveUp(_ excess: Int) -> Int {
    guard excess > 0 else { return 0 }
    for (key, _) in inOrder.prefix(excess) { entries[key] = nil }
    return excess
  }

  /// Oldest first.
  var inOrder: [(key: Key, value: Entry)] { entries.sorted { $0.value.number < $1.value.number } }
}

extension Outbox {
  /// One message's worth of changes to one zone.
  package struct Batch: Hashable, Sendable {
    package let zone: DomainName
    /// An update (RFC 2136 §2) with the option of `PassedOn`, not signed yet.
    package let message: [UInt8]
    let sent: [Key: UInt64]

    /// Changes in the message.
    package var count: Int { sent.count }
  }

  /// The oldest changes that fit into one message; they stay in the outbox until they are acknowledged.
  ///
  /// - Parameters:
  ///   - octets: that the message may have before it is signed: subtract the key's `recordLength`. At least one
  ///     change is in it, whatever it takes.
  ///   - identifier: of the message.
  ///   - serial: what we serve a zone with.
  /// - Returns: nil when the peer has everything.
  package func next(
    upTo octets: Int, identifier: UInt16, serial: (DomainName) -> UInt32? = { _ in nil }
  ) -> Batch? {
    let waiting = inOrder
    guard let zone = waiting.first?.key.zone else { return nil }
    var message = UpdateMessage(identifier: identifier, zone: zone, serial: serial(zone))
    var sent: [Key: UInt64] = [:]
    for (key, entry) in waiting where key.zone == zone {
      let fits = message.append(key.identity, ttl: entry.ttl, upTo: sent.isEmpty ? UpdateMessage.largest : octets)
      guard fits else { break }
      sent[key] = entry.number
    }
    return Batch(zone: zone, message: message.finished, sent: sent)
  }

  /// Forgets what the peer has got, but not what has changed again meanwhile.
  package mutating func acknowledge(_ batch: Batch) {
    for (key, number) in batch.sent where entries[key]?.number == number { entries[key] = nil }
  }

  /// Forgets what the peer has spoken of since, in an update that it has passed on: its word is the later one. So
  /// two servers that were parted agree afterwards, whatever happened to the same record at both.
  package mutating func yield(to update: UpdateRequest) {
    for change in update.changes {
      switch change {
      case .add(let record): entries[Key(zone: update.zone, identity: record.identity)] = nil
      case .delete(let identity): entries[Key(zone: update.zone, identity: identity)] = nil
      // Nobody passes these on.
      case .deleteRRset, .deleteName: break
      }
    }
  }

  /// Forgets what belongs to a zone that is not passed on any more.
  package mutating func drop(zone: DomainName) { entries = entries.filter { $0.key.zone != zone } }
}
