import Memory
package import Wire

/// One record by itself, as who changes a zone handles it.
package struct ZoneRecord: Hashable, Sendable {
  package let owner: DomainName
  package let type: RecordType
  /// Seconds.
  package let ttl: UInt32
  /// In canonical form: names uncompressed, and in lower case where the type has it so (RFC 4034 §6.2).
  package let data: [UInt8]

  package init(_ owner: DomainName, _ type: RecordType, ttl: UInt32, data: [UInt8]) {
    self.owner = owner
    self.type = type
    self.ttl = ttl
    self.data = data
  }
}

/// What an update may find at a name.
package enum ZonePlace: Sendable {
  case records([ZoneRecord])
  /// At or below a delegation, or below a DNAME: nothing there is this zone's to say.
  case elsewhere
}

extension Zone {
  /// Whether the addresses at `name` are a pool's.
  package func isPooled(_ name: DomainName) -> Bool {
    var buffer = NameBuffer()
    buffer.set(name)
    return find(buffer).node.map { isPooled($0) } ?? false
  }

  /// The records whose owner is `name`, which is at or below the apex; wildcards stand for nobody here.
  package func place(_ name: DomainName) -> ZonePlace {
    var buffer = NameBuffer()
    buffer.set(name)
    let lookup = lookup(buffer, .soa)
    if lookup.outcome == .redirection || lookup.outcome == .referral && lookup.unmatched > 0 { return .elsewhere }
    guard let node = find(buffer).node else { return .records([]) }
    if lookup.outcome == .referral, !NodeHeader(octets.bytes, node).flags.isCut { return .elsewhere }
    var records: [ZoneRecord] = []
    var scratch = Slab<UInt8>(count: 65536 + 1024)
    var entries = entries(of: node)
    while let entry = entries.next(octets.bytes) {
      if entry.type != Zone.poolMarker { records += self.records(entry, of: name, &scratch) }
    }
    return .records(records)
  }

  /// Calls `body` with each record, owner by owner as they lie; pools have none.
  package func forEachRecord(_ body: (ZoneRecord) -> Void) {
    var scratch = Slab<UInt8>(count: 65536 + 1024)
    var walk = walk
    while let entry = entry(walk) {
      if case .rrset(let rrset) = entry {
        for record in records(rrset, of: name(walk.node), &scratch) { body(record) }
      }
      advance(&walk)
    }
  }

  private func name(_ node: Node) -> DomainName {
    let start = node.offset + NodeLayout.name
    let count = Int(octets.bytes.octet(node.offset + NodeLayout.nameLength))
    return DomainName(unchecked: Array(copying: octets.bytes, start..<start + count) + apex.wire)
  }

  /// The RRset's records, read from a message that they are written to.
  private func records(_ rrset: RRset, of owner: DomainName, _ scratch: inout Slab<UInt8>) -> [ZoneRecord] {
    let start = Message.headerLength
    var buffer = scratch.mutableBytes(at: 0, count: 65536 + 512)
    buffer.copy(owner.lowercased.wire.rawBytes, from: 0, count: owner.wire.count, at: start)
    var message = Message(buffer, length: start + owner.wire.count)
    let labels = owner.labels.count
    let apex = owner.labels.prefix(labels - apexLabels).reduce(start) { $0 + 1 + $1.count }
    let first = message.length
    guard appendAlone(rrset, owner: start, apex: apex, to: &message, .answer) else { return [] }
    let octets = message.octets(0..<message.length)
    var records: [ZoneRecord] = []
    var at = first
    for _ in 0..<rrset.recordCount {
      let length = Int(octets[at + 10]) << 8 | Int(octets[at + 11])
      let ttl = octets[at + 6..<at + 10].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      at += 12
      if let data = RDataFormat(rrset.type).expanded(octets, at..<at + length) {
        records.append(ZoneRecord(owner, rrset.type, ttl: ttl, data: data))
      }
      at += length
    }
    return records
  }
}
