import Diagnostics
import Wire

extension Reader {
  /// A choice by client: `clients` and `default`.
  mutating func clients(_ fields: Fields, _ title: String, _ use: inout PoolUse) -> Configuration.Group? {
    var set = ClientDraft()
    let example = "[{ networks: [10.0.0.0/8], use: inside }]"
    let node = required("clients", of: fields, title, example: example)
    let items = list(node)
    if let node, items.isEmpty, !node.isNull { mismatch(node, expected: "at least one item, such as \(example)") }
    for item in items { rule(item, &set, &use) }
    guard let other = required("default", of: fields, title, example: "none") else { return nil }
    var otherBranch: Int?
    if case .scalar("none", _) = other.content {
    } else {
      guard let branch = branch(other, &set, &use) else { return nil }
      otherBranch = branch
    }
    guard !set.rules.isEmpty else { return nil }
    let clients = Configuration.Clients(rules: set.rules, other: otherBranch)
    return Configuration.Group(name: nil, policy: .client(clients), branches: set.branches, floor: nil)
  }

  private mutating func rule(_ node: Node, _ set: inout ClientDraft, _ use: inout PoolUse) {
    guard let fields = fields(node, .client, at: node.position) else { return }
    if ["networks", "countries", "continents"].allSatisfy({ fields[$0] == nil }) {
      error(fields.position, "an item of `clients` needs `networks`, `countries` or `continents`")
    }
    let networks = list(fields["networks"]).compactMap { node in
      prefix(node).flatMap { isNew("\($0)", node, &set) ? $0 : nil }
    }
    let countries = list(fields["countries"]).compactMap { country($0, &set) }
    let continents = list(fields["continents"]).compactMap { continent($0, &set) }
    if !use.scope.hasLocations, let node = fields["countries"] ?? fields["continents"] {
      error(
        node.position,
        "where clients are is not known: add `location-database: FILE` at the top level, a database in MaxMind's format"
      )
    }
    guard let target = required("use", of: fields, "an item of `clients`", example: "ENDPOINT"),
      let branch = branch(target, &set, &use)
    else { return }
    set.rules.append(
      Configuration.ClientRule(networks: networks, countries: countries, continents: continents, branch: branch))
  }

  /// The same endpoint or group is one branch, however many rules use it.
  private mutating func branch(_ node: Node, _ set: inout ClientDraft, _ use: inout PoolUse) -> Int? {
    let name: String? = if case .scalar(let text, _) = node.content { text } else { nil }
    if let name, let known = set.places[name] { return known }
    guard let branch = self.branch(node, tierFloor: nil, &use) else { return nil }
    set.branches.append(branch)
    if let name { set.places[name] = set.branches.count - 1 }
    return set.branches.count - 1
  }

  private mutating func country(_ node: Node, _ set: inout ClientDraft) -> String? {
    let expected = "a country's code of ISO 3166-1, such as DE"
    guard let text = text(node, expected: expected) else { return nil }
    let code = text.uppercased()
    guard Countries.continent(of: code) != nil else {
      let isContinent = code == "EU"
      mismatch(node, expected: expected + (isContinent ? "; EU belongs to `continents`" : ""))
      return nil
    }
    return isNew(code, node, &set) ? code : nil
  }

  private mutating func continent(_ node: Node, _ set: inout ClientDraft) -> String? {
    let expected = "a continent's code: AF, AN, AS, EU, NA, OC or SA"
    guard let text = text(node, expected: expected) else { return nil }
    let code = text.uppercased()
    guard Countries.continents.contains(code) else {
      mismatch(node, expected: expected)
      return nil
    }
    return isNew("continent \(code)", node, &set) ? code : nil
  }

  private mutating func isNew(_ subject: String, _ node: Node, _ set: inout ClientDraft) -> Bool {
    if let earlier = set.seen.updateValue(node.position, forKey: subject) {
      error(node.position, "`clients`: \(subject) is here twice: it is already on line \(earlier.line)")
      return false
    }
    return true
  }
}

/// A choice by client as far as it is read.
private struct ClientDraft {
  var rules: [Configuration.ClientRule] = []
  var branches: [Configuration.Branch] = []
  /// Of branches that are a name.
  var places: [String: Int] = [:]
  var seen: [String: Position] = [:]
}
