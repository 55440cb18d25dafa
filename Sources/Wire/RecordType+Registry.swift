extension RecordType {
  /// Every type of the IANA registry with its data's format, at the index `RDataFormat.index(of:)` gives.
  static let registry: [RegisteredType] = {
    var table = Array(repeating: RegisteredType.unassigned, count: RDataFormat.nearTypes + RDataFormat.farTypes.count)
    for (number, name, format) in rfc1035 + addressing + security + services + meta {
      if let place = RDataFormat.place(of: UInt16(number)) {
        table[place] = RegisteredType(name: name, format: format)
      }
    }
    return table
  }()

  private typealias Line = (Int, String, RDataFormat)

  /// The types of RFC 1035: the only ones whose names are compressed.
  private static let rfc1035: [Line] = [
    (1, "A", RDataFormat(.ipv4)),
    (2, "NS", RDataFormat(.name, names: [.compressed, .folded, .additional])),
    (3, "MD", RDataFormat(.name, names: [.compressed, .folded, .additional])),
    (4, "MF", RDataFormat(.name, names: [.compressed, .folded, .additional])),
    (5, "CNAME", RDataFormat(.name, names: [.compressed, .folded])),
    (
      6, "SOA",
      RDataFormat(.name, .name, .long, .period, .period, .period, .period, names: [.compressed, .folded])
    ),
    (7, "MB", RDataFormat(.name, names: [.compressed, .folded, .additional])),
    (8, "MG", RDataFormat(.name, names: [.compressed, .folded])),
    (9, "MR", RDataFormat(.name, names: [.compressed, .folded])),
    (10, "NULL", RDataFormat(.opaque)),
    (11, "WKS", RDataFormat(.ipv4, .services)),
    (12, "PTR", RDataFormat(.name, names: [.compressed, .folded])),
    (13, "HINFO", RDataFormat(.string, .string)),
    (14, "MINFO", RDataFormat(.name, .name, names: [.compressed, .folded])),
    (15, "MX", RDataFormat(.short, .name, names: [.compressed, .folded, .additional])),
    (16, "TXT", RDataFormat(.strings)),
  ]

  /// Names, places and addresses.
  private static let addressing: [Line] = [
    (17, "RP", RDataFormat(.name, .name, names: .folded)),
    (18, "AFSDB", RDataFormat(.short, .name, names: [.folded, .additional])),
    (19, "X25", RDataFormat(.string)),
    (20, "ISDN", RDataFormat(.string, .optionalString)),
    (21, "RT", RDataFormat(.short, .name, names: [.folded, .additional])),
    (22, "NSAP", RDataFormat(.nsap)),
    (23, "NSAP-PTR", RDataFormat(.name)),
    (26, "PX", RDataFormat(.short, .name, .name, names: .folded)),
    (27, "GPOS", RDataFormat(.string, .string, .string)),
    (28, "AAAA", RDataFormat(.ipv6)),
    (29, "LOC", RDataFormat(.location)),
    (31, "EID", RDataFormat(.hex)),
    (32, "NIMLOC", RDataFormat(.hex)),
    (34, "ATMA", RDataFormat(.atma)),
    (38, "A6", RDataFormat(.a6, names: .folded)),
    (39, "DNAME", RDataFormat(.name, names: .folded)),
    (42, "APL", RDataFormat(.prefixes)),
    (100, "UINFO", RDataFormat(.opaque)),
    (101, "UID", RDataFormat(.opaque)),
    (102, "GID", RDataFormat(.opaque)),
    (103, "UNSPEC", RDataFormat(.opaque)),
    (104, "NID", RDataFormat(.short, .locator)),
    (105, "L32", RDataFormat(.short, .ipv4)),
    (106, "L64", RDataFormat(.short, .locator)),
    (107, "LP", RDataFormat(.short, .name, names: .additional)),
    (108, "EUI48", RDataFormat(.eui48)),
    (109, "EUI64", RDataFormat(.eui64)),
    (260, "AMTRELAY", RDataFormat(.octet, .relay)),
    (264, "IPN", RDataFormat(.quad)),
  ]

  /// Keys, signatures and digests.
  private static let security: [Line] = [
    (24, "SIG", signature),
    (25, "KEY", RDataFormat(.key)),
    (30, "NXT", RDataFormat(.name, .oldBitmap, names: .folded)),
    (37, "CERT", RDataFormat(.certificate, .short, .algorithm, .base64)),
    (43, "DS", digest),
    (44, "SSHFP", RDataFormat(.octet, .octet, .hex)),
    (45, "IPSECKEY", RDataFormat(.octet, .gateway)),
    (46, "RRSIG", signature),
    (47, "NSEC", RDataFormat(.name, .bitmap)),
    (48, "DNSKEY", key),
    (49, "DHCID", RDataFormat(.base64)),
    (50, "NSEC3", RDataFormat(.hashAlgorithm, .octet, .short, .salt, .hash, .bitmap)),
    (51, "NSEC3PARAM", RDataFormat(.hashAlgorithm, .octet, .short, .salt)),
    (52, "TLSA", RDataFormat(.octet, .octet, .octet, .hex)),
    (53, "SMIMEA", RDataFormat(.octet, .octet, .octet, .hex)),
    (55, "HIP", RDataFormat(.hostIdentity)),
    (57, "RKEY", key),
    (58, "TALINK", RDataFormat(.name, .name)),
    (59, "CDS", digest),
    (60, "CDNSKEY", key),
    (61, "OPENPGPKEY", RDataFormat(.base64)),
    (62, "CSYNC", RDataFormat(.long, .short, .bitmap)),
    (63, "ZONEMD", RDataFormat(.long, .octet, .octet, .hex)),
    (67, "HHIT", RDataFormat(.base64)),
    (68, "BRID", RDataFormat(.base64)),
    (32768, "TA", digest),
    (32769, "DLV", digest),
    (65533, "KEYDATA", RDataFormat(.keyData)),
  ]

  private static let key = RDataFormat(.keyFlags, .keyProtocol, .algorithm, .base64)
  private static let digest = RDataFormat(.short, .algorithm, .digestType, .hex)
  private static let signature = RDataFormat(
    .type, .algorithm, .octet, .long, .time, .time, .short, .name, .base64, names: .folded)

  /// Where services are, and texts.
  private static let services: [Line] = [
    (33, "SRV", RDataFormat(.short, .short, .short, .name, names: [.folded, .additional])),
    (35, "NAPTR", RDataFormat(.short, .short, .string, .string, .string, .name, names: [.folded, .additional])),
    (36, "KX", RDataFormat(.short, .name, names: [.folded, .additional])),
    (40, "SINK", RDataFormat(.octet, .octet, .octet, .optionalBase64)),
    (56, "NINFO", RDataFormat(.strings)),
    (64, "SVCB", RDataFormat(.short, .name, .parameters, names: .additional)),
    (65, "HTTPS", RDataFormat(.short, .name, .parameters, names: .additional)),
    (66, "DSYNC", RDataFormat(.type, .scheme, .short, .name)),
    (99, "SPF", RDataFormat(.strings)),
    (256, "URI", RDataFormat(.short, .short, .text)),
    (257, "CAA", RDataFormat(.octet, .tag, .text)),
    (258, "AVC", RDataFormat(.strings)),
    (259, "DOA", RDataFormat(.long, .long, .octet, .string, .base64OrDash)),
    (261, "RESINFO", RDataFormat(.strings)),
    (262, "WALLET", RDataFormat(.strings)),
    (263, "CLA", RDataFormat(.strings)),
  ]

  /// Types of questions and of messages, never of a zone.
  private static let meta: [Line] = [
    (41, "OPT", .unknown), (128, "NXNAME", .unknown), (249, "TKEY", .unknown), (250, "TSIG", .unknown),
    (251, "IXFR", .unknown), (252, "AXFR", .unknown), (253, "MAILB", .unknown), (254, "MAILA", .unknown),
    (255, "ANY", .unknown),
  ]
}
