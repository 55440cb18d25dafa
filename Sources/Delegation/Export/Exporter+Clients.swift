import Configuration
import JSONFormat
import Wire

/// Choices by client: countries and continents are geolocation; networks a CIDR collection, whose location `*` leads on
/// to countries where there are both, since record sets of one name have one policy.
extension Exporter {
  /// Stands for the id of the collection until there is one.
  package static var collection: String { "collection:networks" }

  mutating func addByClient(
    _ group: Configuration.Group, _ clients: Configuration.Clients, _ family: Family, at name: DomainName
  ) {
    let rules = clients.rules.filter { family.hasAny(group.branches[$0.branch].target.members) }
    let other = clients.other.map { group.branches[$0].target }.flatMap { family.hasAny($0.members) ? $0 : nil }
    let byNetwork = rules.filter { !$0.networks.isEmpty }
    let byPlace = rules.filter { !$0.countries.isEmpty || !$0.continents.isEmpty }
    for rule in byNetwork {
      guard let location = location(of: rule.networks, name, family) else { continue }
      put(group.branches[rule.branch].target, family, at: name, location, inNetwork(location))
    }
    if byNetwork.isEmpty { return addPlaces(byPlace, other, group, family, at: name) }
    if byPlace.isEmpty {
      if let other { put(other, family, at: name, "default", inNetwork("*")) }
    } else {
      let inner = groupName()
      addPlaces(byPlace, other, group, family, at: inner)
      alias(inner, family, at: name, "default", inNetwork("*"))
    }
  }

  private mutating func addPlaces(
    _ rules: [Configuration.ClientRule], _ other: Configuration.Target?, _ group: Configuration.Group,
    _ family: Family, at name: DomainName
  ) {
    func place(_ key: String, _ code: String) -> [JSON.Member] {
      [.init(name: "GeoLocation", value: .object([.init(name: key, value: .string(code))]))]
    }
    for rule in rules {
      let target = group.branches[rule.branch].target
      for code in rule.countries { put(target, family, at: name, code, place("CountryCode", code)) }
      for code in rule.continents { put(target, family, at: name, "continent-\(code)", place("ContinentCode", code)) }
    }
    if let other { put(other, family, at: name, "default", place("CountryCode", "*")) }
  }

  private func inNetwork(_ location: String) -> [JSON.Member] {
    [
      .init(
        name: "CidrRoutingConfig",
        value: .object(["CollectionId": .string(Exporter.collection), "LocationName": .string(location)]))
    ]
  }

  /// The location of these networks in the collection; nil where Route 53 takes none of them.
  private mutating func location(of networks: [IPPrefix], _ name: DomainName, _ family: Family) -> String? {
    let taken = networks.filter { $0.length <= ($0.address.isIPv6 ? 48 : 24) }
    if taken.count < networks.count {
      report.gap(
        "\(name.shortText) \(family.type)",
        "networks smaller than a /24 (IPv6: /48) are not known to Route 53: their clients get what comes next")
    }
    guard !taken.isEmpty else { return nil }
    let texts = Set(taken.map { "\($0)" }).sorted()
    if let same = locations.first(where: { $0.networks == texts }) { return same.name }
    let location = "networks-\(locations.count + 1)"
    locations.append((location, texts))
    return location
  }
}
