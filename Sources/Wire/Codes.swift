/// The outcome that a reply carries (RFC 1035 §4.1.1, RFC 2136 §2.2, RFC 6891 §6.1.3, RFC 7873 §8).
@usableFromInline package struct ResponseCode: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package let rawValue: UInt16
  @inlinable package init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable package static func == (a: ResponseCode, b: ResponseCode) -> Bool { a.rawValue == b.rawValue }

  @inlinable package static var noError: ResponseCode { ResponseCode(rawValue: 0) }
  @inlinable package static var formErr: ResponseCode { ResponseCode(rawValue: 1) }
  @inlinable package static var servFail: ResponseCode { ResponseCode(rawValue: 2) }
  @inlinable package static var nxDomain: ResponseCode { ResponseCode(rawValue: 3) }
  @inlinable package static var notImp: ResponseCode { ResponseCode(rawValue: 4) }
  @inlinable package static var refused: ResponseCode { ResponseCode(rawValue: 5) }
  @inlinable package static var yxDomain: ResponseCode { ResponseCode(rawValue: 6) }
  @inlinable package static var yxRRset: ResponseCode { ResponseCode(rawValue: 7) }
  @inlinable package static var nxRRset: ResponseCode { ResponseCode(rawValue: 8) }
  @inlinable package static var notAuth: ResponseCode { ResponseCode(rawValue: 9) }
  @inlinable package static var notZone: ResponseCode { ResponseCode(rawValue: 10) }
  @inlinable package static var badVers: ResponseCode { ResponseCode(rawValue: 16) }
  /// In a TSIG record only (RFC 8945 §3).
  @inlinable package static var badSig: ResponseCode { ResponseCode(rawValue: 16) }
  @inlinable package static var badKey: ResponseCode { ResponseCode(rawValue: 17) }
  @inlinable package static var badTime: ResponseCode { ResponseCode(rawValue: 18) }
  @inlinable package static var badTrunc: ResponseCode { ResponseCode(rawValue: 22) }
  @inlinable package static var badCookie: ResponseCode { ResponseCode(rawValue: 23) }
}

extension ResponseCode: CustomStringConvertible {
  /// The registry's mnemonic.
  @usableFromInline package var description: String {
    let names = [
      "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
      "NOTZONE",
    ]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "response code \(rawValue)"
  }
}

/// What kind of request a message is (RFC 1035 §4.1.1, RFC 1996, RFC 2136).
@usableFromInline package struct Opcode: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package let rawValue: UInt8
  @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }
  @inlinable package static func == (a: Opcode, b: Opcode) -> Bool { a.rawValue == b.rawValue }
  @inlinable package static func != (a: Opcode, b: Opcode) -> Bool { a.rawValue != b.rawValue }

  @inlinable package static var query: Opcode { Opcode(rawValue: 0) }
  @inlinable package static var notify: Opcode { Opcode(rawValue: 4) }
  @inlinable package static var update: Opcode { Opcode(rawValue: 5) }
}
