package import Diagnostics
package import Memory
package import Wire

/// A record as it stands in a master file; its data are in the store's octets.
@usableFromInline package struct RecordEntry: BitwiseCopyable, Sendable {
  /// The owner's next record; behind its last one, the first.
  var next: UInt32
  /// Offset of the data.
  @usableFromInline package let data: UInt32
  /// Seconds, at most 2^31-1.
  @usableFromInline package let ttl: UInt32
  /// From 1.
  @usableFromInline package let line: UInt32
  @usableFromInline package let dataLength: UInt16
  package let type: RecordType

  @inlinable package var dataRange: Range<Int> { Int(data)..<Int(data) + Int(dataLength) }
}

/// The records of a zone as read, in the order of the file: flat, so that a million of them are a few allocations,
/// and each owner's linked. Owners are in lower case, names in data uncompressed and in the case that was written.
package struct RecordStore: ~Copyable, Sendable {
  package let apex: DomainName
  package internal(set) var entries = GrowableArray<RecordEntry>()
  package internal(set) var octets = OctetBuffer(minimumCapacity: 1024)
  var nodes = NodeTable()
  /// The files that were read, the zone file first.
  package internal(set) var files: [String] = []
  /// The record from which on records are of a file, where that changes.
  var origins: [(record: Int, file: UInt16)] = []
  /// Whether there may be owners that own nothing any more.
  var hasRemoved = false

  package init(apex: DomainName) { self.apex = apex }

  package var count: Int { entries.count }

  /// What reading and building the zone take.
  @inline(__always) var memory: Int {
    ZoneMemory.needed(records: entries.count, octets: octets.count, nodes: nodes.count, names: nodes.names.count)
  }

  mutating func append(_ node: Int, _ type: RecordType, ttl: UInt32, data start: Int, line: Int, file: UInt16) {
    if origins.last?.file != file { origins.append((entries.count, file)) }
    let number = UInt32(entries.count)
    let last = nodes.entries[node].last
    var next = number
    if last != NodeTable.noRecord {
      next = entries[Int(last)].next
      entries[Int(last)].next = number
    }
    entries.append(
      RecordEntry(
        next: next, data: UInt32(start), ttl: ttl, line: UInt32(clamping: line),
        dataLength: UInt16(octets.count - start), type: type))
    nodes.setLast(node, number)
  }

  package func position(of record: Int) -> Position {
    let origin = origins.last { $0.record <= record }
    return Position(file: files[Int(origin?.file ?? 0)], line: Int(entries[record].line), column: 1)
  }
}

// MARK: - Owners

extension RecordStore {
  /// The full name of an owner.
  package func name(_ node: Int) -> DomainName {
    let entry = nodes.entries[node]
    let range = Int(entry.name)..<Int(entry.name) + Int(entry.length)
    return DomainName(unchecked: Array(copying: nodes.names.bytes, range) + apex.lowercased.wire)
  }

  func isWildcard(_ node: Int) -> Bool {
    let entry = nodes.entries[node]
    let names = nodes.names.bytes
    return entry.length > 0 && names.octet(Int(entry.name)) == 1
      && names.octet(Int(entry.name) + 1) == UInt8(ascii: "*")
  }

  /// The number of each record's owner.
  package var owners: [UInt32] {
    var owners = [UInt32](repeating: 0, count: count)
    for node in 0..<nodes.count { forEach(of: node) { owners[$0] = UInt32(node) } }
    return owners
  }

  /// The record as a line of a master file.
  package func text(of record: Int, owner: DomainName) -> String {
    let entry = entries[record]
    let data = RDataFormat(entry.type).text(octets.bytes.extracting(entry.dataRange))
    return "\(owner) \(entry.ttl) IN \(entry.type) \(data)"
  }

  /// The owner's first record.
  @inline(__always) func first(of node: Int) -> Int? {
    let last = nodes.entries[node].last
    return last == NodeTable.noRecord ? nil : Int(entries[Int(last)].next)
  }

  /// Goes over the owner's records in the order of the file, until `body` returns false.
  @inline(__always) func walk(_ node: Int, _ body: (Int) -> Bool) {
    let last = nodes.entries[node].last
    if last == NodeTable.noRecord { return }
    var at = last
    repeat {
      at = entries[Int(at)].next
      guard body(Int(at)) else { return }
    } while at != last
  }

  @inline(__always) func forEach(of node: Int, _ body: (Int) -> Void) {
    walk(node) {
      body($0)
      return true
    }
  }

  /// The owner's first record of that kind.
  @inline(__always) func first(of node: Int, where isIt: (Int) -> Bool) -> Int? {
    var found: Int?
    walk(node) {
      if isIt($0) { found = $0 }
      return found == nil
    }
    return found
  }

  /// Whether the owner has one record and no other.
  @inline(__always) func isAlone(_ record: Int) -> Bool { Int(entries[record].next) == record }

  func numbers(of node: Int) -> [Int] {
    var numbers: [Int] = []
    forEach(of: node) { numbers.append($0) }
    return numbers
  }
}

// MARK: - While the zone is written

extension RecordStore {
  /// Gives back memory of the owners before `node`, which have been written, and of their records as far as these
  /// stand before those of all others.
  mutating func release(before node: Int) {
    var last = node
    while last > nodes.released, !nodes.entries[last].isLeading || first(of: last) == nil { last -= 1 }
    if last > nodes.released, let first = first(of: last) {
      octets.release(before: Int(entries[first].data))
      entries.release(before: first)
    }
    nodes.release(before: node)
  }

  /// Octets that are not given back.
  var held: Int { entries.held + octets.held + nodes.held }

  /// Lets go of everything.
  mutating func releaseAll() {
    entries = GrowableArray()
    octets = OctetBuffer()
    nodes = NodeTable()
  }
}
