import Memory

extension Tokenizer {
  /// Appends one character-string with its length octet (RFC 1035 §3.3).
  func appendString(_ token: Token, to out: inout OctetBuffer) throws(SyntaxError) {
    guard !token.isEnd else { throw unexpected(token, expected: "a string") }
    let start = out.count
    out.append(UInt8(0))
    try appendText(token, to: &out)
    let length = out.count - start - 1
    guard length <= 255 else {
      throw error(token, "a string of \(length) octets; at most 255 fit, so split it: \"…\" \"…\"")
    }
    out[start] = UInt8(length)
  }

  /// Appends the token's octets with escapes decoded.
  func appendText(_ token: Token, to out: inout OctetBuffer) throws(SyntaxError) {
    guard !token.isEnd else { throw unexpected(token, expected: "a string") }
    guard token.isEscaped else { return out.append(contentsOf: text.extracting(token.start..<token.end)) }
    var index = token.start
    while index < token.end { out.append(try octet(&index, of: token)) }
  }

  /// Appends all strings up to the end; there must be one.
  mutating func appendStrings(to out: inout OctetBuffer) throws(SyntaxError) {
    var token = try next()
    repeat {
      try appendString(token, to: &out)
      token = try next()
    } while !token.isEnd
  }

  /// Appends a property tag with its length octet: 1 to 255 letters and digits (RFC 8659 §4.1).
  mutating func appendTag(to out: inout OctetBuffer) throws(SyntaxError) {
    let token = try next()
    let isTag = (token.start..<token.end).allSatisfy { isAlphanumeric(text[$0]) }
    guard token.kind == .word, 1...255 ~= token.count, isTag else {
      throw unexpected(token, expected: "a tag of letters and digits, such as issue")
    }
    out.append(UInt8(token.count))
    out.append(contentsOf: text.extracting(token.start..<token.end))
  }
}

func isAlphanumeric(_ octet: UInt8) -> Bool {
  0x30...0x39 ~= octet || 0x61...0x7A ~= octet | 0x20
}
