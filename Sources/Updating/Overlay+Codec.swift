package import Wire

extension Overlay {
  /// The overlay as it is kept: `Envelope` around
  ///
  ///     name    the zone
  ///     4       serial
  ///     8       hash of the zone file
  ///     4       records added; each owner, type (2), length (2), data, TTL (4)
  ///     4       records removed; each owner, type (2), length (2), data
  package var octets: [UInt8] {
    var body = zone.wire
    body.append(serial)
    body.append(fileHash)
    body.append(UInt32(truncatingIfNeeded: added.count))
    for record in additions {
      body.append(record.identity)
      body.append(record.ttl)
    }
    body.append(UInt32(truncatingIfNeeded: removed.count))
    for identity in removed.sorted() { body.append(identity) }
    return Envelope.seal(.overlay, body)
  }

  /// Reads what `octets` gave.
  ///
  /// - Parameter zone: the one whose overlay it must be.
  package init(_ octets: [UInt8], zone: DomainName) throws(UpdateDamage) {
    var body = try Envelope.open(.overlay, octets)
    let found = try body.name()
    guard found == zone else { throw UpdateDamage("it belongs to the zone \(found.shortText)") }
    let serial = try body.uint32()
    let fileHash = try body.uint64()
    var added: [RecordIdentity: UInt32] = [:]
    for _ in 0..<(try body.count()) {
      let identity = try body.identity(in: found)
      added[identity] = try body.ttl()
    }
    var removed: Set<RecordIdentity> = []
    for _ in 0..<(try body.count()) { removed.insert(try body.identity(in: found)) }
    try body.finish()
    self.init(zone: found, serial: serial, fileHash: fileHash, added: added, removed: removed)
  }
}
