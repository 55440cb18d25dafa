import Diagnostics
import Wire

extension Reader {
  /// The words of a scalar; nil, reported, for anything else.
  mutating func text(_ node: Node?, expected: String = "text") -> String? {
    guard let node else { return nil }
    guard case .scalar(let text, _) = node.content, !node.isNull, !text.isEmpty else {
      mismatch(node, expected: expected)
      return nil
    }
    return text
  }

  /// A decimal number without sign, point or leading zeros.
  mutating func integer(_ node: Node?, in range: ClosedRange<Int>, or word: String? = nil) -> Int? {
    let expected =
      (word.map { "`\($0)` or " } ?? "") + "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let node, let text = text(node, expected: expected) else { return nil }
    guard let value = decimal(text), range.contains(value) else {
      mismatch(node, expected: expected)
      return nil
    }
    return value
  }

  mutating func port(_ node: Node?) -> UInt16? { integer(node, in: 1...65535).map(UInt16.init) }

  mutating func flag(_ node: Node?) -> Bool? { choice(node, ["true": true, "false": false]) }

  /// One of a few words.
  ///
  /// - Parameters:
  ///   - others: further words for the same, of which messages say nothing.
  ///   - more: what else may stand there, for messages.
  mutating func choice<Value>(
    _ node: Node?, _ values: KeyValuePairs<String, Value>, also others: KeyValuePairs<String, Value> = [:],
    or more: String? = nil
  ) -> Value? {
    let words = values.map { "`\($0.key)`" } + [more].compactMap(\.self)
    let expected =
      words.count == 1 ? words[0] : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
    guard let node, let text = text(node, expected: expected) else { return nil }
    if let match = (Array(values) + Array(others)).first(where: { $0.key == text }) { return match.value }
    mismatch(node, expected: expected)
    return nil
  }

  mutating func duration(_ node: Node?, in range: ClosedRange<Duration>) -> Duration? {
    let expected = "a duration from \(durationText(range.lowerBound)) to \(durationText(range.upperBound))"
    guard let node, let text = text(node, expected: expected + ", such as 500ms or 1m30s") else { return nil }
    if text.allSatisfy(\.isNumber) {
      mismatch(node, expected: expected + ": add a unit, such as \(shown(text))s")
      return nil
    }
    guard let value = parseDuration(text) else {
      mismatch(node, expected: expected + ", in ms, s, m, h, d or w, such as 500ms or 1m30s")
      return nil
    }
    guard range.contains(value) else {
      mismatch(node, expected: expected)
      return nil
    }
    return value
  }

  mutating func address(_ node: Node) -> Placed<IPAddress>? {
    let expected = "an IP address, such as 203.0.113.10 or \"2001:db8::20\""
    guard let text = text(node, expected: expected) else { return nil }
    guard let address = IPAddress(text) else {
      let more = text.contains("/") ? ", without prefix length" : SocketAddress(text) == nil ? "" : ", without port"
      mismatch(node, expected: expected + more)
      return nil
    }
    return Placed(address, at: node.position)
  }

  mutating func socketAddress(_ node: Node, portsFrom lowest: UInt16) -> Placed<SocketAddress>? {
    let expected = "an address with port, such as 192.0.2.1:53 or \"[2001:db8::1]:53\""
    guard let text = text(node, expected: expected) else { return nil }
    guard let address = SocketAddress(text) else {
      let better = IPAddress(text).map { ": write \"\(SocketAddress($0, port: 53))\"" }
      mismatch(node, expected: expected + (better ?? ""))
      return nil
    }
    guard address.port >= lowest else {
      mismatch(node, expected: "a port from \(lowest) to 65535")
      return nil
    }
    return Placed(address, at: node.position)
  }

  /// A network, or one address as the network of itself alone.
  mutating func prefix(_ node: Node) -> IPPrefix? {
    let expected = "a network, such as 192.0.2.0/24 or \"2001:db8::/32\""
    guard let text = text(node, expected: expected) else { return nil }
    if let address = IPAddress(text) { return IPPrefix("\(address)/\(address.isIPv6 ? 128 : 32)") }
    if let prefix = IPPrefix(text) { return prefix }
    let parts = text.split(separator: "/", maxSplits: 1)
    if parts.count == 2, let address = IPAddress(parts[0]), let length = decimal(String(parts[1])),
      length <= (address.isIPv6 ? 128 : 32)
    {
      mismatch(
        node, expected: "a network without bits beyond its prefix: \(IPPrefix.masked(address, length))/\(length)")
    } else {
      mismatch(node, expected: expected)
    }
    return nil
  }

  mutating func file(_ node: Node?) -> Placed<String>? {
    guard let node, let text = text(node, expected: "the name of a file") else { return nil }
    return Placed(text, at: node.position)
  }

  mutating func name(_ node: Node?) -> Placed<DomainName>? {
    guard let node, let text = text(node, expected: "a domain name") else { return nil }
    return name(text, at: node.position)
  }

  /// A domain name as in a master file; the final dot is optional.
  mutating func name(_ text: String, at position: Position) -> Placed<DomainName>? {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      error(position, "`\(shown(text))` is not a domain name: write it in ASCII without spaces, \"xn--…\" for others")
      return nil
    }
    do throws(NameError) {
      return Placed(try DomainName(text), at: position)
    } catch {
      self.error(position, "`\(shown(text))` is not a domain name: \(error)")
      return nil
    }
  }

  mutating func identifier(_ node: Node?) -> Placed<String>? {
    guard let node, let text = text(node, expected: "a name") else { return nil }
    return identifier(text, at: node.position)
  }

  /// A name the operator gives to a check, an endpoint and the like, so that commands can say it.
  mutating func identifier(_ text: String, at position: Position) -> Placed<String>? {
    let allowed = text.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
    guard allowed, (1...63).contains(text.utf8.count), text != "none" else {
      error(position, "`\(shown(text))` cannot be a name here: 1 to 63 of a-z, A-Z, 0-9, `-`, `_` and `.`, not `none`")
      return nil
    }
    return Placed(text, at: position)
  }
}

/// The value of a number written with digits only, without leading zeros.
func decimal(_ text: some StringProtocol) -> Int? {
  guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || !text.hasPrefix("0") else { return nil }
  return Int(text)
}
