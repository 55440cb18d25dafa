import Memory

/// APL: address prefixes, each a family, a prefix length, a negation bit with the count of octets, and
/// the octets up to the last that is not zero (RFC 3123).
enum AddressPrefixes {
  /// The octets of an address of the family: 1 is IPv4, 2 is IPv6.
  static func width(_ family: UInt16) -> Int? { family == 1 ? 4 : family == 2 ? 16 : nil }

  static func isValid(_ data: RawSpan, _ range: Range<Int>) -> Bool {
    var at = range.lowerBound
    while at < range.upperBound {
      guard range.upperBound - at >= 4, let width = width(data.uint16(at)) else { return false }
      let (prefix, count) = (Int(data.octet(at + 2)), Int(data.octet(at + 3) & 0x7F))
      at += 4 + count
      guard prefix <= 8 * width, count <= width, at <= range.upperBound else { return false }
      if count > 0, data.octet(at - 1) == 0 { return false }
    }
    return true
  }

  static func text(_ data: RawSpan, _ range: Range<Int>) -> String {
    var items: [String] = []
    var at = range.lowerBound
    while at < range.upperBound {
      let family = data.uint16(at)
      let count = Int(data.octet(at + 3) & 0x7F)
      var octets = (0..<count).map { data.octet(at + 4 + $0) }
      octets += Array(repeating: 0, count: (width(family) ?? count) - count)
      let address = IPAddress(octets: octets)?.description ?? ""
      items.append("\(data.octet(at + 3) & 0x80 != 0 ? "!" : "")\(family):\(address)/\(data.octet(at + 2))")
      at += 4 + count
    }
    return items.joined(separator: " ")
  }
}

extension Tokenizer {
  mutating func appendPrefixes(to out: inout OctetBuffer) throws(SyntaxError) {
    while true {
      let token = try next()
      if token.isEnd { return }
      guard token.kind == .word, appendPrefix(token, to: &out) else {
        throw unexpected(token, expected: "a prefix such as 1:192.0.2.0/24 or !2:2001:db8::/32")
      }
    }
  }

  private func appendPrefix(_ token: Token, to out: inout OctetBuffer) -> Bool {
    var start = token.start
    let isNegated = text[start] == UInt8(ascii: "!")
    if isNegated { start += 1 }
    guard let colon = (start..<token.end).first(where: { text[$0] == UInt8(ascii: ":") }),
      let slash = (colon..<token.end).last(where: { text[$0] == UInt8(ascii: "/") }),
      let family = decimal(start..<colon), let length = decimal(slash + 1..<token.end), family <= 2,
      let width = AddressPrefixes.width(UInt16(family)), length <= 8 * width,
      var octets = addressOctets(colon + 1..<slash, isIPv6: family == 2)
    else { return false }
    while octets.last == 0 { octets.removeLast() }
    out.append(UInt16(family))
    out.append(UInt8(length))
    out.append(UInt8(octets.count) | (isNegated ? 0x80 : 0))
    out.append(contentsOf: octets.span)
    return true
  }

  func addressOctets(_ range: Range<Int>, isIPv6: Bool) -> [UInt8]? {
    if isIPv6 { return IPAddress.parse6(text, range).map { IPAddress.v6($0.0, $0.1).octets } }
    return IPAddress.parse4(text, range).map { IPAddress.v4($0).octets }
  }
}
