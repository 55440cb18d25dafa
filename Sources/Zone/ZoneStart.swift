import Memory
import Wire

/// The zone's SOA record and its signatures, kept while the records go: negative answers carry them.
struct ZoneStart {
  private var soa: [Record] = []
  private var signatures: [Record] = []

  private struct Record {
    /// Seconds.
    let ttl: UInt32
    let data: [UInt8]
  }

  init(_ records: borrowing RecordStore) {
    var soa: [Record] = []
    var signatures: [Record] = []
    let octets = records.octets.bytes
    records.forEach(of: 0) { i in
      let entry = records.entries[i]
      let record = Record(ttl: entry.ttl, data: Array(copying: octets, entry.dataRange))
      if entry.type == .soa, soa.isEmpty { soa.append(record) }
      if entry.type == .rrsig, RecordType(octets.uint16(Int(entry.data))) == .soa { signatures.append(record) }
    }
    self.soa = soa
    self.signatures = signatures
  }

  /// Of the SOA record (RFC 1035 §3.3.13); 0 without one.
  var serial: UInt32 { number(20) }

  /// A number of the SOA's data, by where it stands before the end.
  private func number(_ fromEnd: Int) -> UInt32 {
    soa.first.map { $0.data.rawBytes.uint32($0.data.count - fromEnd) } ?? 0
  }

  /// The SOA record as a negative answer carries it: its TTL is the lower of its own and MINIMUM (RFC 2308 §3).
  func write(_ encoder: inout RRsetEncoder, in arena: inout Arena) -> RRset {
    if soa.isEmpty { return RRset(arena.octets.bytes, at: 0) }
    arena.align(to: 2)
    let start = arena.position
    write(soa, .soa, isSigned: !signatures.isEmpty, &encoder, in: &arena)
    if !signatures.isEmpty { write(signatures, .rrsig, isSigned: false, &encoder, in: &arena) }
    return RRset(arena.octets.bytes, at: start)
  }

  private func write(
    _ rrset: [Record], _ type: RecordType, isSigned: Bool, _ encoder: inout RRsetEncoder, in arena: inout Arena
  ) {
    encoder.begin(type, count: rrset.count, owner: nil, in: &arena)
    for record in rrset {
      encoder.append(
        type, ttl: min(record.ttl, number(4)), record.data.rawBytes, from: 0, count: record.data.count, in: &arena)
    }
    encoder.finish([], isSigned: isSigned, in: &arena)
  }
}
