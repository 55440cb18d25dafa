/// The parameters of SVCB and HTTPS: keys in ascending order, each with a length and a value (RFC 9460
/// §2.2). Each known key has a form of its own; any key may be written `keyNNN` with opaque octets.
enum ServiceParameters {
  enum Form { case keys, protocols, nothing, port, ipv4, ipv6, base64, groups, text, template }

  static let keys: [(name: String, form: Form)] = [
    ("mandatory", .keys), ("alpn", .protocols), ("no-default-alpn", .nothing), ("port", .port), ("ipv4hint", .ipv4),
    ("ech", .base64), ("ipv6hint", .ipv6), ("dohpath", .template), ("ohttp", .nothing),
    ("tls-supported-groups", .groups),
  ]

  static func form(_ key: UInt16) -> Form { Int(key) < keys.count ? keys[Int(key)].form : .text }

  static func name(_ key: UInt16) -> String { Int(key) < keys.count ? keys[Int(key)].name : "key\(key)" }

  /// 65535 is reserved and never a key.
  static func key(named name: String) -> UInt16? {
    if let known = keys.firstIndex(where: { $0.name == name }) { return UInt16(known) }
    guard name.hasPrefix("key"), let number = UInt16(name.dropFirst(3)), number < .max,
      name == "key\(number)"
    else { return nil }
    return number
  }

  /// Calls `body` with each key and the range of its value; false when the lengths do not add up.
  static func forEach(_ data: RawSpan, from start: Int, _ body: (UInt16, Range<Int>) -> Bool) -> Bool {
    var at = start
    while at < data.byteCount {
      guard data.byteCount - at >= 4 else { return false }
      let end = at + 4 + Int(data.uint16(at + 2))
      guard end <= data.byteCount, body(data.uint16(at), at + 4..<end) else { return false }
      at = end
    }
    return true
  }

  /// Whether keys ascend, values have their form, and what `mandatory` and `no-default-alpn` ask for
  /// is there (§2.4.1, §7.1, §8).
  static func isValid(_ data: RawSpan, from start: Int) -> Bool {
    var seen: [UInt16] = []
    var mandatory: [UInt16] = []
    let wellFormed = forEach(data, from: start) { key, value in
      guard key < .max, seen.last ?? 0 < key || seen.isEmpty, isValid(form(key), data, value) else { return false }
      if key == 0 { mandatory = words(data, value) }
      seen.append(key)
      return true
    }
    let ascends = zip(mandatory, mandatory.dropFirst()).allSatisfy { $0 < $1 }
    return wellFormed && ascends && mandatory.allSatisfy { $0 != 0 && seen.contains($0) }
      && (!seen.contains(2) || seen.contains(1))
  }

  private static func isValid(_ form: Form, _ data: RawSpan, _ value: Range<Int>) -> Bool {
    switch form {
    case .keys: return !value.isEmpty && value.count % 2 == 0
    case .groups: return !value.isEmpty && value.count % 2 == 0 && Set(words(data, value)).count == value.count / 2
    case .nothing: return value.isEmpty
    case .port: return value.count == 2
    case .ipv4: return !value.isEmpty && value.count % 4 == 0
    case .ipv6: return !value.isEmpty && value.count % 16 == 0
    case .base64: return !value.isEmpty
    case .text: return true
    case .template: return isTemplate(value.map { data.octet($0) })
    case .protocols:
      var at = value.lowerBound
      while at < value.upperBound {
        guard data.octet(at) > 0 else { return false }
        at += 1 + Int(data.octet(at))
      }
      return at == value.upperBound && !value.isEmpty
    }
  }

  /// Whether it is the path of a URI that takes the variable `dns` somewhere (RFC 9461 §5).
  private static func isTemplate(_ octets: [UInt8]) -> Bool {
    guard octets.first == UInt8(ascii: "/"), let text = String(validating: octets, as: UTF8.self) else { return false }
    return text.split(separator: "{").dropFirst().contains { expression in
      guard let end = expression.firstIndex(of: "}") else { return false }
      return expression[..<end].drop { "+#./;?&".contains($0) }.split(separator: ",").contains { $0 == "dns" }
    }
  }

  static func words(_ data: RawSpan, _ range: Range<Int>) -> [UInt16] {
    stride(from: range.lowerBound, to: range.upperBound, by: 2).map { data.uint16($0) }
  }
}

extension ServiceParameters {
  /// The parameters, each after a space.
  static func text(_ data: RawSpan, from start: Int) -> String {
    var result = ""
    _ = forEach(data, from: start) { key, value in
      result += " " + name(key)
      if !value.isEmpty { result += "=" + text(form(key), data, value) }
      return true
    }
    return result
  }

  private static func text(_ form: Form, _ data: RawSpan, _ value: Range<Int>) -> String {
    switch form {
    case .keys: words(data, value).map(name).joined(separator: ",")
    case .groups: words(data, value).map(String.init).joined(separator: ",")
    case .port: String(data.uint16(value.lowerBound))
    case .ipv4: addresses(data, value, width: 4)
    case .ipv6: addresses(data, value, width: 16)
    case .base64: Presentation.base64(data, value)
    case .nothing, .text, .template: Presentation.quoted(data, value)
    case .protocols: protocols(data, value)
    }
  }

  private static func addresses(_ data: RawSpan, _ value: Range<Int>, width: Int) -> String {
    stride(from: value.lowerBound, to: value.upperBound, by: width).map { start in
      IPAddress(octets: (start..<start + width).map { data.octet($0) })?.description ?? ""
    }.joined(separator: ",")
  }

  /// A comma or backslash within an identifier has one escape for the list and one for the string.
  private static func protocols(_ data: RawSpan, _ value: Range<Int>) -> String {
    var list: [UInt8] = []
    var at = value.lowerBound
    while at < value.upperBound {
      if !list.isEmpty { list.append(UInt8(ascii: ",")) }
      let end = at + 1 + Int(data.octet(at))
      for i in at + 1..<end {
        let octet = data.octet(i)
        if octet == UInt8(ascii: ",") || octet == UInt8(ascii: "\\") { list.append(UInt8(ascii: "\\")) }
        list.append(octet)
      }
      at = end
    }
    return Presentation.quoted(list.span.octets, 0..<list.count)
  }
}
