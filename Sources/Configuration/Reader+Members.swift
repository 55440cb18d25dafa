import Diagnostics
import Wire

/// The pool or group that members are read for.
struct PoolUse {
  /// Nil in a group.
  let owner: Placed<DomainName>?
  /// The pool's own, or the default's; nil where neither says anything.
  let checks: [Placed<String>]?
  let scope: PoolScope
}

extension Reader {
  /// The tiers of a pool, in order of priority.
  mutating func tiers(_ fields: Fields, _ title: String, _ use: PoolUse) -> [[Configuration.Member]] {
    guard let node = required("endpoints", of: fields, title, example: "[primary, secondary]") else { return [] }
    let items = list(node)
    if items.isEmpty, !node.isNull { error(node.position, "\(title) needs at least one endpoint") }
    var members = Members()
    var tiers: [[Configuration.Member]] = []
    for item in items {
      var tier: [Configuration.Member] = []
      if case .sequence(let equals) = item.content {
        if equals.isEmpty { error(item.position, "a tier needs at least one endpoint") }
        for item in equals { if let member = member(item, use) { tier.append(member) } }
      } else if let member = member(item, use) {
        tier.append(member)
      }
      for member in tier { checkRepetition(member, tier: tiers.count, &members) }
      tiers.append(tier)
    }
    if members.names.values.contains(where: \.unchecked) {
      warning(
        fields.position, "\(title) has no check: its endpoints count as up always; add `check:`, or `check: none`")
    }
    return tiers
  }

  /// An endpoint by name, or with keys of its own.
  private mutating func member(_ node: Node, _ use: PoolUse) -> Configuration.Member? {
    switch node.content {
    case .mapping: return inlineMember(node, use)
    case .sequence:
      error(node.position, "a tier holds endpoints, not further lists")
      return nil
    case .scalar:
      guard let text = text(node, expected: "an endpoint: its name, or { name: NAME, address: ADDRESS }") else {
        return nil
      }
      let reference = Placed(text, at: node.position)
      return endpoint(reference, use).map { resolve(reference, $0.addresses, $0.settings, use) }
    }
  }

  private mutating func inlineMember(_ node: Node, _ use: PoolUse) -> Configuration.Member? {
    guard let fields = fields(node, .member, at: node.position) else { return nil }
    let name = identifier(required("name", of: fields, "an endpoint in a pool", example: "primary"))
    if fields["address"] == nil {
      let settings = memberSettings(fields, checks: use.scope.checks)
      guard let name, let endpoint = endpoint(name, use) else { return nil }
      return resolve(name, endpoint.addresses, settings.over(endpoint.settings), use)
    }
    let draft = endpoint(name ?? Placed("?", at: node.position), fields, checks: use.scope.checks)
    guard let name else { return nil }
    if use.scope.endpoints.contains(name.value) {
      error(
        name.position,
        "`\(name.value)` is already defined under `endpoints`: remove `address` here to use that one, or choose another name"
      )
    }
    return draft.map { resolve(name, $0.addresses, $0.settings, use) }
  }

  /// The endpoint that is meant; nil when there is none, or when it has something wrong itself.
  private mutating func endpoint(_ reference: Placed<String>, _ use: PoolUse) -> EndpointDraft? {
    let name = reference.value
    used.insert("endpoints.\(name)")
    if use.scope.endpoints.contains(name) { return use.scope.endpoints[name] }
    if use.scope.groups.contains(name) {
      error(reference.position, "`\(name)` is a group: groups cannot be used yet; list its endpoints")
    } else if IPAddress(name) != nil {
      error(reference.position, "an address needs a name here: write { name: NAME, address: \"\(name)\" }")
    } else {
      error(reference.position, unknown("endpoint", name, among: use.scope.endpoints.names))
    }
    return nil
  }

  private mutating func resolve(
    _ name: Placed<String>, _ addresses: [Placed<IPAddress>], _ settings: MemberSettings, _ use: PoolUse
  ) -> Configuration.Member {
    let names = settings.checks ?? use.checks
    let checks = (names ?? []).compactMap { reference in
      use.scope.checks[reference.value].flatMap { resolve($0, for: name, settings, use) }
    }
    return Configuration.Member(
      name: name, addresses: addresses, weight: settings.weight ?? 1, checks: checks, unchecked: names == nil)
  }

  private mutating func resolve(
    _ check: Configuration.Check, for member: Placed<String>, _ settings: MemberSettings, _ use: PoolUse
  ) -> Configuration.MemberCheck? {
    let usual: UInt16? =
      switch check.kind {
      case .tcp: nil
      case .http: 80
      case .https: 443
      case .dns: 53
      case .command: 0
      }
    guard let port = settings.port ?? check.port ?? usual else {
      error(
        member.position,
        "no port for the check `\(check.name.value)` of `\(member.value)`: add `port:` to the check or to the endpoint")
      return nil
    }
    var result = Configuration.MemberCheck(check: check, port: port)
    switch settings.probed {
    case .address(let address): result.address = address
    case .name(let name): result.hostName = name
    case nil: break
    }
    if !check.kind.speaksHTTP { return result }
    guard let host = settings.host ?? check.host ?? poolHost(check, use) else { return nil }
    result.host = host
    if check.kind == .https { result.sni = check.sni ?? Reader.serverName(ofHost: host) }
    return result
  }

  /// Sites are asked for by the pool's name where nothing else is said.
  private mutating func poolHost(_ check: Configuration.Check, _ use: PoolUse) -> String? {
    guard let owner = use.owner else { return nil }
    let name = owner.value.shortText
    if Reader.isHostName(name) { return name }
    error(
      check.name.position,
      "the check `\(check.name.value)` needs `host`, as the pool `\(name)` on line \(owner.position.line) has no name "
        + "that a site answers to")
    return nil
  }
}

/// What a pool has so far, to notice what comes twice.
private struct Members {
  var names: [String: (position: Position, unchecked: Bool)] = [:]
  var addresses: [IPAddress: (name: String, tier: Int)] = [:]
}

extension Reader {
  private mutating func checkRepetition(_ member: Configuration.Member, tier: Int, _ members: inout Members) {
    let name = member.name
    if let earlier = members.names[name.value] {
      error(
        name.position,
        "the endpoint `\(name.value)` is in this pool twice: it is already on line \(earlier.position.line)")
      return
    }
    members.names[name.value] = (name.position, member.unchecked)
    for address in member.addresses {
      guard let earlier = members.addresses[address.value] else {
        members.addresses[address.value] = (name.value, tier)
        continue
      }
      let what = "`\(name.value)` and `\(earlier.name)` have the same address \(address.value)"
      if earlier.tier == tier {
        error(name.position, "\(what) in one tier: remove one of the two")
      } else {
        warning(name.position, "\(what): going from one to the other changes nothing")
      }
    }
  }
}
