/// What is wrong with a name written as in a master file (RFC 1035 §5.1).
package enum NameError: Error, Equatable, CustomStringConvertible {
  case empty
  case emptyLabel
  case labelTooLong
  case nameTooLong
  case badEscape
  case relative

  package var description: String {
    switch self {
    case .empty: "a domain name was expected"
    case .emptyLabel: "a label between two dots is empty"
    case .labelTooLong: "a label is longer than 63 octets"
    case .nameTooLong: "the name is longer than 255 octets"
    case .badEscape: "after a backslash there must be a character, or three digits from 000 to 255"
    case .relative: "the name needs a final dot here"
    }
  }
}

extension DomainName {
  /// Reads a name as written in a master file: `\.` and `\DDD` escapes, `@` only by the caller.
  ///
  /// - Parameter origin: appended to a name without a final dot.
  package init(text: some Sequence<UInt8>, origin: DomainName = .root) throws(NameError) {
    var wire: [UInt8] = []
    var label: [UInt8] = []
    var absolute = false
    var any = false
    var input = text.makeIterator()
    func close(_ wire: inout [UInt8], _ label: inout [UInt8]) throws(NameError) {
      guard label.count <= 63 else { throw .labelTooLong }
      wire.append(UInt8(label.count))
      wire += label
      label.removeAll(keepingCapacity: true)
    }
    while let octet = input.next() {
      any = true
      if absolute { if label.isEmpty && wire.isEmpty { throw .emptyLabel } }
      switch octet {
      case UInt8(ascii: "."):
        if absolute { throw .emptyLabel }
        if label.isEmpty {
          guard wire.isEmpty else { throw .emptyLabel }
        } else {
          try close(&wire, &label)
        }
        absolute = true
        continue
      case UInt8(ascii: "\\"):
        label.append(try DomainName.escape(&input))
      default:
        label.append(octet)
      }
      absolute = false
    }
    guard any else { throw .empty }
    if !label.isEmpty { try close(&wire, &label) }
    wire += absolute ? [0] : origin.wire
    guard wire.count <= DomainName.maximumLength else { throw .nameTooLong }
    self.init(unchecked: wire)
  }

  package init(_ text: String, origin: DomainName = .root) throws(NameError) {
    try self.init(text: text.utf8, origin: origin)
  }

  /// The octet meant by what follows a backslash.
  static func escape(_ input: inout some IteratorProtocol<UInt8>) throws(NameError) -> UInt8 {
    guard let first = input.next() else { throw .badEscape }
    guard (0x30...0x39).contains(first) else { return first }
    guard let second = input.next(), let third = input.next(), (0x30...0x39).contains(second),
      (0x30...0x39).contains(third)
    else { throw .badEscape }
    let value = Int(first - 0x30) * 100 + Int(second - 0x30) * 10 + Int(third - 0x30)
    guard value <= 255 else { throw .badEscape }
    return UInt8(value)
  }
}

extension DomainName: CustomStringConvertible {
  /// With the final dot; octets that a master file would read otherwise are escaped.
  package var description: String {
    if isRoot { return "." }
    return labels.map { DomainName.text(ofLabel: $0) + "." }.joined()
  }

  /// Without the final dot, as configuration and messages show names.
  package var shortText: String { isRoot ? "." : String(description.dropLast()) }

  private static func text(ofLabel label: ArraySlice<UInt8>) -> String {
    var result = ""
    for octet in label {
      switch octet {
      case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "("),
        UInt8(ascii: ")"), UInt8(ascii: "@"), UInt8(ascii: "$"):
        result += "\\" + String(UnicodeScalar(octet))
      case 0x21...0x7E: result += String(UnicodeScalar(octet))
      default: result += "\\" + String(1000 + Int(octet)).dropFirst()
      }
    }
    return result
  }
}
