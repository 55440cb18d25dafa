package import Wire

/// What must hold before anything is changed (RFC 2136 §2.4).
package enum Prerequisite: Hashable, Sendable {
  case nameInUse(DomainName)
  case nameNotInUse(DomainName)
  case exists(DomainName, RecordType)
  case doesNotExist(DomainName, RecordType)
  /// The RRset has these records and no others, whatever their TTLs.
  case equals(DomainName, RecordType, Set<RecordIdentity>)
}

/// One record of the update section (RFC 2136 §2.5).
package enum Change: Hashable, Sendable {
  case add(Record)
  case deleteRRset(DomainName, RecordType)
  case deleteName(DomainName)
  case delete(RecordIdentity)

  package var owner: DomainName {
    switch self {
    case .add(let record): record.identity.owner
    case .deleteRRset(let owner, _), .deleteName(let owner): owner
    case .delete(let identity): identity.owner
    }
  }
}

/// An update as its message has it (RFC 2136 §2).
package struct UpdateRequest: Sendable {
  package let identifier: UInt16
  /// In lower case. Whether it is ours to change, the caller knows: NOTAUTH if not.
  package let zone: DomainName
  package let prerequisites: [Prerequisite]
  /// Or what is wrong with them: that is told only after the prerequisites and the permission (RFC 2136 §3).
  let content: Result<[Change], UpdateRefusal>
  /// A peer has passed it on, so we do not.
  package let isPassedOn: Bool

  /// Nothing when the update section is malformed.
  package var changes: [Change] { (try? content.get()) ?? [] }
}

/// Of the IANA registry for private use (RFC 6891 §9): an update that a peer has passed on. Its data is `mark`.
package enum PassedOn {
  package static var option: UInt16 { 65001 }
  package static var mark: [UInt8] { Array("alula-up".utf8) }
}

/// IN, and the classes that say what is to be done (RFC 2136 §2.4, §2.5).
enum UpdateClass {
  static var internet: UInt16 { 1 }
  static var none: UInt16 { 254 }
  static var any: UInt16 { 255 }
}
