import Wire

/// The names that an update touches, before and after its changes so far (RFC 2136 §3.4.2).
struct WorkingCopy {
  private struct Name {
    let before: [RecordIdentity: UInt32]
    var now: [RecordIdentity: UInt32]

    func has(_ type: RecordType) -> Bool { now.keys.contains { $0.type == type } }
    func hasOther(than type: RecordType) -> Bool { now.keys.contains { $0.type != type } }
    func grows(_ type: RecordType) -> Bool { now.keys.contains { $0.type == type && before[$0] == nil } }
    func count(_ type: RecordType) -> Int { now.keys.count { $0.type == type } }
  }

  private let zone: DomainName
  private var names: [DomainName: Name] = [:]
  /// In the order in which they were touched.
  private var order: [DomainName] = []
  private(set) var ignored: [String] = []

  init(zone: DomainName) { self.zone = zone }

  /// - Parameter view: the zone as it was before the update.
  mutating func apply(_ change: Change, _ view: RecordView) {
    var name = load(change.owner, view)
    switch change {
    case .add(let record): add(record, to: &name)
    case .deleteRRset(let owner, let type):
      if isKept(type, at: owner) {
        ignored.append("\(owner.shortText) \(type): the apex keeps its SOA and NS")
      } else {
        name.now = name.now.filter { $0.key.type != type }
      }
    case .deleteName(let owner): name.now = name.now.filter { isKept($0.key.type, at: owner) }
    case .delete(let identity): delete(identity, from: &name)
    }
    names[change.owner] = name
  }

  private mutating func load(_ owner: DomainName, _ view: RecordView) -> Name {
    if let known = names[owner] { return known }
    let records = Dictionary(view(owner, nil).map { ($0.identity, $0.ttl) }) { first, _ in first }
    order.append(owner)
    return Name(before: records, now: records)
  }

  /// What no update takes from the apex (RFC 2136 §3.4.2.3).
  private func isKept(_ type: RecordType, at owner: DomainName) -> Bool {
    owner == zone && (type == .soa || type == .ns)
  }

  /// RFC 2136 §3.4.2.2. The SOA is the server's own, so none is taken from an update.
  private mutating func add(_ record: Record, to name: inout Name) {
    let type = record.identity.type
    let place = "\(record.identity.owner.shortText) \(type)"
    if type == .soa {
      ignored.append("\(place): the serial is raised by the server")
    } else if type == .cname, name.hasOther(than: .cname) {
      ignored.append("\(place): the name has other records")
    } else if type != .cname, name.has(.cname) {
      ignored.append("\(place): the name is an alias")
    } else {
      if type == .cname { name.now.removeAll() }
      name.now[record.identity] = record.ttl
    }
  }

  /// RFC 2136 §3.4.2.4.
  private mutating func delete(_ identity: RecordIdentity, from name: inout Name) {
    if identity.type == .soa { return }
    if isKept(identity.type, at: identity.owner), name.count(.ns) == 1, name.now[identity] != nil {
      ignored.append("\(identity.owner.shortText) NS: the last one of the apex stays")
    } else {
      name.now[identity] = nil
    }
  }

  /// What is different now, name by name: removals first, so that no step has more than either end.
  var edits: [Edit] {
    order.flatMap { owner -> [Edit] in
      guard let name = names[owner] else { return [] }
      let removed = name.before.keys.filter { name.now[$0] == nil }
      let added = name.now.filter { name.before[$0.key] != $0.value }
      return removed.sorted().map { .remove($0) }
        + added.sorted { $0.key < $1.key }.map { .add(Record($0.key, ttl: $0.value)) }
    }
  }
}

extension WorkingCopy {
  /// Octets that an update may make of one RRset; no message could carry much more than twice that.
  private static var largestRRset: Int { 32_768 }

  /// - Throws: SERVFAIL when an RRset has grown too large to be served.
  func checkSizes() throws(UpdateRefusal) {
    for (owner, name) in names {
      var sizes: [RecordType: Int] = [:]
      for identity in name.now.keys {
        sizes[identity.type, default: 0] += owner.wire.count + 10 + identity.data.count
      }
      for (type, size) in sizes where size > WorkingCopy.largestRRset && name.grows(type) {
        throw UpdateRefusal(.servFail, "\(owner.shortText) \(type) would take \(size) octets, too many for an answer")
      }
    }
  }
}

extension RecordIdentity: Comparable {
  /// Canonical order (RFC 4034 §6): owner, type, data.
  package static func < (a: RecordIdentity, b: RecordIdentity) -> Bool {
    if a.owner != b.owner { return a.owner < b.owner }
    if a.type != b.type { return a.type.rawValue < b.type.rawValue }
    return a.data.lexicographicallyPrecedes(b.data)
  }
}
