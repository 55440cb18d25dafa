import Memory
import Wire

extension ZoneFileParser {
  /// Reads a record of which `first` is the first token.
  mutating func readRecord(
    _ first: Token, ownerIsBlank: Bool, _ tokens: inout Tokenizer, _ context: inout Context
  ) throws(SyntaxError) {
    var token = first
    if !ownerIsBlank {
      try readOwner(first, tokens, &context)
      token = try tokens.next()
    }
    let node = try number(of: context.owner, first, tokens)
    let (type, written) = try readHeader(token, &tokens)
    let start = records.octets.count
    do throws(SyntaxError) {
      try RDataFormat(type).read(from: &tokens, origin: context.origin, to: &records.octets)
      let ttl = if let written { written } else { try implicitTTL(type, at: token, tokens) }
      try checkRoom(first, tokens)
      if written != nil { lastTTL = ttl }
      records.append(node, type, ttl: ttl, data: start, line: first.line, file: context.file)
    } catch {
      records.octets.truncate(to: start)
      throw error
    }
  }

  /// Takes the owner, which mostly is new or the previous one.
  private mutating func readOwner(_ token: Token, _ tokens: borrowing Tokenizer, _ context: inout Context)
    throws(SyntaxError)
  {
    let count: Int
    if let known = readPlainOwner(token, tokens, context) {
      count = known
    } else {
      owner.truncate(to: 0)
      let isRelative = try tokens.appendName(token, origin: context.origin, to: &owner)
      if !(isRelative && context.originIsInZone) {
        let name = DomainName(unchecked: Array(owner.span))
        guard name.isAtOrBelow(apex) else { return context.owner = .outside(name) }
      }
      Self.lowercase(owner, to: &lowercasedOwner)
      count = owner.count - apex.wire.count
    }
    if case .node(let previous) = context.owner, isName(previous, count) { return }
    try checkRoom(token, tokens)
    context.owner = .node(records.nodes.intern(lowercasedOwner, count: count))
  }

  /// An owner as most are written: plain labels without a final dot.
  ///
  /// - Returns: the octets of the name below the apex; nil: it is another one.
  private mutating func readPlainOwner(
    _ token: Token, _ tokens: borrowing Tokenizer, _ context: borrowing Context
  ) -> Int? {
    let count = token.count
    guard context.originIsInZone, token.kind == .word, !token.isEscaped, count < 64,
      count + 1 + context.origin.wire.count <= DomainName.maximumLength
    else { return nil }
    let rest = context.origin.wire.count - apex.wire.count
    var target = lowercasedOwner.mutableBytes(at: 0, count: 272)
    var label = 0
    for i in 0..<count {
      let octet = tokens.text[token.start + i]
      target.put(DomainName.lowercase(octet), at: i + 1)
      guard octet == UInt8(ascii: ".") else { continue }
      if i == label { return nil }
      target.put(UInt8(i - label), at: label)
      label = i + 1
    }
    if label == count || count == 1 && tokens.text[token.start] == UInt8(ascii: "@") { return nil }
    target.put(UInt8(count - label), at: label)
    for i in 0..<rest { target.put(DomainName.lowercase(context.origin.wire[i]), at: count + 1 + i) }
    return count + 1 + rest
  }

  @inline(__always) private func isName(_ node: Int, _ count: Int) -> Bool {
    records.nodes.isName(node, lowercasedOwner.bytes, from: 0, count: count)
  }

  private static func lowercase(_ name: borrowing OctetBuffer, to target: inout Slab<UInt8>) {
    var target = target.mutableBytes(at: 0, count: 272)
    target.copy(name.bytes, from: 0, count: name.count, at: 0)
    target.lowercase(name.count)
  }

  private func number(
    of owner: Owner?, _ token: Token, _ tokens: borrowing Tokenizer
  ) throws(SyntaxError) -> Int {
    switch owner {
    case nil: throw tokens.error(token, "there is no record before this one whose owner it could take")
    case .outside(let name):
      throw tokens.error(token, "\(name) is outside the zone \(apex); a name without a final dot is completed")
    case .node(let node): return node
    }
  }

  /// Reads TTL and class, in either order, and the type.
  private mutating func readHeader(
    _ first: Token, _ tokens: inout Tokenizer
  ) throws(SyntaxError) -> (type: RecordType, ttl: UInt32?) {
    var ttl: UInt32?
    var hasClass = false
    var token = first
    while true {
      guard token.kind == .word else { throw unexpected(token, tokens, ttl: ttl, hasClass: hasClass) }
      if 0x30...0x39 ~= tokens.text[token.start], ttl == nil {
        ttl = try readTTL(token, tokens)
      } else if !hasClass, try isClass(token, tokens) {
        hasClass = true
      } else {
        guard let type = RecordType(text: tokens.text, token.start..<token.end) else {
          throw unexpected(token, tokens, ttl: ttl, hasClass: hasClass)
        }
        guard !type.isMeta else { throw tokens.error(token, "\(type) is no type of a record in a zone") }
        return (type, ttl)
      }
      token = try tokens.next()
    }
  }

  private func unexpected(_ token: Token, _ tokens: borrowing Tokenizer, ttl: UInt32?, hasClass: Bool) -> SyntaxError {
    let open = (ttl == nil ? ["a TTL"] : []) + (hasClass ? [] : ["IN"])
    let expected = open.isEmpty ? "a record type" : open.joined(separator: ", ") + " or a record type"
    return tokens.unexpected(token, expected: expected)
  }

  /// Whether the word is a class; any but IN is an error.
  private func isClass(_ token: Token, _ tokens: borrowing Tokenizer) throws(SyntaxError) -> Bool {
    let count = token.count
    guard count == 2 || 6...10 ~= count else { return false }
    // The one that a million records have, before any string.
    if count == 2, tokens.text[token.start] | 0x20 == 0x69, tokens.text[token.start + 1] | 0x20 == 0x6E { return true }
    if tokens.matches(token, "CLASS1") { return true }
    let isOther =
      tokens.matches(token, "CH") || tokens.matches(token, "HS") || tokens.matches(token, "CS")
      || count > 5 && tokens.string(token).uppercased().hasPrefix("CLASS")
    if isOther { throw tokens.error(token, "only class IN is served; leave the class out or write IN") }
    return false
  }

  func readTTL(_ token: Token, _ tokens: borrowing Tokenizer) throws(SyntaxError) -> UInt32 {
    guard let ttl = tokens.seconds(token) else {
      throw tokens.unexpected(token, expected: "a TTL in seconds or with units such as 1h30m")
    }
    guard ttl <= UInt32(Int32.max) else {
      throw tokens.error(token, "the TTL \(ttl) is above 2147483647, the largest there is (RFC 2181)")
    }
    return ttl
  }

  /// The TTL of a record that has none: `$TTL`, else the last one written, else that of the SOA's
  /// MINIMUM field for the SOA itself and from there on.
  private mutating func implicitTTL(
    _ type: RecordType, at token: Token, _ tokens: borrowing Tokenizer
  ) throws(SyntaxError) -> UInt32 {
    if let ttl = defaultTTL ?? lastTTL { return ttl }
    guard type == .soa else {
      throw tokens.error(token, "this record has no TTL, and there is no $TTL before it")
    }
    let ttl = min(records.octets.bytes.uint32(records.octets.count - 4), UInt32(Int32.max))
    defaultTTL = ttl
    return ttl
  }
}
