import Diagnostics
import Wire

/// The pool or group that members are read for.
struct PoolUse {
  /// Nil in a group read by itself.
  let owner: Placed<DomainName>?
  /// The pool's own, or the group's, or the default's; nil where neither says anything.
  var checks: [Placed<String>]?
  let scope: PoolScope
  /// The groups on the way here.
  var path: [String] = []
  /// Those of the pool so far.
  var members: [Configuration.Member] = []
  /// Branches so far, of groups as often as they are used.
  var branches = 0

  static let maximumDepth = 16
  static let maximumBranches = 4096

  init(owner: Placed<DomainName>?, checks: [Placed<String>]?, scope: PoolScope) {
    self.owner = owner
    self.checks = checks
    self.scope = scope
  }
}

extension Reader {
  /// What `endpoints` lists; lists in it are tiers, where the policy has them.
  mutating func branches(
    _ fields: Fields, _ title: String, _ kind: PolicyKind, _ tierFloor: Configuration.Floor?, _ use: inout PoolUse
  ) -> [Configuration.Branch]? {
    guard let node = required("endpoints", of: fields, title, example: "[primary, secondary]") else { return nil }
    let items = list(node)
    if items.isEmpty, !node.isNull { error(node.position, "\(title) needs at least one endpoint") }
    use.branches += items.count
    guard use.branches <= PoolUse.maximumBranches else {
      error(node.position, "\(title) makes a pool of more than \(PoolUse.maximumBranches) choices: too many")
      return nil
    }
    var seen = Seen()
    var branches: [Configuration.Branch] = []
    for item in items {
      if case .sequence = item.content, kind != .failover {
        error(item.position, "only the policy `failover` has tiers: make the list a group, and name it here")
        continue
      }
      let branch = branch(item, tierFloor: tierFloor, &use)
      for leaf in branch.map({ leaves($0, item) }) ?? [] { checkRepetition(leaf, tier: branches.count, use, &seen) }
      if let branch { branches.append(branch) }
    }
    return branches
  }

  /// An endpoint or group by name, an endpoint with keys of its own, or a tier of these.
  mutating func branch(
    _ node: Node, tierFloor: Configuration.Floor?, _ use: inout PoolUse
  ) -> Configuration.Branch? {
    guard case .sequence(let equals) = node.content else { return single(node, &use) }
    if equals.isEmpty { error(node.position, "a tier needs at least one endpoint") }
    let branches = equals.compactMap { single($0, &use) }
    guard !branches.isEmpty else { return nil }
    refuseDynamic(branches, at: node.position, in: "a tier, which answers together")
    let tier = Configuration.Group(name: nil, policy: .all(atMost: nil), branches: branches, floor: tierFloor)
    return Configuration.Branch(weight: 1, target: .group(tier))
  }

  private mutating func single(_ node: Node, _ use: inout PoolUse) -> Configuration.Branch? {
    switch node.content {
    case .mapping: return inline(node, &use)
    case .sequence:
      error(node.position, "a tier holds endpoints, not further lists")
      return nil
    case .scalar:
      guard let text = text(node, expected: "an endpoint: its name, or { name: NAME, address: ADDRESS }") else {
        return nil
      }
      if let entry = use.scope.group(text) { return branch(entry, at: node.position, weight: 1, &use) }
      let reference = Placed(text, at: node.position)
      return endpoint(reference, use).map { branch(reference, $0.addresses, $0.settings, &use) }
    }
  }

  private mutating func inline(_ node: Node, _ use: inout PoolUse) -> Configuration.Branch? {
    guard let fields = fields(node, .member, at: node.position) else { return nil }
    let name = identifier(required("name", of: fields, "an endpoint in a pool", example: "primary"))
    if let name, let entry = use.scope.group(name.value) { return group(entry, name, fields, &use) }
    if fields["address"] == nil {
      let settings = memberSettings(fields, checks: use.scope.checks)
      guard let name, let endpoint = endpoint(name, use) else { return nil }
      return branch(name, endpoint.addresses, settings.over(endpoint.settings), &use)
    }
    let draft = endpoint(name ?? Placed("?", at: node.position), fields, checks: use.scope.checks)
    guard let name else { return nil }
    if use.scope.endpoints.contains(name.value) {
      error(
        name.position,
        "`\(name.value)` is already defined under `endpoints`: remove `address` here to use that one, or choose another name"
      )
    }
    return draft.map { branch(name, $0.addresses, $0.settings, &use) }
  }

  private mutating func group(
    _ entry: Node.Entry, _ name: Placed<String>, _ fields: Fields, _ use: inout PoolUse
  ) -> Configuration.Branch? {
    if fields.values.keys.contains(where: { $0 != "name" && $0 != "weight" }) {
      error(name.position, "`\(name.value)` is a group: it can have a `weight` here, and nothing else")
    }
    let weight = integer(fields["weight"], in: 0...1_048_575) ?? 1
    return branch(entry, at: name.position, weight: weight, &use)
  }

  private mutating func branch(
    _ entry: Node.Entry, at position: Position, weight: Int, _ use: inout PoolUse
  ) -> Configuration.Branch? {
    used.insert("groups.\(entry.key)")
    return group(entry, at: position, &use).map { Configuration.Branch(weight: weight, target: .group($0)) }
  }

  /// The endpoint that is meant; nil when there is none, or when it has something wrong itself.
  private mutating func endpoint(_ reference: Placed<String>, _ use: PoolUse) -> EndpointDraft? {
    let name = reference.value
    used.insert("endpoints.\(name)")
    if use.scope.endpoints.contains(name) { return use.scope.endpoints[name] }
    if IPAddress(name) != nil {
      error(reference.position, "an address needs a name here: write { name: NAME, address: \"\(name)\" }")
    } else {
      let names = use.scope.endpoints.names + use.scope.groups.map(\.key)
      error(reference.position, unknown("endpoint", name, among: names))
    }
    return nil
  }

  /// The same endpoint with the same checks is one member, wherever in the pool it is used.
  private mutating func branch(
    _ name: Placed<String>, _ addresses: [Placed<IPAddress>], _ settings: MemberSettings, _ use: inout PoolUse
  ) -> Configuration.Branch {
    let member = resolve(name, addresses, settings, use)
    if let other = use.members.first(where: { $0.name.value == name.value && !$0.hasAddresses(of: member) }) {
      error(
        name.position,
        "two endpoints of this pool are called `\(name.value)`, the other one on line "
          + "\(other.name.position.line): give one of them another name")
    }
    let place = use.members.firstIndex { $0.isSame(as: member) } ?? use.members.count
    if place == use.members.count { use.members.append(member) }
    return Configuration.Branch(weight: settings.weight ?? 1, target: .member(place))
  }

  private mutating func resolve(
    _ name: Placed<String>, _ addresses: [Placed<IPAddress>], _ settings: MemberSettings, _ use: PoolUse
  ) -> Configuration.Member {
    let names = settings.checks ?? use.checks
    let conditions = (names ?? []).compactMap { condition($0.value, for: name, settings, use) }
    return Configuration.Member(
      name: name, addresses: addresses, conditions: conditions, unchecked: names == nil)
  }

  mutating func resolve(
    _ check: Configuration.Check, for member: Placed<String>, _ settings: MemberSettings, _ use: PoolUse
  ) -> Configuration.MemberCheck? {
    let usual: UInt16? =
      switch check.kind {
      case .tcp, .calculated, .manual: nil
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
    case nil: (result.address, result.hostName) = (check.address, check.hostName)
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

extension Configuration.Member {
  fileprivate func hasAddresses(of other: Configuration.Member) -> Bool {
    addresses.map(\.value) == other.addresses.map(\.value)
  }

  /// Whether it is the same endpoint, checked in the same way.
  fileprivate func isSame(as other: Configuration.Member) -> Bool {
    name.value == other.name.value && hasAddresses(of: other) && unchecked == other.unchecked
      && conditions.elementsEqual(other.conditions) { $0.isSame(as: $1) }
  }
}

extension PoolScope {
  func group(_ name: String) -> Node.Entry? { groupPlaces[name].map { groups[$0] } }
}

extension Configuration.MemberCondition {
  fileprivate func isSame(as other: Configuration.MemberCondition) -> Bool {
    switch (self, other) {
    case (.probe(let a), .probe(let b)):
      a.check.name.value == b.check.name.value && a.address == b.address && a.hostName == b.hostName
        && a.port == b.port && a.host == b.host && a.sni == b.sni
    case (.atLeast(let a, let parts), .atLeast(let b, let others)):
      a == b && parts.elementsEqual(others) { $0.weight == $1.weight && $0.condition.isSame(as: $1.condition) }
    case (.not(let a), .not(let b)): a.isSame(as: b)
    case (.fixed(let a), .fixed(let b)): a == b
    case (.manual(let a), .manual(let b)): a == b
    default: false
    }
  }
}
