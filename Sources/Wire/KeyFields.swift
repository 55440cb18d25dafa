import Memory

/// KEY (RFC 2535 §3, RFC 3445) and KEYDATA, in which BIND keeps trust anchors that it follows (RFC 5011).
extension RDataFormat {
  /// Both of the flags' highest bits: there is no key (RFC 2535 §3.1.2).
  static let noKey: UInt16 = 0xC000

  /// Whether flags, protocol and algorithm are followed by a key, or need none.
  static func isKey(_ data: RawSpan, _ range: Range<Int>) -> Bool {
    range.count > 4 || range.count == 4 && data.uint16(range.lowerBound) & noKey == noKey
  }

  static func keyText(_ data: RawSpan, _ range: Range<Int>) -> String {
    let at = range.lowerBound
    let fields = "\(data.uint16(at)) \(data.octet(at + 2)) \(data.octet(at + 3))"
    return range.count == 4 ? fields : fields + " " + Presentation.base64(data, at + 4..<range.upperBound)
  }

  /// The type's number is for private use, so other octets than BIND's are no mistake.
  static func keyDataText(_ data: RawSpan, _ range: Range<Int>) -> String {
    let at = range.lowerBound
    guard range.count >= 16, isKey(data, at + 12..<range.upperBound) else { return genericText(data) }
    let times = [0, 4, 8].map { CivilTime(seconds: data.uint32(at + $0)).text }
    return (times + [keyText(data, at + 12..<range.upperBound)]).joined(separator: " ")
  }
}

extension Tokenizer {
  mutating func appendKey(to out: inout OctetBuffer) throws(SyntaxError) {
    let flags = try keyFlags()
    out.append(flags)
    out.append(UInt8(try mnemonic(.keyProtocols, upTo: 0xFF)))
    out.append(UInt8(try mnemonic(.algorithms, upTo: 0xFF)))
    if flags & RDataFormat.noKey == RDataFormat.noKey, try peek().isEnd { return }
    try appendRest(.base64, to: &out)
  }

  /// When to ask again, when to begin to trust, when to forget; then a key.
  mutating func appendKeyData(to out: inout OctetBuffer) throws(SyntaxError) {
    for _ in 0..<3 { out.append(try time()) }
    try appendKey(to: &out)
  }

  /// Reads flags: a number, also as `0x101`, or words joined by `|`.
  mutating func keyFlags() throws(SyntaxError) -> UInt16 {
    let token = try next()
    if let value = decimal(token), let flags = UInt16(exactly: value) { return flags }
    let word = token.kind == .word ? string(token).uppercased() : ""
    let flags = word.hasPrefix("0X") ? UInt16(word.dropFirst(2), radix: 16) : KeyFlags.value(word)
    guard let flags else {
      throw unexpected(token, expected: "flags as a number from 0 to 65535 or as names such as ZONE|KSK")
    }
    return flags
  }
}

/// The words of RFC 2535 §7.1 for the flags of a key, and KSK (RFC 4034 §2.1.1).
private enum KeyFlags {
  /// The value of a word and the bits that it speaks of.
  private static let words: [String: (value: UInt16, mask: UInt16)] = {
    var words: [String: (value: UInt16, mask: UInt16)] = [
      "NOCONF": (0x4000, 0xC000), "NOAUTH": (0x8000, 0xC000), "NOKEY": (0xC000, 0xC000), "FLAG2": (0x2000, 0x2000),
      "EXTEND": (0x1000, 0x1000), "FLAG4": (0x0800, 0x0800), "FLAG5": (0x0400, 0x0400), "USER": (0x0000, 0x0300),
      "ZONE": (0x0100, 0x0300), "HOST": (0x0200, 0x0300), "NTYP3": (0x0300, 0x0300), "FLAG8": (0x0080, 0x0080),
      "FLAG9": (0x0040, 0x0040), "FLAG10": (0x0020, 0x0020), "FLAG11": (0x0010, 0x0010), "KSK": (0x0001, 0x0001),
    ]
    for value in 0..<UInt16(16) { words["SIG\(value)"] = (value, 0x000F) }
    return words
  }()

  /// Nil for a word that is not known, and when two speak of the same bits.
  static func value(_ text: String) -> UInt16? {
    var (value, spoken): (UInt16, UInt16) = (0, 0)
    for part in text.split(separator: "|", omittingEmptySubsequences: false) {
      guard let word = words[String(part)], spoken & word.mask == 0 else { return nil }
      value |= word.value
      spoken |= word.mask
    }
    return value
  }
}

/// ATMA: an octet for the form, then an address: 0 is an end-system address in hexadecimal digits, 1 a
/// number of E.164 (ATM Forum, af-saa-0069).
extension RDataFormat {
  static func atmaText(_ data: RawSpan, _ range: Range<Int>) -> String {
    guard range.count > 1 else { return genericText(data) }
    let address = range.dropFirst()
    switch data.octet(range.lowerBound) {
    case 0: return Presentation.hexadecimal(data, address)
    case 1 where address.allSatisfy({ 0x30...0x39 ~= data.octet($0) }):
      return "+" + address.map { String(UnicodeScalar(data.octet($0))) }.joined()
    default: return genericText(data)
    }
  }
}

extension Tokenizer {
  mutating func appendATMA(to out: inout OctetBuffer) throws(SyntaxError) {
    let token = try next()
    let expected = "an ATM address: pairs of hexadecimal digits, or + and a telephone number"
    guard token.kind == .word else { throw unexpected(token, expected: expected) }
    let isNumber = text[token.start] == UInt8(ascii: "+")
    out.append(UInt8(isNumber ? 1 : 0))
    let start = out.count
    var decoder = Decoder(.hexadecimal)
    for i in token.start + (isNumber ? 1 : 0)..<token.end where text[i] != UInt8(ascii: ".") {
      if isNumber, 0x30...0x39 ~= text[i] {
        out.append(text[i])
      } else {
        guard !isNumber, decoder.take(text[i], to: &out) else { throw unexpected(token, expected: expected) }
      }
    }
    guard decoder.isComplete, out.count > start else { throw unexpected(token, expected: expected) }
  }
}
