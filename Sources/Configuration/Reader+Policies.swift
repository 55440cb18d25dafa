import Diagnostics

enum PolicyKind: String {
  case failover, weighted, sticky, client, fastest
  case all = "all-healthy"
}

/// What was written of how to choose, before defaults.
struct PolicyDraft {
  var kind: PolicyKind?
  var failback: Configuration.Failback?
  var floor: Configuration.Floor?
  var limit: Int?
  var margin: Int?
  var time: Duration?
}

extension Reader {
  mutating func policyDraft(_ fields: Fields) -> PolicyDraft {
    PolicyDraft(
      kind: choice(
        fields["policy"],
        [
          "failover": .failover, "all-healthy": .all, "weighted": .weighted, "sticky": .sticky, "client": .client,
          "fastest": .fastest,
        ], also: ["client-network": .client, "country": .client, "continent": .client]),
      failback: fields["failback"].flatMap { failback($0) }, floor: fields["min-healthy"].flatMap { floor($0) },
      limit: integer(fields["max-answers"], in: 1...64), margin: fields["margin"].flatMap { percent($0, from: 0) },
      time: duration(fields["for"], in: .zero ... .seconds(86400)))
  }

  private mutating func floor(_ node: Node) -> Configuration.Floor? {
    if case .scalar(let text, _) = node.content, text.hasSuffix("%") {
      return percent(node, from: 1).map { .percent($0) }
    }
    return integer(node, in: 1...1000, or: "50%").map { .count($0) }
  }

  private mutating func percent(_ node: Node, from lowest: Int) -> Int? {
    let expected = "a share from \(lowest)% to 100%"
    guard let text = text(node, expected: expected) else { return nil }
    guard text.hasSuffix("%"), let value = decimal(text.dropLast()), (lowest...100).contains(value) else {
      mismatch(node, expected: expected)
      return nil
    }
    return value
  }

  /// How a pool or group chooses among its branches; nil, reported, if there is nothing to choose from.
  mutating func choice(
    _ fields: Fields, _ draft: PolicyDraft, _ title: String, _ use: inout PoolUse
  ) -> Configuration.Group? {
    let defaults = use.path.isEmpty ? use.scope.defaults.policy : PolicyDraft()
    let kind = draft.kind ?? defaults.kind ?? .failover
    refuseForeignKeys(fields, kind)
    if kind == .client { return clients(fields, title, &use) }
    let tierFloor = kind == .failover ? draft.floor ?? defaults.floor : nil
    guard let branches = branches(fields, title, kind, tierFloor, &use), !branches.isEmpty else { return nil }
    if kind == .failover, draft.floor != nil { warnIdleFloor(branches, fields) }
    if kind == .all {
      refuseDynamic(branches, at: fields["endpoints"]?.position ?? fields.position, in: "`all-healthy`")
    }
    return Configuration.Group(
      name: nil, policy: policy(kind, draft, defaults), branches: branches,
      floor: kind == .failover ? nil : draft.floor ?? defaults.floor)
  }

  private func policy(_ kind: PolicyKind, _ draft: PolicyDraft, _ defaults: PolicyDraft) -> Configuration.Policy {
    switch kind {
    case .failover: .failover(draft.failback ?? defaults.failback ?? .immediate)
    case .all: .all(atMost: draft.limit ?? defaults.limit ?? 8)
    case .weighted: .weighted
    case .sticky: .sticky
    case .fastest:
      .fastest(margin: draft.margin ?? defaults.margin ?? 20, for: draft.time ?? defaults.time ?? .seconds(30))
    case .client: .client(Configuration.Clients(rules: [], other: nil))
    }
  }

  /// Keys that mean nothing for a policy.
  private mutating func refuseForeignKeys(_ fields: Fields, _ kind: PolicyKind) {
    let owners: [(key: String, kind: PolicyKind)] = [
      ("failback", .failover), ("max-answers", .all), ("margin", .fastest), ("for", .fastest), ("clients", .client),
      ("default", .client),
    ]
    for (key, owner) in owners where owner != kind {
      guard let node = fields[key] else { continue }
      error(
        node.position,
        "`\(key)` is for the policy `\(owner.rawValue)`: remove it, or write `policy: \(owner.rawValue)`")
    }
    guard kind == .client else { return }
    for key in ["endpoints", "min-healthy"] {
      guard let node = fields[key] else { continue }
      error(node.position, "the policy `client` has no `\(key)`: write it in the groups that its `clients` use")
    }
  }

  private mutating func warnIdleFloor(_ branches: [Configuration.Branch], _ fields: Fields) {
    let hasTier = branches.contains { if case .group(let group) = $0.target { group.name == nil } else { false } }
    guard !hasTier, let node = fields["min-healthy"] else { return }
    warning(
      node.position,
      "`min-healthy` counts the endpoints of a tier, and no tier here is a list: write [[a, b], c], or remove it")
  }

  /// An answer of all has room for lists of addresses, not for choices made anew for each query.
  mutating func refuseDynamic(_ branches: [Configuration.Branch], at position: Position, in place: String) {
    for branch in branches {
      guard case .group(let group) = branch.target, !group.isStatic, let name = group.name else { continue }
      error(
        position,
        "the group `\(name)` chooses anew for each query and cannot be part of \(place): "
          + "use `weighted` here, or a group of failover, fastest or all-healthy")
    }
  }
}

extension Configuration.Group {
  /// Whether all queries get the same from it.
  fileprivate var isStatic: Bool {
    switch policy {
    case .weighted, .sticky, .client, .failover(.ramp): false
    case .failover, .all, .fastest:
      branches.allSatisfy { if case .group(let group) = $0.target { group.isStatic } else { true } }
    }
  }
}
