import Wire

/// The names that an update touches, before and after its changes so far (RFC 2136 §3.4.2).
///
/// Every change has been permitted, so none adds or deletes a SOA, NS, CNAME or DNAME: of the RFC's rules for these
/// remain that nothing is put beside an alias, and that the apex keeps its SOA and NS when all of it is deleted.
struct WorkingCopy {
  private let zone: DomainName
  private var names: [DomainName: TouchedName] = [:]
  /// In the order in which they were touched.
  private var order: [DomainName] = []
  private(set) var ignored: [String] = []

  init(zone: DomainName) { self.zone = zone }

  /// - Parameter view: the zone as it was before the update.
  mutating func apply(_ change: Change, _ view: RecordView) {
    let owner = change.owner
    if names[owner] == nil {
      names[owner] = TouchedName(view(owner, nil))
      order.append(owner)
    }
    switch change {
    case .add(let record):
      guard names[owner]?.add(record) == false else { return }
      ignored.append("\(owner.shortText) \(record.identity.type): the name is an alias")
    case .deleteRRset(_, let type): names[owner]?.delete { $0 == type }
    case .deleteName: names[owner]?.delete { owner != zone || $0 != .soa && $0 != .ns }
    case .delete(let identity): names[owner]?.delete(identity)
    }
  }

  /// What is different now, name by name.
  var edits: [Edit] { order.flatMap { names[$0]?.edits ?? [] } }

  /// - Throws: SERVFAIL when an RRset has grown too large to be served.
  func checkSizes() throws(UpdateRefusal) {
    for owner in order {
      guard let (type, size) = names[owner]?.tooLarge else { continue }
      throw UpdateRefusal(.servFail, "\(owner.shortText) \(type) would take \(size) octets, too many for an answer")
    }
  }
}

/// The records of one name, with their TTLs.
private struct TouchedName {
  private let before: [RecordIdentity: UInt32]
  private var now: [RecordIdentity: UInt32]

  /// Octets that an update may make of one RRset; no message could carry much more than twice that.
  private static var largestRRset: Int { 32_768 }

  init(_ records: [Record]) {
    before = Dictionary(records.map { ($0.identity, $0.ttl) }) { first, _ in first }
    now = before
  }

  /// Adds a record, or gives it another TTL; false beside an alias (RFC 2136 §3.4.2.2).
  mutating func add(_ record: Record) -> Bool {
    guard now[record.identity] != nil || !now.keys.contains(where: { $0.type == .cname }) else { return false }
    now[record.identity] = record.ttl
    return true
  }

  mutating func delete(_ identity: RecordIdentity) { now[identity] = nil }
  mutating func delete(_ isMeant: (RecordType) -> Bool) { now = now.filter { !isMeant($0.key.type) } }

  /// Removals first, each in canonical order.
  var edits: [Edit] {
    let removed = before.keys.filter { now[$0] == nil }
    let added = now.filter { before[$0.key] != $0.value }
    return removed.sorted().map { .remove($0) }
      + added.sorted { $0.key < $1.key }.map { .add(Record($0.key, ttl: $0.value)) }
  }

  /// An RRset that has got a record and more octets than it may have.
  var tooLarge: (RecordType, Int)? {
    let grown = Set(now.keys.filter { before[$0] == nil }.map(\.type))
    return grown.lazy.map { ($0, size(of: $0)) }.first { $0.1 > TouchedName.largestRRset }
  }

  private func size(of type: RecordType) -> Int {
    now.keys.reduce(0) { $0 + ($1.type == type ? $1.owner.wire.count + 10 + $1.data.count : 0) }
  }
}
