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
      rise: use.check.rise, fall: use.check.fall, interval: use.check.interval, timeout: use.check.timeout)
    settings.judge(as: use.check.judgement)
    return Identity(specification: specification(use, for: address, path), settings: settings)
  }

  private static func specification(
    _ use: Configuration.MemberCheck, for address: IPAddress, _ path: (String) -> String
  ) -> ProbeSpecification {
    let check = use.check
    let target = SocketAddress(use.address ?? address, port: use.port)
    let request = ProbeSpecification.Request(path: check.path, host: use.host, expected: check.statuses)
    let kind: ProbeSpecification.Kind =
      switch check.kind {
      case .tcp, .calculated, .manual: .tcp
      case .http: .http(request)
      case .https: .https(request, .init(serverName: use.sni, verification: verification(check, path)))
      }
    return ProbeSpecification(kind, target: target, interval: check.interval, timeout: check.timeout)
  }

  private static func verification(
    _ check: Configuration.Check, _ path: (String) -> String
  ) -> TLSContext.Verification {
    if !check.verify { return .off }
    return check.authoritiesFile.map { .file(path($0.value)) } ?? .system
  }
}
