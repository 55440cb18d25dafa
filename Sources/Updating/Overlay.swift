package import Wire

/// What updates have made of one zone, beside its zone file: the zone is the file's records without `removed`, and
/// `added`. Record by record, so that a file that is edited later and the overlay still fit together.
package struct Overlay: Hashable, Sendable {
  package let zone: DomainName
  /// What is served as the SOA's serial.
  package private(set) var serial: UInt32
  /// The zone file with which it was last seen; a hash of its content.
  package private(set) var fileHash: UInt64
  /// With their TTLs. One that is in the file too has this TTL instead.
  package private(set) var added: [RecordIdentity: UInt32] = [:]
  /// Records of the file.
  package private(set) var removed: Set<RecordIdentity> = []

  /// Records that an overlay may hold.
  package static var limit: Int { 10_000 }

  /// Of a zone that no update has changed.
  package init(zone: DomainName, fileSerial: UInt32, fileHash: UInt64) {
    self.zone = zone.lowercased
    serial = fileSerial
    self.fileHash = fileHash
  }

  init(
    zone: DomainName, serial: UInt32, fileHash: UInt64, added: [RecordIdentity: UInt32], removed: Set<RecordIdentity>
  ) {
    self.zone = zone.lowercased
    self.serial = serial
    self.fileHash = fileHash
    self.added = added
    self.removed = removed
  }

  package var isEmpty: Bool { added.isEmpty && removed.isEmpty }
  package var count: Int { added.count + removed.count }

  /// Takes what an update has changed, and raises the serial by one if that is anything.
  ///
  /// - Parameters:
  ///   - peer: the serial of the server that has passed the update on: ours does not stay behind it, so that servers
  ///     with the same records have the same serial, also when one was told of several updates in one.
  ///   - isInFile: whether the zone file has the record.
  /// - Throws: SERVFAIL when there would be too many records; then nothing has changed.
  package mutating func apply(
    _ edits: [Edit], after peer: UInt32? = nil, isInFile: (RecordIdentity) -> Bool
  ) throws(UpdateRefusal) {
    guard !edits.isEmpty else { return }
    var next = self
    for edit in edits {
      switch edit {
      case .add(let record):
        next.removed.remove(record.identity)
        next.added[record.identity] = record.ttl
      case .remove(let identity):
        next.added[identity] = nil
        if isInFile(identity) { next.removed.insert(identity) }
      }
    }
    guard next.count <= max(Overlay.limit, count) else {
      throw UpdateRefusal(
        .servFail, "updates have changed \(count) records of \(zone.shortText), and there is room for \(Overlay.limit)")
    }
    next.serial = Serial.next(serial)
    if let peer, Serial.isAhead(peer, of: next.serial) { next.serial = peer }
    self = next
  }

  /// Takes note of the zone file as it is now.
  ///
  /// - Parameters:
  ///   - isInFile: whether it has the record. Removals of records that it does not have any more are forgotten, so
  ///     that they can come back with a later edit.
  /// - Returns: whether the serial has changed. A file that was edited is served with its own serial if that is
  ///   ahead of the served one, else with the one after the served one: never back.
  @discardableResult
  package mutating func meet(
    fileSerial: UInt32, fileHash: UInt64, isInFile: (RecordIdentity) -> Bool
  ) -> Bool {
    guard fileHash != self.fileHash else { return false }
    self.fileHash = fileHash
    serial = Serial.isAhead(fileSerial, of: serial) ? fileSerial : Serial.next(serial)
    removed = removed.filter(isInFile)
    return true
  }
}

extension Overlay {
  /// Whether the record of the file is served as it stands there: neither removed nor with another TTL.
  package func keeps(_ identity: RecordIdentity) -> Bool { !removed.contains(identity) && added[identity] == nil }

  /// What is added, in canonical order.
  package var additions: [Record] {
    added.sorted { $0.key < $1.key }.map { Record($0.key, ttl: $0.value) }
  }

  /// What is served besides the file's records, and what is not because an edit of the file has made an alias of
  /// its name since: the file wins, until its alias goes.
  ///
  /// - Parameter isAlias: whether the file has a CNAME at the name that is not removed.
  package func additions(isAlias: (DomainName) -> Bool) -> (served: [Record], hidden: [Record]) {
    var served: [Record] = []
    var hidden: [Record] = []
    for record in additions {
      if isAlias(record.identity.owner) { hidden.append(record) } else { served.append(record) }
    }
    return (served, hidden)
  }
}
