package import Memory
package import Wire
package import Zone

/// Everything an answer depends on, under one pointer that only a reload exchanges: zones, pool slots,
/// settings.
package struct Generation: ~Copyable, Sendable {
  package let zones: ZoneTable
  /// By the pools' order in the configuration.
  package let pools: FixedArray<PoolSlot>
  /// By the tables' indices in the pools' plans.
  package let clients: FixedArray<Shared<ClientTable>>
  package let settings: AnswerSettings
  private let tally: PerWorkerCounts
  private let pinned = Pinned()

  package init(
    zones: consuming ZoneTable, pools: consuming FixedArray<PoolSlot>,
    clients: consuming FixedArray<Shared<ClientTable>> = FixedArray(count: 0) { _ in Shared(ClientTable([])) },
    settings: consuming AnswerSettings, workers: Int = 1
  ) {
    tally = PerWorkerCounts(workers: workers, counters: 2 * pools.count)
    self.zones = zones
    self.pools = pools
    self.clients = clients
    self.settings = settings
  }

  /// - Parameter hasAddresses: false for NODATA and SERVFAIL.
  @inline(__always) func count(pool: Int, hasAddresses: Bool, worker: Int) {
    tally.add(2 &* pool &+ (hasAddresses ? 0 : 1), worker: worker)
  }

  /// How often a pool was asked since this generation began, and with addresses for an answer.
  package func tally(pool: Int) -> PoolTally {
    let answers = tally.total(2 * pool)
    return PoolTally(queries: answers &+ tally.total(2 * pool + 1), answers: answers)
  }
}

/// What a pool was asked for.
package struct PoolTally: Hashable, Sendable {
  package var queries: UInt64 = 0
  /// Those that were answered with addresses.
  package var answers: UInt64 = 0

  package init(queries: UInt64 = 0, answers: UInt64 = 0) {
    self.queries = queries
    self.answers = answers
  }

  package static func + (a: PoolTally, b: PoolTally) -> PoolTally {
    PoolTally(queries: a.queries &+ b.queries, answers: a.answers &+ b.answers)
  }
}

/// The served zones, by apex.
package struct ZoneTable: ~Copyable, Sendable {
  package struct Entry: ~Copyable, Sendable {
    package let zone: Shared<Zone>
    /// The slots, in the generation, of the zone's own pools 0, 1, ….
    package let pools: Slab<UInt32>
    // The zone's own, where they are at hand.
    let apexLength: Int
    let isSigned: Bool
    /// Who may transfer the zone.
    private let transfer: Slab<IPPrefix>
    private let pinned = Pinned()

    package init(zone: consuming Shared<Zone>, pools: [UInt32], transfer: [IPPrefix] = []) {
      apexLength = zone.value.apex.wire.count
      isSigned = zone.value.isSigned
      self.zone = zone
      self.pools = Slab(copying: pools.span)
      self.transfer = Slab(copying: transfer.span)
    }

    func mayTransfer(_ client: IPAddress) -> Bool {
      let networks = transfer.span
      for i in networks.indices where networks[i].contains(client) { return true }
      return false
    }
  }

  package let entries: FixedArray<Entry>
  /// Whether there is a zone for which it is worth while to have memory fetched.
  package let hasLargeZone: Bool
  /// Open addressing by the hash of the apex; −1 is empty. A power of two, at most half full.
  private let index: Slab<Int32>
  private let pinned = Pinned()
  private let fewestLabels: Int
  private let mostLabels: Int
  /// The first zone's apex, with a margin for reading by words.
  private let firstApex: Slab<UInt8>
  private let firstApexLength: Int

  package init(_ entries: consuming FixedArray<Entry>) {
    var capacity = 4
    while capacity < entries.count * 2 { capacity *= 2 }
    var index = Slab<Int32>(count: capacity)
    var slots = index.mutableSpan
    for i in slots.indices { slots[i] = -1 }
    var (fewest, most) = (128, 0)
    var hasLargeZone = false
    for i in 0..<entries.count {
      let apex = entries[i].zone.value.apex.wire
      let padded = apex + [UInt8](repeating: 0, count: 16)
      var slot = Int(truncatingIfNeeded: nameHash(padded.rawBytes, from: 0, count: apex.count)) & (capacity - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = Int32(i)
      fewest = min(fewest, entries[i].zone.value.apexLabels)
      most = max(most, entries[i].zone.value.apexLabels)
      if entries[i].zone.value.isLarge { hasLargeZone = true }
    }
    let apex = entries.count > 0 ? entries[0].zone.value.apex.wire : []
    let padded = apex + [UInt8](repeating: 0, count: 16)
    firstApex = Slab(copying: padded.span)
    firstApexLength = apex.count
    self.index = index
    self.entries = entries
    (fewestLabels, mostLabels) = (fewest, most)
    self.hasLargeZone = hasLargeZone
  }

  package var count: Int { entries.count }

  /// The zone that answers questions of one type for `name`: DS records of a zone's apex stand in the parent
  /// zone; without it, the apex answers for itself.
  ///
  /// - Returns: its entry; −1: there is none.
  @inline(__always) func find(_ name: borrowing NameBuffer, for type: RecordType) -> Int {
    if type == .ds {
      let parent = find(name, aboveApex: true)
      if parent >= 0 { return parent }
    }
    return find(name)
  }

  /// The deepest zone that encloses `name`.
  ///
  /// - Parameter aboveApex: a zone whose apex is the name itself does not count: DS records stand in the
  ///   parent (RFC 4035 §3.1.4.1).
  /// - Returns: its entry; −1: there is none.
  @inline(__always) package func find(_ name: borrowing NameBuffer, aboveApex: Bool = false) -> Int {
    entries.count == 1 ? findOnly(name, aboveApex) : search(name, aboveApex)
  }

  /// One comparison is less than a hash.
  @inline(__always) private func findOnly(_ name: borrowing NameBuffer, _ aboveApex: Bool) -> Int {
    let start = name.length &- firstApexLength
    guard name.labelCount &- (aboveApex ? 1 : 0) >= mostLabels, name.start(ofLast: mostLabels) == start,
      sameOctets(name.bytes, at: start, firstApex.bytes, at: 0, count: firstApexLength)
    else { return -1 }
    return 0
  }

  private func search(_ name: borrowing NameBuffer, _ aboveApex: Bool) -> Int {
    var labels = min(mostLabels, name.labelCount - (aboveApex ? 1 : 0))
    while labels >= fewestLabels {
      let start = name.start(ofLast: labels)
      if let entry = find(name.bytes, start, name.length - start) { return entry }
      labels -= 1
    }
    return -1
  }

  private func find(_ name: RawSpan, _ start: Int, _ count: Int) -> Int? {
    let slots = index.span
    var slot = Int(truncatingIfNeeded: nameHash(name, from: start, count: count)) & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      if entries[entry].zone.value.isApex(name, start, count) { return entry }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }
}
