/// What is known of a record's data in wire form without reading it as text.
extension RDataFormat {
  /// Whether `data` is what the format says, to the last octet.
  package func isValid(_ data: RawSpan) -> Bool {
    guard data.byteCount <= Int(UInt16.max) else { return false }
    var at = 0
    for i in 0..<Int(count) {
      guard let end = RDataFormat.end(of: fields[i], in: data, from: at) else { return false }
      at = end
    }
    return at == data.byteCount
  }

  /// Calls `body` with the range of each name in `data`, which is valid.
  package func forEachName(in data: RawSpan, _ body: (Range<Int>) -> Void) {
    var at = 0
    for i in 0..<Int(count) {
      let field = fields[i]
      guard let end = RDataFormat.end(of: field, in: data, from: at) else { return }
      switch field {
      case .name: body(at..<end)
      case .a6, .gateway, .relay, .hostIdentity: RDataFormat.forEachInnerName(field, data, at, end, body)
      default: break
      }
      at = end
    }
  }

  /// Lower-cases the names that canonical form has in lower case (RFC 4034 §6.2); `data` is valid.
  package func fold(_ data: inout [UInt8]) {
    guard names.contains(.folded) else { return }
    var ranges: [Range<Int>] = []
    forEachName(in: data.rawBytes) { ranges.append($0) }
    for range in ranges {
      for i in range { data[i] = DomainName.lowercase(data[i]) }
    }
  }

  /// Where the uncompressed name at `at` ends, or nil.
  package static func nameEnd(_ data: RawSpan, from start: Int) -> Int? {
    var at = start
    while at < data.byteCount, at - start < DomainName.maximumLength {
      let label = Int(data.octet(at))
      if label == 0 { return at + 1 }
      guard label <= 63 else { return nil }
      at += 1 + label
    }
    return nil
  }

  /// Where the character-string at `at` ends, or nil.
  private static func stringEnd(_ data: RawSpan, from at: Int) -> Int? {
    guard at < data.byteCount else { return nil }
    let end = at + 1 + Int(data.octet(at))
    return end <= data.byteCount ? end : nil
  }

  /// Where the field that begins at `at` ends; nil when it is not well-formed.
  static func end(of field: RDataField, in data: RawSpan, from at: Int) -> Int? {
    let count = data.byteCount
    switch field {
    case .none: return at
    case .octet, .algorithm, .keyProtocol, .digestType, .hashAlgorithm, .scheme: return fixed(1)
    case .short, .type, .keyFlags, .certificate: return fixed(2)
    case .long, .period, .time, .ipv4: return fixed(4)
    case .quad, .eui64, .locator: return fixed(8)
    case .eui48: return fixed(6)
    case .ipv6: return fixed(16)
    case .name: return nameEnd(data, from: at)
    case .string, .salt: return stringEnd(data, from: at)
    case .hash: return at < count && data.octet(at) > 0 ? stringEnd(data, from: at) : nil
    case .optionalString: return at == count ? at : stringEnd(data, from: at)
    case .strings:
      var end = stringEnd(data, from: at)
      while let next = end, next < count { end = stringEnd(data, from: next) }
      return end
    case .tag:
      guard let end = stringEnd(data, from: at), end > at + 1 else { return nil }
      for i in at + 1..<end where !isAlphanumeric(data.octet(i)) { return nil }
      return end
    case .text, .opaque, .optionalBase64, .base64OrDash, .keyData: return count
    case .atma: return count - at > 1 ? count : nil
    case .key: return isKey(data, at..<count) ? count : nil
    case .hex, .base64, .nsap: return at < count ? count : nil
    case .bitmap: return TypeBitmap.isValid(data, at..<count) ? count : nil
    case .oldBitmap: return count - at <= 16 ? count : nil
    case .location: return count - at == Location.length && Location.isValid(data, at) ? count : nil
    case .prefixes: return AddressPrefixes.isValid(data, at..<count) ? count : nil
    case .services: return at < count && count - at <= 1 + 8192 ? count : nil
    case .parameters: return ServiceParameters.isValid(data, from: at) ? count : nil
    case .gateway:
      guard count - at >= 2 else { return nil }
      let end = Gateway.end(data.octet(at), data, from: at + 2)
      return end.map { $0 < count || data.octet(at + 1) == 0 } == true ? count : nil
    case .relay:
      guard at < count else { return nil }
      return Gateway.end(data.octet(at) & 0x7F, data, from: at + 1)
    case .hostIdentity: return hostIdentityNames(data, at).flatMap { nameList(data, from: $0) }
    case .a6: return a6Name(data, at).flatMap { data.octet(at) == 0 ? $0 : nameEnd(data, from: $0) }
    }

    func fixed(_ size: Int) -> Int? { at + size <= data.byteCount ? at + size : nil }
  }

  /// Where the rendezvous servers of HIP begin.
  static func hostIdentityNames(_ data: RawSpan, _ at: Int) -> Int? {
    guard data.byteCount - at >= 4 else { return nil }
    let (tag, key) = (Int(data.octet(at)), Int(data.uint16(at + 2)))
    guard tag > 0, key > 0, at + 4 + tag + key <= data.byteCount else { return nil }
    return at + 4 + tag + key
  }

  /// Where the name of A6 begins, or the data ends.
  static func a6Name(_ data: RawSpan, _ at: Int) -> Int? {
    guard at < data.byteCount, data.octet(at) <= 128 else { return nil }
    let end = at + 1 + 16 - Int(data.octet(at)) / 8
    return end <= data.byteCount ? end : nil
  }

  private static func nameList(_ data: RawSpan, from start: Int) -> Int? {
    var at = start
    while at < data.byteCount {
      guard let end = nameEnd(data, from: at) else { return nil }
      at = end
    }
    return at
  }

  /// The names within fields that are more than a name.
  private static func forEachInnerName(
    _ field: RDataField, _ data: RawSpan, _ at: Int, _ end: Int, _ body: (Range<Int>) -> Void
  ) {
    var start: Int?
    switch field {
    case .a6: start = data.octet(at) > 0 ? a6Name(data, at) : nil
    case .gateway: start = data.octet(at) == 3 ? at + 2 : nil
    case .relay: start = data.octet(at) & 0x7F == 3 ? at + 1 : nil
    case .hostIdentity: start = hostIdentityNames(data, at)
    default: return
    }
    while let first = start, first < end, let next = nameEnd(data, from: first) {
      body(first..<next)
      start = field == .hostIdentity ? next : nil
    }
  }
}
