import Diagnostics
import Memory
import Wire

/// What a signed zone has besides: its chain of denial, and when its signatures end.
extension ZoneBuilder {
  /// Owners of nothing but NSEC3 records are hashes, not names that exist (RFC 5155 §7.2.8).
  mutating func markHashed(_ records: borrowing RecordStore) {
    for node in 1..<max(1, nodes.entries.count) where pools[node] == nil {
      let members = group(node)
      guard members.contains(where: { records.entries[$0].type == .nsec3 }),
        members.allSatisfy({ records.entries[$0].type == .nsec3 || covered($0, records) == .nsec3 })
      else { continue }
      flags[node].insert(.hashed)
    }
  }

  /// The type that a record of type RRSIG signs; nil for any other record.
  func covered(_ i: Int, _ records: borrowing RecordStore) -> RecordType? {
    guard records.entries[i].type == .rrsig else { return nil }
    return RecordType(records.octets.bytes.uint16(Int(records.entries[i].data)))
  }

  mutating func makeDenial(_ records: borrowing RecordStore) -> Denial {
    let denial = chain(records)
    let isSigned = group(0).contains { covered($0, records) == .soa }
    if isSigned, denial.kind.isNone {
      problems.report(
        Problem(
          .warning, place(group(0)[group(0).startIndex], records),
          "\(apex.shortText) is signed, but has neither NSEC nor NSEC3 records: validators will not believe that anything does not exist; sign it again"
        ))
    }
    return denial
  }

  private mutating func chain(_ records: borrowing RecordStore) -> Denial {
    if let parameters = nsec3Parameters(records) { return makeNSEC3Chain(parameters, records) }
    var links: [NumberedLink] = []
    for node in 0..<nodes.entries.count where isWritten(node) {
      guard group(node).contains(where: { records.entries[$0].type == .nsec }) else { continue }
      links.append(NumberedLink(key: labels(node).key(nodes.names.rawBytes), number: node))
    }
    return Denial(.nsec, inOrder(links))
  }

  private struct NumberedLink {
    let key: UInt64
    let number: Int
  }

  /// By key, and by name where keys are the same; hashes are spelled in their own order.
  private func inOrder(_ links: [NumberedLink]) -> [Denial.Link] {
    let names = nodes.names
    let entries = nodes.entries
    let sorted = links.sorted { a, b in
      if a.key != b.key { return a.key < b.key }
      let (own, other) = (NameLabels(names, entries[a.number]), NameLabels(names, entries[b.number]))
      return own.compare(names.rawBytes, other, names.rawBytes) < 0
    }
    return sorted.map { Denial.Link(key: $0.key, node: places[$0.number]) }
  }

  private func labels(_ node: Int) -> NameLabels { NameLabels(nodes.names, nodes.entries[node]) }

  /// The data of an NSEC3PARAM record, or the same octets of an NSEC3 record (RFC 5155 §3.2, §4.2).
  private struct Parameters: Equatable {
    let algorithm: UInt8
    let iterations: Int
    let salt: [UInt8]

    init(_ octets: RawSpan, _ range: Range<Int>) {
      let at = range.lowerBound
      algorithm = octets.octet(at)
      iterations = Int(octets.uint16(at + 2))
      salt = Array(copying: octets, at + 5..<at + 5 + Int(octets.octet(at + 4)))
    }
  }

  /// Those of the apex; SHA-1 is the only hash there is.
  private mutating func nsec3Parameters(_ records: borrowing RecordStore) -> Parameters? {
    for i in group(0) where records.entries[i].type == .nsec3param {
      let parameters = Parameters(records.octets.bytes, records.entries[i].dataRange)
      guard parameters.algorithm == 1 else { continue }
      if parameters.iterations > Denial.mostIterations {
        problems.report(
          Problem(
            .error, place(i, records),
            "NSEC3 with \(parameters.iterations) iterations; at most \(Denial.mostIterations) are served, and 0 is best (RFC 9276)"
          ))
      }
      return parameters
    }
    return nil
  }

  private func makeNSEC3Chain(_ parameters: Parameters, _ records: borrowing RecordStore) -> Denial {
    var links: [NumberedLink] = []
    let octets = records.octets.bytes
    for node in 0..<nodes.entries.count where isWritten(node) {
      let isOfChain = group(node).contains { i in
        records.entries[i].type == .nsec3 && Parameters(octets, records.entries[i].dataRange) == parameters
      }
      guard isOfChain, let key = hashKey(node) else { continue }
      links.append(NumberedLink(key: key, number: node))
    }
    return Denial(.nsec3, inOrder(links), iterations: parameters.iterations, salt: parameters.salt)
  }

  /// The first 64 bits of the hash that a node's label spells in 32 characters; nil for any other label.
  private func hashKey(_ node: Int) -> UInt64? {
    let entry = nodes.entries[node]
    guard entry.length == 33, nodes.names[entry.name] == 32 else { return nil }
    var key: UInt64 = 0
    for i in 1...32 {
      let digit: UInt64
      switch nodes.names[entry.name + i] {
      case let octet where 0x30...0x39 ~= octet: digit = UInt64(octet - 0x30)
      case let octet where 0x61...0x76 ~= octet: digit = UInt64(octet - 0x57)
      default: return nil
      }
      if i <= 12 { key = key << 5 | digit } else if i == 13 { key = key << 4 | digit >> 1 }
    }
    return key
  }

  /// When the first signature ends, in seconds since 1970 modulo 2^32 (RFC 4034 §3.1.5); nil: none is there.
  func signaturesEnd(_ records: borrowing RecordStore) -> UInt32? {
    var first: UInt32?
    for i in 0..<records.count where records.entries[i].type == .rrsig {
      let end = records.octets.bytes.uint32(Int(records.entries[i].data) + 8)
      if let known = first, Int32(bitPattern: end &- known) >= 0 { continue }
      first = end
    }
    return first
  }
}

extension NameLabels {
  fileprivate init(_ names: [UInt8], _ entry: NodeTable.Entry) {
    self.init(names.rawBytes, from: entry.name, count: Int(entry.length))
  }
}
