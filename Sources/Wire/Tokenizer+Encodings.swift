import Memory

/// A binary-to-text encoding (RFC 4648), decoded digit by digit.
struct Encoding {
  let name: String
  /// Of one digit.
  let bits: Int
  /// A digit's value.
  let value: @Sendable (UInt8) -> UInt8?

  static let hexadecimal = Encoding(name: "hexadecimal digits", bits: 4, value: hexadecimalDigit)

  static let base32Hex = Encoding(name: "base32hex digits", bits: 5) { octet in
    switch octet {
    case 0x30...0x39: octet - 0x30
    case 0x41...0x56, 0x61...0x76: (octet | 0x20) - 0x61 + 10
    default: nil
    }
  }

  static let base64 = Encoding(name: "base64 digits", bits: 6) { octet in
    switch octet {
    case 0x41...0x5A: octet - 0x41
    case 0x61...0x7A: octet - 0x61 + 26
    case 0x30...0x39: octet - 0x30 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

/// Digits gathered into octets; a token may end anywhere between two of them.
struct Decoder {
  let encoding: Encoding
  private var pending: UInt = 0
  private var pendingBits = 0
  private var digits = 0
  private var padding = 0

  init(_ encoding: Encoding) { self.encoding = encoding }

  /// Appends what `octet` completes; false when it is no digit, or follows padding.
  mutating func take(_ octet: UInt8, to out: inout OctetBuffer) -> Bool {
    if octet == UInt8(ascii: "="), encoding.bits == 6 {
      padding += 1
      return true
    }
    guard padding == 0, let value = encoding.value(octet) else { return false }
    digits += 1
    pending = (pending << UInt(encoding.bits) | UInt(value)) & 0xFFFF
    pendingBits += encoding.bits
    if pendingBits >= 8 {
      pendingBits -= 8
      out.append(UInt8(truncatingIfNeeded: pending >> UInt(pendingBits)))
    }
    return true
  }

  /// Whether the digits make up whole octets, the padding is right and the bits left over are zero.
  var isComplete: Bool {
    let left = pending & (1 << UInt(pendingBits) - 1)
    guard pendingBits < encoding.bits, left == 0 else { return false }
    return encoding.bits != 6 || (digits + padding) % 4 == 0 && padding < 3
  }
}

extension Tokenizer {
  /// Appends all the rest up to the end of the entry, white space between any digits; not empty.
  mutating func appendRest(_ encoding: Encoding, to out: inout OctetBuffer) throws(SyntaxError) {
    let first = try next()
    var last = first
    var decoder = Decoder(encoding)
    var token = first
    while !token.isEnd {
      try feed(token, to: &decoder, into: &out)
      last = token
      token = try next()
    }
    guard !first.isEnd, decoder.isComplete else {
      throw unexpected(first.isEnd ? first : last, expected: "whole octets as \(encoding.name)")
    }
  }

  /// Appends what one token encodes.
  func append(_ encoding: Encoding, _ token: Token, to out: inout OctetBuffer) throws(SyntaxError) {
    var decoder = Decoder(encoding)
    try feed(token, to: &decoder, into: &out)
    guard decoder.isComplete else { throw unexpected(token, expected: "whole octets as \(encoding.name)") }
  }

  private func feed(_ token: Token, to decoder: inout Decoder, into out: inout OctetBuffer) throws(SyntaxError) {
    guard token.kind == .word else { throw unexpected(token, expected: decoder.encoding.name) }
    for i in token.start..<token.end {
      guard decoder.take(text[i], to: &out) else {
        throw error(at: i, line: token.line, "expected \(decoder.encoding.name), found \(description(of: token))")
      }
    }
  }

  /// Appends `-` as nothing and anything else as `appendRest` does.
  mutating func appendOptionalRest(_ encoding: Encoding, to out: inout OctetBuffer) throws(SyntaxError) {
    let token = try peek()
    if token.isEnd || isDash(token) { _ = try next() } else { try appendRest(encoding, to: &out) }
  }

  /// Appends one token with a length octet, `-` as nothing (RFC 5155 §3.3).
  mutating func appendCounted(
    _ encoding: Encoding, allowsNothing: Bool, to out: inout OctetBuffer
  ) throws(SyntaxError) {
    let token = try next()
    let start = out.count
    out.append(UInt8(0))
    if allowsNothing, isDash(token) { return }
    try append(encoding, token, to: &out)
    guard 1...255 ~= out.count - start - 1 else { throw error(token, "expected 1 to 255 octets") }
    out[start] = UInt8(out.count - start - 1)
  }

  func isDash(_ token: Token) -> Bool {
    token.kind == .word && token.count == 1 && text[token.start] == UInt8(ascii: "-")
  }

  /// Appends `count` pairs of hexadecimal digits with hyphens between them (RFC 7043).
  mutating func appendPairs(_ count: Int, _ what: String, to out: inout OctetBuffer) throws(SyntaxError) {
    let token = try next()
    guard token.kind == .word, token.count == 3 * count - 1 else { throw unexpected(token, expected: what) }
    var decoder = Decoder(.hexadecimal)
    for i in 0..<token.count {
      let octet = text[token.start + i]
      guard i % 3 == 2 ? octet == UInt8(ascii: "-") : decoder.take(octet, to: &out) else {
        throw unexpected(token, expected: what)
      }
    }
  }

  /// Appends four groups of one to four hexadecimal digits with colons between them (RFC 6742 §2.1.2).
  mutating func appendLocator(to out: inout OctetBuffer) throws(SyntaxError) {
    let token = try next()
    var (value, digits, groups): (UInt64, Int, Int) = (0, 0, 1)
    var isRight = token.kind == .word
    for i in token.start..<token.end where isRight {
      if text[i] == UInt8(ascii: ":") {
        isRight = digits > 0
        (digits, groups) = (0, groups + 1)
        value <<= UInt64(16)
      } else {
        guard let digit = hexadecimalDigit(text[i]), digits < 4, groups <= 4 else {
          isRight = false
          break
        }
        let group = (value & 0xFFFF) << 4 | UInt64(digit)
        value = value & ~0xFFFF | group
        digits += 1
      }
    }
    guard isRight, groups == 4, digits > 0 else {
      throw unexpected(token, expected: "four groups of hexadecimal digits: 2001:db8:1140:1000")
    }
    out.append(value)
  }

  /// Appends an NSAP address: `0x`, then hexadecimal digits with dots anywhere (RFC 1706 §5).
  mutating func appendNSAP(to out: inout OctetBuffer) throws(SyntaxError) {
    let token = try next()
    let expected = "an NSAP address: 0x and pairs of hexadecimal digits"
    guard token.kind == .word, token.count > 2, text[token.start] == 0x30, text[token.start + 1] | 0x20 == 0x78 else {
      throw unexpected(token, expected: expected)
    }
    let start = out.count
    var decoder = Decoder(.hexadecimal)
    for i in token.start + 2..<token.end where text[i] != UInt8(ascii: ".") {
      guard decoder.take(text[i], to: &out) else { throw unexpected(token, expected: expected) }
    }
    guard decoder.isComplete, out.count > start else { throw unexpected(token, expected: expected) }
  }
}
