/// An IPv4 or IPv6 address. The parser takes exactly what inet_pton(3) takes; text out is RFC 5952's.
@usableFromInline package enum IPAddress: Hashable, Sendable, BitwiseCopyable {
  /// Host order: 192.0.2.1 is 0xC0000201.
  case v4(UInt32)
  /// The first and the last eight octets, host order.
  case v6(UInt64, UInt64)

  package var isIPv6: Bool { if case .v6 = self { true } else { false } }

  /// 4 or 16 octets, as in A and AAAA RDATA.
  package var octets: [UInt8] {
    switch self {
    case .v4(let value): (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
    case .v6(let high, let low):
      (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - 8 * ($0 % 8))) }
    }
  }

  /// Nil unless there are 4 or 16 octets.
  package init?(octets: some Collection<UInt8>) {
    switch octets.count {
    case 4: self = .v4(octets.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      self = .v6(
        octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, octets.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
    default: return nil
    }
  }

  /// Whether only this machine can reach it: 127.0.0.0/8 or ::1.
  package var isLoopback: Bool {
    switch self {
    case .v4(let value): value >> 24 == 127
    case .v6(let high, let low): high == 0 && low == 1
    }
  }

  /// Whether it stands for every address of the machine: 0.0.0.0 or ::.
  package var isUnspecified: Bool {
    switch self {
    case .v4(let value): value == 0
    case .v6(let high, let low): high == 0 && low == 0
    }
  }

  package init?(_ text: some StringProtocol) {
    let octets = Array(text.utf8)
    if octets.contains(UInt8(ascii: ":")) {
      guard let (high, low) = IPAddress.parse6(octets.span, 0..<octets.count) else { return nil }
      self = .v6(high, low)
    } else {
      guard let value = IPAddress.parse4(octets.span, 0..<octets.count) else { return nil }
      self = .v4(value)
    }
  }

  /// Reads four decimal numbers without leading zeros.
  static func parse4(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
    var value: UInt32 = 0
    var part: UInt32 = 0
    var digits = 0
    var dots = 0
    for i in range {
      let octet = text[i]
      if octet == UInt8(ascii: ".") {
        guard digits > 0, dots < 3 else { return nil }
        value = value << 8 | part
        (part, digits, dots) = (0, 0, dots + 1)
      } else {
        guard 0x30...0x39 ~= octet, digits == 0 || part > 0 else { return nil }
        part = 10 * part + UInt32(octet - 0x30)
        digits += 1
        guard part <= 255 else { return nil }
      }
    }
    return digits > 0 && dots == 3 ? value << 8 | part : nil
  }

  /// Reads groups of hexadecimal digits, `::` at most once, the last two groups perhaps as IPv4.
  static func parse6(_ text: Span<UInt8>, _ range: Range<Int>) -> (UInt64, UInt64)? {
    var groups = InlineArray<8, UInt16>(repeating: 0)
    var count = 0
    var gap: Int?
    var at = range.lowerBound
    if range.count >= 2, text[at] == 0x3A {
      guard text[at + 1] == 0x3A else { return nil }
      gap = 0
      at += 2
    }
    while at < range.upperBound {
      guard count < 8, let end = parseGroup(text, at..<range.upperBound, &groups[count]) else {
        guard count <= 6, let v4 = parse4(text, at..<range.upperBound) else { return nil }
        groups[count] = UInt16(v4 >> 16)
        groups[count + 1] = UInt16(truncatingIfNeeded: v4)
        count += 2
        break
      }
      count += 1
      guard end < range.upperBound else { break }
      at = end + 1
      guard at < range.upperBound else { return nil }
      if text[at] == 0x3A {
        guard gap == nil else { return nil }
        gap = count
        at += 1
      }
    }
    guard gap == nil ? count == 8 : count < 8 else { return nil }
    return join(groups, count: count, gap: gap ?? 8)
  }

  /// Reads one group up to a colon or the end, and returns where that is.
  private static func parseGroup(_ text: Span<UInt8>, _ range: Range<Int>, _ value: inout UInt16) -> Int? {
    var group: UInt16 = 0
    var at = range.lowerBound
    while at < range.upperBound, text[at] != 0x3A {
      guard at - range.lowerBound < 4, let digit = hexadecimalDigit(text[at]) else { return nil }
      group = group << 4 | UInt16(digit)
      at += 1
    }
    guard at > range.lowerBound else { return nil }
    value = group
    return at
  }

  /// The address of `count` groups, with zeros put in before group `gap`.
  private static func join(_ groups: InlineArray<8, UInt16>, count: Int, gap: Int) -> (UInt64, UInt64) {
    var words: (UInt64, UInt64) = (0, 0)
    for i in 0..<8 {
      let zeros = 8 - count
      let group = i < gap ? groups[i] : i < gap + zeros ? 0 : groups[i - zeros]
      words = (words.0 << 16 | words.1 >> 48, words.1 << 16 | UInt64(group))
    }
    return words
  }
}

/// The value of a hexadecimal digit.
func hexadecimalDigit(_ octet: UInt8) -> UInt8? {
  switch octet {
  case 0x30...0x39: octet - 0x30
  case 0x41...0x46, 0x61...0x66: (octet | 0x20) - 0x57
  default: nil
  }
}

extension IPAddress: CustomStringConvertible {
  @usableFromInline package var description: String {
    switch self {
    case .v4: return octets.map(String.init).joined(separator: ".")
    case .v6(let high, let low):
      if high == 0, low >> 32 == 0xFFFF { return "::ffff:" + IPAddress.v4(UInt32(truncatingIfNeeded: low)).description }
      let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 % 4))) }
      return IPAddress.compressed(groups)
    }
  }

  /// RFC 5952 §4: the longest run of at least two zero groups, the first of equals, becomes `::`.
  private static func compressed(_ groups: [UInt16]) -> String {
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > max(1, best.count) { best = start..<end }
      start = max(end, start + 1)
    }
    let text = groups.map { String($0, radix: 16) }
    if best.isEmpty { return text.joined(separator: ":") }
    return text[..<best.lowerBound].joined(separator: ":") + "::" + text[best.upperBound...].joined(separator: ":")
  }
}

/// An address and a port, written `192.0.2.1:53` or `[2001:db8::1]:53`.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  package var address: IPAddress
  package var port: UInt16

  package init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  package init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("[") && host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard let address = IPAddress(host), address.isIPv6 else { return nil }
      self.init(address, port: port)
    } else {
      guard let address = IPAddress(host), !address.isIPv6 else { return nil }
      self.init(address, port: port)
    }
  }

  package var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

/// A network, written `192.0.2.0/24`; bits beyond the prefix must be zero.
package struct IPPrefix: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
  package let address: IPAddress
  package let length: Int

  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]), length >= 0,
      length <= (address.isIPv6 ? 128 : 32)
    else { return nil }
    self.address = address
    self.length = length
    guard IPPrefix.masked(address, length) == address else { return nil }
  }

  /// The network of that size around an address.
  package init(masking address: IPAddress, length: Int) {
    self.address = IPPrefix.masked(address, length)
    self.length = length
  }

  package func contains(_ other: IPAddress) -> Bool {
    other.isIPv6 == address.isIPv6 && IPPrefix.masked(other, length) == address
  }

  package static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
    switch address {
    case .v4(let value): .v4(length == 0 ? 0 : value & (UInt32.max << UInt32(32 - length)))
    case .v6(let high, let low):
      .v6(
        length == 0 ? 0 : high & (UInt64.max << UInt64(max(0, 64 - length))),
        length <= 64 ? 0 : low & (UInt64.max << UInt64(128 - length)))
    }
  }

  package var description: String { "\(address)/\(length)" }
}
