package import Crypto
package import Wire

/// One probe, to the last detail that its target could notice: equal specifications are one probe.
package struct ProbeSpecification: Hashable, Sendable {
  /// With `hostName`, the port, and of the address only the family that is preferred.
  package var target: SocketAddress
  /// Looked up anew for each attempt, in place of the target's address.
  package var hostName: String?
  package var source: IPAddress?
  package var kind: Kind
  /// From start to start.
  package var interval: Duration
  /// The same while a verdict is about to turn; nil: no difference.
  package var fastInterval: Duration?
  /// For the whole attempt.
  package var timeout: Duration
  package var limits = StageLimits()

  /// How long parts of an attempt may take; nil: as long as the whole.
  package struct StageLimits: Hashable, Sendable {
    package var connect: Duration?
    package var handshake: Duration?
    /// From when a request can be sent to the first octet of the answer.
    package var firstByte: Duration?

    package init(connect: Duration? = nil, handshake: Duration? = nil, firstByte: Duration? = nil) {
      self.connect = connect
      self.handshake = handshake
      self.firstByte = firstByte
    }
  }

  package enum Kind: Hashable, Sendable {
    /// Connecting is enough.
    case tcp
    case tcpDialogue(Dialogue)
    case http(Request)
    case https(Request, TLS)
    case dns(Question)
    case command(Command)
  }

  /// What is looked for in the first 5,120 octets that a target sends.
  package enum Expectation: Hashable, Sendable {
    case text(String)
    /// A regular expression (PCRE2), over octets.
    case pattern(String)
  }

  package struct Dialogue: Hashable, Sendable {
    package var send: [UInt8]
    /// Nil: sending is enough.
    package var expected: Expectation?

    package init(send: [UInt8] = [], expected: Expectation? = nil) {
      self.send = send
      self.expected = expected
    }
  }

  package struct TLS: Hashable, Sendable {
    /// Sent as SNI and looked for in the certificate; nil: the target's address, and no SNI.
    package var serverName: String?
    package var verification: TLSContext.Verification
    package var identity: TLSContext.Identity?
    /// Days for which the certificate must still be valid; with fewer the target is up, with a concern.
    package var minimumDays: Int?
    /// After so long without one, a handshake shows the certificate again instead of resuming a session.
    package var fullHandshake: Duration

    package init(
      serverName: String? = nil, verification: TLSContext.Verification = .system,
      identity: TLSContext.Identity? = nil, minimumDays: Int? = nil, fullHandshake: Duration = .seconds(60)
    ) {
      self.serverName = serverName
      self.verification = verification
      self.identity = identity
      self.minimumDays = minimumDays
      self.fullHandshake = fullHandshake
    }
  }

  package struct Question: Hashable, Sendable {
    package var name: DomainName
    package var type: RecordType
    /// Data that must all be among the answer's, uncompressed and in canonical form (RFC 4034 §6.2), with the text
    /// for messages; empty: any data of the type will do.
    package var expected: [Answer]

    package struct Answer: Hashable, Sendable {
      package var data: [UInt8]
      package var text: String

      package init(data: [UInt8], text: String) {
        self.data = data
        self.text = text
      }
    }

    package init(name: DomainName, type: RecordType, expected: [Answer] = []) {
      self.name = name
      self.type = type
      self.expected = expected
    }
  }

  /// A program, found by its path, and its arguments.
  package struct Command: Hashable, Sendable {
    package var arguments: [String]

    package init(_ arguments: [String]) { self.arguments = arguments }
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

  /// The target for people: an address or a host name, with the port.
  package var place: String { hostName.map { "\($0):\(target.port)" } ?? "\(target)" }

  /// Nil for a probe that speaks no HTTP.
  var request: Request? {
    switch kind {
    case .http(let request), .https(let request, _): request
    case .tcp, .tcpDialogue, .dns, .command: nil
    }
  }
}
