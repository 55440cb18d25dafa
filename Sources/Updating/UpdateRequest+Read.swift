import Wire

extension UpdateRequest {
  /// Reads a whole message without TSIG record: `VerifiedRequest.message`.
  ///
  /// - Throws: FORMERR, NOTZONE, or NOTAUTH for another class than IN (RFC 2136 §3.1, §3.2).
  package init(_ octets: [UInt8]) throws(UpdateRefusal) {
    guard var reader = MessageReader(octets), !reader.isReply, reader.opcode == .update else {
      throw .malformed("this is no update")
    }
    identifier = reader.identifier
    guard reader.count(0) == 1, let question = reader.question(), question.type == .soa else {
      throw .malformed("the zone section does not name one zone by its SOA")
    }
    guard question.recordClass == UpdateClass.internet else {
      throw UpdateRefusal(.notAuth, "only class IN is served")
    }
    zone = question.name
    let required = try UpdateRequest.records(reader.count(1), &reader)
    let wanted = try UpdateRequest.records(reader.count(2), &reader)
    passedOn = try UpdateRequest.records(reader.count(3), &reader).lazy.compactMap { $0.mark(octets) }.first
    guard reader.isAtEnd else { throw .malformed("there are octets behind the last record") }
    prerequisites = try Prerequisite.read(required, in: question.name, octets)
    content = Result { () throws(UpdateRefusal) in try Change.read(wanted, in: question.name, octets) }
  }

  private static func records(_ count: Int, _ reader: inout MessageReader) throws(UpdateRefusal) -> [RawRecord] {
    var result: [RawRecord] = []
    for _ in 0..<count {
      guard let record = reader.record() else { throw .malformed("a record does not end within the message") }
      result.append(record)
    }
    return result
  }
}

extension UpdateRefusal {
  static func malformed(_ description: String) -> UpdateRefusal { UpdateRefusal(.formErr, description) }
}

extension RawRecord {
  /// The option of `PassedOn`, if it is an OPT record with that.
  fileprivate func mark(_ octets: [UInt8]) -> PassedOn? {
    guard type == .opt else { return nil }
    var at = data.lowerBound
    while data.upperBound - at >= EDNS.optionLength {
      let start = at + EDNS.optionLength
      let end = start + Int(octets.uint16(at: at + 2))
      guard end <= data.upperBound else { return nil }
      if octets.uint16(at: at) == PassedOn.option, let mark = PassedOn(octets[start..<end]) { return mark }
      at = end
    }
    return nil
  }

  /// The record with its data checked and its names written out.
  fileprivate func identity(_ octets: [UInt8]) throws(UpdateRefusal) -> RecordIdentity {
    guard !type.isMeta else { throw .malformed("\(type) is no type of a record in a zone") }
    guard let data = RDataFormat(type).expanded(octets, data) else {
      throw .malformed("\(owner.shortText): these octets are no data of \(type)")
    }
    return RecordIdentity(owner: owner, type: type, data: data)
  }

  fileprivate func mustLie(in zone: DomainName) throws(UpdateRefusal) {
    guard owner.isAtOrBelow(zone) else {
      throw UpdateRefusal(.notZone, "\(owner.shortText) is outside the zone \(zone.shortText)")
    }
  }

  fileprivate func mustBeEmpty() throws(UpdateRefusal) {
    guard data.isEmpty else { throw .malformed("\(owner.shortText) \(type): there must be no data here") }
  }

  fileprivate func mustHaveNoTTL() throws(UpdateRefusal) {
    guard ttl == 0 else { throw .malformed("\(owner.shortText) \(type): the TTL must be 0 here") }
  }

  /// Types of questions, of which only ANY has a meaning in some places.
  fileprivate func mustBeStored() throws(UpdateRefusal) {
    guard !type.isMeta else { throw .malformed("\(type) is no type of a record in a zone") }
  }
}

private struct RRsetKey: Hashable {
  let owner: DomainName
  let type: RecordType
}

extension Prerequisite {
  /// RFC 2136 §3.2.5.
  fileprivate static func read(
    _ records: [RawRecord], in zone: DomainName, _ octets: [UInt8]
  ) throws(UpdateRefusal) -> [Prerequisite] {
    var result: [Prerequisite] = []
    // Records of one RRset need not be adjacent.
    var sets: [RRsetKey: Set<RecordIdentity>] = [:]
    for record in records {
      try record.mustHaveNoTTL()
      try record.mustLie(in: zone)
      switch record.recordClass {
      case UpdateClass.any, UpdateClass.none:
        result.append(try Prerequisite(record))
      case UpdateClass.internet:
        let identity = try record.identity(octets)
        sets[RRsetKey(owner: identity.owner, type: identity.type), default: []].insert(identity)
      default: throw .malformed("class \(record.recordClass) says nothing in a prerequisite")
      }
    }
    return result + sets.map { .equals($0.key.owner, $0.key.type, $0.value) }
  }

  private init(_ record: RawRecord) throws(UpdateRefusal) {
    try record.mustBeEmpty()
    let exists = record.recordClass == UpdateClass.any
    if record.type == .any {
      self = exists ? .nameInUse(record.owner) : .nameNotInUse(record.owner)
    } else {
      try record.mustBeStored()
      self = exists ? .exists(record.owner, record.type) : .doesNotExist(record.owner, record.type)
    }
  }
}

extension Change {
  /// RFC 2136 §3.4.1.
  fileprivate static func read(
    _ records: [RawRecord], in zone: DomainName, _ octets: [UInt8]
  ) throws(UpdateRefusal) -> [Change] {
    var result: [Change] = []
    for record in records {
      try record.mustLie(in: zone)
      result.append(try Change(record, octets))
    }
    return result
  }

  private init(_ record: RawRecord, _ octets: [UInt8]) throws(UpdateRefusal) {
    switch record.recordClass {
    case UpdateClass.internet:
      guard record.ttl <= UInt32(Int32.max) else {
        throw .malformed("\(record.owner.shortText): the TTL \(record.ttl) is above 2147483647 (RFC 2181 §8)")
      }
      self = .add(Record(try record.identity(octets), ttl: record.ttl))
    case UpdateClass.any:
      try record.mustHaveNoTTL()
      try record.mustBeEmpty()
      if record.type == .any {
        self = .deleteName(record.owner)
      } else {
        try record.mustBeStored()
        self = .deleteRRset(record.owner, record.type)
      }
    case UpdateClass.none:
      try record.mustHaveNoTTL()
      self = .delete(try record.identity(octets))
    default: throw .malformed("class \(record.recordClass) says nothing in an update")
    }
  }
}
