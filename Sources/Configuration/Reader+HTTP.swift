import Wire

extension Reader {
  /// A request target in origin form (RFC 9112 §3.2.1).
  mutating func path(_ node: Node) -> String? {
    let expected = "a path that begins with `/`, in printable ASCII without spaces or `#`"
    guard let text = text(node, expected: expected) else { return nil }
    guard text.hasPrefix("/"), text.utf8.count <= 1024,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
    else {
      mismatch(node, expected: expected)
      return nil
    }
    return text
  }

  /// The Host header (RFC 9110 §7.2): a name or an address, and perhaps a port.
  mutating func host(_ node: Node) -> String? {
    let expected = "a host name, perhaps with a port, such as app.example.com"
    guard let text = text(node, expected: expected) else { return nil }
    if IPAddress(text).map({ !$0.isIPv6 }) ?? false || SocketAddress(text) != nil { return text }
    if text.hasPrefix("["), text.hasSuffix("]"), IPAddress(text.dropFirst().dropLast()) != nil { return text }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let port = parts.count == 2 ? decimal(parts[1]) : 1
    guard parts.count <= 2, let port, (1...65535).contains(port), Reader.isHostName(parts[0]) else {
      mismatch(node, expected: expected)
      return nil
    }
    return text
  }

  /// A name as certificates carry it.
  mutating func hostName(_ node: Node) -> String? {
    let expected = "a host name, such as app.example.com"
    guard let text = text(node, expected: expected) else { return nil }
    guard Reader.isHostName(text), IPAddress(text) == nil else {
      mismatch(node, expected: expected)
      return nil
    }
    return text
  }

  /// Letters, digits, hyphens and, as the world has them, underscores (RFC 1123 §2.1).
  static func isHostName(_ text: some StringProtocol) -> Bool {
    guard (try? DomainName(String(text))) != nil, !text.hasSuffix(".") else { return false }
    return text.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
  }

  /// The name that is looked for in the certificate when only the Host header is known; nil for an address.
  static func serverName(ofHost host: String) -> String? {
    if host.hasPrefix("[") { return nil }
    let name = host.split(separator: ":")[0]
    return IPAddress(name) == nil ? String(name) : nil
  }

  /// Status codes (RFC 9110 §15) and ranges of them: 200, 200-399.
  mutating func statuses(_ node: Node) -> [ClosedRange<Int>]? {
    let items = list(node)
    if items.isEmpty, !node.isNull { mismatch(node, expected: "at least one status, such as 200 or 200-399") }
    let ranges = items.compactMap { status($0) }
    return ranges.isEmpty ? nil : ranges
  }

  private mutating func status(_ node: Node) -> ClosedRange<Int>? {
    let expected = "a status from 100 to 599 or a range of them, such as 200 or 200-399"
    guard let text = text(node, expected: expected) else { return nil }
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { decimal($0) }
    guard bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil, first <= last,
      first >= 100, last <= 599
    else {
      mismatch(node, expected: expected)
      return nil
    }
    return first...last
  }
}
