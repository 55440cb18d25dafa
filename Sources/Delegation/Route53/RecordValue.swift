import JSONFormat
package import Wire

/// Values of record sets: as in a master file, but with octal escapes, where a master file has decimal ones.
package enum RecordValue {
  /// The data of a record in canonical form (RFC 4034 §6.2), so that what means the same compares as the same.
  ///
  /// - Returns: nil when the value is none of the type.
  package static func data(_ value: String, _ type: RecordType) -> [UInt8]? {
    let format = RDataFormat(type)
    guard var data = try? format.wire(text: masterFile(value)) else { return nil }
    format.fold(&data)
    return data
  }

  /// The value with its escapes as a master file has them (RFC 1035 §5.1).
  package static func masterFile(_ value: String) -> String {
    var result: [UInt8] = []
    var rest = Array(value.utf8)[...]
    while let octet = rest.popFirst() {
      result.append(octet)
      guard octet == UInt8(ascii: "\\") else { continue }
      if let number = octal(rest.prefix(3)) {
        result += String(1000 + number).dropFirst().utf8
        rest = rest.dropFirst(3)
      } else if let next = rest.popFirst() {
        result.append(next)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The other way: decimal escapes of a master file become octal ones.
  package static func route53(_ text: String) -> String {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      result.append(octet)
      guard octet == UInt8(ascii: "\\") else { continue }
      if let number = decimal(rest.prefix(3)) {
        result += String(0o1000 + number, radix: 8).dropFirst().utf8
        rest = rest.dropFirst(3)
      } else if let next = rest.popFirst() {
        result.append(next)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func octal(_ digits: ArraySlice<UInt8>) -> Int? {
    number(digits, UInt8(ascii: "0")...UInt8(ascii: "7"), 8)
  }

  private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    number(digits, UInt8(ascii: "0")...UInt8(ascii: "9"), 10)
  }

  private static func number(_ digits: ArraySlice<UInt8>, _ allowed: ClosedRange<UInt8>, _ base: Int) -> Int? {
    guard digits.count == 3, digits.allSatisfy(allowed.contains) else { return nil }
    let value = digits.reduce(0) { $0 * base + Int($1 - 0x30) }
    return value < 256 ? value : nil
  }
}

extension RecordSet {
  /// Nil for a type that nobody knows.
  package var recordType: RecordType? { RecordType(text: type) }

  /// Whether the two are the same record set to the API: what a DELETE must repeat.
  package func isSame(as other: RecordSet) -> Bool {
    name == other.name && type == other.type && canonical == other.canonical
  }

  /// Members in order of their names, records in order of their values, names without regard to how they are written.
  private var canonical: JSON { RecordSet.canonical(json, name: nil) }

  private static func canonical(_ json: JSON, name: String?) -> JSON {
    switch json {
    case .object(let members):
      let parts = members.filter { $0.value != .null }.sorted { $0.name < $1.name }
      return .object(parts.map { JSON.Member(name: $0.name, value: canonical($0.value, name: $0.name)) })
    case .array(let elements):
      return .array(elements.map { canonical($0, name: name) }.sorted { $0.text < $1.text })
    case .string(let text) where name == "Name" || name == "DNSName":
      return .string(Route53Name.read(text).map(Route53Name.text) ?? text)
    case .string, .number, .bool, .null: return json
    }
  }
}
