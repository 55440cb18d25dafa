package import JSONFormat

/// A request as far as it concerns whoever answers it.
package struct HTTPRequest: Sendable {
  package enum Method: Sendable { case get, head, post }

  package var method = Method.get
  /// With percent-encoding taken away.
  package var path = "/"
  package var query: [String: String] = [:]
  /// Every Host header's value; exactly one is in order (RFC 9112 §3.2).
  package var host: String?
  package var hostCount = 0
  /// Sent by browsers for what a page of another site asks of them.
  package var hasOrigin = false
  package var authorization: String?
  package var accept: String?
  package var body: [UInt8] = []
  /// Came over the UNIX socket, whose file mode says who may.
  package var isLocal = false

  package init() {}

  /// Takes path and query of a request target in origin form (RFC 9112 §3.2.1); false for any other.
  mutating func take(target: String) -> Bool {
    guard target.hasPrefix("/") else { return false }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let decoded = percentDecoded(parts[0]) else { return false }
    path = decoded
    for field in parts.count > 1 ? parts[1].split(separator: "&") : [] {
      let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = percentDecoded(pair[0]), let value = percentDecoded(pair.count > 1 ? pair[1] : "") else {
        return false
      }
      query[name] = value
    }
    return true
  }
}

package struct HTTPResponse: Sendable, Equatable {
  package var status: Int
  package var type: String
  package var body: [UInt8]

  package init(_ status: Int, type: String, _ body: String) {
    self.status = status
    self.type = type
    self.body = Array(body.utf8)
  }

  package static func text(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(status, type: "text/plain; charset=utf-8", text.hasSuffix("\n") ? text : text + "\n")
  }

  package static func json(_ status: Int, _ value: JSON) -> HTTPResponse {
    HTTPResponse(status, type: "application/json", value.text + "\n")
  }
}

/// What `%41` and the like stand for (RFC 3986 §2.1); nil when it is cut, or no text.
func percentDecoded(_ text: some StringProtocol) -> String? {
  var octets: [UInt8] = []
  var rest = text.utf8[...]
  while let octet = rest.popFirst() {
    guard octet == UInt8(ascii: "%") else {
      octets.append(octet)
      continue
    }
    guard let high = rest.popFirst().flatMap(hexadecimalValue), let low = rest.popFirst().flatMap(hexadecimalValue)
    else {
      return nil
    }
    octets.append(high << 4 | low)
  }
  return String(validating: octets, as: UTF8.self)
}

/// For one segment of a path: everything but letters, digits and `-._~` as `%41`.
func percentEncoded(_ text: String) -> String {
  text.utf8.reduce(into: "") { result, octet in
    switch octet {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
      result.unicodeScalars.append(UnicodeScalar(octet))
    default: result += "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
    }
  }
}

private func hexadecimalValue(_ octet: UInt8) -> UInt8? {
  switch octet {
  case 0x30...0x39: octet - 0x30
  case 0x41...0x46: octet - 0x41 + 10
  case 0x61...0x66: octet - 0x61 + 10
  default: nil
  }
}
