package import Wire

/// Names as Route 53 writes them: absolute, lower case, and every octet but a–z, 0–9, `-` and `_` in octal
/// (`\052` is the wildcard's asterisk), where a master file counts in decimal.
package enum Route53Name {
  /// Nil for what is no name.
  package static func read(_ text: String) -> DomainName? {
    var wire: [UInt8] = []
    var label: [UInt8] = []
    var rest = text.utf8[...]
    if rest.elementsEqual(".".utf8) { return .root }
    func close() -> Bool {
      guard (1...63).contains(label.count) else { return false }
      wire.append(UInt8(label.count))
      wire += label
      label.removeAll()
      return true
    }
    while let octet = rest.popFirst() {
      switch octet {
      case UInt8(ascii: "."): guard close() else { return nil }
      case UInt8(ascii: "\\"):
        guard let value = octal(&rest) else { return nil }
        label.append(value)
      default: label.append(octet)
      }
    }
    if !label.isEmpty, !close() { return nil }
    wire.append(0)
    return DomainName(wire: wire)
  }

  /// Three octal digits, or the character itself.
  private static func octal(_ rest: inout Substring.UTF8View) -> UInt8? {
    guard let first = rest.popFirst() else { return nil }
    guard (0x30...0x37).contains(first) else { return first }
    guard let second = rest.popFirst(), let third = rest.popFirst(), (0x30...0x37).contains(second),
      (0x30...0x37).contains(third), first <= 0x33
    else { return nil }
    return (first - 0x30) << 6 | (second - 0x30) << 3 | (third - 0x30)
  }

  /// With the final dot.
  package static func text(_ name: DomainName) -> String {
    name.isRoot ? "." : name.lowercased.labels.map { $0.map(text).joined() + "." }.joined()
  }

  private static func text(_ octet: UInt8) -> String {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      String(UnicodeScalar(octet))
    default: "\\" + String(0o1000 + Int(octet), radix: 8).dropFirst()
    }
  }
}
