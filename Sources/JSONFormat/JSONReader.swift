/// Where a text stops being JSON; both count from 1, columns in octets.
package struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
  package let line: Int
  package let column: Int
  package let isAtEnd: Bool

  init(_ octets: [UInt8], at offset: Int) {
    let before = octets.prefix(offset)
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    isAtEnd = offset >= octets.count
  }

  package var description: String {
    "\(line):\(column): " + (isAtEnd ? "the JSON ends too early" : "this is not JSON")
  }
}

extension JSON {
  /// Reads one value (RFC 8259) and nothing behind it; nil for anything else, and for what is nested deeper
  /// than anybody needs.
  package init?(_ octets: [UInt8]) {
    do throws(JSONSyntaxError) { self = try JSON.read(octets) } catch { return nil }
  }

  /// The same, saying where it went wrong.
  package static func read(_ octets: [UInt8]) throws(JSONSyntaxError) -> JSON {
    var reader = JSONReader(octets: octets)
    guard let value = reader.value(depth: 0), reader.isAtEnd else {
      throw JSONSyntaxError(octets, at: reader.at)
    }
    return value
  }
}

private struct JSONReader {
  let octets: [UInt8]
  var at = 0

  init(octets: [UInt8]) { self.octets = octets }

  private static var deepest: Int { 16 }

  private var next: UInt8? { at < octets.count ? octets[at] : nil }

  /// Whether nothing but space is left.
  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return next == nil
    }
  }

  private mutating func skipSpace() {
    while let octet = next, octet == 0x20 || octet == 0x0A || octet == 0x0D || octet == 0x09 { at += 1 }
  }

  /// Whether `word` is next; it is taken then.
  private mutating func take(_ word: StaticString) -> Bool {
    let wanted = Array("\(word)".utf8)
    guard octets[at...].starts(with: wanted) else { return false }
    at += wanted.count
    return true
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let octet = next, UInt32(octet) == character.value else { return false }
    at += 1
    return true
  }

  mutating func value(depth: Int) -> JSON? {
    skipSpace()
    guard depth <= Self.deepest, let octet = next else { return nil }
    switch octet {
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func array(_ depth: Int) -> JSON? {
    var elements: [JSON] = []
    let isWhole = list("[", "]") { reader in
      guard let element = reader.value(depth: depth + 1) else { return false }
      elements.append(element)
      return true
    }
    return isWhole ? .array(elements) : nil
  }

  private mutating func object(_ depth: Int) -> JSON? {
    var members: [JSON.Member] = []
    let isWhole = list("{", "}") { reader in
      reader.skipSpace()
      guard let name = reader.string() else { return false }
      reader.skipSpace()
      guard reader.take(Unicode.Scalar(":")), let value = reader.value(depth: depth + 1) else { return false }
      members.append(JSON.Member(name: name, value: value))
      return true
    }
    return isWhole ? .object(members) : nil
  }

  /// What stands between two brackets, with commas between.
  private mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ element: (inout JSONReader) -> Bool
  ) -> Bool {
    guard take(open) else { return false }
    skipSpace()
    if take(close) { return true }
    repeat {
      guard element(&self) else { return false }
      skipSpace()
    } while take(Unicode.Scalar(","))
    return take(close)
  }

  private mutating func number() -> JSON? {
    let start = at
    _ = take(Unicode.Scalar("-"))
    guard let first = next, digits(), first != UInt8(ascii: "0") || octets[at - 1] == first && at - start <= 2 else {
      return nil
    }
    if take(Unicode.Scalar(".")), !digits() { return nil }
    if take(Unicode.Scalar("e")) || take(Unicode.Scalar("E")) {
      if !take(Unicode.Scalar("+")) { _ = take(Unicode.Scalar("-")) }
      guard digits() else { return nil }
    }
    return .number(String(decoding: octets[start..<at], as: UTF8.self))
  }

  /// Takes digits; whether there was one.
  private mutating func digits() -> Bool {
    let start = at
    while let octet = next, (0x30...0x39).contains(octet) { at += 1 }
    return at > start
  }

  private mutating func string() -> String? {
    guard take(Unicode.Scalar("\"")) else { return nil }
    var text: [UInt8] = []
    while let octet = next {
      at += 1
      switch octet {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(Character(scalar)).utf8)
      case 0..<0x20: return nil
      default: text.append(octet)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let octet = next else { return nil }
    at += 1
    switch octet {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(octet)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return unicodeEscape()
    default: return nil
    }
  }

  /// `41`-like, or two of them that are a surrogate pair.
  private mutating func unicodeEscape() -> Unicode.Scalar? {
    guard let first = hexadecimal() else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard take("\\u"), let second = hexadecimal(), (0xDC00..<0xE000).contains(second) else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func hexadecimal() -> UInt32? {
    guard at + 4 <= octets.count else { return nil }
    let digits = octets[at..<at + 4]
    guard digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else { return nil }
    at += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
