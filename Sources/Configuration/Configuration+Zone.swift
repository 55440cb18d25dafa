package import Wire

extension Configuration {
  package struct Zone: Sendable {
    package var name: Placed<DomainName>
    package var file: Placed<String>
    /// Who may transfer it (RFC 5936); empty: nobody.
    package var transfer: [IPPrefix] = []
    package var update: [UpdateRule] = []
  }

  /// Who may change what by dynamic update (RFC 2136).
  package struct UpdateRule: Sendable {
    /// Of one of `keys`.
    package var key: DomainName
    package var names: [Placed<String>]
    package var types: [RecordType]
  }

  package struct Check: Sendable {
    package enum Kind: Sendable { case tcp, http, https, dns, command, calculated, manual }

    package var name: Placed<String>
    package var kind: Kind
    /// Probed instead of the endpoints' addresses, where these do not say another one.
    package var address: IPAddress?
    /// The same, looked up for each attempt.
    package var hostName: String?
    /// Nil: the endpoints say it.
    package var port: UInt16?
    /// Of the request target (RFC 9112 §3.2.1), with query; `/` for tcp.
    package var path = "/"
    /// The Host header; nil: the name of the pool.
    package var host: String?
    /// The name for SNI and certificate; nil: that of `host`.
    package var sni: String?
    package var statuses: [ClosedRange<Int>] = [200...399]
    package var verify = true
    /// Of the accepted authorities, in PEM; nil: the system's.
    package var authoritiesFile: Placed<String>?
    package var interval = Duration.seconds(2)
    package var timeout = Duration.seconds(1)
    package var rise = 2
    package var fall = 3
    package var judgement = Judgement()
    package var options = ProbeOptions()
  }

  package struct Endpoint: Sendable {
    package var name: Placed<String>
    package var addresses: [Placed<IPAddress>]
  }

  /// A check with nothing left open: what one member's addresses are probed with.
  package struct MemberCheck: Sendable {
    /// The settings; port, host and SNI are those below.
    package var check: Check
    /// Probed instead of each of the member's addresses.
    package var address: IPAddress?
    /// Looked up for each attempt and probed, instead of an address.
    package var hostName: String?
    /// 0 for a command that needs none.
    package var port: UInt16
    /// The Host header, sent as it stands; nil for tcp.
    package var host: String?
    /// The name for SNI and certificate; nil with https: none is sent, and the
    /// certificate is held against the address.
    package var sni: String?
  }
}
