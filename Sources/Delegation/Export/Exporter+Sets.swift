import Configuration
import JSONFormat
import Wire

/// Single record sets.
extension Exporter {
  /// The names of the checks of a member's addresses; nil: always up.
  mutating func checkNames(_ member: Int, _ family: Family) -> [String?] {
    family.addresses(member).map { checks.name(for: family.pool.members[member], $0, &report) }
  }

  /// One record set of several at a name.
  mutating func put(
    _ target: Configuration.Target, _ family: Family, at name: DomainName, _ id: String, _ routing: [JSON.Member]
  ) {
    let target = reduced(target, family, at: name)
    switch target {
    case .group(let group):
      let inner = groupName()
      let always = LastResort.removed(from: target, in: family) != nil
      add(group, family, at: inner)
      alias(inner, family, at: name, id, routing, evaluatesHealth: !always)
    case .member(let member):
      let names = checkNames(member, family)
      if Set(names).count > 1 {
        let inner = groupName()
        addEach(member, family, at: inner)
        alias(inner, family, at: name, id, routing)
      } else {
        put(member, family.addresses(member), family, at: name, family.pool.members[member].name.value, routing)
      }
    }
  }

  mutating func put(
    _ member: Int, _ addresses: [IPAddress], _ family: Family, at name: DomainName, _ id: String,
    _ routing: [JSON.Member]
  ) {
    guard let first = addresses.first else { return }
    var more = [identifier(id, name, family)] + routing
    if let check = checks.name(for: family.pool.members[member], first, &report) {
      more.append(.init(name: "HealthCheckId", value: .string(ExportedChecks.reference(check))))
    }
    records.append(plain(name, family.type, family.ttl, addresses.map { "\($0)" }, more))
  }

  mutating func alias(
    _ target: DomainName, _ family: Family, at name: DomainName, _ id: String, _ routing: [JSON.Member],
    evaluatesHealth: Bool = true
  ) {
    let head: [JSON.Member] = [
      .init(name: "Name", value: .string(Route53Name.text(name))), .init(name: "Type", value: .string(family.type)),
      identifier(id, name, family),
    ]
    let leads = JSON.object([
      "HostedZoneId": .string(zoneID), "DNSName": .string(Route53Name.text(target)),
      "EvaluateTargetHealth": .bool(evaluatesHealth),
    ])
    records.append(.object(head + routing + [.init(name: "AliasTarget", value: leads)]))
  }

  /// Tells the sets of one name and type apart, so one endpoint that is there twice has two.
  private mutating func identifier(_ wish: String, _ name: DomainName, _ family: Family) -> JSON.Member {
    var text = wish
    var number = 2
    while !identifiers.insert("\(family.type) \(name) \(text)").inserted {
      text = "\(wish)-\(number)"
      number += 1
    }
    return .init(name: "SetIdentifier", value: .string(text))
  }

  mutating func groupName() -> DomainName {
    while true {
      groups += 1
      guard let name = MadeGroup.name(groups, in: zone) else {
        report.gap("\(zone.shortText)", "the zone's name is too long for a name of a group below it")
        return zone
      }
      if taken.insert(name).inserted { return name }
    }
  }
}

/// Names that an export makes up for what aliases lead to.
enum MadeGroup {
  private static let prefix = Array("alula-group-".utf8)

  static func name(_ number: Int, in zone: DomainName) -> DomainName? {
    let label = prefix + Array("\(number)".utf8)
    return DomainName(wire: [UInt8(label.count)] + label + zone.wire)
  }

  static func isOne(_ name: DomainName) -> Bool {
    guard let label = name.lowercased.labels.first else { return false }
    let number = label.dropFirst(prefix.count)
    return label.starts(with: prefix) && !number.isEmpty && number.allSatisfy { (0x30...0x39).contains($0) }
  }
}
