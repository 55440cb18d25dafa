import Memory
package import Wire

extension RecordStore {
  package borrowing func copy() -> RecordStore {
    var copy = RecordStore(apex: apex)
    copy.entries = GrowableArray(copying: entries.span)
    copy.octets = OctetBuffer(copying: octets.span)
    copy.nodes = nodes.copy()
    copy.files = files
    copy.origins = origins
    copy.hasRemoved = hasRemoved
    return copy
  }

  /// Calls `body` with each record of `owners`; their data is canonical.
  package borrowing func forEach(of owners: Set<DomainName>, _ body: (ZoneRecord) -> Void) {
    for owner in owners {
      guard let node = find(owner) else { continue }
      forEach(of: node) { body(record($0, of: owner)) }
    }
  }

  private borrowing func find(_ owner: DomainName) -> Int? {
    guard owner.isAtOrBelow(apex) else { return nil }
    let (name, count) = relative(owner)
    return nodes.find(name.rawBytes, from: 0, count: count)
  }

  /// The name in lower case and below the apex, with the margin that hashing by words needs.
  private borrowing func relative(_ owner: DomainName) -> (name: [UInt8], count: Int) {
    (owner.lowercased.wire + Array(repeating: 0, count: 16), owner.wire.count - apex.wire.count)
  }

  private borrowing func record(_ number: Int, of owner: DomainName) -> ZoneRecord {
    let entry = entries[number]
    var data = Array(octets.span.extracting(entry.dataRange))
    RDataFormat(entry.type).fold(&data)
    return ZoneRecord(owner, entry.type, ttl: entry.ttl, data: data)
  }

  /// The number of an owner at or below the apex, which it gets if it has none.
  mutating func intern(_ owner: DomainName) -> Int {
    let (name, count) = relative(owner)
    return nodes.intern(name.rawBytes, from: 0, count: count)
  }

  /// Appends a record that no file has.
  ///
  /// - Parameter file: stands for it in messages.
  package mutating func append(_ record: ZoneRecord, from file: String) {
    let node = intern(record.owner)
    let data = octets.count
    for octet in record.data { octets.append(octet) }
    append(node, record.type, ttl: record.ttl, data: data, line: 1, file: number(of: file))
  }

  private mutating func number(of file: String) -> UInt16 {
    if let known = files.firstIndex(of: file) { return UInt16(known) }
    files.append(file)
    return UInt16(files.count - 1)
  }

  /// Drops the records for which `isRemoved`; only those of `owners` are asked about. Their data is canonical.
  package mutating func remove(of owners: Set<DomainName>, where isRemoved: (ZoneRecord) -> Bool) {
    for owner in owners {
      guard let node = find(owner) else { continue }
      let kept = numbers(of: node).filter { !isRemoved(record($0, of: owner)) }
      link(kept, to: node)
      nodes.setNotLeading(node)
    }
    hasRemoved = true
  }

  private mutating func link(_ records: [Int], to node: Int) {
    for (i, number) in records.enumerated() {
      entries[number].next = UInt32(records[i + 1 == records.count ? 0 : i + 1])
    }
    nodes.setLast(node, records.last.map { UInt32($0) } ?? NodeTable.noRecord)
  }

  /// The serial of the zone's SOA record (RFC 1035 §3.3.13); nil when there is none.
  package var serial: UInt32? {
    guard let start else { return nil }
    return octets.bytes.uint32(entries[start].dataRange.upperBound - 20)
  }

  package mutating func setSerial(_ serial: UInt32) {
    guard let start else { return }
    let at = entries[start].dataRange.upperBound - 20
    for i in 0..<4 { octets[at + i] = UInt8(truncatingIfNeeded: serial >> (24 - 8 * UInt32(i))) }
  }

  private var start: Int? { first(of: 0) { entries[$0].type == .soa } }
}
