/// Octets as a master file writes them.
enum Presentation {
  /// Between double quotes; what is not printable ASCII as `\DDD`.
  static func quoted(_ data: RawSpan, _ range: Range<Int>) -> String {
    var result = "\""
    for i in range {
      switch data.octet(i) {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += "\\" + String(UnicodeScalar(data.octet(i)))
      case 0x20...0x7E: result += String(UnicodeScalar(data.octet(i)))
      default: result += "\\" + String(1000 + Int(data.octet(i))).dropFirst()
      }
    }
    return result + "\""
  }

  static func hexadecimal(_ data: RawSpan, _ range: Range<Int>) -> String {
    digits("0123456789ABCDEF", bits: 4, data, range)
  }

  /// Without padding, as NSEC3 has it.
  static func base32Hex(_ data: RawSpan, _ range: Range<Int>) -> String {
    digits("0123456789ABCDEFGHIJKLMNOPQRSTUV", bits: 5, data, range)
  }

  static func base64(_ data: RawSpan, _ range: Range<Int>) -> String {
    digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6, data, range)
      + String(repeating: "=", count: (3 - range.count % 3) % 3)
  }

  private static func digits(_ alphabet: StaticString, bits: Int, _ data: RawSpan, _ range: Range<Int>) -> String {
    let alphabet = Array(alphabet.description.utf8)
    var result: [UInt8] = []
    var (pending, pendingBits) = (0, 0)
    for i in range {
      pending = (pending << 8 | Int(data.octet(i))) & 0xFFFF
      pendingBits += 8
      while pendingBits >= bits {
        pendingBits -= bits
        result.append(alphabet[pending >> pendingBits & (1 << bits - 1)])
      }
    }
    if pendingBits > 0 { result.append(alphabet[pending << (bits - pendingBits) & (1 << bits - 1)]) }
    return String(decoding: result, as: UTF8.self)
  }

  /// Groups of `octets` octets as hexadecimal digits in lower case.
  static func groups(_ data: RawSpan, _ range: Range<Int>, octets: Int, separator: String) -> String {
    stride(from: range.lowerBound, to: range.upperBound, by: octets)
      .map { hexadecimal(data, $0..<$0 + octets).lowercased() }.joined(separator: separator)
  }
}

extension RDataFormat {
  /// The data in presentation format, absolute names, on one line; in RFC 3597's generic form when
  /// there is no other, when `data` is not valid, and when the other form would be read as other octets.
  package func text(_ data: RawSpan) -> String {
    guard isKnown, isValid(data) else { return RDataFormat.genericText(data) }
    var parts: [String] = []
    var at = 0
    for i in 0..<Int(count) {
      guard let end = RDataFormat.end(of: fields[i], in: data, from: at),
        RDataFormat.hasExactText(fields[i], data, at..<end)
      else { return RDataFormat.genericText(data) }
      let part = RDataFormat.text(fields[i], data, at..<end)
      if !part.isEmpty { parts.append(part) }
      at = end
    }
    return parts.joined(separator: " ")
  }

  /// Whether the octets are the only ones that their text stands for: without a size of 0·10⁵, zeros at the
  /// end of a bitmap, or bits where an address has none.
  private static func hasExactText(_ field: RDataField, _ data: RawSpan, _ range: Range<Int>) -> Bool {
    switch field {
    case .location: (1...3).allSatisfy { !(1...15 ~= data.octet(range.lowerBound + $0)) }
    case .services: range.count == 1 || data.octet(range.upperBound - 1) != 0
    case .oldBitmap: range.isEmpty || data.octet(range.upperBound - 1) != 0
    case .a6:
      data.octet(range.lowerBound) % 8 == 0
        || data.octet(range.lowerBound + 1) >> (8 - data.octet(range.lowerBound) % 8) == 0
    default: true
    }
  }

  /// `\# LENGTH HEX` (RFC 3597 §5)
  package static func genericText(_ data: RawSpan) -> String {
    data.byteCount == 0 ? "\\# 0" : "\\# \(data.byteCount) " + Presentation.hexadecimal(data, 0..<data.byteCount)
  }

  static func nameText(_ data: RawSpan, _ range: Range<Int>) -> String {
    DomainName(unchecked: range.map { data.octet($0) }).description
  }

  private static func text(_ field: RDataField, _ data: RawSpan, _ range: Range<Int>) -> String {
    let at = range.lowerBound
    switch field {
    case .none: return ""
    case .octet, .algorithm, .keyProtocol, .digestType, .hashAlgorithm: return String(data.octet(at))
    case .short, .keyFlags: return String(data.uint16(at))
    case .long, .period: return String(data.uint32(at))
    case .quad: return String(UInt64(data.uint32(at)) << 32 | UInt64(data.uint32(at + 4)))
    case .time: return CivilTime(seconds: data.uint32(at)).text
    case .type: return RecordType(data.uint16(at)).description
    case .certificate: return Mnemonics.certificates.text(Int(data.uint16(at)))
    case .scheme: return Mnemonics.schemes.text(Int(data.octet(at)))
    case .ipv4, .ipv6: return IPAddress(octets: range.map { data.octet($0) })?.description ?? ""
    case .eui48, .eui64: return Presentation.groups(data, range, octets: 1, separator: "-")
    case .locator: return Presentation.groups(data, range, octets: 2, separator: ":")
    case .name: return nameText(data, range)
    case .string: return Presentation.quoted(data, at + 1..<range.upperBound)
    case .optionalString: return range.isEmpty ? "" : Presentation.quoted(data, at + 1..<range.upperBound)
    case .strings: return strings(data, range).map { Presentation.quoted(data, $0) }.joined(separator: " ")
    case .text: return Presentation.quoted(data, range)
    case .tag: return (at + 1..<range.upperBound).map { String(UnicodeScalar(data.octet($0))) }.joined()
    case .hex: return Presentation.hexadecimal(data, range)
    case .base64, .optionalBase64: return Presentation.base64(data, range)
    case .base64OrDash: return range.isEmpty ? "-" : Presentation.base64(data, range)
    case .salt: return range.count == 1 ? "-" : Presentation.hexadecimal(data, at + 1..<range.upperBound)
    case .hash: return Presentation.base32Hex(data, at + 1..<range.upperBound)
    case .bitmap: return TypeBitmap.types(data, range).map(\.description).joined(separator: " ")
    case .oldBitmap:
      return TypeBitmap.bits(data, range).map { RecordType($0).description }.joined(separator: " ")
    case .nsap: return "0x" + Presentation.hexadecimal(data, range)
    case .atma: return atmaText(data, range)
    case .key: return keyText(data, range)
    case .keyData: return keyDataText(data, range)
    case .location: return Location.text(data, at)
    case .prefixes: return AddressPrefixes.text(data, range)
    case .services:
      return ([UInt16(data.octet(at))] + TypeBitmap.bits(data, at + 1..<range.upperBound)).map(String.init)
        .joined(separator: " ")
    case .parameters: return String(ServiceParameters.text(data, from: at).dropFirst())
    case .gateway, .relay, .hostIdentity, .a6: return oddText(field, data, range)
    case .opaque: return genericText(data)
    }
  }

  private static func strings(_ data: RawSpan, _ range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var at = range.lowerBound
    while at < range.upperBound {
      let end = at + 1 + Int(data.octet(at))
      result.append(at + 1..<end)
      at = end
    }
    return result
  }

  private static func oddText(_ field: RDataField, _ data: RawSpan, _ range: Range<Int>) -> String {
    let (at, end) = (range.lowerBound, range.upperBound)
    switch field {
    case .gateway:
      let kind = data.octet(at)
      let key = Gateway.end(kind, data, from: at + 2) ?? end
      let gateway = "\(kind) \(data.octet(at + 1)) \(Gateway.text(kind, data, at + 2..<key))"
      return key == end ? gateway : gateway + " " + Presentation.base64(data, key..<end)
    case .relay:
      let kind = data.octet(at) & 0x7F
      return "\(data.octet(at) >> 7) \(kind) \(Gateway.text(kind, data, at + 1..<end))"
    case .hostIdentity:
      let key = at + 4 + Int(data.octet(at))
      var name = hostIdentityNames(data, at) ?? end
      var text = "\(data.octet(at + 1)) " + Presentation.hexadecimal(data, at + 4..<key) + " "
      text += Presentation.base64(data, key..<name)
      while let next = nameEnd(data, from: name) {
        text += " " + nameText(data, name..<next)
        name = next
      }
      return text
    default: return a6Text(data, range)
    }
  }

  private static func a6Text(_ data: RawSpan, _ range: Range<Int>) -> String {
    let prefix = Int(data.octet(range.lowerBound))
    let name = a6Name(data, range.lowerBound) ?? range.upperBound
    let octets = Array(repeating: 0, count: prefix / 8) + (range.lowerBound + 1..<name).map { data.octet($0) }
    let address = prefix < 128 ? IPAddress(octets: octets)?.description : nil
    return (["\(prefix)", address] + (prefix > 0 ? [nameText(data, name..<range.upperBound)] : []))
      .compactMap { $0 }.joined(separator: " ")
  }
}
