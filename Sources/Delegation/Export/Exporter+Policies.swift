import Configuration
import JSONFormat
import Wire

/// How a choice becomes the record sets of a name. Whatever is no endpoint becomes a group: record sets at a name made
/// up, and an alias that evaluates their health.
extension Exporter {
  /// Puts the record sets of a choice at a name.
  mutating func add(_ group: Configuration.Group, _ family: Family, at name: DomainName) {
    if let own = LastResort.removed(from: .group(group), in: family) { return addAlone(own, family, at: name) }
    let subject = "\(name.shortText) \(family.type)"
    let branches = group.branches.filter { family.hasAny($0.target.members) }
    switch group.policy {
    case .failover: addFailover(branches[...], family, at: name)
    case .weighted: addWeighted(branches, family, at: name)
    case .sticky:
      report.note(subject, "`sticky` is not known to Route 53: it becomes weighted")
      addWeighted(branches, family, at: name)
    case .fastest:
      report.note(
        subject,
        "`fastest` is not known to Route 53: it becomes weighted with equal weights; latency records need the sites' regions"
      )
      addWeighted(branches, family, at: name, alike: true)
    case .all: addAll(branches, family, at: name)
    case .client(let clients): addByClient(group, clients, family, at: name)
    }
  }

  /// What has nothing beside it, at a name of its own.
  private mutating func addAlone(_ target: Configuration.Target, _ family: Family, at name: DomainName) {
    guard case .member(let member) = target else {
      if case .group(let group) = target { add(group, family, at: name) }
      return
    }
    let names = checkNames(member, family)
    if Set(names).count > 1 {
      addEach(member, family, at: name)
    } else if names.contains(nil) {
      records.append(plain(name, family.type, family.ttl, family.addresses(member).map { "\($0)" }, []))
    } else {
      // Only a record set with a policy can have a health check.
      put(target, family, at: name, "primary", [.init(name: "Failover", value: "PRIMARY")])
    }
  }

  private mutating func addFailover(
    _ branches: ArraySlice<Configuration.Branch>, _ family: Family, at name: DomainName
  ) {
    let branches = untilAlwaysUp(branches, family, at: name)
    guard let first = branches.first else { return }
    let rest = branches.dropFirst()
    guard let last = rest.last else { return addAlone(first.target, family, at: name) }
    put(first.target, family, at: name, "primary", [.init(name: "Failover", value: "PRIMARY")])
    let second: [JSON.Member] = [.init(name: "Failover", value: "SECONDARY")]
    if rest.count == 1 {
      put(last.target, family, at: name, "secondary", second)
    } else {
      let inner = groupName()
      addFailover(rest, family, at: inner)
      alias(inner, family, at: name, "secondary", second)
    }
  }

  /// What is always up never gives way, and Route 53 refuses a primary without health check.
  private mutating func untilAlwaysUp(
    _ branches: ArraySlice<Configuration.Branch>, _ family: Family, at name: DomainName
  ) -> ArraySlice<Configuration.Branch> {
    guard let end = branches.firstIndex(where: { isAlwaysUp($0.target, family) }), end + 1 < branches.endIndex else {
      return branches
    }
    report.note(
      "\(name.shortText) \(family.type)",
      "\(title(branches[end].target, family)) is always up to Route 53, so what comes after it is left out: it would never answer"
    )
    return branches[...end]
  }

  /// What a group comes to that has nobody to choose from but one.
  mutating func reduced(_ target: Configuration.Target, _ family: Family, at name: DomainName) -> Configuration.Target {
    guard case .group(let group) = target, case .failover = group.policy,
      LastResort.removed(from: target, in: family) == nil
    else { return target }
    let branches = group.branches.filter { family.hasAny($0.target.members) }
    let left = untilAlwaysUp(branches[...], family, at: name)
    guard left.count == 1, let only = left.first else { return target }
    return reduced(only.target, family, at: name)
  }

  private func title(_ target: Configuration.Target, _ family: Family) -> String {
    switch target {
    case .member(let member): family.pool.members[member].name.value
    case .group(let group): group.name ?? "a tier"
    }
  }

  private mutating func isAlwaysUp(_ target: Configuration.Target, _ family: Family) -> Bool {
    for member in target.members where checkNames(member, family).contains(nil) { return true }
    return false
  }

  private mutating func addWeighted(
    _ branches: [Configuration.Branch], _ family: Family, at name: DomainName, alike: Bool = false
  ) {
    let largest = alike ? 1 : branches.map(\.weight).max() ?? 0
    if largest > 255 {
      report.note("\(name.shortText) \(family.type)", "weights end at 255 in Route 53: they are scaled down")
    }
    for (i, branch) in branches.enumerated() {
      let own = alike ? 1 : branch.weight
      let weight = largest > 255 && own > 0 ? max(1, own * 255 / largest) : own
      put(branch.target, family, at: name, "weighted-\(i + 1)", [.init(name: "Weight", value: .integer(weight))])
    }
  }

  private mutating func addAll(_ branches: [Configuration.Branch], _ family: Family, at name: DomainName) {
    if branches.contains(where: { if case .group = $0.target { true } else { false } }) {
      report.note(
        "\(name.shortText) \(family.type)",
        "groups within `all-healthy` become their endpoints: Route 53 has no aliases there")
    }
    for member in Set(branches.flatMap(\.target.members)).sorted() { addEach(member, family, at: name) }
  }

  /// Addresses that are probed one by one are record sets of their own.
  mutating func addEach(_ member: Int, _ family: Family, at name: DomainName) {
    let title = family.pool.members[member].name.value
    let addresses = family.addresses(member)
    for address in addresses {
      put(
        member, [address], family, at: name, addresses.count == 1 ? title : "\(title)-\(address)",
        [.init(name: "MultiValueAnswer", value: .bool(true))])
    }
  }
}
