import TestSupport
import Testing
import Updating
import Wire

func octets(hex: some StringProtocol) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// What Fixtures/make has captured, by name.
let captured: [String: [UInt8]] = {
  guard let text = try? readFile(packageFolder + "/Tests/UpdatingTests/Fixtures/messages.txt") else { return [:] }
  let pairs = text.split(separator: "\n").map { $0.split(separator: " ") }
  return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), octets(hex: $0[1])) })
}()

/// When dnspython's messages were signed.
let captureTime: UInt64 = 1_700_000_000

/// The key of Fixtures/make: octets 1, 2, 3, …
func key(_ algorithm: SignatureAlgorithm = .sha256, minimumLength: Int? = nil) -> SignatureKey {
  SignatureKey(
    name: name("Certbot.Key."), algorithm: algorithm, secret: (1...algorithm.length).map { UInt8($0) },
    minimumLength: minimumLength)
}

func name(_ text: String) -> DomainName {
  guard let name = try? DomainName(text) else { preconditionFailure(text) }
  return name
}

let zone = name("app.example.com")

func identity(_ owner: String, _ type: String, _ data: String) -> RecordIdentity {
  guard let type = RecordType(text: type), let octets = try? RDataFormat(type).wire(text: data, origin: zone) else {
    preconditionFailure("\(type) \(data)")
  }
  return RecordIdentity(owner: owner == "@" ? zone : name(owner + ".app.example.com"), type: type, data: octets)
}

func record(_ owner: String, _ type: String, _ data: String, ttl: UInt32 = 300) -> Record {
  Record(identity(owner, type, data), ttl: ttl)
}

/// A zone of a few records, as updates see it.
struct TestZone {
  var records: [Record]

  var view: RecordView {
    { owner, type in
      records.filter { $0.identity.owner == owner && (type == nil || $0.identity.type == type) }
    }
  }

  mutating func apply(_ edits: [Edit]) {
    for edit in edits {
      records.removeAll { $0.identity == edit.identity }
      if case .add(let record) = edit { records.append(record) }
    }
  }

  var set: Set<Record> { Set(records) }

  static let usual = TestZone(records: [
    record("@", "SOA", "ns1 hostmaster 7 3600 900 604800 300"), record("@", "NS", "ns1"), record("@", "NS", "ns2"),
    record("@", "MX", "10 mail"), record("ns1", "A", "192.0.2.1"), record("www", "A", "192.0.2.10"),
    record("www", "A", "192.0.2.11"), record("www", "TXT", "text"), record("alias", "CNAME", "www"),
  ])
}

/// A record of an update message, with class and TTL as they may be.
struct Line {
  var owner: String
  var type: UInt16
  var recordClass: UInt16
  var ttl: UInt32 = 0
  var data: [UInt8] = []

  var octets: [UInt8] {
    let high = Message.octets(UInt16(ttl >> 16)) + Message.octets(UInt16(ttl & 0xFFFF))
    return Message.name(owner) + Message.octets(type) + Message.octets(recordClass) + high
      + Message.octets(UInt16(data.count)) + data
  }

  static func add(_ record: Record) -> Line { of(record.identity, 1, record.ttl) }
  static func delete(_ identity: RecordIdentity) -> Line { of(identity, 254, 0) }
  static func equals(_ identity: RecordIdentity) -> Line { of(identity, 1, 0) }

  private static func of(_ identity: RecordIdentity, _ recordClass: UInt16, _ ttl: UInt32) -> Line {
    Line(
      owner: identity.owner.shortText, type: identity.type.rawValue, recordClass: recordClass, ttl: ttl,
      data: identity.data)
  }
}

func update(
  _ prerequisites: [Line] = [], _ changes: [Line] = [], zoneType: UInt16 = 6, zoneClass: UInt16 = 1, tail: [UInt8] = [],
  additionals: UInt16 = 0
) -> [UInt8] {
  Message.header(
    0x4711, flags: 0x2800, answers: UInt16(prerequisites.count), authorities: UInt16(changes.count),
    additionals: additionals) + Message.question("app.example.com", type: zoneType, class: zoneClass)
    + prerequisites.flatMap(\.octets) + changes.flatMap(\.octets) + tail
}
