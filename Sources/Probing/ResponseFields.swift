package import Content

/// The fields of a response's head (RFC 9112 §5) after its status line: what they say of the body, as octets arrive.
package struct ResponseFields {
  package enum Progress: Equatable {
    case incomplete
    case complete
    case malformed(String)
    case tooLong
  }

  package private(set) var contentLength: Int?
  /// The body comes in chunks (RFC 9112 §7.1).
  package private(set) var isChunked = false
  package private(set) var coding: Inflater.Coding?
  /// Octets so far, to the end of the head at most.
  package private(set) var taken = 0

  private let room: Int
  private var line: [UInt8] = []

  /// - Parameter room: octets that the head may still have.
  package init(room: Int) { self.room = room }

  package mutating func take(_ octets: some Collection<UInt8>) -> Progress {
    for octet in octets {
      taken += 1
      if octet != UInt8(ascii: "\n") {
        line.append(octet)
      } else if let result = endLine() {
        return result
      }
      if taken >= room { return .tooLong }
    }
    return .incomplete
  }

  private mutating func endLine() -> Progress? {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    defer { line.removeAll(keepingCapacity: true) }
    guard let first = line.first else { return .complete }
    // A folded line belongs to the field before it (RFC 9112 §5.2), which is none of those read here.
    if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") { return nil }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
      return .malformed("a field without a colon")
    }
    // Names of other lengths matter to nobody here.
    guard [14, 16, 17].contains(colon) else { return nil }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    return take(name, ResponseFields.list(line[(colon + 1)...]))
  }

  private mutating func take(_ name: String, _ values: [String]) -> Progress? {
    switch name {
    case "content-length":
      for value in values {
        guard let length = Int(value), length >= 0, contentLength ?? length == length else {
          return .malformed("a Content-Length that is no number, or two of them")
        }
        contentLength = length
      }
    case "transfer-encoding":
      guard values == ["chunked"], !isChunked else { return .malformed("a transfer coding other than chunked") }
      isChunked = true
    case "content-encoding":
      for value in values where value != "identity" {
        guard coding == nil, let known = ResponseFields.codings[value] else {
          return .malformed("the content coding \(printable(Array(value.utf8), limit: 20))")
        }
        coding = known
      }
    default: break
    }
    return nil
  }

  private static var codings: [String: Inflater.Coding] {
    ["gzip": .gzip, "x-gzip": .gzip, "deflate": .deflate]
  }

  /// The elements of a comma-separated list, in lower case.
  private static func list(_ value: ArraySlice<UInt8>) -> [String] {
    value.split(separator: UInt8(ascii: ",")).map { element in
      String(decoding: element.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }, as: UTF8.self)
        .lowercased()
    }
  }
}

/// Octets of a peer for a log line: what is not printable ASCII as `?`, and no more than `limit`.
func printable(_ octets: some Collection<UInt8>, limit: Int) -> String {
  let visible = octets.prefix(limit).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
  return String(decoding: visible, as: UTF8.self)
}
