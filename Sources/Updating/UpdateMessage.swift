import Wire

/// Writes an update that is passed on (RFC 2136 §2).
struct UpdateMessage {
  private var octets: [UInt8] = []
  private var count: UInt16 = 0
  /// What the sender serves the zone with, if it says so.
  private let serial: UInt32?

  /// Octets that a message may have when its signature has the longest names there are.
  static var largest: Int { 65_535 - 700 }

  init(identifier: UInt16, zone: DomainName, serial: UInt32?) {
    self.serial = serial
    octets.append(identifier)
    octets.append(UInt16(Opcode.update.rawValue) << 11)
    for count in [1, 0, 0, 1] as [UInt16] { octets.append(count) }
    octets += zone.wire
    octets.append(RecordType.soa.rawValue)
    octets.append(UpdateClass.internet)
  }

  /// Adds the record (RFC 2136 §2.5.1), or with a TTL of nil deletes it (§2.5.4); false when that does not fit.
  mutating func append(_ identity: RecordIdentity, ttl: UInt32?, upTo limit: Int) -> Bool {
    let length = identity.owner.wire.count + 10 + identity.data.count
    guard octets.count + length + mark.count <= limit, count < .max else { return false }
    octets += identity.owner.wire
    octets.append(identity.type.rawValue)
    octets.append(ttl == nil ? UpdateClass.none : UpdateClass.internet)
    octets.append(ttl ?? 0)
    octets.append(UInt16(truncatingIfNeeded: identity.data.count))
    octets += identity.data
    count += 1
    return true
  }

  var finished: [UInt8] {
    var result = octets
    result.put(count, at: 8)
    return result + mark
  }

  /// An OPT record (RFC 6891 §6.1.2) with the one option.
  private var mark: [UInt8] {
    var data = PassedOn.mark
    if let serial { data.append(serial) }
    var record: [UInt8] = [0]
    record.append(RecordType.opt.rawValue)
    record.append(UInt16(1232))
    record.append(UInt32(0))
    record.append(UInt16(EDNS.optionLength + data.count))
    record.append(PassedOn.option)
    record.append(UInt16(data.count))
    return record + data
  }
}
