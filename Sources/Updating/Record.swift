package import Wire

/// What makes one record another than the next: all but the TTL (RFC 2136 §1.1).
package struct RecordIdentity: Hashable, Sendable {
  /// In lower case.
  package let owner: DomainName
  package let type: RecordType
  /// Uncompressed and in canonical form (RFC 4034 §6.2), so that names in it compare without regard to case.
  package let data: [UInt8]

  /// - Precondition: `data` is valid for the type.
  package init(owner: DomainName, type: RecordType, data: [UInt8]) {
    var data = data
    RDataFormat(type).fold(&data)
    self.owner = owner.lowercased
    self.type = type
    self.data = data
  }

  /// As a line of a master file, without TTL.
  package var text: String { "\(owner) IN \(type) \(RDataFormat(type).text(data.rawBytes))" }
}

package struct Record: Hashable, Sendable {
  package let identity: RecordIdentity
  /// Seconds, at most 2^31-1.
  package let ttl: UInt32

  package init(_ identity: RecordIdentity, ttl: UInt32) {
    self.identity = identity
    self.ttl = ttl
  }

  package init(owner: DomainName, type: RecordType, data: [UInt8], ttl: UInt32) {
    self.init(RecordIdentity(owner: owner, type: type, data: data), ttl: ttl)
  }
}

/// What an update changes, record by record.
package enum Edit: Hashable, Sendable {
  /// The record is there from now on, with this TTL.
  case add(Record)
  case remove(RecordIdentity)

  package var identity: RecordIdentity {
    switch self {
    case .add(let record): record.identity
    case .remove(let identity): identity
    }
  }
}

/// The zone as it is served: the records of a name that have the type, or all of them for nil.
package typealias RecordView = (DomainName, RecordType?) -> [Record]

/// Why an update is refused: the reply's code, and words for the log.
package struct UpdateRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package let code: ResponseCode
  package let description: String

  package init(_ code: ResponseCode, _ description: String) {
    self.code = code
    self.description = description
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
