import Configuration
import Failover
import Wire

/// Turns a pool's choice into the brain's, and what it says of clients into tables.
struct ChoiceTree {
  /// Those of all pools; equal ones are one.
  var tables: [ClientRules]
  private var sets = 0

  init(tables: [ClientRules]) { self.tables = tables }

  mutating func choice(_ group: Configuration.Group) -> Choice {
    let id = sets
    sets += 1
    let policy = policy(group)
    let branches = group.branches.map { branch in
      switch branch.target {
      case .member(let index): Choice.Branch(.endpoint(index), weight: branch.weight)
      case .group(let group): Choice.Branch(choice(group), weight: branch.weight)
      }
    }
    return .set(Choice.Set(id: id, name: group.name, policy: policy, branches, floor: ChoiceTree.floor(group.floor)))
  }

  private static func floor(_ floor: Configuration.Floor?) -> Choice.Floor? {
    switch floor {
    case .count(let count): .branches(count)
    case .percent(let share): .share(share * 10)
    case nil: nil
    }
  }

  private mutating func policy(_ group: Configuration.Group) -> Choice.Policy {
    switch group.policy {
    case .failover(let failback): .failover(ChoiceTree.failback(failback))
    case .all(let limit): .all(atMost: limit)
    case .weighted: .weighted
    case .sticky: .sticky
    case .fastest(let margin, let time): .fastest(margin: margin * 10, for: time)
    case .client(let clients): client(clients)
    }
  }

  private static func failback(_ failback: Configuration.Failback) -> Choice.Failback {
    switch failback {
    case .immediate: .immediate
    case .manual: .manual
    case .after(let time): .after(time)
    case .ramp(let time): .ramp(time)
    case .window(let windows): .window(windows.map { WeekWindow(start: $0.start, length: $0.length) })
    }
  }

  private mutating func client(_ clients: Configuration.Clients) -> Choice.Policy {
    var classes = ClientClasses(clients)
    let rules = classes.compile()
    let table = tables.firstIndex(of: rules) ?? tables.count
    if table == tables.count { tables.append(rules) }
    return .client(table: table, order: classes.orders)
  }
}

/// The classes of clients that a set of rules tells apart: each with the branches that it tries, from the
/// rule that fits it best over the larger regions around it to the default.
private struct ClientClasses {
  let clients: Configuration.Clients
  private(set) var orders: [[Int]] = []
  private var known: [[Int]: Int] = [:]

  init(_ clients: Configuration.Clients) {
    self.clients = clients
    orders = [clients.other.map { [$0] } ?? []]
    known[orders[0]] = 0
  }

  mutating func compile() -> ClientRules {
    var rules = ClientRules()
    for rule in clients.rules {
      for prefix in rule.networks {
        rules.networks.append(ClientRules.Network(prefix, class: classIndex(around(prefix))))
      }
      for country in rule.countries { rules.countries[country] = classIndex([rule.branch] + onContinent(of: country)) }
      for continent in rule.continents { rules.continents[continent] = classIndex([rule.branch]) }
    }
    return rules
  }

  private mutating func classIndex(_ branches: [Int]) -> Int {
    var order: [Int] = []
    for branch in branches + [clients.other].compactMap(\.self) where !order.contains(branch) { order.append(branch) }
    if let index = known[order] { return index }
    known[order] = orders.count
    orders.append(order)
    return orders.count - 1
  }

  /// The branches of the networks that hold this one, itself first.
  private func around(_ prefix: IPPrefix) -> [Int] {
    clients.rules.flatMap { rule in
      rule.networks.filter { $0.length <= prefix.length && $0.contains(prefix.address) }.map {
        ($0.length, rule.branch)
      }
    }.sorted { $0.0 > $1.0 }.map(\.1)
  }

  private func onContinent(of country: String) -> [Int] {
    guard let continent = Countries.continent(of: country) else { return [] }
    return clients.rules.filter { $0.continents.contains(continent) }.map(\.branch)
  }
}

extension HealthPlan {
  static func coupling(_ coupling: Configuration.Coupling) -> Failover.Pool.Coupling {
    switch coupling {
    case .independent: .independent
    case .both: .both
    case .v6WithV4: .v6WithV4
    }
  }
}
