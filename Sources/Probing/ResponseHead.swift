/// The head of an HTTP/1.x response (RFC 9112 §4 and §5), taken octet by octet as it arrives.
///
/// Decides as soon as the final status line is complete; heads of interim responses (1xx, RFC 9110
/// §15.2) are skipped. Everything together is bounded by `limit`, so a peer cannot make it grow.
package struct ResponseHead {
  /// Octets; what servers and Route 53 accept of a request's or response's head.
  package static var limit: Int { 16_384 }

  package enum Progress: Equatable {
    case incomplete
    case status(Int)
    case notHTTP
    case tooLong
  }

  private enum Line { case status, interimField }

  private var expected = Line.status
  private var line: [UInt8] = []
  /// Octets so far, to the end of the status line at most.
  package private(set) var taken = 0

  package init() {}

  package mutating func take(_ octets: some Collection<UInt8>) -> Progress {
    for octet in octets {
      taken += 1
      if octet != UInt8(ascii: "\n") {
        line.append(octet)
        if expected == .status, !ResponseHead.canBegin(line) { return .notHTTP }
      } else if let result = endLine() {
        return result
      }
      if taken >= ResponseHead.limit { return .tooLong }
    }
    return .incomplete
  }

  private mutating func endLine() -> Progress? {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    defer { line.removeAll(keepingCapacity: true) }
    switch expected {
    case .interimField:
      if line.isEmpty { expected = .status }
      return nil
    case .status:
      guard let code = ResponseHead.statusCode(line) else { return .notHTTP }
      // 101 changes the protocol: it is the last word.
      guard (100...199).contains(code), code != 101 else { return .status(code) }
      expected = .interimField
      return nil
    }
  }

  /// Whether a status line may begin so: tells a foreign protocol after its first octets.
  private static func canBegin(_ line: [UInt8]) -> Bool {
    line.count > version.count || line.elementsEqual(version.prefix(line.count))
  }

  private static var version: String.UTF8View { "HTTP/1.".utf8 }

  /// `HTTP/1.` digit SP three digits, then the end or SP and a reason of any octets.
  private static func statusCode(_ line: [UInt8]) -> Int? {
    guard line.count >= 12, line.starts(with: version), isDigit(line[7]), line[8] == UInt8(ascii: " "),
      line[9...11].allSatisfy(isDigit), line.count == 12 || line[12] == UInt8(ascii: " ")
    else { return nil }
    let code = line[9...11].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return code >= 100 ? code : nil
  }

  private static func isDigit(_ octet: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) }
}
