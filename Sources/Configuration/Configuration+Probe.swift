package import Wire

extension Configuration {
  /// What a check does beyond the keys that every check has; a key that was not written is nil or empty.
  package struct ProbeOptions: Sendable {
    package var fastInterval: Duration?
    /// At most one of each family.
    package var sources: [IPAddress] = []
    package var connectTimeout: Duration?
    package var handshakeTimeout: Duration?
    package var firstByteTimeout: Duration?
    /// tcp: sent once connected.
    package var send: [UInt8]?
    /// tcp: looked for in what the target sends.
    package var expected: Expectation?
    package var method: String?
    package var headers: [Header]?
    /// http: looked for in the decoded body.
    package var body: Expectation?
    package var minimumDays: Int?
    package var clientCertificate: Placed<String>?
    /// Nil: in the same file as the certificate.
    package var clientKey: Placed<String>?
    package var fullHandshake: Duration?
    package var question: Question?
    /// Data that the answer must have, in canonical form, and as written.
    package var answers: [(data: [UInt8], text: String)]?
    /// The program, and its arguments with `{address}` and `{port}` for those of the endpoint.
    package var command: [String]?

    package init() {}
  }

  package enum Expectation: Sendable {
    case text(String)
    /// A regular expression that compiles.
    case pattern(String)
  }

  package struct Header: Sendable {
    package var name: String
    package var value: String
  }

  package struct Question: Sendable {
    package var name: DomainName
    package var type: RecordType
  }
}

extension Configuration.ProbeOptions {
  /// These options, and where they leave something open those of `other`.
  func over(_ other: Self) -> Self {
    var result = self
    result.fastInterval = fastInterval ?? other.fastInterval
    result.sources = sources.isEmpty ? other.sources : sources
    result.connectTimeout = connectTimeout ?? other.connectTimeout
    result.handshakeTimeout = handshakeTimeout ?? other.handshakeTimeout
    result.firstByteTimeout = firstByteTimeout ?? other.firstByteTimeout
    result.send = send ?? other.send
    result.expected = expected ?? other.expected
    result.method = method ?? other.method
    result.headers = headers ?? other.headers
    result.body = body ?? other.body
    result.minimumDays = minimumDays ?? other.minimumDays
    result.clientCertificate = clientCertificate ?? other.clientCertificate
    result.clientKey = clientKey ?? (clientCertificate == nil ? other.clientKey : nil)
    result.fullHandshake = fullHandshake ?? other.fullHandshake
    result.question = question ?? other.question
    result.answers = answers ?? (question == nil ? other.answers : nil)
    result.command = command ?? other.command
    return result
  }

  /// These options without those that mean nothing to a check of `kind`.
  func fitting(_ kind: Configuration.Check.Kind) -> Self {
    var result = self
    if kind != .tcp { (result.send, result.expected) = (nil, nil) }
    if !kind.speaksHTTP { (result.method, result.headers, result.body) = (nil, nil, nil) }
    if kind != .https {
      (result.minimumDays, result.clientCertificate, result.clientKey, result.fullHandshake) = (nil, nil, nil, nil)
      result.handshakeTimeout = nil
    }
    if kind != .dns { (result.question, result.answers) = (nil, nil) }
    if kind != .command { result.command = nil }
    if kind == .dns || kind == .command { (result.connectTimeout, result.firstByteTimeout) = (nil, nil) }
    if kind == .command { result.sources = [] }
    return result
  }
}

extension Configuration.Check.Kind {
  var speaksHTTP: Bool { self == .http || self == .https }
}
