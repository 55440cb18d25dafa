/// One token of a text in presentation format (RFC 1035 §5.1): a range of the text, escapes undecoded.
@usableFromInline package struct Token: BitwiseCopyable, Sendable {
  @usableFromInline package enum Kind: UInt8, Sendable, BitwiseCopyable {
    case word
    /// Between double quotes; the range is without them.
    case quoted
    /// The end of the line outside parentheses, or of the text.
    case end
  }

  package let kind: Kind
  package let start: Int
  package let end: Int
  /// Of its first octet, from 1.
  package let line: Int
  /// Whether there is a backslash in it.
  package let isEscaped: Bool

  package init(kind: Kind, start: Int, end: Int, line: Int, isEscaped: Bool) {
    self.kind = kind
    self.start = start
    self.end = end
    self.line = line
    self.isEscaped = isEscaped
  }

  package var count: Int { end - start }
  package var isEnd: Bool { kind == .end }
}

/// What is wrong with a text, and where; line and column count from 1.
package struct SyntaxError: Error, Equatable {
  package let line: Int
  package let column: Int
  package let message: String
}

extension Tokenizer {
  package func error(_ token: Token, _ message: String) -> SyntaxError {
    error(at: token.kind == .quoted ? token.start - 1 : token.start, line: token.line, message)
  }

  package func error(at offset: Int, line: Int, _ message: String) -> SyntaxError {
    var start = offset
    while start > 0, text[start - 1] != 0x0A { start -= 1 }
    return SyntaxError(line: line, column: offset - start + 1, message: message)
  }

  /// An error of the form "expected …, found …".
  package func unexpected(_ token: Token, expected: String) -> SyntaxError {
    error(token, "expected \(expected), found \(description(of: token))")
  }

  /// The token as a message shows it: at most 40 octets, control characters escaped.
  package func description(of token: Token) -> String {
    guard !token.isEnd else { return "the end of the line" }
    var shown = ""
    for i in token.start..<min(token.end, token.start + 40) {
      shown += 0x20...0x7E ~= text[i] ? String(UnicodeScalar(text[i])) : "\\" + String(1000 + Int(text[i])).dropFirst()
    }
    let quote = token.kind == .quoted ? "\"" : "'"
    return quote + shown + (token.count > 40 ? "…" : "") + quote
  }

  /// Whether the token is the word `other`, which is in upper case, in any case.
  package func matches(_ token: Token, _ other: String) -> Bool {
    guard token.kind == .word, token.count == other.utf8.count else { return false }
    var index = token.start
    for octet in other.utf8 {
      guard DomainName.lowercase(text[index]) == DomainName.lowercase(octet) else { return false }
      index += 1
    }
    return true
  }

  /// The token's octets, escapes undecoded.
  package func string(_ token: Token) -> String {
    var octets: [UInt8] = []
    for i in token.start..<token.end { octets.append(text[i]) }
    return String(decoding: octets, as: UTF8.self)
  }

  /// The octet at `index` of a token, with its escape decoded; moves `index` past it.
  @inline(__always)
  package func octet(_ index: inout Int, of token: Token) throws(SyntaxError) -> UInt8 {
    let octet = text[index]
    index &+= 1
    return octet == UInt8(ascii: "\\") ? try escaped(&index, of: token) : octet
  }

  /// What a backslash before `index` stands for: `\DDD`, or any other character for itself.
  private func escaped(_ index: inout Int, of token: Token) throws(SyntaxError) -> UInt8 {
    guard index < token.end else { throw escapeError(index, token) }
    let first = text[index]
    index += 1
    guard let hundreds = digit(first) else { return first }
    guard index + 2 <= token.end, let tens = digit(text[index]), let ones = digit(text[index + 1]),
      let octet = UInt8(exactly: 100 * hundreds + 10 * tens + ones)
    else { throw escapeError(index - 1, token) }
    index += 2
    return octet
  }

  private func digit(_ octet: UInt8) -> Int? { 0x30...0x39 ~= octet ? Int(octet) - 0x30 : nil }

  private func escapeError(_ index: Int, _ token: Token) -> SyntaxError {
    error(at: index - 1, line: token.line, NameError.badEscape.description)
  }
}
