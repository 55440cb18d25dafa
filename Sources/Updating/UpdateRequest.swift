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
  /// What a peer says that passes it on; nil: it comes from a client.
  let passedOn: PassedOn?

  /// A peer has passed it on, so we do not.
  package var isPassedOn: Bool { passedOn != nil }
  /// The serial that the peer serves the zone with.
  package var peerSerial: UInt32? { passedOn?.serial }

  /// Whether a message with a header is an update and not, say, a query.
  package static func isUpdate(_ message: [UInt8]) -> Bool { Opcode(rawValue: message[2] >> 3 & 0xF) == .update }

  /// Nothing when the update section is malformed.
  package var changes: [Change] { (try? content.get()) ?? [] }
}

/// Of the IANA registry for private use (RFC 6891 §9): an update that a peer has passed on. Its data is `mark`, and
/// the peer's serial of the zone if it says that.
package struct PassedOn: Hashable, Sendable {
  let serial: UInt32?

  /// Nil when the option's data is none of this.
  init?(_ data: ArraySlice<UInt8>) {
    guard data.starts(with: PassedOn.mark) else { return nil }
    let rest = data.dropFirst(PassedOn.mark.count)
    switch rest.count {
    case 0: serial = nil
    case 4: serial = rest.reduce(0) { $0 << 8 | UInt32($1) }
    default: return nil
    }
  }

  package static var option: UInt16 { 65001 }
  package static var mark: [UInt8] { Array("alula-up".utf8) }
}

/// IN, and the classes that say what is to be done (RFC 2136 §2.4, §2.5).
enum UpdateClass {
  static var internet: UInt16 { 1 }
  static var none: UInt16 { 254 }
  static var any: UInt16 { 255 }
}
