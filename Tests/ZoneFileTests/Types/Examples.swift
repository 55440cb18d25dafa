import Testing

/// Record data as an operator may write it, by type, in the zone `example.`.
struct TypeExample: Sendable, CustomTestStringConvertible {
  let type: String
  let text: String
  /// Whether BIND 9.18 reads it: not what is newer, or refused there only.
  let isReadByBIND: Bool

  var testDescription: String { "\(type) \(text)" }
}

/// Every type that a zone can hold has one, beside those that have the generic form only.
let typeExamples: [TypeExample] =
  examples(hosts + services + texts + keys + odd, isReadByBIND: true) + examples(oursOnly, isReadByBIND: false)

private func examples(_ lists: [(String, [String])], isReadByBIND: Bool) -> [TypeExample] {
  lists.flatMap { type, texts in texts.map { TypeExample(type: type, text: $0, isReadByBIND: isReadByBIND) } }
}

private let longLabel = String(repeating: "x", count: 63)
private let longString = String(repeating: "s", count: 255)
/// 20, 32 and 48 octets.
private let sha1 = "2BB183AF5F22588179A53B0A 98631FAD1A292118"
private let sha256 = "D4B7D520E7BB5F0F67674A0C CEB1E3E0614B93C4F9E99B83 83F6A1E4469DA50A"
private let sha384 =
  "FEBE3D4CE2EC2FFA4BA99D46CD69D6D29711E55217057BEE7EB1A7B641A47BA7FED2DD5B97AE499FAFA4F22C6BD647DE"

private let hosts: [(String, [String])] = [
  ("A", ["192.0.2.1", "0.0.0.0", "255.255.255.255", "\\# 4 C0000201", "\\# 4 C0 00 (02\n 01)"]),
  ("TYPE1", ["192.0.2.1"]),
  (
    "AAAA",
    [
      "::", "::1", "2001:DB8::1", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1",
      "0001:0::", "\\# 16 20010DB8000000000000000000000001",
    ]
  ),
  ("NS", ["ns", "ns.example.org.", "@", "a\\.b", "\\000\\032\\255", "\(longLabel).\(longLabel).\(longLabel)"]),
  ("CNAME", ["Target.example.net.", "."]), ("MB", ["M"]), ("MG", ["M"]),
  ("MR", ["M"]), ("MINFO", ["a B.", ". ."]), ("PTR", ["Host", "\\@.a"]),
  ("MX", ["10 Mail", "0 .", "65535 mail.example.org.", "010 a.", "\\# 5 000A 0161 00"]),
  ("RP", ["admin.A. txt.b.", ". ."]), ("AFSDB", ["1 a.", "65535 DB"]), ("RT", ["2 Relay."]), ("PX", ["10 A. b."]),
  ("KX", ["10 Kx"]), ("NSAP-PTR", ["Foo."]), ("DNAME", ["A.b."]), ("TALINK", ["A. b.", ". ."]), ("LP", ["10 L64."]),
  ("NID", ["10 0014:4fff:ff20:ee64", "10 1:22:333:0"]), ("L32", ["10 10.1.2.0"]), ("L64", ["10 2001:0DB8:1140:1000"]),
  ("EUI48", ["00-00-5E-00-53-2a"]), ("EUI64", ["00-00-5e-ef-10-00-00-2a"]),
  (
    "A6", ["0 2001:db8::1", "64 ::1:2:3:4 Prefix.", "64 2001:db8:1:2:1:2:3:4 p", "1 ::1 a.", "127 ::1 a.", "128 p."]
  ),
  (
    "APL",
    [
      "", "1:192.0.2.0/24 !2:2001:db8::/32 1:0.0.0.0/0", "1:192.0.2.5/24", "!1:192.0.2.128/25", "2:::/0 2:::1/128",
    ]
  ),
]

private let services: [(String, [String])] = [
  ("SRV", ["0 5 5060 Sip", "65535 65535 65535 .", "0 0 0 ."]),
  (
    "NAPTR",
    [
      "100 50 s z3950+I2L+I2C \"\" _z._tcp.B.", "100 50 \"\" \"\" \"!^.*$!sip:a@b!\" .",
      "1 1 \"u\" \"E2U+sip\" \"!^(.*)$!sip:a\\\\1@b!i\" .", "0 0 u$ \"E2U sip\" \"\" .",
    ]
  ),
  (
    "URI",
    ["10 1 \"https://example.com/a;b?c=d\"", "0 0 \"\"", "1 1 \"\(longString)\(longString)\"", "1 1 \"\\\"\\255\""]
  ),
  ("DSYNC", ["CDS NOTIFY 5359 Scanner", "ANY 1 0 a.", "TYPE0 255 65535 .", "CSYNC 128 1 a."]),
  (
    "SVCB",
    [
      "0 .", "0 Svc", "0 a port=1", "1 .", "16 Foo.example.org. port=53", "1 . alpn=h2,h3 port=8443",
      "1 . port=\"53\" alpn=\"h2,h3\"", "1 . no-default-alpn alpn=h2", "1 . no-default-alpn=\"\" alpn=h2",
      "1 . mandatory=port,alpn alpn=h2 port=1", "1 . mandatory=key3 port=0", "1 . ipv4hint=192.0.2.1",
      "1 . ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1,::", "1 . ech=AQID", "1 . ech=\"AQID\"",
      "1 . dohpath=/dns-query{?dns}", "1 . dohpath=\"/{+dns}\"", "1 . dohpath=/q{&dns,x}", "1 . key667", "1 . key667=",
      "1 . key667=a", "1 . key667=\"hello\\210qoo\"", "1 . key65534=\"a b\" key100=\"\"",
      "1 . key0=\"\\000\\003\" port=1",
      "1 . key1=\"\\002h2\"", "1 . key2 alpn=h2", "1 . key3=\"\\000\\053\"", "1 . key4=\"\\001\\002\\003\\004\"",
      "1 . key5=AQID", "1 . key6=\"1234567890abcdef\"", "1 . key7=\"/q{?dns}\"",
      "1 a. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", "1 a. alpn=f\\\\\\092oo\\092,bar,h2", "1 a. alpn=h2\\,h3",
    ]
  ),
  (
    "HTTPS",
    [
      "0 Alias", "1 .", "1 . alpn=h3 ipv4hint=192.0.2.1 key65000=x",
      "65535 a mandatory=alpn,port,ipv4hint,ech,ipv6hint,dohpath alpn=h2 no-default-alpn port=443 ipv4hint=192.0.2.1 ech=AA== ipv6hint=::1 dohpath=/{?dns}",
    ]
  ),
  (
    "AMTRELAY",
    ["10 0 0 .", "10 1 1 203.0.113.15", "128 1 2 2001:db8::15", "10 0 3 Relay.", "255 1 0 ."]
  ),
  ("WKS", ["192.0.2.1 TCP smtp domain 80", "192.0.2.1 6", "192.0.2.1 udp 123 161", "192.0.2.1 255 0 65535"]),
]

private let texts: [(String, [String])] = [
  (
    "TXT",
    [
      "a", "\"\"", "a \"b c\" \"\" \\000\\255\\\"\\;", "(a ; comment\n b)", "a\"b\"c",
      "\"\(longString)\" \"\(longString)\"",
      "\"tab\there\"", "\"a;b(c)\"", "\\# 2 0161",
    ]
  ),
  ("SPF", ["\"v=spf1 -all\""]), ("NINFO", ["a \"b c\""]), ("AVC", ["app-name:x"]),
  ("RESINFO", ["qnamemin exterr=15-17 infourl=https://resolver.example.com/"]),
  ("WALLET", ["BTC addr", "ETH \"x y\""]),
  ("HINFO", ["PC \"Debian 12\"", "\"\" \"\""]), ("X25", ["311061700956"]),
  ("ISDN", ["150862028003217", "1508 \"004\""]),
  ("GPOS", ["-32.6882 116.8652 10.0"]),
  ("CAA", ["0 issue ca.example.net", "128 tbs \"\"", "0 ISSUE \"a; b=c\"", "255 iodef \"mailto:a@b\""]),
  ("DOA", ["0 1 2 \"\" aHR0", "0 1 2 \"text/plain\" -", "4294967295 4294967295 255 x AQID BAUG"]),
  ("SINK", ["1 2 3 AQID", "1 2 3"]),
]

private let keys: [(String, [String])] = [
  ("SIG", ["SOA 8 1 60 20260101000000 20250101000000 1 Signer. AAAA"]),
  (
    "KEY",
    [
      "256 3 8 AQID", "NOKEY 3 8", "49152 NONE 0", "NOCONF|ZONE|SIG15 DNSSEC RSASHA1 AQID", "0x100 EMAIL DSA AQID",
      "USER|SIG3 TLS 1 AQID", "flag2|extend|flag4|flag5|host|flag8|flag9|flag10|flag11 all 254 AQID",
    ]
  ),
  ("RKEY", ["0 255 1 AQID"]),
  ("CERT", certificates),
  (
    "DS",
    [
      "60485 5 1 \(sha1)", "60485 RSASHA1 SHA-1 \(sha1)", "0 ED25519 sha1 \(sha1)", "1 8 2 \(sha256)",
      "1 13 SHA256 \(sha256)", "1 13 SHA-256 \(sha256)", "1 13 GOST \(sha256)", "1 13 4 \(sha384)",
      "1 ECDSAP384SHA384 SHA-384 \(sha384)", "1 14 SHA384 \(sha384)", "65535 255 255 00",
    ]
  ),
  ("CDS", ["0 0 0 00", "1 8 2 \(sha256)"]), ("TA", ["1 8 1 \(sha1)"]), ("DLV", ["1 8 SHA-1 \(sha1)"]),
  (
    "SSHFP",
    ["2 1 123456789abcdef67890123456789abcdef67890", "4 2 \(sha256)", "255 255 00"]
  ),
  (
    "IPSECKEY",
    ["10 0 2 . AQNR", "10 1 2 192.0.2.38 AQNR", "10 2 2 2001:db8::1 AQNR", "10 3 2 Gw AQNR", "255 3 255 . AQ NR"]
  ),
  (
    "RRSIG",
    [
      "A ECDSAP256SHA256 3 86400 20260322173103 1772222222 2642 Example. oJB1",
      "TYPE65000 253 0 4294967295 4294967295 0 65535 . AA==", "1 13 3 86400 21060207062815 22060207062815 1 a. AA==",
      "A 13 3 1 19691231235959 20260228235960 1 a. AA==", "SOA INDIRECT 1 1 0 1 1 a. AA==",
    ]
  ),
  ("NSEC", ["Host.example. A MX RRSIG NSEC TYPE1234", ". TYPE65535 A", "a. A A ANY TYPE0"]),
  (
    "DNSKEY",
    ["257 DNSSEC ECDSAP256SHA256 AQPS kmyn fzW4", "ZONE|KSK 3 8 AQID", "zone 3 15 AQID", "0x101 3 RSAMD5 AQID"]
  ),
  ("CDNSKEY", ["0 3 0 AA==", "257 3 ED448 AQID"]),
  ("DHCID", ["AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA="]),
  (
    "NSEC3",
    [
      "1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX TYPE9", "1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR",
      "SHA-1 1 65535 00 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A RRSIG",
    ]
  ),
  ("NSEC3PARAM", ["1 0 0 -", "SHA-1 0 10 AABBCCDD"]),
  ("TLSA", ["0 0 1 d2abde24", "3 1 1 \(sha256)", "255 255 255 00"]), ("SMIMEA", ["3 0 0 00"]),
  (
    "HIP",
    [
      "2 200100107B1A74DF365639CC39F1D578 AwEAAbdx Rvs1. rvs2", "2 200100107B1A74DF365639CC39F1D578 AwEAAbdx",
      "255 00 AA==",
    ]
  ),
  ("OPENPGPKEY", ["AQID", "AQ ( ID\n BAUG )"]), ("CSYNC", ["66 3 A NS AAAA", "4294967295 0"]),
  ("ZONEMD", ["2018031500 1 1 \(sha384)", "4294967295 255 240 \(sha384)"]),
  ("HHIT", ["AQID"]), ("BRID", ["AQID"]),
  (
    "KEYDATA",
    [
      "20260101000000 20260102000000 19700101000000 257 3 8 AQID",
      "20260101000000 20260102000000 19700101000000 NOKEY 3 8",
      "\\# 4 01020304",
    ]
  ),
  ("TYPE65533", ["20260101000000 20260102000000 20260103000000 ZONE|KSK 3 ED25519 AQID"]),
]

/// All the words for certificate types (RFC 4398 §2.1), and numbers.
private let certificates =
  [
    "PKIX", "SPKI", "PGP", "IPKIX", "ISPKI", "IPGP", "ACPKIX", "IACPKIX", "URI", "OID", "pkix", "0", "65534",
  ].map { "\($0) 1 RSASHA256 AQID" } + ["PKIX 65535 0 AQID"]

private let odd: [(String, [String])] = [
  ("NSAP", ["0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00", "0X47"]),
  ("ATMA", ["39.246f.00", "+358400123456", "\\# 2 02FF"]),
  ("NXT", ["B. A NS SOA", "b. NXT", "b."]), ("EID", ["01 02"]), ("NIMLOC", ["0102"]),
  (
    "LOC",
    [
      "42 21 54 N 71 06 18 W -24m 30m", "52 N 0 E 0", "0 S 0 W 0",
      "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
      "90 0 0 S 180 0 0 W -100000.00 0 0 90000000.00m", "90 N 180 E 42849672.95m",
      "89 59 59.999 N 179 59 59.999 W 0 0.01 0.09 9.99", "1 1 1. N 1 1 1.1 E .5 1.5m 5.m", "1 N 1 E +1m",
      "01 01 01.12 S 1 E -0.5m 99.99m",
    ]
  ),
  ("NULL", ["\\# 3 010203", "\\# 0"]), ("TYPE4711", ["\\# 0", "\\# 4 0a00 0001"]), ("TYPE65280", ["\\# 1 00"]),
]

/// Newer than BIND 9.18, or refused by it for what the data says of the world.
private let oursOnly: [(String, [String])] = [
  ("MD", ["Host"]), ("MF", ["Host"]), ("IPN", ["0", "18446744073709551615"]), ("CLA", ["TCP-v4-v6"]),
  (
    "SVCB",
    [
      "1 . ohttp", "1 . key8 key9=\"\\000\\029\"", "1 . ohttp=\"\"", "1 . tls-supported-groups=29",
      "1 . tls-supported-groups=29,23,65535",
      "1 . mandatory=ohttp,tls-supported-groups ohttp tls-supported-groups=1",
    ]
  ),
  ("IPSECKEY", ["10 1 0 192.0.2.38"]), ("URI", ["10 1 https://example.com/"]), ("X25", ["12"]),
  ("DS", ["1 8 1 00", "1 8 2 00"]), ("ZONEMD", ["1 1 1 00"]), ("NSEC", ["a."]), ("NSEC3", ["1 0 0 - 00"]),
  ("NAPTR", ["1 1 u a not-a-regexp ."]), ("LOC", ["1 n 1 e 1M"]), ("WKS", ["192.0.2.1 sctp www"]),
]
