import Diagnostics
import Memory
import Wire

extension ZoneBuilder {
  /// Writes every node, then resolves what could only be known as a number while writing.
  mutating func write(_ records: borrowing RecordStore) -> Zone {
    var arena = Arena(capacity: capacity(records))
    var encoder = RRsetEncoder(apex: apex)
    var patches: [Int] = []
    var kept = 0
    for node in 0..<nodes.entries.count where !flags[node].contains(.belowRedirection) {
      kept += write(node, records, &encoder, &patches, in: &arena)
    }
    let nodesEnd = arena.position
    let negative = writeNegativeSOA(records, &encoder, in: &arena)
    let denial = makeDenial(records)
    resolve(patches, in: &arena)
    let apexOffset = arena.position
    arena.append((apex.wire + Array(repeating: 0, count: 16)).rawBytes, from: 0, count: apex.wire.count)
    let depth = nodes.entries.reduce(0) { max($0, Int($1.labels)) }
    return Zone(
      apex: apex, apexLabels: apex.labels.count, apexOffset: apexOffset, apexLength: apex.wire.count, depth: depth,
      octets: arena.finish(), slots: makeSlots(),
      negativeSOA: negative.rrset, denial: denial, signaturesEnd: signaturesEnd(records), serial: negative.serial,
      recordCount: kept, nodeCount: nodes.entries.count, nodesEnd: nodesEnd)
  }

  /// An upper bound of the octets that the zone can take.
  private func capacity(_ records: borrowing RecordStore) -> Int {
    var total = 4096
    for entry in nodes.entries { total += 32 + Int(entry.length) }
    for i in 0..<records.count { total += 48 + Int(records.entries[i].dataLength) }
    return total
  }

  /// - Returns: the number of records kept.
  private mutating func write(
    _ node: Int, _ records: borrowing RecordStore, _ encoder: inout RRsetEncoder, _ patches: inout [Int],
    in arena: inout Arena
  ) -> Int {
    arena.align(to: 8)
    let start = arena.position
    places[node] = Node(offset: start).reference
    let entry = nodes.entries[node]
    arena.append(entry.length)
    arena.append(flags[node].rawValue)
    arena.appendNative(UInt16(0))
    arena.appendNative(UInt32(0))
    arena.append(nodes.names.rawBytes, from: entry.name, count: Int(entry.length))
    arena.align(to: 2)
    var count = 0
    var kept = 0
    if let pool = pools[node] {
      encoder.writePoolMarker(pool, in: &arena)
      count += 1
    }
    if let only = onlyRecord(node, records) {
      if fits(CollectionOfOne(only), node, records) {
        write(CollectionOfOne(only), isSigned: false, node, records, &encoder, &patches, in: &arena)
        (count, kept) = (count + 1, 1)
      }
      arena.setNative(UInt16(count), at: start + NodeLayout.rrsetCount)
      return kept
    }
    let (sets, signatures) = signed(rrsets(node, records), records)
    for (set, signature) in zip(sets, signatures) {
      guard fits(set, node, records), signature.isEmpty || fits(signature, node, records) else { continue }
      write(set, isSigned: !signature.isEmpty, node, records, &encoder, &patches, in: &arena)
      if !signature.isEmpty { write(signature, isSigned: false, node, records, &encoder, &patches, in: &arena) }
      count += signature.isEmpty ? 1 : 2
      kept += set.count + signature.count
    }
    arena.setNative(UInt16(count), at: start + NodeLayout.rrsetCount)
    return kept
  }

  /// Puts the signatures, by the type that they cover, beside their RRsets; those of types that the owner
  /// does not have stand for themselves.
  private func signed(_ sets: [[Int]], _ records: borrowing RecordStore) -> (sets: [[Int]], signatures: [[Int]]) {
    guard sets.count > 1 else { return (sets, sets.map { _ in [] }) }
    var signatures: [RecordType: [Int]] = [:]
    for set in sets {
      if let type = covered(set[0], records) { signatures[type] = set }
    }
    if signatures.isEmpty { return (sets, sets.map { _ in [] }) }
    var result: (sets: [[Int]], signatures: [[Int]]) = ([], [])
    for set in sets where records.entries[set[0]].type != .rrsig {
      result.sets.append(set)
      result.signatures.append(signatures.removeValue(forKey: records.entries[set[0]].type) ?? [])
    }
    for set in sets {
      guard let type = covered(set[0], records), signatures[type] != nil else { continue }
      result.sets.append(set)
      result.signatures.append([])
    }
    return result
  }

  private mutating func fits(
    _ rrset: some RandomAccessCollection<Int>, _ node: Int, _ records: borrowing RecordStore
  ) -> Bool {
    guard let first = rrset.first else { return false }
    let size = rrset.reduce(0) { $0 + 12 + Int(records.entries[$1].dataLength) }
    if size <= RRsetLayout.largest { return true }
    problems.report(
      Problem(
        .error, place(first, records),
        "\(name(node).shortText) \(records.entries[first].type): the RRset takes \(size) octets; no message can carry more than \(RRsetLayout.largest)"
      ))
    return false
  }

  private mutating func write(
    _ rrset: some RandomAccessCollection<Int>, isSigned: Bool, _ node: Int, _ records: borrowing RecordStore,
    _ encoder: inout RRsetEncoder, _ patches: inout [Int], in arena: inout Arena
  ) {
    guard let number = rrset.first else { return }
    let first = records.entries[number]
    let hasOwner = EmbeddedNames(first.type).count > 0 && !isWildcard(node)
    encoder.begin(first.type, count: rrset.count, owner: hasOwner ? name(node) : nil, in: &arena)
    let ttl = rrset.reduce(first.ttl) { min($0, records.entries[$1].ttl) }
    for i in rrset {
      let record = records.entries[i]
      if let data = withoutHints(i, of: node, records) {
        checkMandatoryHints(i, of: node, records)
        encoder.append(
          first.type, ttl: ttl, data.rawBytes, from: 0, count: data.count, givesHints: true, in: &arena)
      } else {
        encoder.append(
          first.type, ttl: ttl, records.octets.bytes, from: Int(record.data), count: Int(record.dataLength), in: &arena)
      }
    }
    let owners = additionalOwners(
      encoder.targets, of: node, cut: first.type == .ns && node != 0 ? node : nil, records)
    encoder.finish(owners, isSigned: isSigned, in: &arena)
    for i in 0..<owners.count {
      patches.append(arena.position - (owners.count - i) * RRsetLayout.additionalSize + 4)
    }
  }

  /// The nodes whose addresses belong beside records that name `targets`: each name once, and first those
  /// that a referral cannot do without (RFC 9471 §3.1). Glue belongs beside a delegation and nowhere else.
  private func additionalOwners(
    _ targets: [RRsetEncoder.Target], of owner: Int, cut: Int?, _ records: borrowing RecordStore
  ) -> [RRsetEncoder.AdditionalOwner] {
    var names: Set<DomainName> = []
    var required: [RRsetEncoder.AdditionalOwner] = []
    var others: [RRsetEncoder.AdditionalOwner] = []
    for target in targets {
      let name = target.isOwner ? self.name(owner) : DomainName(unchecked: target.name).lowercased
      guard name.isAtOrBelow(apex), let node = target.isOwner ? owner : existing(name), hasAddresses(node, records),
        cut != nil || flags[node].isDisjoint(with: [.cut, .belowCut])
      else { continue }
      var flags: AdditionalFlags = target.isOwner ? .owner : []
      if target.givesHints { flags.insert(.hints) }
      if !names.insert(name).inserted { flags.insert(.repeated) }
      if flags.contains(.repeated), !flags.contains(.hints) { continue }
      if let cut, node == cut || (self.flags[node].contains(.belowCut) && link(node) == cut) {
        required.append(.init(position: target.position, flags: flags.union(.required), node: node))
      } else {
        others.append(.init(position: target.position, flags: flags, node: node))
      }
    }
    return required + others
  }

  /// The node of a name in the zone, or of the wildcard that stands for it.
  func existing(_ name: DomainName) -> Int? {
    let wire = name.wire + Array(repeating: 0, count: 16)
    let end = name.wire.count - apex.wire.count
    var at = 0
    while true {
      if let node = nodes.find(wire.rawBytes, from: at, count: end - at) {
        if at == 0 { return node }
        return flags[node].contains(.hasWildcard) && flags[node].isDisjoint(with: [.cut, .belowCut])
          ? link(node) : nil
      }
      at += 1 + Int(wire[at])
    }
  }

  func hasAddresses(_ node: Int, _ records: borrowing RecordStore) -> Bool {
    if flags[node].contains(.belowRedirection) { return false }
    if pools[node] != nil { return true }
    for i in group(node) where records.entries[i].type == .a || records.entries[i].type == .aaaa { return true }
    return false
  }

  private mutating func resolve(_ patches: [Int], in arena: inout Arena) {
    for patch in patches {
      let node = Int(arena.octets.bytes.native(patch, as: UInt32.self))
      arena.setNative(places[node], at: patch)
    }
    for node in 0..<nodes.entries.count where isWritten(node) && links[node] != 0 {
      arena.setNative(places[link(node)], at: Node(reference: places[node]).offset + NodeLayout.link)
    }
  }

  /// Seven tenths full: short runs, and 11 octets an owner.
  private func makeSlots() -> Slab<Zone.Slot> {
    let count = max(8, nodes.entries.count * 10 / 7 + 1)
    var slab = Slab<Zone.Slot>(count: count)
    var slots = slab.mutableSpan
    for node in 1..<max(1, nodes.entries.count) where isWritten(node) && !flags[node].contains(.hashed) {
      let hash = nodes.entries[node].hash
      var i = Zone.home(hash, count)
      while slots[i].tag != 0 { i = i + 1 == count ? 0 : i + 1 }
      slots[i] = Zone.Slot(tag: Zone.tag(hash), node: places[node])
    }
    return slab
  }

  private mutating func writeNegativeSOA(
    _ records: borrowing RecordStore, _ encoder: inout RRsetEncoder, in arena: inout Arena
  ) -> (rrset: RRset, serial: UInt32) {
    guard let soa = group(0).first(where: { records.entries[$0].type == .soa }) else {
      return (RRset(arena.octets.bytes, at: 0), 0)
    }
    let end = records.entries[soa].dataRange.upperBound
    let minimum = records.octets.bytes.uint32(end - 4)
    let signatures = group(0).filter { covered($0, records) == .soa }
    arena.align(to: 2)
    let start = arena.position
    append([soa], .soa, atMost: minimum, isSigned: !signatures.isEmpty, records, &encoder, in: &arena)
    if !signatures.isEmpty {
      append(signatures, .rrsig, atMost: minimum, isSigned: false, records, &encoder, in: &arena)
    }
    return (RRset(arena.octets.bytes, at: start), records.octets.bytes.uint32(end - 20))
  }

  /// - Parameter ttl: seconds.
  private func append(
    _ rrset: [Int], _ type: RecordType, atMost ttl: UInt32, isSigned: Bool, _ records: borrowing RecordStore,
    _ encoder: inout RRsetEncoder, in arena: inout Arena
  ) {
    encoder.begin(type, count: rrset.count, owner: nil, in: &arena)
    for i in rrset {
      let record = records.entries[i]
      encoder.append(
        type, ttl: min(record.ttl, ttl), records.octets.bytes, from: Int(record.data), count: Int(record.dataLength),
        in: &arena)
    }
    encoder.finish([], isSigned: isSigned, in: &arena)
  }
}
