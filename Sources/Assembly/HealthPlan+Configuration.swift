import Configuration
import Crypto
import Failover
import Probing
import Wire

extension HealthPlan {
  /// - Parameter path: resolves a file name of the configuration.
  init(_ configuration: Configuration, path: @escaping (String) -> String) {
    for pool in configuration.pools {
      add(pool, pool.members.map { HealthPlan.endpoint($0, path) })
    }
    setLimits(configuration, path)
  }

  private static func endpoint(
    _ member: Configuration.Member, _ path: @escaping (String) -> String
  ) -> EndpointDescription {
    EndpointDescription(name: member.name.value, addresses: member.addresses.map(\.value)) { address, index in
      .all(member.conditions.map { condition($0) { index(identity($0, for: address, path)) } })
    }
  }

  static func identity(
    _ use: Configuration.MemberCheck, for address: IPAddress, _ path: (String) -> String
  ) -> Identity {
    var settings = ProbeSettings(
      rise: use.check.rise, fall: use.check.fall, interval: use.check.interval,
      fastInterval: use.check.options.fastInterval, timeout: use.check.timeout)
    settings.judge(as: use.check.judgement)
    return Identity(specification: specification(use, for: address, path), settings: settings)
  }

  private static func specification(
    _ use: Configuration.MemberCheck, for address: IPAddress, _ path: (String) -> String
  ) -> ProbeSpecification {
    let options = use.check.options
    let target = SocketAddress(use.target(address), port: use.port)
    var result = ProbeSpecification(
      kind(use, target, path), target: target, interval: use.check.interval, timeout: use.check.timeout)
    result.hostName = use.hostName
    result.source = options.sources.first { $0.isIPv6 == target.address.isIPv6 }
    result.fastInterval = options.fastInterval
    result.limits = .init(
      connect: options.connectTimeout, handshake: options.handshakeTimeout, firstByte: options.firstByteTimeout)
    return result
  }

  private static func kind(
    _ use: Configuration.MemberCheck, _ target: SocketAddress, _ path: (String) -> String
  ) -> ProbeSpecification.Kind {
    let options = use.check.options
    switch use.check.kind {
    case .tcp, .calculated, .manual:
      if options.send == nil, options.expected == nil { return .tcp }
      return .tcpDialogue(.init(send: options.send ?? [], expected: options.expected.map { .init($0) }))
    case .http: return .http(request(use))
    case .https: return .https(request(use), tls(use, path))
    case .dns:
      let expected = (options.answers ?? []).map { ProbeSpecification.Question.Answer(data: $0.data, text: $0.text) }
      return .dns(
        .init(name: options.question?.name ?? .root, type: options.question?.type ?? .soa, expected: expected))
    case .command:
      let words = options.command ?? []
      let address = use.hostName ?? "\(target.address)"
      let arguments = words.dropFirst().map { $0.filled(["{address}": address, "{port}": "\(use.port)"]) }
      return .command(.init(words.prefix(1).map(path) + arguments))
    }
  }

  private static func request(_ use: Configuration.MemberCheck) -> ProbeSpecification.Request {
    let options = use.check.options
    return .init(
      method: options.method ?? "GET", path: use.check.path, host: use.host,
      fields: (options.headers ?? []).map { .init(name: $0.name, value: $0.value) }, expected: use.check.statuses,
      body: options.body.map { .init($0) })
  }

  private static func tls(_ use: Configuration.MemberCheck, _ path: (String) -> String) -> ProbeSpecification.TLS {
    let options = use.check.options
    return .init(
      serverName: use.sni, verification: verification(use.check, path), identity: identity(use.check, path),
      minimumDays: options.minimumDays, fullHandshake: options.fullHandshake ?? .seconds(60))
  }

  /// What a check shows of itself to servers that ask for it.
  static func identity(_ check: Configuration.Check, _ path: (String) -> String) -> TLSContext.Identity? {
    guard let certificate = check.options.clientCertificate?.value else { return nil }
    return .init(
      certificateFile: path(certificate), keyFile: path(check.options.clientKey?.value ?? certificate))
  }

  private static func verification(
    _ check: Configuration.Check, _ path: (String) -> String
  ) -> TLSContext.Verification {
    if !check.verify { return .off }
    return check.authoritiesFile.map { .file(path($0.value)) } ?? .system
  }
}

extension ProbeSpecification.Expectation {
  fileprivate init(_ expectation: Configuration.Expectation) {
    switch expectation {
    case .text(let text): self = .text(text)
    case .pattern(let text): self = .pattern(text)
    }
  }
}

extension Configuration.MemberCheck {
  /// What is probed for the endpoint's `address`. With a host name only the family counts: all addresses of that
  /// family have one probe.
  fileprivate func target(_ own: IPAddress) -> IPAddress {
    if hostName != nil, check.kind != .command { return own.isIPv6 ? .v6(0, 0) : .v4(0) }
    return address ?? own
  }
}

extension String {
  /// The text with `values` in the places of their keys; what comes in is not looked at again.
  fileprivate func filled(_ values: KeyValuePairs<String, String>) -> String {
    var result = ""
    var rest = self[...]
    while let first = rest.first {
      if let (key, value) = values.first(where: { rest.hasPrefix($0.key) }) {
        result += value
        rest = rest.dropFirst(key.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
