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
    guard let owner = context.owner else {
      throw tokens.error(first, "there is no record before this one whose owner it could take")
    }
    guard owner.isInZone else { throw outside(first, owner, tokens) }
    let (type, written) = try readHeader(token, &tokens)
    let start = records.octets.count
    do throws(SyntaxError) {
      try RDataFormat(type).read(from: &tokens, origin: context.origin, to: &records.octets)
      let ttl = if let written { written } else { try implicitTTL(type, at: token, tokens) }
      try checkRoom(first, tokens)
      if written != nil { lastTTL = ttl }
      records.entries.append(
        RecordEntry(
          owner: UInt32(owner.offset), data: UInt32(start), ttl: ttl, line: UInt32(clamping: first.line),
          dataLength: UInt16(records.octets.count - start), file: context.file, type: type,
          ownerLength: UInt8(owner.length)))
    } catch {
      records.octets.truncate(to: start)
      throw error
    }
  }

  /// Appends the owner, or takes the previous one when it is the same.
  private mutating func readOwner(_ token: Token, _ tokens: borrowing Tokenizer, _ context: inout Context)
    throws(SyntaxError)
  {
    let start = records.octets.count
    let isRelative: Bool
    do throws(SyntaxError) {
      isRelative = try tokens.appendName(token, origin: context.origin, to: &records.octets)
    } catch {
      records.octets.truncate(to: start)
      throw error
    }
    let owner = Owner(offset: start, length: records.octets.count - start, isInZone: true)
    if let previous = context.owner, isSame(previous, owner) {
      records.octets.truncate(to: start)
      return
    }
    records.owners.count += 1
    records.owners.octets += owner.length
    context.owner = owner
    if !(isRelative && context.originIsInZone) { context.owner?.isInZone = isInZone(owner) }
  }

  private func isSame(_ a: Owner, _ b: Owner) -> Bool {
    guard a.length == b.length else { return false }
    let octets = records.octets.span
    for i in 0..<a.length where octets[a.offset + i] != octets[b.offset + i] { return false }
    return true
  }

  private func isInZone(_ owner: Owner) -> Bool {
    DomainName(unchecked: Array(records.octets.span.extracting(owner.range))).isAtOrBelow(apex)
  }

  private func outside(_ token: Token, _ owner: Owner, _ tokens: borrowing Tokenizer) -> SyntaxError {
    let name = DomainName(unchecked: Array(records.octets.span.extracting(owner.range)))
    return tokens.error(token, "\(name) is outside the zone \(apex); a name without a final dot is completed")
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
