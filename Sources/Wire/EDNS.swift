/// The OPT record of a query (RFC 6891 §6.1), with what is known of its options.
@usableFromInline package struct EDNS: Sendable, BitwiseCopyable {
  /// The client's largest UDP reply, as sent; below 512 means 512.
  @usableFromInline package var udpSize: UInt16
  @usableFromInline package var version: UInt8
  @usableFromInline package var dnssecOK: Bool
  /// The client asks who we are (RFC 5001).
  @usableFromInline package var wantsIdentity = false
  /// The client knows of keepalive (RFC 7828).
  @usableFromInline package var wantsKeepalive = false
  /// Where the data of the first cookie option lies, and its length; 0: there is none. More are ignored
  /// (RFC 7873 §5.2).
  private var cookieOffset: UInt16 = 0
  private var cookieLength: UInt16 = 0
  /// The same of the first client subnet (RFC 7871), which is looked into only where it is used.
  private(set) var subnetOffset: UInt16 = 0
  private(set) var subnetLength: UInt16 = 0

  /// Octets of an OPT record without options.
  @inlinable package static var recordLength: Int { 11 }
  /// Octets of an option without its data.
  @inlinable package static var optionLength: Int { 4 }

  /// Option codes of the IANA registry.
  @usableFromInline package enum Option {
    @inlinable package static var identity: UInt16 { 3 }
    @inlinable package static var clientSubnet: UInt16 { 8 }
    @inlinable package static var cookie: UInt16 { 10 }
    @inlinable package static var keepalive: UInt16 { 11 }
    @inlinable package static var extendedError: UInt16 { 15 }
  }

  package var hasCookie: Bool { cookieOffset > 0 }
  package var hasClientSubnet: Bool { subnetOffset > 0 }

  /// The cookie, from the message that this was read from.
  package func cookie(in message: borrowing Message) -> Cookie? {
    hasCookie ? Cookie(message, Int(cookieOffset), Int(cookieLength)) : nil
  }

  /// Reads the record whose type stands at `fixed` and whose data ends at `end`; nil when an option does
  /// not end within it (RFC 6891 §6.1.2) or has a length that its definition forbids.
  @inline(__always) init?(_ message: borrowing Message, at fixed: Int, to end: Int) {
    // Size, upper bits of the code, version, flags, data length.
    let fields = UInt64(bigEndian: message.word(fixed + 2))
    udpSize = UInt16(truncatingIfNeeded: fields &>> 48)
    version = UInt8(truncatingIfNeeded: fields &>> 32)
    dnssecOK = fields & 0x8000_0000 != 0
    if fixed + 10 < end, !readOptions(message, from: fixed + 10, to: end) { return nil }
  }

  private mutating func readOptions(_ message: borrowing Message, from start: Int, to end: Int) -> Bool {
    var at = start
    while at + EDNS.optionLength <= end {
      let code = message.uint16(at)
      let length = Int(message.uint16(at + 2))
      at += EDNS.optionLength
      guard length <= end - at, read(code, message, at, length) else { return false }
      at += length
    }
    return at == end
  }

  /// Options that are not known are ignored.
  private mutating func read(_ code: UInt16, _ message: borrowing Message, _ at: Int, _ length: Int) -> Bool {
    switch code {
    case Option.identity: wantsIdentity = true
    case Option.keepalive: wantsKeepalive = true
    case Option.cookie where !hasCookie:
      guard Cookie.mayHave(length) else { return false }
      // No message is longer than 65,535 octets.
      (cookieOffset, cookieLength) = (UInt16(truncatingIfNeeded: at), UInt16(truncatingIfNeeded: length))
    case Option.clientSubnet where !hasClientSubnet:
      (subnetOffset, subnetLength) = (UInt16(truncatingIfNeeded: at), UInt16(truncatingIfNeeded: length))
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

  /// Whether the option can have so many octets (RFC 7873 §5.2.2).
  static func mayHave(_ length: Int) -> Bool { length == 8 || length >= 16 && length <= 40 }

  /// - Precondition: the option's data of `length` octets is in the message.
  init(_ message: borrowing Message, _ at: Int, _ length: Int) {
    client = message.word(at)
    serverLength = length - 8
    server = length >= 24 ? (message.word(at + 8), message.word(at + 16)) : (0, 0)
  }
}

/// Why an answer is what it is, beyond its code (RFC 8914).
package enum ExtendedError: UInt8, Sendable, BitwiseCopyable {
  case prohibited, notAuthoritative, notSupported
  /// Nobody is up who could be answered.
  case allDown
  /// Nobody is up, and what is answered may be down as well.
  case failedOpen

  /// The registry has no code for pools: those are "other" (§4.1), with a text.
  package var code: UInt16 {
    switch self {
    case .prohibited: 18
    case .notAuthoritative: 20
    case .notSupported: 21
    case .allDown, .failedOpen: 0
    }
  }

  package var text: StaticString {
    switch self {
    case .prohibited, .notAuthoritative, .notSupported: ""
    case .allDown: "no endpoint is up"
    case .failedOpen: "no endpoint is up, answering all the same"
    }
  }
}
