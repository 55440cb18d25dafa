/// Octets that are no fields, or a field that is not what it should be.
package struct StateDamage: Error, Hashable, Sendable { package init() {} }

/// Reads what `StateWriter` wrote, field by field.
package struct StateReader {
  private let octets: ArraySlice<UInt8>
  private var at: Int

  package init(_ octets: [UInt8]) { self.init(octets[...]) }

  fileprivate init(_ octets: ArraySlice<UInt8>) {
    self.octets = octets
    at = octets.startIndex
  }

  /// The next field; nil at the end.
  package mutating func next() throws(StateDamage) -> StateField? {
    guard at < octets.endIndex else { return nil }
    let key = try number()
    guard let tag = Int(exactly: key >> 1) else { throw StateDamage() }
    let value = try number()
    guard key & 1 == 1 else { return StateField(tag: tag, value: .number(value)) }
    guard value <= UInt64(octets.endIndex - at) else { throw StateDamage() }
    let start = at
    at += Int(value)
    return StateField(tag: tag, value: .octets(octets[start..<at]))
  }

  /// Calls `body` for each field up to the end.
  package mutating func each(_ body: (StateField) throws(StateDamage) -> Void) throws(StateDamage) {
    while let field = try next() { try body(field) }
  }

  private mutating func number() throws(StateDamage) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard at < octets.endIndex else { throw StateDamage() }
      let octet = UInt64(octets[at])
      at += 1
      // The tenth octet has one bit left.
      guard shift < 63 || octet <= 1 else { throw StateDamage() }
      result |= (octet & 0x7F) << shift
      if octet < 0x80 { return result }
    }
    throw StateDamage()
  }
}

package struct StateField {
  fileprivate enum Value {
    case number(UInt64)
    case octets(ArraySlice<UInt8>)
  }

  package let tag: Int
  fileprivate let value: Value

  package var number: UInt64 {
    get throws(StateDamage) {
      guard case .number(let number) = value else { throw StateDamage() }
      return number
    }
  }

  package var signed: Int64 {
    get throws(StateDamage) {
      let number = try self.number
      return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }
  }

  /// A number that fits, and is not negative.
  package var int: Int {
    get throws(StateDamage) {
      guard let int = Int(exactly: try number) else { throw StateDamage() }
      return int
    }
  }

  package var flag: Bool { get throws(StateDamage) { try number != 0 } }

  package var octets: [UInt8] {
    get throws(StateDamage) {
      guard case .octets(let octets) = value else { throw StateDamage() }
      return Array(octets)
    }
  }

  package var text: String {
    get throws(StateDamage) {
      guard case .octets(let octets) = value, let text = String(validating: octets, as: UTF8.self) else {
        throw StateDamage()
      }
      return text
    }
  }

  /// The fields within.
  package var fields: StateReader {
    get throws(StateDamage) {
      guard case .octets(let octets) = value else { throw StateDamage() }
      return StateReader(octets)
    }
  }
}
