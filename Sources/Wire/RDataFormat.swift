/// One field of a record's data: how it is written in a master file and how on the wire.
@usableFromInline package enum RDataField: UInt8, Sendable, BitwiseCopyable {
  case none
  /// Decimal numbers of 8, 16, 32 and 64 bits.
  case octet, short, long, quad
  /// 32 bits, in seconds or with units: `1h30m`.
  case period
  /// 32 bits, `YYYYMMDDHHmmSS` (RFC 4034 §3.2) or seconds since 1970.
  case time
  /// 16 bits, a record type's mnemonic or number.
  case type
  /// Mnemonic or number: DNSSEC algorithm, KEY protocol, DS digest and NSEC3 hash (8 bits), CERT type (16),
  /// DSYNC scheme (8).
  case algorithm, keyProtocol, digestType, hashAlgorithm, certificate, scheme
  /// 16 bits, a number or mnemonics joined by `|` (RFC 2535 §7.1).
  case keyFlags
  case ipv4, ipv6, eui48, eui64
  /// Four groups of four hexadecimal digits (RFC 6742 §2.1.2).
  case locator
  case name
  /// One character-string; none or one; one or more.
  case string, optionalString, strings
  /// All the rest, as one string without a length octet.
  case text
  /// The tag of CAA: letters and digits, with a length octet.
  case tag
  /// All the rest: hexadecimal, base64, base64 or nothing, base64 or `-` for nothing.
  case hex, base64, optionalBase64, base64OrDash
  /// NSEC3: length octet and hexadecimal or `-`; length octet and base32hex.
  case salt, hash
  /// The types that exist at a name (RFC 4034 §4.1.2); the older form of NXT (RFC 2535 §5.2).
  case bitmap, oldBitmap
  /// Odd ones, each with a file or function of its own.
  case nsap, atma, location, prefixes, services, parameters, gateway, relay, hostIdentity, a6, key, keyData
  /// Written only in the generic form of RFC 3597.
  case opaque
}

/// What a record's data consists of, field by field.
@usableFromInline package struct RDataFormat: Sendable, BitwiseCopyable {
  /// What may and must be done with the names in the data.
  package struct Names: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// They may be compressed in messages: the types of RFC 1035 and no other (RFC 3597 §4).
    package static let compressed = Names(rawValue: 1)
    /// They are lower-cased in canonical form (RFC 4034 §6.2, corrected by RFC 6840 §5.1).
    package static let folded = Names(rawValue: 2)
    /// Their addresses belong into the additional section.
    package static let additional = Names(rawValue: 4)
  }

  package static let maximumFields = 9
  package let fields: InlineArray<9, RDataField>
  package let count: Int8
  package let names: Names

  init(_ list: RDataField..., names: Names = []) {
    precondition(list.count <= RDataFormat.maximumFields)
    fields = InlineArray { $0 < list.count ? list[$0] : .none }
    count = Int8(list.count)
    self.names = names
  }

  /// The format of `type`; `opaque` when it is not known.
  package init(_ type: RecordType) {
    self = RDataFormat.index(of: type).map { RecordType.registry[$0].format } ?? .unknown
  }

  static let unknown = RDataFormat(.opaque)

  /// Whether the format has a text of its own, besides RFC 3597's.
  package var isKnown: Bool { fields[0] != .opaque }

  /// The place of a type in the registry: its number, but for those that stand far away.
  static func index(of type: RecordType) -> Int? {
    let index = place(of: type.rawValue)
    return index.flatMap { RecordType.registry[$0].name.isEmpty ? nil : $0 }
  }

  static func place(of number: UInt16) -> Int? {
    switch number {
    case 0..<UInt16(nearTypes): Int(number)
    case 32768: nearTypes
    case 32769: nearTypes + 1
    case 65533: nearTypes + 2
    default: nil
    }
  }

  static func number(at index: Int) -> UInt16 { index < nearTypes ? UInt16(index) : farTypes[index - nearTypes] }

  /// Types below this number are in the registry at their number.
  static let nearTypes = 265
  /// The others, in their order: TA, DLV, and BIND's KEYDATA out of the numbers for private use.
  static let farTypes: [UInt16] = [32768, 32769, 65533]
}

/// A type's line in the registry.
struct RegisteredType: Sendable {
  let name: String
  let format: RDataFormat

  static let unassigned = RegisteredType(name: "", format: .unknown)
}
