import Memory
import Testing
import Wire

/// Reads `text` as the data of `type`, with the origin `example.`.
private func wire(_ type: String, _ text: String) throws -> [UInt8] {
  try format(type).wire(text: text, origin: try DomainName("example."))
}

private func format(_ type: String) throws -> RDataFormat { RDataFormat(try #require(RecordType(text: type))) }

extension RDataFormat {
  fileprivate func text(_ data: [UInt8]) -> String { text(data.span.octets) }
  fileprivate func isValid(_ data: [UInt8]) -> Bool { isValid(data.span.octets) }
  fileprivate static func genericText(_ data: [UInt8]) -> String { genericText(data.span.octets) }

  fileprivate func names(_ data: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    forEachName(in: data.span.octets) { found.append($0) }
    return found
  }

  fileprivate func folded(_ data: [UInt8]) -> [UInt8] {
    var folded = data
    fold(&folded)
    return folded
  }
}

/// Type, data as written, data as printed (nil: the same).
private let good: [(String, String, String?)] = [
  ("A", "192.0.2.1", nil),
  ("NS", "ns1", "ns1.example."),
  ("MD", "host", "host.example."),
  ("MF", "host", "host.example."),
  ("CNAME", "@", "example."),
  ("CNAME", ".", nil),
  ("SOA", "ns hostmaster 2026 1h 15m 1w2d 300", "ns.example. hostmaster.example. 2026 3600 900 777600 300"),
  ("SOA", "ns a\\.b 4294967295 4294967295 0 0 0", "ns.example. a\\.b.example. 4294967295 4294967295 0 0 0"),
  ("MB", "a.b.", nil),
  ("MG", "a.b.", nil),
  ("MR", "a.b.", nil),
  ("NULL", "\\# 3 010203", nil),
  ("WKS", "192.0.2.1 TCP smtp domain 80", "192.0.2.1 6 25 53 80"),
  ("PTR", "host.example.", nil),
  ("HINFO", "PC \"Debian 12\"", "\"PC\" \"Debian 12\""),
  ("MINFO", "a b.", "a.example. b."),
  ("MX", "10 mail", "10 mail.example."),
  ("TXT", "a \"b c\" \"\" \\000\\255\\\"\\;", "\"a\" \"b c\" \"\" \"\\000\\255\\\";\""),
  ("TXT", "(a ; comment\n b)", "\"a\" \"b\""),
  ("RP", "a.b. .", nil),
  ("AFSDB", "1 a.", nil),
  ("X25", "311061700956", "\"311061700956\""),
  ("ISDN", "150862028003217", "\"150862028003217\""),
  ("ISDN", "150862028003217 004", "\"150862028003217\" \"004\""),
  ("RT", "2 relay.", nil),
  ("NSAP", "0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00", "0x47000580005A0000000001E133FFFFFF00016100"),
  ("NSAP-PTR", "foo.", nil),
  ("SIG", "SOA 8 1 60 20260101000000 20250101000000 1 signer. AAAA", nil),
  ("KEY", "256 3 8 AQID", nil),
  ("PX", "10 a. b.", nil),
  ("GPOS", "-32.6882 116.8652 10.0", "\"-32.6882\" \"116.8652\" \"10.0\""),
  ("AAAA", "2001:DB8:0:0::1", "2001:db8::1"),
  ("AAAA", "::ffff:192.0.2.1", nil),
  ("AAAA", "::", nil),
  ("AAAA", "1::", nil),
  ("AAAA", "1:2:3:4:5:6:7:8", nil),
  ("LOC", "42 21 54 N 71 06 18 W -24m 30m", "42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m"),
  ("LOC", "52 N 0 E 0", "52 0 0.000 N 0 0 0.000 E 0.00m 1.00m 10000.00m 10.00m"),
  (
    "LOC", "90 0 0 S 180 0 0 W -100000.00 0 0 90000000.00m",
    "90 0 0.000 S 180 0 0.000 W -100000.00m 0.00m 0.00m 90000000.00m"
  ),
  ("NXT", "b. A NS SOA", nil),
  ("EID", "01 02", "0102"),
  ("NIMLOC", "0102", nil),
  ("SRV", "0 5 5060 sip", "0 5 5060 sip.example."),
  ("SRV", "0 0 0 .", nil),
  ("NAPTR", "100 50 s z3950+I2L+I2C \"\" _z._tcp.b.", "100 50 \"s\" \"z3950+I2L+I2C\" \"\" _z._tcp.b."),
  ("KX", "10 a.", nil),
  ("CERT", "PKIX 1 RSASHA256 AQID", "PKIX 1 8 AQID"),
  ("CERT", "65534 1 0 AQ==", nil),
  ("A6", "0 2001:db8::1", nil),
  ("A6", "64 ::1:2:3:4 prefix.", "64 ::1:2:3:4 prefix."),
  ("A6", "128 prefix.", nil),
  ("DNAME", "a.b.", nil),
  ("SINK", "1 2 3 AQID", nil),
  ("APL", "1:192.0.2.0/24 !2:2001:db8::/32 1:0.0.0.0/0", nil),
  ("APL", "", nil),
  ("DS", "60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"),
  ("SSHFP", "2 1 123456789abcdef67890123456789abcdef67890", "2 1 123456789ABCDEF67890123456789ABCDEF67890"),
  ("IPSECKEY", "10 0 2 . AQNR", nil),
  ("IPSECKEY", "10 1 2 192.0.2.38 AQNR", nil),
  ("IPSECKEY", "10 2 2 2001:db8::1 AQNR", nil),
  ("IPSECKEY", "10 3 2 gw AQNR", "10 3 2 gw.example. AQNR"),
  ("IPSECKEY", "10 1 0 192.0.2.38", nil),
  (
    "RRSIG", "A ECDSAP256SHA256 3 86400 20260322173103 1772222222 2642 example. oJB1",
    "A 13 3 86400 20260322173103 20260227195702 2642 example. oJB1"
  ),
  ("NSEC", "host.example. A MX RRSIG NSEC TYPE1234", nil),
  ("NSEC", ". TYPE65535 A", ". A TYPE65535"),
  ("DNSKEY", "257 DNSSEC ECDSAP256SHA256 AQPS kmyn fzW4", "257 3 13 AQPSkmynfzW4"),
  ("DHCID", "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=", nil),
  (
    "NSEC3", "1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX TYPE9",
    "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MR MX"
  ),
  ("NSEC3", "1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR", nil),
  ("NSEC3PARAM", "1 0 0 -", nil),
  ("TLSA", "0 0 1 d2abde24", "0 0 1 D2ABDE24"),
  ("SMIMEA", "3 0 0 00", nil),
  ("HIP", "2 200100107B1A74DF365639CC39F1D578 AwEAAbdx rvs1. rvs2.", nil),
  ("HIP", "2 200100107B1A74DF365639CC39F1D578 AwEAAbdx", nil),
  ("NINFO", "\"x\"", nil),
  ("RKEY", "0 255 1 AQID", nil),
  ("TALINK", "a. b.", nil),
  ("CDS", "0 0 0 00", nil),
  ("CDNSKEY", "0 3 0 AA==", nil),
  ("OPENPGPKEY", "AQID", nil),
  ("CSYNC", "66 3 A NS AAAA", nil),
  ("ZONEMD", "2018031500 1 1 FEBE3D4C", nil),
  ("SVCB", "1 . alpn=h2,h3 port=8443", "1 . alpn=\"h2,h3\" port=8443"),
  (
    "SVCB", "16 foo. port=53 mandatory=alpn,ipv4hint alpn=h2 ipv4hint=192.0.2.1",
    "16 foo. mandatory=alpn,ipv4hint alpn=\"h2\" port=53 ipv4hint=192.0.2.1"
  ),
  ("SVCB", "1 foo. key667=\"hello\\210qoo\"", "1 foo. key667=\"hello\\210qoo\""),
  ("SVCB", "1 foo. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", "1 foo. alpn=\"f\\\\\\\\oo\\\\,bar,h2\""),
  (
    "SVCB", "1 foo. ipv6hint=\"2001:db8::1,2001:db8::53:1\" ech=AQID dohpath=/q{?dns} ohttp",
    "1 foo. ech=AQID ipv6hint=2001:db8::1,2001:db8::53:1 dohpath=\"/q{?dns}\" ohttp"
  ),
  (
    "SVCB", "1 foo. key3=\"\\000\\053\" alpn=h2 no-default-alpn tls-supported-groups=29,23",
    "1 foo. alpn=\"h2\" no-default-alpn port=53 tls-supported-groups=29,23"
  ),
  ("HTTPS", "0 svc", "0 svc.example."),
  ("DSYNC", "CDS NOTIFY 5359 a.", nil),
  ("HHIT", "AQID", nil),
  ("BRID", "AQID", nil),
  ("SPF", "\"v=spf1 -all\"", nil),
  ("NID", "10 0014:4fff:ff20:ee64", nil),
  ("NID", "10 1:22:333:0", "10 0001:0022:0333:0000"),
  ("L32", "10 10.1.2.0", nil),
  ("L64", "10 2001:0DB8:1140:1000", "10 2001:0db8:1140:1000"),
  ("LP", "10 l64.", nil),
  ("EUI48", "00-00-5e-00-53-2a", nil),
  ("EUI64", "00-00-5E-EF-10-00-00-2A", "00-00-5e-ef-10-00-00-2a"),
  ("URI", "10 1 \"https://example.com/a;b\"", nil),
  ("CAA", "0 issue ca.example.net", "0 issue \"ca.example.net\""),
  ("CAA", "128 tbs \"\"", nil),
  ("AVC", "app-name:x", "\"app-name:x\""),
  ("DOA", "0 1 2 \"\" aHR0", nil),
  ("DOA", "0 1 2 \"text/plain\" -", nil),
  ("AMTRELAY", "10 0 0 .", nil),
  ("AMTRELAY", "10 1 1 203.0.113.15", nil),
  ("AMTRELAY", "128 1 2 2001:db8::15", nil),
  ("AMTRELAY", "10 0 3 relay.", nil),
  ("RESINFO", "qnamemin exterr=15-17", "\"qnamemin\" \"exterr=15-17\""),
  ("WALLET", "BTC addr", "\"BTC\" \"addr\""),
  ("CLA", "a", "\"a\""),
  ("IPN", "18446744073709551615", nil),
  ("TA", "1 8 1 AA", nil),
  ("DLV", "1 8 1 AA", nil),
  ("TYPE4711", "\\# 0", nil),
  ("TYPE4711", "\\# 4 0a00 0001", "\\# 4 0A000001"),
  ("A", "\\# 4 0A000001", "10.0.0.1"),
  ("MX", "\\# 5 000A 0161 00", "10 a."),
  ("TYPE1", "10.0.0.1", nil),
]

/// Type, data, part of the message.
private let bad: [(String, String, String)] = [
  ("A", "", "expected an IPv4 address such as 192.0.2.1, found the end of the line"),
  ("A", "192.0.2", "expected an IPv4 address"),
  ("A", "192.0.2.256", "expected an IPv4 address"),
  ("A", "192.0.02.1", "expected an IPv4 address"),
  ("A", "\"192.0.2.1\"", "expected an IPv4 address"),
  ("A", "192.0.2.1 192.0.2.2", "expected the end of the record, found '192.0.2.2'"),
  ("AAAA", "2001:db8", "expected an IPv6 address"),
  ("AAAA", "1:2:3:4:5:6:7:8:9", "expected an IPv6 address"),
  ("AAAA", "1::2::3", "expected an IPv6 address"),
  ("AAAA", "::1:2:3:4:5:6:7:8", "expected an IPv6 address"),
  ("AAAA", "1:2:3:4:5:6:7:", "expected an IPv6 address"),
  ("AAAA", ":1", "expected an IPv6 address"),
  ("AAAA", "12345::", "expected an IPv6 address"),
  ("NS", "", "expected a domain name"),
  ("NS", "a..b", "a label between two dots is empty"),
  ("NS", ".a", "a label between two dots is empty"),
  ("NS", "a\\256", "after a backslash"),
  ("NS", "a\\25", "after a backslash"),
  ("NS", "\"a\"", "expected a domain name"),
  ("NS", String(repeating: "a", count: 64), "longer than 63"),
  ("NS", String(repeating: "abcdefg.", count: 32), "longer than 255"),
  ("SOA", "a b 1 1 1 1", "expected a time"),
  ("SOA", "a b 4294967296 1 1 1 1", "expected a number from 0 to 4294967295"),
  ("SOA", "a b 1 1h30 1 1 1", "expected a time"),
  ("MX", "mail", "expected a number from 0 to 65535, found 'mail'"),
  ("MX", "65536 mail", "expected a number"),
  ("TXT", "", "expected a string"),
  ("TXT", "\"abc", "no closing"),
  ("TXT", String(repeating: "a", count: 256), "at most 255"),
  ("TXT", "a )", "')' without '('"),
  ("TXT", "( a", "never closed"),
  ("CAA", "0 is-sue x", "expected a tag"),
  ("CAA", "256 issue x", "expected a number"),
  ("CAA", "0 issue", "expected a string"),
  ("DS", "1 8 2 0", "expected whole octets"),
  ("DS", "1 8 2", "expected whole octets"),
  ("DS", "1 8 2 0G", "expected hexadecimal digits"),
  ("DNSKEY", "257 3 13 A", "expected whole octets"),
  ("DNSKEY", "257 3 13 AB==", "expected whole octets"),
  ("DNSKEY", "257 3 13 AQID=", "expected whole octets"),
  ("NSEC3", "1 0 0 - 1 A", "expected whole octets"),
  ("NSEC3", "1 0 0 - - A", "expected base32hex"),
  ("NSEC", "a. FOO", "expected a record type, found 'FOO'"),
  ("RRSIG", "A 8 1 60 20260230000000 20250101000000 1 s. AAAA", "expected a time as"),
  ("RRSIG", "A 8 1 60 20260101240000 0 1 s. AAAA", "expected a time as"),
  ("RRSIG", "A 8 1 60 2026010100000 0 1 s. AAAA", "expected a time as"),
  ("LOC", "91 N 0 E 0", "expected an angle"),
  ("LOC", "90 1 N 0 E 0", "beyond 90"),
  ("LOC", "1 N 0 E", "expected a length"),
  ("APL", "1:192.0.2.0/33", "expected a prefix"),
  ("APL", "3:192.0.2.0/24", "expected a prefix"),
  ("NID", "1 1:2:3", "expected four groups"),
  ("NID", "1 1:2::3", "expected four groups"),
  ("NID", "1 1:2:3:4:5", "expected four groups"),
  ("NID", "1 1:2:3:", "expected four groups"),
  ("NID", "1 11111:2:3:4", "expected four groups"),
  ("IPSECKEY", "10 0 2 .", "expected whole octets as base64"),
  ("SVCB", "1 a. alpn=h2 alpn=h3", "given twice"),
  ("SVCB", "1 a. port=65536", "expected a port number"),
  ("SVCB", "1 a. alpn=", "expected protocol identifiers"),
  ("SVCB", "1 a. mandatory=port", "do not go together"),
  ("SVCB", "1 a. no-default-alpn", "do not go together"),
  ("SVCB", "1 a. key65535=x", "expected a parameter"),
  ("SVCB", "1 a. ipv4hint=::1", "expected IPv4"),
  ("EUI48", "00-00-5e-00-53", "expected six pairs"),
  ("IPSECKEY", "10 0 2 a. AQ==", "type 0 is no gateway"),
  ("AMTRELAY", "10 2 0 .", "expected the discovery"),
  ("TYPE4711", "abc", "as \\# LENGTH"),
  ("TYPE4711", "\\# 3 0102", "the length says 3"),
  ("A", "\\# 3 010203", "no data of this type"),
  ("MX", "\\# 4 000A C00C", "no data of this type"),
]

@Suite struct RDataTests {
  @Test(arguments: good) func readsAndPrints(type: String, written: String, printed: String?) throws {
    let octets = try wire(type, written)
    let format = try format(type)
    let shown = format.text(octets)
    #expect(shown == printed ?? written)
    #expect(try wire(type, shown) == octets)
    #expect(format.isValid(octets))
    #expect(try wire(type, RDataFormat.genericText(octets)) == octets)
  }

  @Test(arguments: bad) func refuses(type: String, written: String, message: String) throws {
    let error = #expect(throws: SyntaxError.self) { try wire(type, written) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: good) func validatesEveryPrefixWithoutTrap(type: String, written: String, printed: String?) throws {
    let octets = try wire(type, written)
    let format = try format(type)
    for count in 0..<octets.count {
      let part = Array(octets[..<count])
      _ = format.text(part)
      _ = format.names(part)
    }
  }

  @Test func mutatedDataIsPrintedAndReadBack() throws {
    var random = SeededRandom(seed: 2026)
    for (type, written, _) in good {
      let original = try wire(type, written)
      guard !original.isEmpty else { continue }
      let format = try format(type)
      for _ in 0..<200 {
        var octets = original
        octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
        guard format.isValid(octets) else { continue }
        let shown = format.text(octets)
        #expect(try wire(type, shown) == octets, "\(type) \(shown)")
      }
    }
  }

  @Test(arguments: [
    ("SOA", "a b 1 1 1 1 1", [0..<11, 11..<22]), ("MX", "10 mail", [2..<16]), ("A", "1.2.3.4", []),
    ("SVCB", "1 a. alpn=h2", [2..<5]), ("IPSECKEY", "1 3 0 a.", [3..<6]), ("HIP", "1 AA AQ== a. b.", [6..<9, 9..<12]),
    ("AMTRELAY", "1 1 3 a.", [2..<5]), ("A6", "64 ::1 a.", [9..<12]), ("NAPTR", "1 1 a b c d.", [10..<13]),
  ])
  func findsNames(type: String, written: String, expected: [Range<Int>]) throws {
    let octets = try wire(type, written)
    #expect(try format(type).names(octets) == expected)
  }

  @Test(arguments: [
    ("MX", "10 MAIL.A.", "10 mail.a."), ("RRSIG", "A 8 1 60 20260101000000 20250101000000 1 S. AAAA", nil),
    ("NSEC", "A.B. A", "A.B. A"), ("SVCB", "1 A.", "1 A."), ("TXT", "ABC", "\"ABC\""), ("SRV", "0 0 0 A.", "0 0 0 a."),
  ])
  func canonicalFormFoldsTheNamesThatRFC4034Lists(type: String, written: String, expected: String?) throws {
    let format = try format(type)
    let shown = format.text(format.folded(try wire(type, written)))
    #expect(shown == expected ?? "A 8 1 60 20260101000000 20250101000000 1 s. AAAA")
  }

  @Test func onlyTypesOfRFC1035AreCompressed() {
    let compressed = (UInt16.min...UInt16.max).filter { RDataFormat(RecordType($0)).names.contains(.compressed) }
    #expect(compressed == [2, 3, 4, 5, 6, 7, 8, 9, 12, 14, 15])
  }
}

/// A small generator with a seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
