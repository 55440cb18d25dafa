/// Splits master-file text into tokens: white space, comments, parentheses, quotes and escapes.
///
/// `next` stays at the end of an entry until `endEntry` goes on to the next one, so that whoever reads
/// "all the rest" and whoever reads one token too many see the same end.
package struct Tokenizer: ~Escapable {
  package let text: Span<UInt8>
  package private(set) var at = 0
  package private(set) var line: Int
  /// Parentheses open at `at`.
  private var depth = 0
  /// Where the entry begins.
  private var entry = 0
  /// The outermost open parenthesis.
  private var opened = Token(kind: .word, start: 0, end: 0, line: 0, isEscaped: false)
  /// After one parenthesis that is never closed, recovery no longer trusts any.
  private var distrustsParentheses = false

  /// - Parameter line: the number of the text's first line.
  @_lifetime(copy text)
  package init(_ text: Span<UInt8>, line: Int = 1) {
    self.text = text
    self.line = line
    // The mark that some editors put at the start of a file.
    if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { at = 3 }
  }

  /// Octets of text that an entry may take: a megabyte is more than the longest data needs, and bounds the
  /// memory that one record can ask for.
  package static let longestEntry = 1 << 20

  /// The open parenthesis that has no other around it.
  package var openParenthesis: Token? { depth > 0 ? opened : nil }

  /// Whether there is nothing left, not even an empty line.
  package var isAtEnd: Bool { at == text.count }

  /// Whether white space comes next: at the start of an entry, that its owner is the previous one.
  package var isAtBlank: Bool { at < text.count && (text[at] == 0x20 || text[at] == 0x09) }

  package mutating func next() throws(SyntaxError) -> Token {
    let token = try token()
    guard at - entry <= Tokenizer.longestEntry else {
      throw error(
        at: token.start, line: token.line, "the record has more than \(Tokenizer.longestEntry) octets of text")
    }
    return token
  }

  @inline(__always)
  private mutating func token() throws(SyntaxError) -> Token {
    while at < text.count {
      switch text[at] {
      case 0x20, 0x09, 0x0D: at &+= 1
      case 0x0A:
        guard depth > 0 else { return end }
        line &+= 1
        at &+= 1
      case UInt8(ascii: ";"): skipComment()
      case UInt8(ascii: "("): open()
      case UInt8(ascii: ")"):
        guard depth > 0 else { throw error(at: at, line: line, "')' without '(' before it") }
        depth -= 1
        at += 1
      case UInt8(ascii: "\""): return try quoted()
      default: return word()
      }
    }
    guard depth == 0 else { throw unclosed(opened) }
    return end
  }

  /// Reads on without moving.
  package mutating func peek() throws(SyntaxError) -> Token {
    let (at, line, depth, opened) = (self.at, self.line, self.depth, self.opened)
    let token = try next()
    (self.at, self.line, self.depth, self.opened) = (at, line, depth, opened)
    return token
  }

  /// Goes to the start of the next entry, past whatever is left of this one.
  ///
  /// - Parameter errorLine: where the entry was found to be wrong.
  /// - Returns: the parenthesis of this entry that is never closed; reading goes on in the line of the error,
  ///   or behind that of the parenthesis.
  @discardableResult
  package mutating func endEntry(errorLine: Int = 0) -> Token? {
    while at < text.count, text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0D { at += 1 }
    defer {
      passNewline()
      entry = at
    }
    guard depth > 0 || (at < text.count && text[at] != 0x0A) else { return nil }
    let trusted = !distrustsParentheses
    if trusted {
      if skipEntry() { return nil }
      (at, line) = (opened.end, opened.line)
    }
    depth = 0
    skipComment()
    while trusted, line + 1 < errorLine, at < text.count {
      passNewline()
      skipComment()
    }
    return trusted ? opened : nil
  }

  /// Moves to the end of the entry; false when its parentheses are never closed.
  private mutating func skipEntry() -> Bool {
    while at < text.count {
      switch text[at] {
      case 0x0A:
        if depth == 0 { return true }
        line += 1
        at += 1
      case UInt8(ascii: ";"): skipComment()
      case UInt8(ascii: "("): open()
      case UInt8(ascii: ")"):
        depth = max(0, depth - 1)
        at += 1
      case UInt8(ascii: "\""): _ = try? quoted()
      case UInt8(ascii: "\\"): _ = word()
      default: at += 1
      }
    }
    distrustsParentheses = depth > 0
    return depth == 0
  }

  package func unclosed(_ parenthesis: Token) -> SyntaxError { error(parenthesis, "'(' is never closed") }

  private mutating func open() {
    if depth == 0 { opened = Token(kind: .word, start: at, end: at + 1, line: line, isEscaped: false) }
    depth += 1
    at += 1
  }

  private mutating func passNewline() {
    guard at < text.count else { return }
    line += 1
    at += 1
  }

  private mutating func skipComment() {
    while at < text.count, text[at] != 0x0A { at &+= 1 }
  }

  private var end: Token { Token(kind: .end, start: at, end: at, line: line, isEscaped: false) }

  private mutating func word() -> Token {
    let start = at
    var index = at
    var escaped = false
    while index < text.count {
      let octet = text[index]
      if octet == UInt8(ascii: "\\") {
        escaped = true
        index &+= 1
        if index < text.count, text[index] != 0x0A { index &+= 1 }
      } else if Tokenizer.isPlain(octet) {
        index &+= 1
      } else {
        break
      }
    }
    at = index
    return Token(kind: .word, start: start, end: index, line: line, isEscaped: escaped)
  }

  /// A string ends on the line it starts on: a forgotten quote must not swallow the file.
  private mutating func quoted() throws(SyntaxError) -> Token {
    let start = at + 1
    var escaped = false
    at += 1
    while at < text.count, text[at] != 0x0A {
      switch text[at] {
      case UInt8(ascii: "\""):
        at += 1
        return Token(kind: .quoted, start: start, end: at - 1, line: line, isEscaped: escaped)
      case UInt8(ascii: "\\"):
        escaped = true
        at += at + 1 < text.count && text[at + 1] != 0x0A ? 2 : 1
      default: at += 1
      }
    }
    throw error(at: start - 1, line: line, "the string has no closing '\"' on this line")
  }

  /// Whether the octet is an ordinary part of a word: no white space, `"`, `(`, `)`, `;` or backslash.
  @inline(__always) private static func isPlain(_ octet: UInt8) -> Bool {
    if octet >= 0x40 { return octet != UInt8(ascii: "\\") }
    let special: UInt64 = 1 << 0x20 | 1 << 0x09 | 1 << 0x0A | 1 << 0x0D | 1 << 0x22 | 1 << 0x28 | 1 << 0x29 | 1 << 0x3B
    return special >> UInt64(octet) & 1 == 0
  }
}
