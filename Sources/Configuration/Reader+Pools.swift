import Diagnostics
import Wire

/// What pools may refer to, and what they leave open.
struct PoolScope {
  var checks: Declared<Configuration.Check>
  var endpoints: Declared<EndpointDraft>
  /// In the order written.
  let groups: [Node.Entry]
  let groupPlaces: [String: Int]
  /// Whether there is a `location-database`.
  let hasLocations: Bool
  let defaults: PoolDraft

  init(
    checks: Declared<Configuration.Check>, endpoints: Declared<EndpointDraft>, groups: [Node.Entry], hasLocations: Bool,
    defaults: PoolDraft
  ) {
    self.checks = checks
    self.endpoints = endpoints
    self.groups = groups
    groupPlaces = Dictionary(groups.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    self.hasLocations = hasLocations
    self.defaults = defaults
  }
}

/// What was written of a pool, before defaults.
struct PoolDraft {
  var ttl: Configuration.TTL?
  var checks: [Placed<String>]?
  var allDown: Configuration.AllDown?
  var coupling: Configuration.Coupling?
  var recoveryTime: Placed<Duration>?
  var policy = PolicyDraft()
}

extension Reader {
  mutating func pools(_ node: Node?, in scope: PoolScope) -> [Configuration.Pool] {
    named(node, "`pools`").compactMap { entry -> Configuration.Pool? in
      let name = name(entry.key, at: entry.position)
      guard let fields = fields(entry.value, .pool, at: entry.position) else { return nil }
      let also = list(fields["also"]).compactMap { self.name($0) }
      owners += [name].compactMap(\.self) + also
      let draft = poolDraft(fields, checks: scope.checks)
      var use = PoolUse(owner: name, checks: draft.checks ?? scope.defaults.checks, scope: scope)
      let choice = choice(fields, draft.policy, "the pool `\(shown(entry.key))`", &use)
      warnUnchecked(use, fields, entry.key)
      guard let name, let choice else { return nil }
      let defaults = scope.defaults
      return Configuration.Pool(
        owners: [name] + also,
        ttl: draft.ttl ?? defaults.ttl ?? Configuration.TTL(maximum: 30, minimum: 30),
        allDown: draft.allDown ?? defaults.allDown ?? .primary,
        coupling: draft.coupling ?? defaults.coupling ?? .independent,
        recoveryTime: draft.recoveryTime ?? defaults.recoveryTime, members: use.members, choice: choice)
    }
  }

  private mutating func warnUnchecked(_ use: PoolUse, _ fields: Fields, _ name: String) {
    guard use.members.contains(where: \.unchecked) else { return }
    warning(
      fields.position,
      "the pool `\(shown(name))` has no check: its endpoints count as up always; add `check:`, or `check: none`")
  }

  mutating func poolDraft(_ fields: Fields, checks: Declared<Configuration.Check>) -> PoolDraft {
    PoolDraft(
      ttl: fields["ttl"].flatMap { ttl($0) }, checks: checkNames(fields["check"], among: checks),
      allDown: fields["all-down"].flatMap { allDown($0) },
      coupling: choice(
        fields["coupling"], ["independent": .independent, "both": .both, "v6-with-v4": .v6WithV4]),
      recoveryTime: fields["recovery-time"].flatMap { recoveryTime($0) }, policy: policyDraft(fields))
  }

  private mutating func allDown(_ node: Node) -> Configuration.AllDown? {
    guard case .mapping = node.content else {
      return choice(
        node,
        [
          "primary": .primary, "all": .all, "last-good": .lastGood, "nodata": .noData, "servfail": .serverFailure,
        ], or: "{ addresses: [ADDRESS] }")
    }
    guard let fields = fields(node, .allDown, at: node.position) else { return nil }
    let addresses = addresses(required("addresses", of: fields, "`all-down`", example: "[192.0.2.80]"))
    return addresses.isEmpty ? nil : .addresses(addresses)
  }

  private mutating func recoveryTime(_ node: Node) -> Placed<Duration>? {
    duration(node, in: .seconds(1) ... .seconds(86400)).map { Placed($0, at: node.position) }
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

  /// Only of a configuration without errors: with them, what is unused may be what is misspelt.
  mutating func noteUnused(_ scope: PoolScope) {
    if hasErrors { return }
    for check in scope.checks.inOrder where !used.contains("checks.\(check.name.value)") {
      note(check.name.position, "the check `\(check.name.value)` is used by no pool and will not run")
    }
    for endpoint in scope.endpoints.inOrder where !used.contains("endpoints.\(endpoint.name.value)") {
      note(endpoint.name.position, "the endpoint `\(endpoint.name.value)` is in no pool")
    }
    for group in scope.groups where !used.contains("groups.\(group.key)") {
      note(group.position, "the group `\(group.key)` is used by no pool")
    }
  }
}
