import Diagnostics
import Memory
import Wire

/// SVCB and HTTPS records that lead to a pool. Where the zone file gives them address hints, the hints that are
/// sent are the pool's addresses of the moment; those of the file are not kept.
extension ZoneBuilder {
  /// Where a service record leads in the zone: its target, or for `.` its owner (RFC 9460 §2.5).
  func serviceTarget(_ data: RawSpan, of node: Int, _ records: borrowing RecordStore) -> Int? {
    guard let record = ServiceRecord(data, from: 0, to: data.byteCount), record.priority > 0 else { return nil }
    if record.isOwnTarget { return node }
    let name = DomainName(unchecked: (record.target..<record.parameters).map { data.octet($0) }).lowercased
    return name.isAtOrBelow(apex) ? existing(name, records) : nil
  }

  /// A service record's data without its hints; nil when they are no pool's to give.
  func withoutHints(_ i: Int, of node: Int, _ records: borrowing RecordStore) -> [UInt8]? {
    let entry = records.entries[i]
    guard entry.type.isService else { return nil }
    let data = Array(copying: records.octets.bytes, entry.dataRange)
    let octets = data.rawBytes
    guard let record = ServiceRecord(octets, from: 0, to: data.count),
      let target = serviceTarget(octets, of: node, records),
      pools[target] != nil
    else { return nil }
    let cuts = [ServiceRecord.ipv4Hint, 5, ServiceRecord.ipv6Hint, 7].map { record.position(of: $0, in: octets) }
    guard cuts[0] < cuts[1] || cuts[2] < cuts[3] else { return nil }
    return Array(data[..<cuts[0]] + data[cuts[1]..<cuts[2]] + data[cuts[3]...])
  }

  /// What a client must understand must be there, and a pool may have no address.
  mutating func checkMandatoryHints(_ i: Int, of node: Int, _ records: borrowing RecordStore) {
    let data = Array(copying: records.octets.bytes, records.entries[i].dataRange)
    guard let record = ServiceRecord(data.rawBytes, from: 0, to: data.count),
      record.requires(ServiceRecord.ipv4Hint, in: data.rawBytes)
        || record.requires(ServiceRecord.ipv6Hint, in: data.rawBytes)
    else { return }
    problems.report(
      Problem(
        .error, records.position(of: i),
        "\(records.name(node).shortText) \(records.entries[i].type): address hints come from the pool and may be missing; "
          + "take them out of 'mandatory'"))
  }
}

extension RecordType {
  /// SVCB or HTTPS.
  var isService: Bool { rawValue == 64 || rawValue == 65 }
}
