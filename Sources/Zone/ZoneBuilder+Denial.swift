import Diagnostics
import Memory
import Wire

/// What a signed zone has besides: its chain of denial, and when its signatures end.
extension ZoneBuilder {
  /// Owners of nothing but NSEC3 records are hashes, not names that exist (RFC 5155 §7.2.8).
  mutating func markHashed(_ records: borrowing RecordStore) {
    for node in 1..<max(1, records.nodes.count) where pools[node] == nil {
      guard records.first(of: node, where: { records.entries[$0].type == .nsec3 }) != nil,
        records.first(of: node, where: { records.entries[$0].type != .nsec3 && covered($0, records) != .nsec3 }) == nil
      else { continue }
      flags[node].insert(.hashed)
    }
  }

  /// The type that a record of type RRSIG signs; nil for any other record.
  func covered(_ i: Int, _ records: borrowing RecordStore) -> RecordType? {
    guard records.entries[i].type == .rrsig else { return nil }
    return RecordType(records.octets.bytes.uint16(Int(records.entries[i].data)))
  }

  /// The zone's chain, with the numbers of nodes for their places.
  mutating func chain(_ records: borrowing RecordStore) -> Denial {
    let chain = findChain(records)
    let signed = records.first(of: 0) { covered($0, records) == .soa }
    if signed != nil, chain.kind.isNone, let first = records.first(of: 0) {
      problems.report(
        Problem(
          .warning, records.position(of: first),
          "\(apex.shortText) is signed, but has neither NSEC nor NSEC3 records: validators will not believe that anything does not exist; sign it again"
        ))
    }
    return chain
  }

  private mutating func findChain(_ records: borrowing RecordStore) -> Denial {
    if let parameters = nsec3Parameters(records) { return makeNSEC3Chain(parameters, records) }
    var links: [Denial.Link] = []
    for node in 0..<records.nodes.count where isKept(node) {
      guard records.first(of: node, where: { records.entries[$0].type == .nsec }) != nil else { continue }
      let key = NameLabels(records.nodes, node).key(records.nodes.names.bytes)
      links.append(Denial.Link(key: key, node: UInt32(node)))
    }
    sort(&links, records)
    return Denial(.nsec, links)
  }

  /// By key, and by name where keys are the same; hashes are spelled in their own order.
  private func sort(_ links: inout [Denial.Link], _ records: borrowing RecordStore) {
    links.sort { a, b in
      if a.key != b.key { return a.key < b.key }
      let own = NameLabels(records.nodes, Int(a.node))
      let names = records.nodes.names.bytes
      return own.compare(names, NameLabels(records.nodes, Int(b.node)), names) < 0
    }
  }

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
    for i in records.numbers(of: 0) where records.entries[i].type == .nsec3param {
      let parameters = Parameters(records.octets.bytes, records.entries[i].dataRange)
      guard parameters.algorithm == 1 else { continue }
      if parameters.iterations > Denial.mostIterations {
        problems.report(
          Problem(
            .error, records.position(of: i),
            "NSEC3 with \(parameters.iterations) iterations; at most \(Denial.mostIterations) are served, and 0 is best (RFC 9276)"
          ))
      }
      return parameters
    }
    return nil
  }

  private func makeNSEC3Chain(_ parameters: Parameters, _ records: borrowing RecordStore) -> Denial {
    var links: [Denial.Link] = []
    let octets = records.octets.bytes
    for node in 0..<records.nodes.count where isKept(node) {
      let ofChain = records.first(of: node) { i in
        records.entries[i].type == .nsec3 && Parameters(octets, records.entries[i].dataRange) == parameters
      }
      guard ofChain != nil, let key = hashKey(node, records) else { continue }
      links.append(Denial.Link(key: key, node: UInt32(node)))
    }
    sort(&links, records)
    return Denial(.nsec3, links, iterations: parameters.iterations, salt: parameters.salt)
  }

  /// The first 64 bits of the hash that a node's label spells in 32 characters; nil for any other label.
  private func hashKey(_ node: Int, _ records: borrowing RecordStore) -> UInt64? {
    let entry = records.nodes.entries[node]
    let names = records.nodes.names.bytes
    guard entry.length == 33, names.octet(Int(entry.name)) == 32 else { return nil }
    var key: UInt64 = 0
    for i in 1...32 {
      let digit: UInt64
      switch names.octet(Int(entry.name) + i) {
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
    for node in 0..<records.nodes.count {
      records.forEach(of: node) { i in
        guard records.entries[i].type == .rrsig else { return }
        let end = records.octets.bytes.uint32(Int(records.entries[i].data) + 8)
        if let known = first, Int32(bitPattern: end &- known) >= 0 { return }
        first = end
      }
    }
    return first
  }
}

extension NameLabels {
  fileprivate init(_ nodes: borrowing NodeTable, _ node: Int) {
    let entry = nodes.entries[node]
    self.init(nodes.names.bytes, from: Int(entry.name), count: Int(entry.length))
  }
}
