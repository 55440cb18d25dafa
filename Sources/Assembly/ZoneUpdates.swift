import Diagnostics
import Memory
package import Updating
import Wire
import Zone

/// What it takes to change a zone by updates: the records of its file, and what updates have made of them so far.
package final class ZoneUpdates: Sendable {
  private let base: Shared<RecordStore>
  package let overlay: Overlay
  /// Of the overlay's owners, the records that the file has.
  private let inFile: Set<RecordIdentity>
  private let owners: Set<DomainName>

  /// - Parameters:
  ///   - kept: what earlier updates have made of the zone; nil: nothing.
  ///   - fileHash: of the file's content.
  convenience init(
    _ apex: DomainName, _ base: consuming Shared<RecordStore>, fileHash: UInt64, kept: Overlay?
  ) {
    let serial = base.value.serial ?? 0
    var overlay = kept ?? Overlay(zone: apex, fileSerial: serial, fileHash: fileHash)
    let inFile = ZoneUpdates.inFile(overlay, base.value)
    overlay.meet(fileSerial: serial, fileHash: fileHash) { inFile.contains($0) }
    self.init(base, overlay)
  }

  private init(_ base: consuming Shared<RecordStore>, _ overlay: Overlay) {
    inFile = ZoneUpdates.inFile(overlay, base.value)
    owners = ZoneUpdates.owners(overlay)
    self.base = base
    self.overlay = overlay
  }

  /// The same file under another overlay.
  func under(_ overlay: Overlay) -> ZoneUpdates { ZoneUpdates(base.share(), overlay) }

  /// Whether there is something that the zone file does not say.
  package var isChanged: Bool { !overlay.isEmpty || base.value.serial != overlay.serial }

  /// - Parameter isServed: whether the zone has it under this overlay.
  package func isInFile(_ identity: RecordIdentity, isServed: Bool) -> Bool {
    owners.contains(identity.owner) ? inFile.contains(identity) : isServed
  }

  /// The records that are served.
  func records() -> RecordStore {
    var records = base.value.copy()
    records.remove(of: owners) { [overlay] in !overlay.keeps(RecordIdentity($0)) }
    for record in additions.served { records.append(ZoneRecord(record), from: "an update") }
    if records.serial != nil { records.setSerial(overlay.serial) }
    return records
  }

  private var additions: (served: [Record], hidden: [Record]) {
    let aliases = Set(inFile.filter { $0.type == .cname && !overlay.removed.contains($0) }.map(\.owner))
    return overlay.additions { aliases.contains($0) }
  }

  /// What updates have added to names of which an edit of the file has made aliases since; it waits until they go.
  var hidden: [Record] { additions.hidden }

  private static func owners(_ overlay: Overlay) -> Set<DomainName> {
    Set(overlay.additions.map(\.identity.owner)).union(overlay.removed.map(\.owner))
  }

  private static func inFile(_ overlay: Overlay, _ base: borrowing RecordStore) -> Set<RecordIdentity> {
    var found: Set<RecordIdentity> = []
    base.forEach(of: owners(overlay)) { found.insert(RecordIdentity($0)) }
    return found
  }
}

extension RecordIdentity {
  init(_ record: ZoneRecord) { self.init(owner: record.owner, type: record.type, data: record.data) }
}

extension ZoneRecord {
  init(_ record: Record) {
    self.init(record.identity.owner, record.identity.type, ttl: record.ttl, data: record.identity.data)
  }
}

extension Record {
  init(_ record: ZoneRecord) { self.init(RecordIdentity(record), ttl: record.ttl) }
}

// MARK: - A served zone

extension BuiltZone {
  /// What stands at a name now, for the rules of an update.
  package var view: RecordView {
    { [self] owner, type in
      guard case .records(let records) = zone.value.place(owner) else { return [] }
      return records.filter { type == nil || $0.type == type }.map { Record($0) }
    }
  }

  /// Why nothing at the name of a change is this zone's to say; nil: it is.
  package func obstacle(to change: Change) -> String? {
    if case .elsewhere = zone.value.place(change.owner) {
      return "\(change.owner.shortText) lies below a delegation or a DNAME"
    }
    guard zone.value.isPooled(change.owner) else { return nil }
    let isAddress =
      switch change {
      case .add(let record): record.identity.type == .a || record.identity.type == .aaaa
      case .deleteRRset(_, let type): type == .a || type == .aaaa
      case .delete(let identity): identity.type == .a || identity.type == .aaaa
      case .deleteName: false
      }
    return isAddress ? "the addresses of \(change.owner.shortText) are a pool's" : nil
  }
}
