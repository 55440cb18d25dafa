import Memory
import Wire

/// Why kept octets cannot be used, for the log.
package struct UpdateDamage: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}

/// What every file of this target begins and ends with; numbers are big-endian:
///
///     octets  8     "ALULAUPD"
///             2     version: 1
///             2     kind
///             …     the kind's own
///             8     hash of everything before
enum Envelope {
  /// 2 was an outbox that did not tell since when its changes wait.
  enum Kind: UInt16 { case overlay = 1, outbox = 3 }

  private static let magic = Array("ALULAUPD".utf8)
  private static var version: UInt16 { 1 }
  private static var overhead: Int { magic.count + 4 + 8 }

  static func seal(_ kind: Kind, _ body: [UInt8]) -> [UInt8] {
    var result = magic
    result.append(version)
    result.append(kind.rawValue)
    result += body
    result.append(ContentHash.of(result.rawBytes))
    return result
  }

  static func open(_ kind: Kind, _ octets: [UInt8]) throws(UpdateDamage) -> Unpacker {
    guard octets.count >= overhead, octets.starts(with: magic) else {
      throw UpdateDamage("this is not a file of kept updates")
    }
    let end = octets.count - 8
    var hash: [UInt8] = []
    let covered = Array(octets[..<end])
    hash.append(ContentHash.of(covered.rawBytes))
    guard octets[end...].elementsEqual(hash) else { throw UpdateDamage("the checksum is wrong") }
    var body = Unpacker(Array(octets[magic.count..<end]))
    let found = try body.uint16()
    guard found == version else { throw UpdateDamage("it has version \(found), and this Alula reads \(version)") }
    guard try body.uint16() == kind.rawValue else { throw UpdateDamage("it is a file of another kind") }
    return body
  }
}

extension [UInt8] {
  mutating func append(_ identity: RecordIdentity) {
    self += identity.owner.wire
    append(identity.type.rawValue)
    append(UInt16(truncatingIfNeeded: identity.data.count))
    self += identity.data
  }
}

/// Reads what was written, and trusts none of it.
struct Unpacker {
  private let octets: [UInt8]
  private var at = 0

  init(_ octets: [UInt8]) { self.octets = octets }

  private mutating func take(_ count: Int) throws(UpdateDamage) -> ArraySlice<UInt8> {
    guard count <= octets.count - at else { throw UpdateDamage("it ends in the middle of a record") }
    defer { at += count }
    return octets[at..<(at + count)]
  }

  private mutating func number(_ count: Int) throws(UpdateDamage) -> UInt64 {
    try take(count).reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func uint8() throws(UpdateDamage) -> UInt8 { UInt8(truncatingIfNeeded: try number(1)) }
  mutating func uint16() throws(UpdateDamage) -> UInt16 { UInt16(truncatingIfNeeded: try number(2)) }
  mutating func uint32() throws(UpdateDamage) -> UInt32 { UInt32(truncatingIfNeeded: try number(4)) }
  mutating func uint64() throws(UpdateDamage) -> UInt64 { try number(8) }

  /// A number of things, of which there cannot be more than octets.
  mutating func count() throws(UpdateDamage) -> Int {
    let count = Int(try uint32())
    guard count <= octets.count - at else { throw UpdateDamage("it says to have \(count) records, more than fit") }
    return count
  }

  mutating func name() throws(UpdateDamage) -> DomainName {
    guard let length = DomainName.length(octets[at...]) else { throw UpdateDamage("a name is malformed") }
    return DomainName(unchecked: Array(try take(length)))
  }

  mutating func identity(in zone: DomainName) throws(UpdateDamage) -> RecordIdentity {
    let owner = try name()
    guard owner.isAtOrBelow(zone) else {
      throw UpdateDamage("\(owner.shortText) is outside the zone \(zone.shortText)")
    }
    let type = RecordType(try uint16())
    let data = Array(try take(Int(try uint16())))
    guard !type.isMeta, RDataFormat(type).isValid(data.rawBytes) else {
      throw UpdateDamage("\(owner.shortText) \(type): the data is malformed")
    }
    return RecordIdentity(owner: owner, type: type, data: data)
  }

  mutating func ttl() throws(UpdateDamage) -> UInt32 {
    let ttl = try uint32()
    guard ttl <= UInt32(Int32.max) else { throw UpdateDamage("a TTL is above 2147483647") }
    return ttl
  }

  func finish() throws(UpdateDamage) {
    guard at == octets.count else { throw UpdateDamage("there are octets behind the last record") }
  }
}
