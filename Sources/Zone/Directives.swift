import Memory
import Wire

extension ZoneFileParser {
  /// Reads `$ORIGIN`, `$TTL` (RFC 2308 §4), `$INCLUDE` or `$GENERATE`, of which `word` is the first token.
  mutating func readDirective(
    _ word: Token, _ tokens: inout Tokenizer, _ context: inout Context
  ) throws(SyntaxError) {
    if tokens.matches(word, "$ORIGIN") {
      try readOrigin(&tokens, &context)
    } else if tokens.matches(word, "$TTL") {
      defaultTTL = try readTTL(try tokens.next(), tokens)
      try expectEnd(&tokens)
    } else if tokens.matches(word, "$INCLUDE") {
      try readInclude(word, &tokens, context)
    } else if tokens.matches(word, "$GENERATE") {
      try readGenerate(word, &tokens, &context)
    } else {
      throw tokens.unexpected(
        word, expected: "$ORIGIN, $TTL, $INCLUDE or $GENERATE (write \\$ for a name that begins with a dollar)")
    }
  }

  private func expectEnd(_ tokens: inout Tokenizer) throws(SyntaxError) {
    let token = try tokens.next()
    guard token.isEnd else { throw tokens.unexpected(token, expected: "the end of the line") }
  }

  private func readOrigin(_ tokens: inout Tokenizer, _ context: inout Context) throws(SyntaxError) {
    let origin = try tokens.name(try tokens.next(), origin: context.origin)
    try expectEnd(&tokens)
    context.origin = origin
    context.originIsInZone = origin.isAtOrBelow(apex)
  }

  /// The included file starts from the origin given, or the current one, and leaves this file's origin
  /// and owner as they are.
  private mutating func readInclude(
    _ word: Token, _ tokens: inout Tokenizer, _ context: Context
  ) throws(SyntaxError) {
    let nameToken = try tokens.next()
    guard !nameToken.isEnd else { throw tokens.unexpected(nameToken, expected: "a file name") }
    let name = try fileName(nameToken, tokens)
    let originToken = try tokens.next()
    let origin = originToken.isEnd ? context.origin : try tokens.name(originToken, origin: context.origin)
    try expectEnd(&tokens)
    guard context.depth < limits.includeDepth else {
      throw tokens.error(word, "more than \(limits.includeDepth) files include one another")
    }
    guard records.files.count < Int(UInt16.max) else { throw tokens.error(word, "too many files are included") }
    let include = self.include
    let failure = include(name, records.files[Int(context.file)]) { path, text in
      read(text, file: path, origin: origin, depth: context.depth + 1)
    }
    if let failure { throw tokens.error(nameToken, "cannot include \(name): \(failure)") }
  }

  private func fileName(_ token: Token, _ tokens: borrowing Tokenizer) throws(SyntaxError) -> String {
    var octets: [UInt8] = []
    var index = token.start
    while index < token.end { octets.append(try tokens.octet(&index, of: token)) }
    return String(decoding: octets, as: UTF8.self)
  }
}
