import Wire

/// Writes one RRset as `RRsetLayout` says: records ready to be sent, names in their data compressed
/// against the owner, the apex and each other where RFC 3597 §4 allows it.
struct RRsetEncoder {
  /// An additional owner still to be found: where its name stands, and the name.
  struct Target {
    var position: Int
    var name: [UInt8]
    /// The name is `.`, which stands for the owner (RFC 9460 §2.5.2).
    var isOwner = false
    var givesHints = false
  }

  struct AdditionalOwner {
    var position: Int
    var flags: AdditionalFlags
    var node: Int
  }

  let apex: DomainName
  /// In lower case, with the apex; empty for a wildcard, whose records get other owners.
  private var owner: [UInt8] = []
  private var start = 0
  private var fixUps: [(position: Int, target: UInt16)] = []
  private var suffixes: [(name: [UInt8], position: Int)] = []
  private(set) var targets: [Target] = []
  /// Of the record that is being written.
  private var isOwnTarget = false

  init(apex: DomainName) { self.apex = apex }

  /// Begins at the arena's position; `finish` must follow after the last record.
  ///
  /// - Parameter owner: nil when there is nothing to compress, and for a wildcard.
  mutating func begin(_ type: RecordType, count: Int, owner: DomainName?, in arena: inout Arena) {
    self.owner = owner?.wire ?? []
    fixUps.removeAll(keepingCapacity: true)
    suffixes.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    arena.appendNative(type.rawValue)
    arena.appendNative(UInt16(count))
    for _ in 0..<3 { arena.appendNative(UInt16(0)) }
    start = arena.position
  }

  /// A pool's number stands in the 16 bits of a record count.
  static var mostPools: Int { 1 << 16 }

  /// The entry that makes an owner a pool's.
  func writePoolMarker(_ pool: Int, in arena: inout Arena) {
    arena.appendNative(Zone.poolMarker.rawValue)
    arena.appendNative(UInt16(pool))
    for _ in 0..<3 { arena.appendNative(UInt16(0)) }
  }

  mutating func append(
    _ type: RecordType, ttl: UInt32, _ data: RawSpan, from offset: Int, count: Int, givesHints: Bool = false,
    in arena: inout Arena
  ) {
    arena.appendWire(pointer(Message.headerLength))
    arena.appendWire(type.rawValue)
    arena.appendWire(UInt16(1))
    arena.appendWire(ttl)
    arena.appendWire(UInt16(count))
    let names = EmbeddedNames(type)
    if names.count == 0 && names.additional == nil {
      arena.append(data, from: offset, count: count)
      return
    }
    let dataStart = arena.position
    if type.isService, let record = ServiceRecord(data, from: offset, to: offset + count) {
      isOwnTarget = record.isOwnTarget
    } else {
      isOwnTarget = false
    }
    appendData(names, data, from: offset, count: count, in: &arena)
    if givesHints, !targets.isEmpty { targets[targets.count - 1].givesHints = true }
    arena.setWire(UInt16(arena.position - dataStart), at: dataStart - 2)
  }

  private mutating func appendData(
    _ names: EmbeddedNames, _ data: RawSpan, from offset: Int, count: Int, in arena: inout Arena
  ) {
    let octets = (offset..<(offset + count)).map { data.octet($0) }
    if let at = names.additional, let length = DomainName.length(octets[at...]) {
      targets.append(
        Target(
          position: arena.position - start + at, name: Array(octets[at..<(at + length)]), isOwner: isOwnTarget))
    }
    var at = 0
    if names.count > 0 {
      append(octets[..<names.skip], in: &arena)
      at = names.skip
      for _ in 0..<names.count {
        let length = DomainName.length(octets[at...]) ?? 0
        append(name: Array(octets[at..<(at + length)]), in: &arena)
        at += length
      }
    }
    append(octets[at...], in: &arena)
  }

  private func append(_ octets: ArraySlice<UInt8>, in arena: inout Arena) {
    for octet in octets { arena.append(octet) }
  }

  private mutating func append(name: [UInt8], in arena: inout Arena) {
    let lower = name.map(DomainName.lowercase)
    var at = 0
    while name[at] != 0 {
      let rest = Array(lower[at...])
      if let target = pointerTarget(rest) {
        fixUps.append((arena.position - start, target))
        arena.appendWire(UInt16(0xC000))
        return
      }
      let position = arena.position - start
      if position < RRsetLayout.lastPointedTo { suffixes.append((rest, position)) }
      let label = 1 + Int(name[at])
      append(name[at..<(at + label)], in: &arena)
      at += label
    }
    arena.append(UInt8(0))
  }

  private func pointerTarget(_ name: [UInt8]) -> UInt16? {
    if let known = suffixes.first(where: { $0.name == name }) { return UInt16(known.position) }
    if name.count > apex.wire.count, let skipped = Self.skipped(name, of: owner) {
      return RRsetLayout.ownerBit | UInt16(skipped)
    }
    guard name.count > 1, let skipped = Self.skipped(name, of: apex.wire) else { return nil }
    return RRsetLayout.apexBit | UInt16(skipped)
  }

  /// How many octets of `whole` stand before its last labels, when those are `name`.
  private static func skipped(_ name: [UInt8], of whole: [UInt8]) -> Int? {
    let skipped = whole.count - name.count
    guard skipped >= 0, whole[skipped...].elementsEqual(name), DomainName(unchecked: whole).hasLabel(at: skipped) else {
      return nil
    }
    return skipped
  }

  /// Closes the RRset; the targets that are known in the zone follow as additional owners.
  ///
  /// - Parameter isSigned: the RRset's signatures are written next.
  mutating func finish(_ owners: [AdditionalOwner], isSigned: Bool, in arena: inout Arena) {
    let length = arena.position - start
    let header = start - RRsetLayout.records
    arena.setNative(UInt16(length), at: header + RRsetLayout.length)
    let signed = isSigned ? RRsetLayout.signedBit : 0
    let hinted = owners.contains { $0.flags.contains(.hints) } ? RRsetLayout.hintedBit : 0
    arena.setNative(UInt16(fixUps.count) | signed | hinted, at: header + RRsetLayout.fixUpCount)
    arena.setNative(UInt16(owners.count), at: header + RRsetLayout.additionalCount)
    arena.align(to: 2)
    for fixUp in fixUps {
      arena.appendNative(UInt16(fixUp.position))
      arena.appendNative(fixUp.target)
    }
    for owner in owners {
      arena.appendNative(UInt16(owner.position))
      arena.appendNative(owner.flags.rawValue)
      arena.appendNative(UInt32(owner.node))
    }
  }
}

/// Where names stand in the data of a type.
struct EmbeddedNames {
  /// Octets before the first compressible name, and how many follow (RFC 3597 §4: the types of RFC 1035).
  var skip = 0
  var count = 0
  /// Where the name begins whose addresses are worth sending along.
  var additional: Int?

  init(_ type: RecordType) {
    switch type.rawValue {
    case 2: (count, additional) = (1, 0)  // NS
    case 3, 4, 5, 7, 8, 9, 12: count = 1  // MD MF CNAME MB MG MR PTR
    case 6, 14: count = 2  // SOA MINFO
    case 15: (skip, count, additional) = (2, 1, 2)  // MX
    case 33: additional = 6  // SRV (RFC 2782)
    case 64, 65: additional = 2  // SVCB HTTPS (RFC 9460 §4.1)
    default: break
    }
  }
}

extension DomainName {
  /// Whether a label begins at `offset` of the wire form.
  func hasLabel(at offset: Int) -> Bool {
    var at = 0
    while at < offset { at += 1 + Int(wire[at]) }
    return at == offset
  }
}
