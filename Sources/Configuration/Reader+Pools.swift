import Diagnostics
import Wire

/// What pools may refer to, and what they leave open.
struct PoolScope {
  var checks: Declared<Configuration.Check>
  var endpoints: Declared<EndpointDraft>
  var groups: [String]
  var defaults = PoolDraft()
}

/// What was written of a pool, before defaults.
struct PoolDraft {
  var policy: Configuration.Pool.Policy?
  var ttl: Configuration.TTL?
  var checks: [Placed<String>]?
}

extension Reader {
  mutating func pools(_ node: Node?, in scope: PoolScope) -> [Configuration.Pool] {
    named(node, "`pools`").compactMap { entry -> Configuration.Pool? in
      let name = name(entry.key, at: entry.position)
      guard let fields = fields(entry.value, .pool, at: entry.position) else { return nil }
      let also = list(fields["also"]).compactMap { self.name($0) }
      let draft = poolDraft(fields, checks: scope.checks)
      let use = PoolUse(owner: name, checks: draft.checks ?? scope.defaults.checks, scope: scope)
      let tiers = tiers(fields, "the pool `\(shown(entry.key))`", use)
      guard let name else { return nil }
      return Configuration.Pool(
        owners: [name] + also, policy: draft.policy ?? scope.defaults.policy ?? .failover,
        ttl: draft.ttl ?? scope.defaults.ttl ?? Configuration.TTL(maximum: 30, minimum: 30), tiers: tiers)
    }
  }

  /// Groups are checked as pools are, and kept nowhere yet.
  mutating func groups(_ node: Node?, in scope: PoolScope) {
    for entry in named(node, "`groups`") {
      _ = identifier(entry.key, at: entry.position)
      guard let fields = fields(entry.value, .group, at: entry.position) else { continue }
      let draft = poolDraft(fields, checks: scope.checks)
      let use = PoolUse(owner: nil, checks: draft.checks ?? scope.defaults.checks, scope: scope)
      _ = tiers(fields, "the group `\(shown(entry.key))`", use)
    }
  }

  mutating func poolDraft(_ fields: Fields, checks: Declared<Configuration.Check>) -> PoolDraft {
    PoolDraft(
      policy: fields["policy"].flatMap { policy($0) }, ttl: fields["ttl"].flatMap { ttl($0) },
      checks: checkNames(fields["check"], among: checks))
  }

  private mutating func policy(_ node: Node) -> Configuration.Pool.Policy? {
    if case .scalar(let text, _) = node.content, Later.policies.contains(text) {
      error(node.position, "the policy `\(text)` is not built yet; what there is: failover")
      return nil
    }
    return choice(node, ["failover": .failover])
  }

  private mutating func ttl(_ node: Node) -> Configuration.TTL? {
    guard case .mapping = node.content else {
      return seconds(node).map { Configuration.TTL(maximum: $0, minimum: $0) }
    }
    guard let fields = fields(node, .ttl, at: node.position) else { return nil }
    let maximum = required("max", of: fields, "`ttl`", example: "30s").flatMap { seconds($0) }
    let minimum = required("min", of: fields, "`ttl`", example: "2s").flatMap { seconds($0) }
    guard let maximum, let minimum else { return nil }
    if minimum > maximum { error(node.position, "`ttl`: `min` is larger than `max`: exchange the two") }
    return Configuration.TTL(maximum: maximum, minimum: min(minimum, maximum))
  }

  /// A TTL: whole seconds (RFC 1035 §3.2.1).
  private mutating func seconds(_ node: Node) -> UInt32? {
    guard let value = duration(node, in: .zero ... .seconds(86400)) else { return nil }
    guard value.components.attoseconds == 0 else {
      mismatch(node, expected: "whole seconds, as a TTL has no smaller unit")
      return nil
    }
    return UInt32(clamping: value.components.seconds)
  }

  /// Pools lie in served zones, and a name has one pool.
  ///
  /// - Parameter complete: false when a zone had something wrong, so that its pools cannot be judged.
  mutating func checkOwners(_ pools: [Configuration.Pool], zones: [Configuration.Zone], complete: Bool) {
    let apexes = Set(zones.map(\.name.value))
    var owners: [DomainName: Position] = [:]
    for owner in pools.flatMap(\.owners) {
      let name = owner.value.shortText
      if let earlier = owners[owner.value] {
        error(owner.position, "`\(name)` has a pool already, on line \(earlier.line): a name has one pool")
      } else {
        owners[owner.value] = owner.position
      }
      if complete, !Reader.isServed(owner.value, apexes) {
        let names = zones.prefix(5).map { "`\($0.name.value.shortText)`" }.joined(separator: ", ")
        error(
          owner.position,
          "the pool `\(name)` is in no zone served here (\(names)\(zones.count > 5 ? ", …" : "")): "
            + "its name must be that of a zone or end in it")
      }
    }
  }

  private static func isServed(_ name: DomainName, _ apexes: Set<DomainName>) -> Bool {
    var at: DomainName? = name
    while let name = at {
      if apexes.contains(name) { return true }
      at = name.parent
    }
    return false
  }

  /// Only of a configuration without errors: with them, what is unused may be what is misspelt.
  mutating func noteUnused(_ scope: PoolScope) {
    if hasErrors { return }
    for check in scope.checks.inOrder where !used.contains("checks.\(check.name.value)") {
      note(check.name.position, "the check `\(check.name.value)` is used by no pool and will not run")
    }
    for endpoint in scope.endpoints.inOrder where !used.contains("endpoints.\(endpoint.name.value)") {
      note(endpoint.name.position, "the endpoint `\(endpoint.name.value)` is in no pool")
    }
  }
}
