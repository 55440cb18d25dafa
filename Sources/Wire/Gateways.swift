import Memory

/// A gateway whose form a number before it chooses: none, IPv4, IPv6 or a name (RFC 4025 §2.5 for
/// IPSECKEY, RFC 8777 §4.2 for AMTRELAY).
enum Gateway {
  /// Where a gateway of the form `kind` at `at` ends, or nil.
  static func end(_ kind: UInt8, _ data: RawSpan, from at: Int) -> Int? {
    switch kind {
    case 0: at
    case 1: at + 4 <= data.byteCount ? at + 4 : nil
    case 2: at + 16 <= data.byteCount ? at + 16 : nil
    case 3: RDataFormat.nameEnd(data, from: at)
    default: nil
    }
  }

  static func text(_ kind: UInt8, _ data: RawSpan, _ range: Range<Int>) -> String {
    switch kind {
    case 1, 2: IPAddress(octets: range.map { data.octet($0) })?.description ?? "."
    case 3: RDataFormat.nameText(data, range)
    default: "."
    }
  }
}

extension Tokenizer {
  /// The rest of IPSECKEY: the gateway's form, the algorithm, the gateway, the key. Algorithm 0 needs no key.
  mutating func appendGateway(origin: DomainName, to out: inout OctetBuffer) throws(SyntaxError) {
    let kind = UInt8(try number(upTo: 3, "a gateway type"))
    let algorithm = UInt8(try number(upTo: 255, "an algorithm"))
    out.append(kind)
    out.append(algorithm)
    try appendGateway(kind, origin: origin, to: &out)
    let hasKey = try !peek().isEnd
    if hasKey || algorithm != 0 { try appendRest(.base64, to: &out) }
  }

  /// The rest of AMTRELAY: the discovery bit and the relay's form in one octet, the relay.
  mutating func appendRelay(origin: DomainName, to out: inout OctetBuffer) throws(SyntaxError) {
    let discovery = UInt8(try number(upTo: 1, "the discovery-optional bit"))
    let kind = UInt8(try number(upTo: 3, "a relay type"))
    out.append(discovery << 7 | kind)
    try appendGateway(kind, origin: origin, to: &out)
  }

  private mutating func appendGateway(
    _ kind: UInt8, origin: DomainName, to out: inout OctetBuffer
  ) throws(SyntaxError) {
    switch kind {
    case 1: out.append(try ipv4())
    case 2: try appendIPv6(to: &out)
    case 3: try appendName(try next(), origin: origin, to: &out)
    default:
      let token = try next()
      guard token.kind == .word, token.count == 1, text[token.start] == UInt8(ascii: ".") else {
        throw unexpected(token, expected: "'.', as type 0 is no gateway")
      }
    }
  }

  /// HIP: algorithm, identity tag in hexadecimal, key in base64, rendezvous servers (RFC 8005 §5).
  mutating func appendHostIdentity(origin: DomainName, to out: inout OctetBuffer) throws(SyntaxError) {
    let algorithm = UInt8(try number(upTo: 255, "an algorithm"))
    let start = out.count
    out.append(UInt32(algorithm) << 16)
    let tag = try next()
    try append(.hexadecimal, tag, to: &out)
    let tagLength = out.count - start - 4
    guard 1...255 ~= tagLength else { throw error(tag, "expected 1 to 255 octets") }
    let key = try next()
    try append(.base64, key, to: &out)
    guard let keyLength = UInt16(exactly: out.count - start - 4 - tagLength), keyLength > 0 else {
      throw unexpected(key, expected: "a key of 1 to 65535 octets")
    }
    out[start] = UInt8(tagLength)
    out[start + 2] = UInt8(keyLength >> 8)
    out[start + 3] = UInt8(truncatingIfNeeded: keyLength)
    // Each may be one character that stands for an origin of 255 octets.
    while out.count - start <= Int(UInt16.max), !(try peek().isEnd) {
      try appendName(try next(), origin: origin, to: &out)
    }
  }

  /// A6: prefix length, the address's octets after the prefix, the prefix's name (RFC 2874 §3.1).
  mutating func appendA6(origin: DomainName, to out: inout OctetBuffer) throws(SyntaxError) {
    let prefix = Int(try number(upTo: 128, "a prefix length"))
    out.append(UInt8(prefix))
    if prefix < 128 {
      let token = try next()
      guard token.kind == .word, var octets = addressOctets(token.start..<token.end, isIPv6: true) else {
        throw unexpected(token, expected: "an IPv6 address")
      }
      octets.removeFirst(prefix / 8)
      octets[0] &= 0xFF >> UInt8(prefix % 8)
      out.append(contentsOf: octets.span)
    }
    if prefix > 0 { try appendName(try next(), origin: origin, to: &out) }
  }

  /// The rest of WKS: a protocol and a bitmap of ports (RFC 1035 §3.4.2).
  mutating func appendServices(to out: inout OctetBuffer) throws(SyntaxError) {
    out.append(UInt8(try mnemonic(.protocols, upTo: 255)))
    let start = out.count
    while !(try peek().isEnd) {
      let port = Int(try mnemonic(.ports, upTo: 65535))
      while out.count - start <= port / 8 { out.append(UInt8(0)) }
      out[start + port / 8] |= 0x80 >> UInt8(port % 8)
    }
  }
}

extension Mnemonics {
  static let protocols = Mnemonics(
    what: "a protocol",
    entries: [
      ("ICMP", 1), ("IGMP", 2), ("GGP", 3), ("TCP", 6), ("EGP", 8), ("PUP", 12), ("UDP", 17), ("HMP", 20),
      ("XNS-IDP", 22), ("RDP", 27), ("IPV6", 41), ("GRE", 47), ("ESP", 50), ("AH", 51), ("OSPF", 89), ("PIM", 103),
      ("SCTP", 132),
    ])

  /// The names that RFC 1010 gave to ports and that old zones still use.
  static let ports = Mnemonics(
    what: "a port",
    entries: [
      ("ECHO", 7), ("DISCARD", 9), ("SYSTAT", 11), ("DAYTIME", 13), ("NETSTAT", 15), ("CHARGEN", 19),
      ("FTP-DATA", 20), ("FTP", 21), ("SSH", 22), ("TELNET", 23), ("SMTP", 25), ("TIME", 37), ("DOMAIN", 53),
      ("TFTP", 69), ("GOPHER", 70), ("FINGER", 79), ("HTTP", 80), ("WWW", 80), ("POP3", 110), ("NNTP", 119),
      ("NTP", 123), ("IMAP", 143), ("SNMP", 161), ("HTTPS", 443),
    ])
}
