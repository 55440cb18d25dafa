import TestSupport

/// The types that the zones hold and the questions ask for, in the text that all four servers read.
enum Types {
  static let plain: [(name: String, number: UInt16)] = [
    ("A", 1), ("A", 1), ("AAAA", 28), ("AAAA", 28), ("MX", 15), ("MX", 15), ("TXT", 16), ("TXT", 16), ("SRV", 33),
    ("SRV", 33), ("PTR", 12), ("HINFO", 13), ("RP", 17), ("AFSDB", 18), ("RT", 21), ("LOC", 29), ("NAPTR", 35),
    ("KX", 36), ("CERT", 37), ("SSHFP", 44), ("DHCID", 49), ("TLSA", 52), ("OPENPGPKEY", 61), ("SVCB", 64),
    ("HTTPS", 65), ("SPF", 99), ("EUI48", 108), ("URI", 256), ("CAA", 257), ("TYPE65400", 65400),
  ]

  /// What validating resolvers ask for, at the names where it is and elsewhere.
  static let signed: [UInt16] = [ds, ds, nsec, dnskey, nsec3param, cds, 60]

  static let ns: UInt16 = 2
  static let cname: UInt16 = 5
  static let soa: UInt16 = 6
  static let dname: UInt16 = 39
  static let opt: UInt16 = 41
  static let ds: UInt16 = 43
  static let rrsig: UInt16 = 46
  static let nsec: UInt16 = 47
  static let dnskey: UInt16 = 48
  static let nsec3: UInt16 = 50
  static let nsec3param: UInt16 = 51
  static let cds: UInt16 = 59
  static let any: UInt16 = 255

  /// Asked for at every kind of name, whether there or not.
  static let asked: [UInt16] = plain.map(\.number) + [ns, ns, cname, soa, dname, ds, any, 1, 1, 28, 16]
  /// Meta types and types that no zone has. Transfers (251, 252) are another matter.
  static let odd: [UInt16] = [0, 3, 10, 24, 25, 30, 41, 46, 50, 128, 249, 250, 253, 254, 32769, 65535]
}

extension ZoneGenerator {
  /// The data of one record of `type`; names in it come from `target`.
  mutating func data(_ type: String) -> String {
    let few = random.below(4)
    switch type {
    case "A": return "192.0.2.\(random.within(1...254))"
    case "AAAA": return "2001:db8::\(hex(random.octets(2)))"
    case "NS", "CNAME", "PTR", "DNAME": return "\(target())"
    case "MX", "AFSDB", "RT", "KX": return "\(few * 10) \(target())"
    case "TXT", "SPF":
      return (0...few).map { _ in "\"text \(hex(random.octets(random.within(0...30))))\"" }.joined(separator: " ")
    case "SRV": return "\(few) \(random.below(100)) \(random.below(65536)) \(target())"
    case "HINFO": return "\"cpu\(few)\" \"an os\""
    case "RP": return "\(target()) \(target())"
    case "LOC": return "5\(few) 30 0.000 N 4 2\(few) 0.000 E 10.00m 1m 10000m 10m"
    case "NAPTR": return "\(few) 10 \"s\" \"SIP+D2U\" \"\" \(target())"
    case "CERT": return "PKIX \(few) 5 \(base64(random.octets(30)))"
    case "SSHFP": return "1 1 \(hex(random.octets(20)))"
    case "DHCID", "OPENPGPKEY": return base64(random.octets(33))
    case "TLSA": return "3 1 1 \(hex(random.octets(32)))"
    case "SVCB", "HTTPS":
      return random.chance(percent: 30) ? "0 \(target())" : "\(few + 1) \(target()) alpn=h2,h3 port=\(8000 + few)"
    case "EUI48": return random.octets(6).map { hex([$0]) }.joined(separator: "-")
    case "URI": return "\(few) 1 \"https://example.net/\(hex(random.octets(4)))\""
    case "CAA": return "0 issue \"ca\(few).example.net\""
    case "DS": return "\(random.within(1...60000)) 8 2 \(hex(random.octets(32)))"
    default:
      let octets = random.octets(random.within(1...20))
      return "\\# \(octets.count) \(hex(octets))"
    }
  }
}

func hex(_ octets: [UInt8]) -> String {
  octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// For numbers of octets that three divides.
private func base64(_ octets: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  return stride(from: 0, to: octets.count, by: 3).map { at in
    let group = Int(octets[at]) << 16 | Int(octets[at + 1]) << 8 | Int(octets[at + 2])
    return String([18, 12, 6, 0].map { alphabet[group >> $0 & 63] })
  }.joined()
}
