/// The OPT record of a query (RFC 6891 §6.1), with what is known of its options.
package struct EDNS: Sendable, BitwiseCopyable {
  /// The client's largest UDP reply, as sent; below 512 means 512.
  package var udpSize: UInt16
  package var version: UInt8
  package var dnssecOK: Bool
  /// The client asks who we are (RFC 5001).
  package var wantsIdentity = false
  /// The client knows of keepalive (RFC 7828).
  package var wantsKeepalive = false
  /// The first one; more are ignored (RFC 7873 §5.2).
  package var cookie: Cookie?

  /// Octets of an OPT record without options.
  package static var recordLength: Int { 11 }
  /// Octets of an option without its data.
  package static var optionLength: Int { 4 }

  /// Option codes of the IANA registry.
  package enum Option {
    package static var identity: UInt16 { 3 }
    package static var cookie: UInt16 { 10 }
    package static var keepalive: UInt16 { 11 }
    package static var extendedError: UInt16 { 15 }
  }

  /// Reads the record whose type stands at `fixed` and whose data ends at `end`; nil when an option does
  /// not end within it (RFC 6891 §6.1.2) or has a length that its definition forbids.
  init?(_ message: borrowing Message, at fixed: Int, to end: Int) {
    udpSize = message.uint16(fixed + 2)
    version = message.octet(fixed + 5)
    dnssecOK = message.octet(fixed + 6) & 0x80 != 0
    var at = fixed + 10
    while at + EDNS.optionLength <= end {
      let code = message.uint16(at)
      let length = Int(message.uint16(at + 2))
      at += EDNS.optionLength
      guard length <= end - at, read(code, message, at, length) else { return nil }
      at += length
    }
    guard at == end else { return nil }
  }

  /// Options that are not known are ignored.
  private mutating func read(_ code: UInt16, _ message: borrowing Message, _ at: Int, _ length: Int) -> Bool {
    switch code {
    case Option.identity: wantsIdentity = true
    case Option.keepalive: wantsKeepalive = true
    case Option.cookie where cookie == nil:
      guard let read = Cookie(message, at, length) else { return false }
      cookie = read
    default: break
    }
    return true
  }
}

/// The COOKIE option of a query (RFC 7873 §4), in the machine's order: only ever compared and hashed.
package struct Cookie: Sendable, BitwiseCopyable {
  package let client: UInt64
  /// The server cookie's octets: 0 when there is none, else 8 to 32. Ours has 16 (RFC 9018 §4).
  package let serverLength: Int
  /// Its first 16 octets, when it has so many.
  package let server: (UInt64, UInt64)

  package static var clientLength: Int { 8 }

  /// Nil when the length is neither 8 nor 16 to 40 (RFC 7873 §5.2.2).
  init?(_ message: borrowing Message, _ at: Int, _ length: Int) {
    guard length == 8 || 16...40 ~= length else { return nil }
    client = message.word(at)
    serverLength = length - 8
    server = length >= 24 ? (message.word(at + 8), message.word(at + 16)) : (0, 0)
  }
}

/// Why an answer is what it is, beyond its code (RFC 8914).
package enum ExtendedError: UInt16, Sendable, BitwiseCopyable {
  case prohibited = 18
  case notAuthoritative = 20
  case notSupported = 21
}
