extension Tokenizer {
  /// Reads the next token as a decimal number of at most `limit`.
  package mutating func number(upTo limit: UInt64, _ what: String = "a number") throws(SyntaxError) -> UInt64 {
    let token = try next()
    guard let value = decimal(token), value <= limit else {
      throw unexpected(token, expected: "\(what) from 0 to \(limit)")
    }
    return value
  }

  /// The value of a word that is all decimal digits.
  package func decimal(_ token: Token) -> UInt64? {
    guard token.kind == .word else { return nil }
    return decimal(token.start..<token.end)
  }

  func decimal(_ range: Range<Int>) -> UInt64? {
    guard 1...20 ~= range.count else { return nil }
    var value: UInt64 = 0
    for i in range {
      guard 0x30...0x39 ~= text[i] else { return nil }
      let (product, high) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(text[i] - 0x30))
      guard !high, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// Seconds: a number, or numbers each with a unit (`1w2d3h4m5s`) in any case; nil for anything else
  /// and from 2^32 on.
  package func seconds(_ token: Token) -> UInt32? {
    guard token.kind == .word, token.count > 0 else { return nil }
    if let plain = decimal(token) { return UInt32(exactly: plain) }
    var total: UInt64 = 0
    var part: UInt64 = 0
    var digits = 0
    for i in token.start..<token.end {
      let octet = text[i]
      if 0x30...0x39 ~= octet {
        part = 10 * part + UInt64(octet - 0x30)
        digits += 1
        guard digits <= 10 else { return nil }
      } else {
        guard digits > 0, let unit = Tokenizer.unit(octet) else { return nil }
        total += part * unit
        (part, digits) = (0, 0)
        guard total <= UInt32.max else { return nil }
      }
    }
    return digits == 0 ? UInt32(exactly: total) : nil
  }

  private static func unit(_ octet: UInt8) -> UInt64? {
    switch octet | 0x20 {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 60
    case UInt8(ascii: "h"): 3600
    case UInt8(ascii: "d"): 86400
    case UInt8(ascii: "w"): 604_800
    default: nil
    }
  }

  mutating func period() throws(SyntaxError) -> UInt32 {
    let token = try next()
    guard let value = seconds(token) else {
      throw unexpected(token, expected: "a time in seconds or with units such as 1h30m, below 2^32 seconds")
    }
    return value
  }

  /// Reads `YYYYMMDDHHmmSS`, or seconds since 1970; both are taken modulo 2^32 (RFC 4034 §3.1.5).
  mutating func time() throws(SyntaxError) -> UInt32 {
    let token = try next()
    if token.count == 14, decimal(token) != nil {
      let part = { (offset: Int, count: Int, text: Span<UInt8>) -> Int in
        (token.start + offset..<token.start + offset + count).reduce(0) { 10 * $0 + Int(text[$1] - 0x30) }
      }
      let date = CivilTime(
        year: part(0, 4, text), month: part(4, 2, text), day: part(6, 2, text), hour: part(8, 2, text),
        minute: part(10, 2, text), second: part(12, 2, text))
      if let seconds = date.seconds { return UInt32(truncatingIfNeeded: seconds) }
    } else if let value = decimal(token), value <= UInt32.max {
      return UInt32(value)
    }
    throw unexpected(token, expected: "a time as YYYYMMDDHHmmSS, or in seconds since 1970")
  }

  mutating func recordType() throws(SyntaxError) -> RecordType {
    let token = try next()
    guard token.kind == .word, let type = RecordType(text: text, token.start..<token.end) else {
      throw unexpected(token, expected: "a record type")
    }
    return type
  }

  /// As RFC 2535 had it for SIG and NXT, a type may also be a bare number.
  mutating func recordTypeOrNumber() throws(SyntaxError) -> RecordType {
    let token = try peek()
    guard let number = decimal(token), let type = UInt16(exactly: number) else { return try recordType() }
    _ = try next()
    return RecordType(type)
  }

  /// Reads a number or one of the words of `table`.
  mutating func mnemonic(_ table: Mnemonics, upTo limit: UInt64) throws(SyntaxError) -> UInt64 {
    let token = try next()
    if let value = decimal(token), value <= limit { return value }
    let word = string(token).uppercased()
    guard token.kind == .word, let value = table.entries.first(where: { $0.name == word })?.value else {
      throw unexpected(token, expected: "\(table.what) as a number from 0 to \(limit) or a name")
    }
    return UInt64(value)
  }
}

/// Words that stand for numbers in a field.
struct Mnemonics {
  let what: String
  let entries: [(name: String, value: Int)]

  /// DNSSEC algorithms (RFC 4034 §A.1 and the IANA registry).
  static let algorithms = Mnemonics(
    what: "an algorithm",
    entries: [
      ("RSAMD5", 1), ("DH", 2), ("DSA", 3), ("RSASHA1", 5), ("NSEC3DSA", 6), ("DSA-NSEC3-SHA1", 6),
      ("NSEC3RSASHA1", 7), ("RSASHA1-NSEC3-SHA1", 7), ("RSASHA256", 8), ("RSASHA512", 10), ("ECCGOST", 12),
      ("ECC-GOST", 12), ("ECDSAP256SHA256", 13), ("ECDSA256", 13), ("ECDSAP384SHA384", 14), ("ECDSA384", 14),
      ("ED25519", 15), ("ED448", 16), ("SM2SM3", 17), ("ECC-GOST12", 23), ("INDIRECT", 252), ("PRIVATEDNS", 253),
      ("PRIVATEOID", 254),
    ])

  /// What a KEY is for (RFC 2535 §3.1.3); always DNSSEC in a DNSKEY.
  static let keyProtocols = Mnemonics(
    what: "a protocol",
    entries: [("NONE", 0), ("TLS", 1), ("EMAIL", 2), ("DNSSEC", 3), ("IPSEC", 4), ("ALL", 255)])

  /// Digests of DS (the IANA registry), with and without hyphens as BIND has them.
  static let digests = Mnemonics(
    what: "a digest type",
    entries: [
      ("SHA-1", 1), ("SHA1", 1), ("SHA-256", 2), ("SHA256", 2), ("GOST", 3), ("SHA-384", 4), ("SHA384", 4),
    ])

  /// Hashes of NSEC3 (RFC 5155 §11).
  static let hashes = Mnemonics(what: "a hash algorithm", entries: [("SHA-1", 1)])

  /// Certificate types (RFC 4398 §2.1).
  static let certificates = Mnemonics(
    what: "a certificate type",
    entries: [
      ("PKIX", 1), ("SPKI", 2), ("PGP", 3), ("IPKIX", 4), ("ISPKI", 5), ("IPGP", 6), ("ACPKIX", 7), ("IACPKIX", 8),
      ("URI", 253), ("OID", 254),
    ])

  /// DSYNC schemes (RFC 9859 §2.1).
  static let schemes = Mnemonics(what: "a scheme", entries: [("NOTIFY", 1)])

  /// The word for `value`, or the number.
  func text(_ value: Int) -> String { entries.first { $0.value == value }?.name ?? String(value) }
}

/// A date of the Gregorian calendar in UTC.
package struct CivilTime {
  var year, month, day, hour, minute, second: Int

  /// Since 1970, negative before; nil when there is no such time. A second 60 is the next minute's first.
  var seconds: Int? {
    guard year >= 1, 1...12 ~= month, 1...CivilTime.days(month, year) ~= day, 0...23 ~= hour, 0...59 ~= minute,
      0...60 ~= second
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - 400 * era
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return 86400 * (146_097 * era + dayOfEra - 719_468) + 3600 * hour + 60 * minute + second
  }

  init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    (self.year, self.month, self.day, self.hour, self.minute, self.second) = (year, month, day, hour, minute, second)
  }

  package init(seconds: UInt32) {
    let days = Int(seconds) / 86400 + 719_468
    let rest = Int(seconds) % 86400
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    year = days / 146_097 * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// `YYYYMMDDHHmmSS`
  var text: String {
    String(10000 + year).dropFirst() + [month, day, hour, minute, second].map { String(100 + $0).dropFirst() }.joined()
  }

  /// `YYYY-MM-DD HH:mm UTC`
  package var legible: String {
    let parts = [month, day, hour, minute].map { String(100 + $0).dropFirst() }
    return "\(year)-\(parts[0])-\(parts[1]) \(parts[2]):\(parts[3]) UTC"
  }
}
