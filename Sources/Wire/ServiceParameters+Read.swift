import Memory

extension Tokenizer {
  /// Appends all parameters up to the end, sorted by key.
  mutating func appendParameters(to out: inout OctetBuffer) throws(SyntaxError) {
    let start = out.count
    var parameters: [(key: UInt16, value: [UInt8])] = []
    let first = try peek()
    while !(try peek().isEnd) {
      let token = try next()
      let (key, value) = try parameter(token)
      guard !parameters.contains(where: { $0.key == key }) else {
        throw error(token, "the parameter '\(ServiceParameters.name(key))' is given twice")
      }
      parameters.append((key, value))
    }
    for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
      out.append(key)
      out.append(UInt16(value.count))
      out.append(contentsOf: value.span)
    }
    guard ServiceParameters.isValid(out.span.extracting(start..<out.count).octets, from: 0) else {
      throw error(
        first,
        "the parameters do not go together: 'mandatory' lists other keys that are there, each once; "
          + "'no-default-alpn' needs 'alpn'; a value has its key's form")
    }
  }

  /// Reads `key`, `key=value` or `key="value"`.
  private mutating func parameter(_ token: Token) throws(SyntaxError) -> (UInt16, [UInt8]) {
    let equals = (token.start..<token.end).first { text[$0] == UInt8(ascii: "=") }
    let name = slice(token, token.start..<(equals ?? token.end))
    guard token.kind == .word, let key = ServiceParameters.key(named: string(name)) else {
      throw unexpected(token, expected: "a parameter such as alpn=h2,h3 or key123=value")
    }
    var value = slice(token, min((equals ?? token.end) + 1, token.end)..<token.end)
    if let equals, equals + 1 == token.end, at == token.end, at < text.count, text[at] == UInt8(ascii: "\"") {
      value = try next()
    }
    let isGeneric = string(name).hasPrefix("key")
    var octets = OctetBuffer()
    try appendText(value, to: &octets)
    let decoded = Array(octets.span)
    let form = isGeneric ? .text : ServiceParameters.form(key)
    guard let wire = ServiceParameters.wire(form, decoded), wire.count <= Int(UInt16.max) else {
      throw error(token, "expected \(ServiceParameters.expectation(form)) as the value of '\(string(name))'")
    }
    return (key, wire)
  }

  private func slice(_ token: Token, _ range: Range<Int>) -> Token {
    Token(
      kind: token.kind, start: range.lowerBound, end: range.upperBound, line: token.line, isEscaped: token.isEscaped)
  }
}

extension ServiceParameters {
  static func expectation(_ form: Form) -> String {
    switch form {
    case .keys: "names of keys with commas between them"
    case .protocols: "protocol identifiers of 1 to 255 octets with commas between them"
    case .nothing: "nothing"
    case .port: "a port number"
    case .ipv4: "IPv4 addresses with commas between them"
    case .ipv6: "IPv6 addresses with commas between them"
    case .base64: "base64"
    case .groups: "numbers with commas between them"
    case .text: "at most 65535 octets"
    case .template: "a path such as /dns-query{?dns}"
    }
  }

  /// The value in wire form; `mandatory` is put into order here.
  static func wire(_ form: Form, _ value: [UInt8]) -> [UInt8]? {
    let items = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    switch form {
    case .text, .template: return value
    case .nothing: return value.isEmpty ? [] : nil
    case .protocols: return protocols(value)
    case .base64:
      var tokens = Tokenizer(value.span)
      var out = OctetBuffer()
      guard (try? tokens.appendRest(.base64, to: &out)) != nil else { return nil }
      return Array(out.span)
    case .port: return number(value[...]).map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case .ipv4, .ipv6:
      let addresses = items.compactMap { IPAddress(String(decoding: $0, as: UTF8.self)) }
      guard addresses.count == items.count, addresses.allSatisfy({ $0.isIPv6 == (form == .ipv6) }) else { return nil }
      return addresses.flatMap(\.octets)
    case .keys, .groups:
      let numbers = items.compactMap { form == .keys ? key(named: String(decoding: $0, as: UTF8.self)) : number($0) }
      guard numbers.count == items.count else { return nil }
      return (form == .keys ? numbers.sorted() : numbers).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
  }

  /// Digits only, where Swift would also take a plus sign.
  private static func number(_ digits: ArraySlice<UInt8>) -> UInt16? {
    digits.allSatisfy { 0x30...0x39 ~= $0 } ? UInt16(String(decoding: digits, as: UTF8.self)) : nil
  }

  /// Splits at commas without a backslash before them (RFC 9460 §A.1).
  private static func protocols(_ value: [UInt8]) -> [UInt8]? {
    var items: [[UInt8]] = [[]]
    var isEscaped = false
    for octet in value {
      if !isEscaped, octet == UInt8(ascii: "\\") {
        isEscaped = true
      } else if !isEscaped, octet == UInt8(ascii: ",") {
        items.append([])
      } else {
        items[items.count - 1].append(octet)
        isEscaped = false
      }
    }
    guard !isEscaped, items.allSatisfy({ 1...255 ~= $0.count }) else { return nil }
    return items.flatMap { [UInt8($0.count)] + $0 }
  }
}
