import Diagnostics
import Memory
import Wire

extension ZoneBuilder {
  /// Writes every node, then resolves what could only be known as a number while writing.
  mutating func write(_ records: inout RecordStore, _ step: Int, _ holding: (Int) -> Void) -> Zone {
    var denial = chain(records)
    let end = signaturesEnd(records)
    let start = ZoneStart(records)
    let (count, depth) = (records.nodes.count, records.nodes.depth)
    arena = Arena(capacity: capacity(records))
    var kept = 0
    for first in stride(from: 0, to: count, by: step) {
      records.release(before: first)
      holding(records.held + held(places: first))
      kept += write(first..<min(count, first + step), records)
    }
    records.releaseAll()
    let nodesEnd = arena.position
    let negative = start.write(&encoder, in: &arena)
    resolve()
    denial.place(places)
    let apexOffset = arena.position
    arena.append((apex.wire + Array(repeating: 0, count: 16)).rawBytes, from: 0, count: apex.wire.count)
    releaseTables()
    let slots = makeSlots(nodes: count, end: nodesEnd)
    holding(arena.position + slots.count * MemoryLayout<Zone.Slot>.stride)
    var written = Arena(capacity: 0)
    swap(&written, &arena)
    return Zone(
      apex: apex, apexLabels: apex.labels.count, apexOffset: apexOffset, apexLength: apex.wire.count, depth: depth,
      octets: written.finish(), slots: slots, negativeSOA: negative, denial: denial, signaturesEnd: end,
      serial: start.serial, recordCount: kept, nodeCount: count, nodesEnd: nodesEnd)
  }

  /// Octets of the zone as far as it is written, and of what is known of its nodes.
  private func held(places written: Int) -> Int {
    arena.position + 4 * written + flags.count + flags.count / 8 + 8 * patches.count
  }

  /// An upper bound of the octets that the zone can take.
  private func capacity(_ records: borrowing RecordStore) -> Int {
    4096 + 32 * records.nodes.count + records.nodes.names.count + 48 * records.count + records.octets.count
  }

  /// - Returns: the number of records kept.
  private mutating func write(_ nodes: Range<Int>, _ records: borrowing RecordStore) -> Int {
    var kept = 0
    for node in nodes where isKept(node) { kept += write(node, records) }
    return kept
  }

  private mutating func write(_ node: Int, _ records: borrowing RecordStore) -> Int {
    arena.align(to: 8)
    let start = arena.position
    places[node] = Node(offset: start).reference
    let entry = records.nodes.entries[node]
    arena.append(entry.length)
    arena.append(flags[node].rawValue)
    arena.appendNative(UInt16(0))
    arena.appendNative(UInt32(0))
    arena.append(records.nodes.names.bytes, from: Int(entry.name), count: Int(entry.length))
    arena.align(to: 2)
    let (count, kept) = writeRRsets(of: node, records)
    arena.setNative(UInt16(count), at: start + NodeLayout.rrsetCount)
    return kept
  }

  /// - Returns: the entries written, and the records in them.
  private mutating func writeRRsets(of node: Int, _ records: borrowing RecordStore) -> (count: Int, kept: Int) {
    var count = 0
    var kept = 0
    if let pool = pools[node] {
      encoder.writePoolMarker(pool, in: &arena)
      count += 1
    }
    if let only = onlyRecord(node, records) {
      guard fits(CollectionOfOne(only), node, records) else { return (count, 0) }
      write(CollectionOfOne(only), isSigned: false, node, records)
      return (count + 1, 1)
    }
    let (sets, signatures) = signed(rrsets(node, records), records)
    for (set, signature) in zip(sets, signatures) {
      guard fits(set, node, records), signature.isEmpty || fits(signature, node, records) else { continue }
      write(set, isSigned: !signature.isEmpty, node, records)
      if !signature.isEmpty { write(signature, isSigned: false, node, records) }
      count += signature.isEmpty ? 1 : 2
      kept += set.count + signature.count
    }
    return (count, kept)
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
        .error, records.position(of: first),
        "\(records.name(node).shortText) \(records.entries[first].type): the RRset takes \(size) octets; no message can carry more than \(RRsetLayout.largest)"
      ))
    return false
  }

  private mutating func write(
    _ rrset: some RandomAccessCollection<Int>, isSigned: Bool, _ node: Int, _ records: borrowing RecordStore
  ) {
    guard let number = rrset.first else { return }
    let first = records.entries[number]
    let hasOwner = EmbeddedNames(first.type).count > 0 && !records.isWildcard(node)
    encoder.begin(first.type, count: rrset.count, owner: hasOwner ? records.name(node) : nil, in: &arena)
    let ttl = rrset.reduce(first.ttl) { min($0, records.entries[$1].ttl) }
    for i in rrset {
      let record = records.entries[i]
      if !pools.isEmpty, let data = withoutHints(i, of: node, records) {
        checkMandatoryHints(i, of: node, records)
        encoder.append(
          first.type, ttl: ttl, data.rawBytes, from: 0, count: data.count, givesHints: true, in: &arena)
      } else {
        encoder.append(
          first.type, ttl: ttl, records.octets.bytes, from: Int(record.data), count: Int(record.dataLength), in: &arena)
      }
    }
    let cut = first.type == .ns && node != 0 ? node : nil
    let owners =
      encoder.targets.isEmpty ? [] : additionalOwners(encoder.targets, of: node, cut: cut, records)
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
      let name = target.isOwner ? records.name(owner) : DomainName(unchecked: target.name).lowercased
      guard name.isAtOrBelow(apex), let node = target.isOwner ? owner : existing(name, records), hasAddresses(node),
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
  func existing(_ name: DomainName, _ records: borrowing RecordStore) -> Int? {
    let wire = name.wire + Array(repeating: 0, count: 16)
    let end = name.wire.count - apex.wire.count
    var at = 0
    while true {
      if let node = find(wire.rawBytes, from: at, count: end - at, records) {
        if at == 0 { return node }
        return flags[node].contains(.hasWildcard) && flags[node].isDisjoint(with: [.cut, .belowCut])
          ? link(node) : nil
      }
      at += 1 + Int(wire[at])
    }
  }

  /// The node with the name `name[start..<start + count]` below the apex. Of those that are written already only
  /// the zone itself may know the names.
  func find(_ name: RawSpan, from start: Int, count: Int, _ records: borrowing RecordStore) -> Int? {
    if count == 0 { return 0 }
    let released = records.nodes.released
    let hash = nameHash(name, from: start, count: count)
    let found = records.nodes.candidate(hash) { node in
      node < released
        ? isWritten(node, as: name, from: start, count: count)
        : records.nodes.isName(node, name, from: start, count: count)
    }
    return found.flatMap { isGone.contains($0) ? nil : $0 }
  }

  private func isWritten(_ node: Int, as name: RawSpan, from start: Int, count: Int) -> Bool {
    guard isWritten(node) else { return false }
    let place = Node(reference: places[node]).offset
    let octets = arena.octets.bytes
    return Int(octets.octet(place + NodeLayout.nameLength)) == count
      && sameOctets(octets, at: place + NodeLayout.name, name, at: start, count: count)
  }

  /// The apex's place is 0.
  @inline(__always) private func isWritten(_ node: Int) -> Bool { node == 0 || places[node] != 0 }

  func hasAddresses(_ node: Int) -> Bool { hasAddress.contains(node) && isKept(node) }

  private mutating func resolve() {
    for i in 0..<patches.count {
      let node = Int(arena.octets.bytes.native(patches[i], as: UInt32.self))
      arena.setNative(places[node], at: patches[i])
    }
    for node in 0..<links.count where isWritten(node) && links[node] != 0 {
      arena.setNative(places[link(node)], at: Node(reference: places[node]).offset + NodeLayout.link)
    }
  }

  /// Lets go of what is known of the nodes beside what is written.
  private mutating func releaseTables() {
    flags = Slab(count: 0)
    links = Slab(count: 0)
    places = Slab(count: 0)
    hasAddress = BitTable(count: 0)
  }

  /// Seven tenths full: short runs, and 11 octets an owner.
  private func makeSlots(nodes: Int, end: Int) -> Slab<Zone.Slot> {
    let count = max(8, nodes * 10 / 7 + 1)
    var slab = Slab<Zone.Slot>(count: count)
    var slots = slab.mutableSpan
    let octets = arena.octets.bytes
    var node = 0
    while node < end {
      let length = Int(octets.octet(node + NodeLayout.nameLength))
      let flags = NodeFlags(rawValue: octets.octet(node + NodeLayout.flags))
      if node > 0, !flags.contains(.hashed) {
        let hash = nameHash(octets, from: node + NodeLayout.name, count: length)
        var i = Zone.home(hash, count)
        while slots[i].tag != 0 { i = i + 1 == count ? 0 : i + 1 }
        slots[i] = Zone.Slot(tag: Zone.tag(hash), node: Node(offset: node).reference)
      }
      var next = node + NodeLayout.rrsets(nameLength: length)
      for _ in 0..<octets.native(node + NodeLayout.rrsetCount, as: UInt16.self) { next = RRset(octets, at: next).end }
      node = (next + 7) & ~7
    }
    return slab
  }
}
