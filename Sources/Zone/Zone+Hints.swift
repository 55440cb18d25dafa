import Memory
package import Wire

/// A walk over the records of an RRset whose hints are written when it is sent.
package struct HintWalk: Sendable, BitwiseCopyable {
  /// The next record, in the zone's octets.
  fileprivate var record: Int
  fileprivate var left: Int
  /// The next additional owner, as these stand in the order of the records.
  fileprivate var owner = 0
}

/// A record in the zone's octets and the same in a message, where hints have moved it.
package struct HintedPlace: Sendable, BitwiseCopyable {
  fileprivate var record: Int
  fileprivate var written: Int

  /// - Parameter start: where the RRset begins in the message.
  package init(_ rrset: RRset, at start: Int) { (record, written) = (rrset.records, start) }
}

/// One record in pieces, as offsets of the zone's octets.
package struct HintedRecord: Sendable, BitwiseCopyable {
  package let start: Int
  /// Where each hint belongs.
  package let ipv4: Int
  package let ipv6: Int
  package let end: Int
  /// The node of the pool whose addresses the hints are; nil: the record has none.
  package let pool: Node?
}

extension Zone {
  package func hintWalk(_ rrset: RRset) -> HintWalk { HintWalk(record: rrset.records, left: rrset.recordCount) }

  /// The record at which the walk stands, which then goes on; nil behind the last.
  package func next(_ walk: inout HintWalk, _ rrset: RRset) -> HintedRecord? {
    guard walk.left > 0 else { return nil }
    let octets = octets.bytes
    let start = walk.record
    let data = start + 12
    let end = data + Int(octets.uint16(start + 10))
    walk.record = end
    walk.left -= 1
    guard let pool = pool(&walk, rrset, before: end), let record = ServiceRecord(octets, from: data, to: end) else {
      return HintedRecord(start: start, ipv4: end, ipv6: end, end: end, pool: nil)
    }
    let ipv4 = record.position(of: ServiceRecord.ipv4Hint, in: octets)
    let ipv6 = record.position(of: ServiceRecord.ipv6Hint, in: octets)
    return HintedRecord(start: start, ipv4: ipv4, ipv6: ipv6, end: end, pool: pool)
  }

  /// Of the additional owners that stand before `end`, the one that gives hints.
  private func pool(_ walk: inout HintWalk, _ rrset: RRset, before end: Int) -> Node? {
    var node: Node?
    while walk.owner < rrset.additionalCount {
      let owner = additional(rrset, walk.owner)
      guard rrset.records + owner.namePosition < end else { break }
      if owner.givesHints { node = owner.node }
      walk.owner += 1
    }
    return node
  }

  /// Where in the message an additional owner's name stands; to be asked in the order of the owners.
  package func position(
    of owner: AdditionalOwner, in rrset: RRset, _ place: inout HintedPlace, _ message: borrowing Message
  ) -> Int {
    let octets = octets.bytes
    let name = rrset.records + owner.namePosition
    while place.record + 12 + Int(octets.uint16(place.record + 10)) <= name {
      place.record += 12 + Int(octets.uint16(place.record + 10))
      place.written += 12 + Int(message.uint16(place.written + 10))
    }
    // The name stands before the hints.
    return place.written + name - place.record
  }

  /// Appends octets of a record.
  package func append(octetsFrom start: Int, to end: Int, to message: inout Message) -> Bool {
    message.append(octets.bytes, from: start, count: end - start)
  }
}
