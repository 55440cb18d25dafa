package import Crypto
package import Wire

/// One probe, to the last detail that its target could notice: equal specifications are one probe.
package struct ProbeSpecification: Hashable, Sendable {
  package var target: SocketAddress
  package var source: IPAddress?
  package var kind: Kind
  /// From start to start.
  package var interval: Duration
  /// For the whole attempt.
  package var timeout: Duration

  package enum Kind: Hashable, Sendable {
    /// Connecting is enough.
    case tcp
    case http(Request)
    case https(Request, TLS)
  }

  package struct Request: Hashable, Sendable {
    package var path: String
    /// The Host field; nil writes the target's address.
    package var host: String?
    package var expected: [ClosedRange<Int>]

    package init(path: String = "/", host: String? = nil, expected: [ClosedRange<Int>] = [200...399]) {
      self.path = path
      self.host = host
      self.expected = expected
    }
  }

  package struct TLS: Hashable, Sendable {
    /// Sent as SNI and looked for in the certificate; nil: the target's address, and no SNI.
    package var serverName: String?
    package var verification: TLSContext.Verification

    package init(serverName: String? = nil, verification: TLSContext.Verification = .system) {
      self.serverName = serverName
      self.verification = verification
    }
  }

  package init(
    _ kind: Kind, target: SocketAddress, source: IPAddress? = nil, interval: Duration, timeout: Duration
  ) {
    self.kind = kind
    self.target = target
    self.source = source
    self.interval = interval
    self.timeout = timeout
  }

  /// Nil for a probe that asks nothing.
  var request: Request? {
    switch kind {
    case .tcp: nil
    case .http(let request), .https(let request, _): request
    }
  }

  /// The port that a URL of this kind need not name (RFC 9110 §4.2).
  private var defaultPort: UInt16 {
    if case .https = kind { 443 } else { 80 }
  }

  /// The request as it is sent (RFC 9112 §3); empty for a probe that asks nothing.
  var requestOctets: [UInt8] {
    guard let request else { return [] }
    let address = target.address.isIPv6 ? "[\(target.address)]" : "\(target.address)"
    let host = request.host ?? (target.port == defaultPort ? address : "\(address):\(target.port)")
    let lines = [
      "GET \(request.path) HTTP/1.1", "Host: \(host)", "User-Agent: Alula", "Accept: */*", "Connection: close", "", "",
    ]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}
