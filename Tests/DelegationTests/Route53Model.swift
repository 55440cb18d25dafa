import Delegation
import Wire

/// What Route 53 answers by its documented rules, written down once more and apart from the importer.
struct Route53Model {
  let records: [RecordSet]
  /// By health check's id.
  let healthy: [String: Bool]
  /// Where the client is, from the nearest region to the farthest: `DE`, `EU`.
  let regions: [String]
  /// Locations of a CIDR collection that the client is in, the longest network first.
  let locations: [String]

  typealias Answers = [Set<String>: Double]

  func sets(_ name: DomainName, _ type: String) -> [RecordSet] { records.filter { $0.name == name && $0.type == type } }

  func isHealthy(_ set: RecordSet) -> Bool {
    if let check = set.healthCheck, healthy[check] == false { return false }
    guard let alias = set.alias, alias.evaluatesHealth else { return true }
    return mine(sets(alias.target, set.type)).contains { isHealthy($0) }
  }

  /// Of a group that chooses by client, those that this client can get: it is these that a query backs out of.
  private func mine(_ all: [RecordSet]) -> [RecordSet] {
    switch all.first?.routing {
    case .geolocation: (regions + ["*"]).compactMap { located($0, all) }
    case .network: (locations + ["*"]).compactMap { inNetwork($0, all) }
    default: all
    }
  }

  private func located(_ region: String, _ sets: [RecordSet]) -> RecordSet? {
    sets.first { set in
      switch set.routing {
      case .geolocation(.country(let code)), .geolocation(.continent(let code)): code == region
      case .geolocation(.default): region == "*"
      default: false
      }
    }
  }

  private func inNetwork(_ location: String, _ sets: [RecordSet]) -> RecordSet? {
    sets.first { if case .network(_, location) = $0.routing { true } else { false } }
  }

  /// How likely each answer is.
  func answers(_ name: DomainName, _ type: String) -> Answers {
    let all = sets(name, type)
    let up = all.filter(isHealthy)
    // With nobody healthy it is as if all were.
    return choose(up.isEmpty ? all : up, of: all)
  }

  private func choose(_ up: [RecordSet], of all: [RecordSet]) -> Answers {
    guard let first = all.first else { return [[]: 1] }
    switch first.routing {
    case .failover:
      let primary = up.first { $0.routing == .failover(isPrimary: true) }
      return resolve(primary ?? up[0])
    case .weighted: return weighted(up)
    case .multivalue: return [Set(up.flatMap(\.values)): 1]
    case .geolocation, .network: return nearest(all)
    default: return resolve(up[0])
    }
  }

  private func weighted(_ up: [RecordSet]) -> Answers {
    func weight(_ set: RecordSet) -> Int { if case .weighted(let weight) = set.routing { weight } else { 0 } }
    let total = up.reduce(0) { $0 + weight($1) }
    var result: Answers = [:]
    for set in up {
      let share = total == 0 ? 1 / Double(up.count) : Double(weight(set)) / Double(total)
      if share > 0 { for (answer, odds) in resolve(set) { result[answer, default: 0] += share * odds } }
    }
    return result
  }

  /// The nearest region with somebody healthy, else the nearest that there is.
  private func nearest(_ all: [RecordSet]) -> Answers {
    let mine = mine(all)
    guard !mine.isEmpty else { return [[]: 1] }
    return resolve(mine.first { isHealthy($0) } ?? mine[0])
  }

  private func resolve(_ set: RecordSet) -> Answers {
    guard let alias = set.alias else { return [Set(set.values): 1] }
    return answers(alias.target, set.type)
  }
}
