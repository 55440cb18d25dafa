import Wire

extension Outbox {
  /// The outbox as it is kept: `Envelope` around
  ///
  ///     4       changes, oldest first; each zone, owner, type (2), length (2), data, since (8),
  ///             1 and TTL (4) when the record was added, 0 when it was removed
  package var octets: [UInt8] {
    var body: [UInt8] = []
    body.append(UInt32(truncatingIfNeeded: entries.count))
    for (key, entry) in inOrder {
      body += key.zone.wire
      body.append(key.identity)
      body.append(entry.since)
      body.append(UInt8(entry.ttl == nil ? 0 : 1))
      if let ttl = entry.ttl { body.append(ttl) }
    }
    return Envelope.seal(.outbox, body)
  }

  /// Reads what `octets` gave.
  package init(_ octets: [UInt8]) throws(UpdateDamage) {
    var body = try Envelope.open(.outbox, octets)
    self.init()
    for _ in 0..<(try body.count()) {
      let zone = try body.name()
      let identity = try body.identity(in: zone)
      let since = try body.uint64()
      put(identity, zone, ttl: try body.uint8() == 0 ? nil : try body.ttl(), at: since)
    }
    try body.finish()
  }
}
