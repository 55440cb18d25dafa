/// Writes fields of which each says which one it is, so that an earlier reader passes over those it does not know
/// and a later one does without those that are missing.
///
///     field    = key value          key = tag × 2 + form
///     form 0     value is a number: seven bits an octet, the lowest first, bit 7 set in all but the last
///     form 1     value is a number and so many octets: text in UTF-8, or fields again
///
/// An absent optional is no field; an array is the same field several times.
package struct StateWriter {
  package private(set) var octets: [UInt8] = []

  package init() {}

  package mutating func write(_ tag: Int, _ number: UInt64) {
    append(UInt64(tag) << 1)
    append(number)
  }

  /// Numbers near zero are short, whatever their sign.
  package mutating func write(_ tag: Int, signed number: Int64) {
    write(tag, UInt64(bitPattern: number << 1 ^ number >> 63))
  }

  package mutating func write(_ tag: Int, _ flag: Bool) { write(tag, flag ? 1 : 0) }

  package mutating func write(_ tag: Int, _ text: String) { write(tag, octets: Array(text.utf8)) }

  package mutating func write(_ tag: Int, octets value: [UInt8]) {
    append(UInt64(tag) << 1 | 1)
    append(UInt64(value.count))
    octets += value
  }

  /// Fields within a field.
  package mutating func write(_ tag: Int, _ body: (inout StateWriter) -> Void) {
    var inner = StateWriter()
    body(&inner)
    write(tag, octets: inner.octets)
  }

  private mutating func append(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    octets.append(UInt8(rest))
  }
}
