/// Takes the chunked transfer coding off a body (RFC 9112 §7.1), as octets arrive.
package struct Chunks {
  package enum Progress: Equatable {
    case more
    /// The last chunk has come; trailers are not waited for.
    case ended
    case malformed
  }

  private enum Place: Equatable { case size, sizeLine, data, dataEnd }

  private var place = Place.size
  private var remaining = 0
  private var digits = 0

  package init() {}

  /// Appends the data of `octets` to `data`.
  package mutating func take(_ octets: ArraySlice<UInt8>, into data: inout [UInt8]) -> Progress {
    var rest = octets
    while let octet = rest.first {
      if place == .data {
        let part = rest.prefix(remaining)
        data += part
        remaining -= part.count
        rest = rest.dropFirst(part.count)
        if remaining == 0 { place = .dataEnd }
        continue
      }
      rest = rest.dropFirst()
      let progress = take(octet)
      guard progress == .more else { return progress }
    }
    return .more
  }

  private mutating func take(_ octet: UInt8) -> Progress {
    switch (place, octet) {
    case (.size, _) where hexadecimal(octet) != nil:
      digits += 1
      // Eight digits are 4 GiB, far beyond what is ever read.
      guard digits <= 8 else { return .malformed }
      remaining = remaining * 16 + (hexadecimal(octet) ?? 0)
    case (.size, UInt8(ascii: "\n")), (.sizeLine, UInt8(ascii: "\n")):
      guard digits > 0 else { return .malformed }
      if remaining == 0 { return .ended }
      (place, digits) = (.data, 0)
    case (.size, UInt8(ascii: "\r")), (.size, UInt8(ascii: ";")), (.size, UInt8(ascii: " ")): place = .sizeLine
    case (.sizeLine, _): break
    case (.dataEnd, UInt8(ascii: "\r")): break
    case (.dataEnd, UInt8(ascii: "\n")): place = .size
    default: return .malformed
    }
    return .more
  }
}

private func hexadecimal(_ octet: UInt8) -> Int? {
  switch octet {
  case 0x30...0x39: Int(octet) - 0x30
  case 0x41...0x46: Int(octet) - 0x41 + 10
  case 0x61...0x66: Int(octet) - 0x61 + 10
  default: nil
  }
}
