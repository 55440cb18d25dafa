import Wire

extension ProbeSpecification {
  /// An HTTP request, and what its response must be.
  package struct Request: Hashable, Sendable {
    package var method: String
    package var path: String
    /// The Host field; nil writes the target.
    package var host: String?
    /// Further fields, which replace those that are sent otherwise.
    package var fields: [Field]
    package var expected: [ClosedRange<Int>]
    /// Looked for in the decoded body; nil: the status line decides.
    package var body: Expectation?

    package struct Field: Hashable, Sendable {
      package var name: String
      package var value: String

      package init(name: String, value: String) {
        self.name = name
        self.value = value
      }
    }

    package init(
      method: String = "GET", path: String = "/", host: String? = nil, fields: [Field] = [],
      expected: [ClosedRange<Int>] = [200...399], body: Expectation? = nil
    ) {
      self.method = method
      self.path = path
      self.host = host
      self.fields = fields
      self.expected = expected
      self.body = body
    }
  }

  /// The port that a URL of this kind need not name (RFC 9110 §4.2).
  private var defaultPort: UInt16 {
    if case .https = kind { 443 } else { 80 }
  }

  /// What is sent once connected (a request as in RFC 9112 §3); empty for a probe that sends nothing.
  var octetsToSend: [UInt8] {
    if case .tcpDialogue(let dialogue) = kind { return dialogue.send }
    guard let request else { return [] }
    let address = hostName ?? (target.address.isIPv6 ? "[\(target.address)]" : "\(target.address)")
    let host = request.host ?? (target.port == defaultPort ? address : "\(address):\(target.port)")
    let usual = [("Host", host), ("User-Agent", "Alula"), ("Accept", "*/*"), ("Connection", "close")]
    let fields =
      usual.filter { field in !request.fields.contains { $0.name.lowercased() == field.0.lowercased() } }
      + request.fields.map { ($0.name, $0.value) }
    let lines = ["\(request.method) \(request.path) HTTP/1.1"] + fields.map { "\($0.0): \($0.1)" } + ["", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}
