package import Diagnostics
package import Memory
package import Wire

/// A record as it stands in a master file; owner and data are in the store's octets.
@usableFromInline package struct RecordEntry: BitwiseCopyable, Sendable {
  /// Offset of the owner's name; consecutive records of one owner share it.
  @usableFromInline package let owner: UInt32
  /// Offset of the data.
  @usableFromInline package let data: UInt32
  /// Seconds, at most 2^31-1.
  @usableFromInline package let ttl: UInt32
  /// From 1; of the file with index `file`.
  @usableFromInline package let line: UInt32
  @usableFromInline package let dataLength: UInt16
  @usableFromInline package let file: UInt16
  package let type: RecordType
  @usableFromInline package let ownerLength: UInt8

  @inlinable package var ownerRange: Range<Int> { Int(owner)..<Int(owner) + Int(ownerLength) }
  @inlinable package var dataRange: Range<Int> { Int(data)..<Int(data) + Int(dataLength) }
}

/// The records of a zone as read, in the order of the file: flat, so that a million of them are two
/// allocations. Names are absolute, uncompressed and in the case that was written.
package struct RecordStore: ~Copyable, Sendable {
  package internal(set) var entries = GrowableArray<RecordEntry>()
  package internal(set) var octets = OctetBuffer(minimumCapacity: 1024)
  /// The files that were read, the zone file first.
  package internal(set) var files: [String] = []

  package init() {}

  package var count: Int { entries.count }

  /// How often a record's owner is another than that of the record before, and the octets of these owners.
  var owners = (count: 0, octets: 0)

  /// What reading and building the zone take, as far as it shows before owners have their numbers.
  var memory: Int {
    ZoneMemory.needed(records: entries.count, octets: octets.count, nodes: owners.count, names: owners.octets)
  }

  package func owner(of entry: RecordEntry) -> DomainName {
    DomainName(unchecked: Array(octets.span.extracting(entry.ownerRange)))
  }

  package func position(of entry: RecordEntry) -> Position {
    Position(file: files[Int(entry.file)], line: Int(entry.line), column: 1)
  }

  /// The record as a line of a master file.
  package func text(of entry: RecordEntry) -> String {
    let data = RDataFormat(entry.type).text(octets.bytes.extracting(entry.dataRange))
    return "\(owner(of: entry)) \(entry.ttl) IN \(entry.type) \(data)"
  }
}
