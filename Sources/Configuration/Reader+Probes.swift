import Content
import Diagnostics
import Wire

/// The keys of a check that say what its probes do.
extension Reader {
  mutating func probeOptions(_ fields: Fields) -> Configuration.ProbeOptions {
    var options = Configuration.ProbeOptions()
    options.fastInterval = duration(fields["fast-interval"], in: .milliseconds(100) ... .seconds(3600))
    options.sources = sources(fields["source"])
    let times: ClosedRange<Duration> = .milliseconds(10) ... .seconds(3600)
    options.connectTimeout = duration(fields["connect-timeout"], in: times)
    options.handshakeTimeout = duration(fields["handshake-timeout"], in: times)
    options.firstByteTimeout = duration(fields["first-byte-timeout"], in: times)
    options.send = octets(fields["send"])
    options.expected = expectation(fields, text: "expect", pattern: "expect-matches")
    options.method = fields["method"].flatMap { method($0) }
    options.headers = fields["headers"].flatMap { headers($0) }
    options.body = expectation(fields, text: "body", pattern: "body-matches")
    options.minimumDays = integer(fields["min-days"], in: 0...3650)
    options.clientCertificate = file(fields["client-cert"])
    options.clientKey = file(fields["client-key"])
    options.fullHandshake = duration(fields["full-handshake"], in: .zero ... .seconds(3600))
    options.question = fields["question"].flatMap { question($0) }
    options.answers = fields["answer"].flatMap { answers($0, options.question) }
    options.command = command(fields["command"])
    return options
  }

  /// What only the whole check shows: `check` has its times and kind.
  mutating func validate(_ check: Configuration.Check, _ fields: Fields) {
    let options = check.options
    let name = check.name.value
    func place(_ key: String) -> Position { fields[key]?.position ?? fields.position }
    if let fast = options.fastInterval, fast > check.interval {
      error(
        place("fast-interval"),
        "the check `\(name)` has a fast-interval of \(durationText(fast)), longer than its interval of "
          + durationText(check.interval))
    }
    let limits = [
      ("connect-timeout", options.connectTimeout), ("handshake-timeout", options.handshakeTimeout),
      ("first-byte-timeout", options.firstByteTimeout),
    ]
    for case (let key, let limit?) in limits where limit > check.timeout {
      error(
        place(key),
        "the check `\(name)` has a \(key) of \(durationText(limit)), longer than its timeout of "
          + "\(durationText(check.timeout)) for the whole attempt")
    }
    if options.method == "HEAD", options.body != nil {
      error(place("method"), "the check `\(name)` expects a body, but the answer to HEAD has none: use GET")
    }
    if options.clientKey != nil, options.clientCertificate == nil {
      error(place("client-key"), "`client-key` needs `client-cert`: add `client-cert: FILE`")
    }
    if check.kind == .dns, options.question == nil, fields["question"] == nil {
      error(fields.position, "the check `\(name)` needs `question`: add `question: app.example.com A`")
    }
    if check.kind == .command, options.command == nil, fields["command"] == nil {
      error(
        fields.position, "the check `\(name)` needs `command`: add `command: [/usr/local/lib/check, \"{address}\"]`")
    }
  }

  /// Addresses that probes come from, at most one of each family.
  private mutating func sources(_ node: Node?) -> [IPAddress] {
    var result: [IPAddress] = []
    for item in list(node) {
      guard let address = address(item)?.value else { continue }
      if address.isUnspecified || result.contains(where: { $0.isIPv6 == address.isIPv6 }) {
        error(item.position, "`source` takes one address of this machine for each family: remove \(address)")
      } else {
        result.append(address)
      }
    }
    return result
  }

  // MARK: - What is sent and expected

  /// Text with escapes: `\r`, `\n`, `\t`, `\\` and `\xHH`.
  private mutating func octets(_ node: Node?) -> [UInt8]? {
    let expected = "text of 1 to 1024 octets, with \\r, \\n, \\t, \\\\ and \\xHH for what cannot be written"
    guard let node, let text = text(node, expected: expected) else { return nil }
    guard let octets = unescaped(text), (1...1024).contains(octets.count) else {
      mismatch(node, expected: expected)
      return nil
    }
    return octets
  }

  private mutating func expectation(
    _ fields: Fields, text key: String, pattern patternKey: String
  ) -> Configuration.Expectation? {
    if let node = fields[patternKey], fields[key] != nil {
      error(node.position, "`\(key)` and `\(patternKey)` exclude each other: remove one of the two")
      return nil
    }
    if let node = fields[key] { return expectedText(node).map { .text($0) } }
    return fields[patternKey].flatMap { pattern($0) }.map { .pattern($0) }
  }

  private mutating func expectedText(_ node: Node) -> String? {
    let expected = "text of 1 to 255 octets"
    guard let text = text(node, expected: expected) else { return nil }
    guard text.utf8.count <= 255 else {
      mismatch(node, expected: expected)
      return nil
    }
    return text
  }

  /// A regular expression, tried out here, so that a bad one is found before it is needed.
  private mutating func pattern(_ node: Node) -> String? {
    let expected = "a regular expression of 1 to 1024 octets"
    guard let text = text(node, expected: expected) else { return nil }
    guard text.utf8.count <= 1024 else {
      mismatch(node, expected: expected)
      return nil
    }
    do throws(Pattern.Failure) {
      _ = try Pattern(text)
      return text
    } catch {
      self.error(
        node.position,
        "`\(shown(text))` is not a regular expression: \(error.message), at its octet \(error.offset)")
      return nil
    }
  }

  // MARK: - HTTP

  /// A token (RFC 9110 §5.6.2) in capitals.
  private mutating func method(_ node: Node) -> String? {
    let expected = "a method, such as GET, HEAD or POST"
    guard let text = text(node, expected: expected) else { return nil }
    guard text.utf8.count <= 16, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }), text != "CONNECT" else {
      mismatch(node, expected: expected)
      return nil
    }
    return text
  }

  private mutating func headers(_ node: Node) -> [Configuration.Header]? {
    guard let entries = entries(node, of: "`headers`") else { return nil }
    guard entries.count <= 32 else {
      mismatch(node, expected: "at most 32 headers")
      return nil
    }
    return entries.compactMap { header($0) }
  }

  private mutating func header(_ entry: Node.Entry) -> Configuration.Header? {
    let isToken = entry.key.utf8.allSatisfy { octet in
      (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
        || "!#$%&'*+-.^_`|~".utf8.contains(octet)
    }
    guard isToken, (1...64).contains(entry.key.utf8.count) else {
      error(entry.position, "`\(shown(entry.key))` is not the name of a header: such names are tokens (RFC 9110 §5.1)")
      return nil
    }
    let ours = ["host": "host", "content-length": "", "transfer-encoding": "", "connection": ""]
    if let better = ours[entry.key.lowercased()] {
      error(
        entry.position,
        "the header `\(entry.key)` is set by Alula" + (better.isEmpty ? ": remove it" : ": use the key `\(better)`"))
      return nil
    }
    let expected = "the value of a header: 1 to 1024 printable ASCII characters"
    guard let value = text(entry.value, expected: expected) else { return nil }
    guard value.utf8.count <= 1024, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      mismatch(entry.value, expected: expected)
      return nil
    }
    return Configuration.Header(name: entry.key, value: value)
  }

  // MARK: - DNS and commands

  private mutating func question(_ node: Node) -> Configuration.Question? {
    let expected = "a name and a type, such as app.example.com A"
    guard let text = text(node, expected: expected) else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 2, let type = RecordType(text: words[1]), !type.isMeta else {
      mismatch(node, expected: expected)
      return nil
    }
    return name(String(words[0]), at: node.position).map { Configuration.Question(name: $0.value, type: type) }
  }

  private mutating func answers(
    _ node: Node, _ question: Configuration.Question?
  ) -> [(data: [UInt8], text: String)]? {
    guard let question else {
      error(node.position, "`answer` needs `question` beside it: add `question: app.example.com A`")
      return nil
    }
    let format = RDataFormat(question.type)
    return list(node).compactMap { item in
      guard let text = text(item, expected: "data of type \(question.type)") else { return nil }
      do throws(SyntaxError) {
        var data = try format.wire(text: text)
        format.fold(&data)
        return (data, text)
      } catch {
        self.error(item.position, "`\(shown(text))` is no data of type \(question.type): \(error.message)")
        return nil
      }
    }
  }

  private mutating func command(_ node: Node?) -> [String]? {
    guard let node else { return nil }
    let expected = "a program and its arguments, such as [/usr/local/lib/check, \"{address}\"]"
    let words = list(node).compactMap { text($0, expected: expected) }
    guard !words.isEmpty, words.count <= 64 else {
      if !node.isNull { mismatch(node, expected: expected) }
      return nil
    }
    return words
  }
}

/// Nil for an escape that is not known.
private func unescaped(_ text: String) -> [UInt8]? {
  var result: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let octet = rest.popFirst() {
    guard octet == UInt8(ascii: "\\") else {
      result.append(octet)
      continue
    }
    switch rest.popFirst() {
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "x"):
      let digits = rest.prefix(2)
      guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
      result.append(value)
      rest = rest.dropFirst(2)
    default: return nil
    }
  }
  return result
}
