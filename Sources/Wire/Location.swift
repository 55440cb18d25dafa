import Memory

/// LOC: a place on earth (RFC 1876). Version 0, three sizes as a digit and a power of ten in
/// centimetres, latitude and longitude in thousandths of a second of arc around 2^31, altitude in
/// centimetres above -100 km.
enum Location {
  static let length = 16
  static let equator: Int64 = 1 << 31
  static let lowest: Int64 = 10_000_000
  /// 1 m, 10 km and 10 m (§3).
  static let defaults: (UInt8, UInt8, UInt8) = (0x12, 0x16, 0x13)

  static func isValid(_ data: RawSpan, _ at: Int) -> Bool {
    guard data.octet(at) == 0 else { return false }
    for i in 1...3 where data.octet(at + i) >> 4 > 9 || data.octet(at + i) & 15 > 9 { return false }
    return abs(Int64(data.uint32(at + 4)) - equator) <= 90 * 3_600_000
      && abs(Int64(data.uint32(at + 8)) - equator) <= 180 * 3_600_000
  }

  static func text(_ data: RawSpan, _ at: Int) -> String {
    let sizes = (1...3).map { index -> String in
      var centimetres = Int64(data.octet(at + index) >> 4)
      for _ in 0..<(data.octet(at + index) & 15) { centimetres *= 10 }
      return metres(centimetres)
    }
    return [
      angle(Int64(data.uint32(at + 4)) - equator, "N", "S"), angle(Int64(data.uint32(at + 8)) - equator, "E", "W"),
      metres(Int64(data.uint32(at + 12)) - lowest),
    ].joined(separator: " ") + " " + sizes.joined(separator: " ")
  }

  private static func angle(_ value: Int64, _ positive: String, _ negative: String) -> String {
    let size = abs(value)
    let seconds = "\(size / 1000 % 60)." + String(1000 + size % 1000).dropFirst()
    return "\(size / 3_600_000) \(size / 60000 % 60) \(seconds) \(value < 0 ? negative : positive)"
  }

  private static func metres(_ centimetres: Int64) -> String {
    let size = abs(centimetres)
    return (centimetres < 0 ? "-" : "") + "\(size / 100)." + String(100 + size % 100).dropFirst() + "m"
  }

  /// One digit and a power of ten, rounded down.
  static func size(_ centimetres: Int64) -> UInt8 {
    var (mantissa, exponent) = (centimetres, UInt8(0))
    while mantissa > 9 {
      mantissa /= 10
      exponent += 1
    }
    return UInt8(mantissa) << 4 | exponent
  }
}

extension Tokenizer {
  mutating func appendLocation(to out: inout OctetBuffer) throws(SyntaxError) {
    let latitude = try angle(upTo: 90, "N", "S")
    let longitude = try angle(upTo: 180, "E", "W")
    let altitude = try metres(try next(), from: -Location.lowest, to: Int64(UInt32.max) - Location.lowest)
    out.append(UInt8(0))
    out.append(try size(Location.defaults.0))
    out.append(try size(Location.defaults.1))
    out.append(try size(Location.defaults.2))
    out.append(UInt32(Location.equator + latitude))
    out.append(UInt32(Location.equator + longitude))
    out.append(UInt32(altitude + Location.lowest))
  }

  /// Reads `degrees [minutes [seconds[.fraction]]]` and a letter, in thousandths of a second.
  private mutating func angle(
    upTo degrees: Int64, _ positive: String, _ negative: String
  ) throws(SyntaxError) -> Int64 {
    let expected = "an angle such as 52 22 23.000 \(positive)"
    let first = try next()
    var total: Int64 = 0
    var token = first
    for (limit, places, factor) in [(degrees, 0, 3_600_000), (59, 0, 60000), (59, 3, 1)] as [(Int64, Int, Int64)] {
      let scale: Int64 = places == 3 ? 1000 : 1
      guard let value = fixed(token, places: places), 0..<(limit + 1) * scale ~= value else {
        throw unexpected(token, expected: expected)
      }
      total += value * factor
      token = try next()
      if matches(token, positive) || matches(token, negative) { break }
    }
    guard matches(token, positive) || matches(token, negative) else { throw unexpected(token, expected: expected) }
    guard total <= degrees * 3_600_000 else { throw error(first, "the angle is beyond \(degrees) degrees") }
    return matches(token, positive) ? total : -total
  }

  private mutating func size(_ standard: UInt8) throws(SyntaxError) -> UInt8 {
    if try peek().isEnd { return standard }
    return Location.size(try metres(try next(), from: 0, to: 9_000_000_000))
  }

  /// A length in metres with an optional `m`, in centimetres.
  private func metres(_ token: Token, from low: Int64, to high: Int64) throws(SyntaxError) -> Int64 {
    let unit = token.count > 0 && text[token.end - 1] | 0x20 == UInt8(ascii: "m") ? 1 : 0
    guard token.kind == .word, let value = fixed(token.start..<token.end - unit, places: 2), low...high ~= value else {
      throw unexpected(token, expected: "a length in metres such as 10.50m, from \(low / 100) to \(high / 100)")
    }
    return value
  }

  private func fixed(_ token: Token, places: Int) -> Int64? {
    token.kind == .word ? fixed(token.start..<token.end, places: places) : nil
  }

  /// A decimal number with at most `places` digits after the point, times ten to the power `places`.
  private func fixed(_ range: Range<Int>, places: Int) -> Int64? {
    var (value, digits, fraction): (Int64, Int, Int?) = (0, 0, nil)
    let isNegative = !range.isEmpty && text[range.lowerBound] == UInt8(ascii: "-")
    let isSigned = isNegative || !range.isEmpty && text[range.lowerBound] == UInt8(ascii: "+")
    for i in range.dropFirst(isSigned ? 1 : 0) {
      if text[i] == UInt8(ascii: "."), fraction == nil {
        fraction = 0
      } else {
        guard 0x30...0x39 ~= text[i], digits < 12, fraction ?? -1 < places else { return nil }
        value = 10 * value + Int64(text[i] - 0x30)
        digits += 1
        fraction = fraction.map { $0 + 1 }
      }
    }
    guard digits > 0 else { return nil }
    for _ in (fraction ?? 0)..<places { value *= 10 }
    return isNegative ? -value : value
  }
}
