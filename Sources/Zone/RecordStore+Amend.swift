import Memory
package import Wire

extension RecordStore {
  package borrowing func copy() -> RecordStore {
    var copy = RecordStore()
    copy.entries.append(contentsOf: entries.span)
    copy.octets.append(contentsOf: octets.span)
    copy.files = files
    copy.owners = owners
    return copy
  }

  /// Calls `body` with each record of `owners`; their data is canonical.
  package borrowing func forEach(of owners: Set<DomainName>, _ body: (ZoneRecord) -> Void) {
    guard !owners.isEmpty else { return }
    var known = (offset: UInt32.max, isAsked: false, name: DomainName.root)
    for i in 0..<entries.count {
      let entry = entries[i]
      if entry.owner != known.offset {
        let name = owner(of: entry)
        known = (entry.owner, owners.contains(name), name)
      }
      if known.isAsked { body(record(entry, of: known.name)) }
    }
  }

  private borrowing func record(_ entry: RecordEntry, of owner: DomainName) -> ZoneRecord {
    var data = Array(octets.span.extracting(entry.dataRange))
    RDataFormat(entry.type).fold(&data)
    return ZoneRecord(owner, entry.type, ttl: entry.ttl, data: data)
  }

  /// Appends a record that no file has.
  ///
  /// - Parameter file: stands for it in messages.
  package mutating func append(_ record: ZoneRecord, from file: String) {
    let owner = octets.count
    for octet in record.owner.wire { octets.append(octet) }
    let data = octets.count
    for octet in record.data { octets.append(octet) }
    owners.count += 1
    owners.octets += record.owner.wire.count
    entries.append(
      RecordEntry(
        owner: UInt32(owner), data: UInt32(data), ttl: record.ttl, line: 1, dataLength: UInt16(record.data.count),
        file: number(of: file), type: record.type, ownerLength: UInt8(record.owner.wire.count)))
  }

  private mutating func number(of file: String) -> UInt16 {
    if let known = files.firstIndex(of: file) { return UInt16(known) }
    files.append(file)
    return UInt16(files.count - 1)
  }

  /// Drops the records for which `isRemoved`; only those of `owners` are asked about. Their data is canonical.
  package mutating func remove(of owners: Set<DomainName>, where isRemoved: (ZoneRecord) -> Bool) {
    guard !owners.isEmpty else { return }
    var kept = GrowableArray<RecordEntry>(minimumCapacity: entries.count)
    var known = (offset: UInt32.max, isAsked: false, name: DomainName.root)
    for i in 0..<entries.count {
      let entry = entries[i]
      if entry.owner != known.offset {
        let name = owner(of: entry)
        known = (entry.owner, owners.contains(name), name)
      }
      if known.isAsked, isRemoved(record(entry, of: known.name)) { continue }
      kept.append(entry)
    }
    entries = kept
  }

  /// The serial of the zone's SOA record (RFC 1035 §3.3.13); nil when there is none.
  package var serial: UInt32? {
    guard let entry = start else { return nil }
    return octets.span.extracting(entry.dataRange.suffix(20).prefix(4)).uint32
  }

  package mutating func setSerial(_ serial: UInt32) {
    guard let at = start?.dataRange.suffix(20).lowerBound else { return }
    for i in 0..<4 { octets[at + i] = UInt8(truncatingIfNeeded: serial >> (24 - 8 * UInt32(i))) }
  }

  private var start: RecordEntry? {
    for i in 0..<entries.count where entries[i].type == .soa { return entries[i] }
    return nil
  }
}

extension Span<UInt8> {
  fileprivate var uint32: UInt32 {
    indices.reduce(UInt32(0)) { $0 << 8 | UInt32(self[$1]) }
  }
}
