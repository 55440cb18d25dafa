import Memory

extension RDataFormat {
  /// Reads a record's data as text, from the next token to the end of the entry, and appends it in
  /// uncompressed wire form; on an error what was appended is garbage, for the caller to cut off.
  ///
  /// The generic form `\# LENGTH HEX` (RFC 3597 §5) is read for every type, and held against the
  /// format of a known one.
  package func read(
    from tokens: inout Tokenizer, origin: DomainName, to out: inout OctetBuffer
  ) throws(SyntaxError) {
    let start = out.count
    let first = try tokens.peek()
    if tokens.isGenericMark(first) {
      _ = try tokens.next()
      try readGeneric(from: &tokens, first, to: &out)
    } else {
      guard isKnown else {
        throw tokens.unexpected(first, expected: "data as \\# LENGTH HEXADECIMAL, as this type has no other form")
      }
      for i in 0..<Int(count) { try tokens.append(fields[i], origin: origin, to: &out) }
    }
    guard out.count - start <= Int(UInt16.max) else { throw tokens.error(first, "the data has more than 65535 octets") }
    let end = try tokens.next()
    guard end.isEnd else { throw tokens.unexpected(end, expected: tokens.endOfRecord) }
  }

  /// Reads a record's data from a text of its own, for tools and configuration.
  package func wire(text: String, origin: DomainName = .root) throws(SyntaxError) -> [UInt8] {
    let octets = Array(text.utf8)
    var tokens = Tokenizer(octets.span)
    var out = OctetBuffer()
    try read(from: &tokens, origin: origin, to: &out)
    return Array(out.span)
  }

  private func readGeneric(
    from tokens: inout Tokenizer, _ mark: Token, to out: inout OctetBuffer
  ) throws(SyntaxError) {
    let start = out.count
    let length = try tokens.number(upTo: 65535, "a length")
    if length > 0 { try tokens.appendRest(.hexadecimal, to: &out) }
    guard out.count - start == Int(length) else {
      throw tokens.error(mark, "the length says \(length) octets, but there are \(out.count - start)")
    }
    let data = out.span.extracting(start..<out.count)
    guard isValid(data.octets) else { throw tokens.error(mark, "these octets are no data of this type") }
  }
}

extension Tokenizer {
  /// What should come when the data is complete, for a message.
  var endOfRecord: String {
    openParenthesis.map { "')' for the '(' in line \($0.line)" } ?? "the end of the record"
  }

  func isGenericMark(_ token: Token) -> Bool {
    token.kind == .word && token.count == 2 && text[token.start] == UInt8(ascii: "\\")
      && text[token.start + 1] == UInt8(ascii: "#")
  }

  /// Reads one field.
  fileprivate mutating func append(
    _ field: RDataField, origin: DomainName, to out: inout OctetBuffer
  ) throws(SyntaxError) {
    switch field {
    case .none, .opaque: break
    case .octet: out.append(UInt8(try number(upTo: 0xFF)))
    case .short: out.append(UInt16(try number(upTo: 0xFFFF)))
    case .long: out.append(UInt32(try number(upTo: 0xFFFF_FFFF)))
    case .quad: out.append(try number(upTo: .max))
    case .period: out.append(try period())
    case .time: out.append(try time())
    case .type: out.append(try recordTypeOrNumber().rawValue)
    case .algorithm: out.append(UInt8(try mnemonic(.algorithms, upTo: 0xFF)))
    case .keyProtocol: out.append(UInt8(try mnemonic(.keyProtocols, upTo: 0xFF)))
    case .digestType: out.append(UInt8(try mnemonic(.digests, upTo: 0xFF)))
    case .hashAlgorithm: out.append(UInt8(try mnemonic(.hashes, upTo: 0xFF)))
    case .keyFlags: out.append(try keyFlags())
    case .certificate: out.append(UInt16(try mnemonic(.certificates, upTo: 0xFFFF)))
    case .scheme: out.append(UInt8(try mnemonic(.schemes, upTo: 0xFF)))
    case .ipv4: out.append(try ipv4())
    case .ipv6: try appendIPv6(to: &out)
    case .eui48: try appendPairs(6, "six pairs of digits: 00-00-5e-00-53-2a", to: &out)
    case .eui64:
      try appendPairs(8, "eight pairs of digits: 00-00-5e-ef-10-00-00-2a", to: &out)
    case .locator: try appendLocator(to: &out)
    case .name: try appendName(try next(), origin: origin, to: &out)
    case .string: try appendString(try next(), to: &out)
    case .optionalString: if !(try peek().isEnd) { try appendString(try next(), to: &out) }
    case .strings: try appendStrings(to: &out)
    case .text: try appendText(try next(), to: &out)
    case .tag: try appendTag(to: &out)
    case .hex: try appendRest(.hexadecimal, to: &out)
    case .base64: try appendRest(.base64, to: &out)
    case .optionalBase64, .base64OrDash: try appendOptionalRest(.base64, to: &out)
    case .salt: try appendCounted(.hexadecimal, allowsNothing: true, to: &out)
    case .hash: try appendCounted(.base32Hex, allowsNothing: false, to: &out)
    case .bitmap: try appendBitmap(to: &out)
    case .oldBitmap: try appendOldBitmap(to: &out)
    case .nsap: try appendNSAP(to: &out)
    case .atma: try appendATMA(to: &out)
    case .key: try appendKey(to: &out)
    case .keyData: try appendKeyData(to: &out)
    case .location: try appendLocation(to: &out)
    case .prefixes: try appendPrefixes(to: &out)
    case .services: try appendServices(to: &out)
    case .parameters: try appendParameters(to: &out)
    case .gateway: try appendGateway(origin: origin, to: &out)
    case .relay: try appendRelay(origin: origin, to: &out)
    case .hostIdentity: try appendHostIdentity(origin: origin, to: &out)
    case .a6: try appendA6(origin: origin, to: &out)
    }
  }

  mutating func ipv4() throws(SyntaxError) -> UInt32 {
    let token = try next()
    guard token.kind == .word, let value = IPAddress.parse4(text, token.start..<token.end) else {
      throw unexpected(token, expected: "an IPv4 address such as 192.0.2.1")
    }
    return value
  }

  mutating func appendIPv6(to out: inout OctetBuffer) throws(SyntaxError) {
    let token = try next()
    guard token.kind == .word, let (high, low) = IPAddress.parse6(text, token.start..<token.end) else {
      throw unexpected(token, expected: "an IPv6 address such as 2001:db8::1")
    }
    out.append(high)
    out.append(low)
  }
}
