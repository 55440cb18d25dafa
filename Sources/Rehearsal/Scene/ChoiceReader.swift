import Diagnostics
import Failover

/// Reads how a pool chooses: `ec2a ec2b | azure` are tiers of equals; `weighted(ec2 3, azure 1)` and the other
/// policies may stand wherever an endpoint may.
struct ChoiceReader {
  /// By name: indices of the scene's endpoints.
  let endpoints: [String: Int]
  /// Indices of the scene's endpoints, in the order in which they are met.
  private(set) var candidates: [Int] = []
  private var sets = 0

  init(endpoints: [String: Int]) { self.endpoints = endpoints }

  private mutating func id() -> Int {
    defer { sets += 1 }
    return sets
  }

  /// The whole of a pool: one policy by name, or tiers.
  mutating func choice(_ words: inout Words) throws(Problem) -> Choice {
    let word = try words.next("an endpoint")
    if words.take("(") {
      let choice = try policy(word, &words)
      if words.isEmpty { return choice }
      throw Problem(.error, words.position, "a policy of this kind is a whole pool; tiers go into failover(…, …)")
    }
    let root = id()
    var tiers = [[try leaf(word)]]
    while let next = words.first, next != ")", next != "," {
      if words.take("|") { tiers.append([]) }
      tiers[tiers.count - 1].append(try item(&words))
    }
    let branches = tiers.map { tier in
      Choice.Branch(.set(Choice.Set(id: id(), policy: .all(atMost: nil), tier.map { Choice.Branch($0) })))
    }
    return .set(Choice.Set(id: root, policy: .failover(.immediate), branches))
  }

  private mutating func item(_ words: inout Words) throws(Problem) -> Choice {
    let word = try words.next("an endpoint")
    return words.take("(") ? try policy(word, &words) : try leaf(word)
  }

  private mutating func leaf(_ word: Words.Word) throws(Problem) -> Choice {
    guard let endpoint = endpoints[word.text] else {
      throw Problem(.error, word.position, "there is no endpoint `\(word.text)`")
    }
    candidates.append(endpoint)
    return .endpoint(candidates.count - 1)
  }

  /// What follows `NAME(`.
  private mutating func policy(_ name: Words.Word, _ words: inout Words) throws(Problem) -> Choice {
    if name.text == "floor" { return try floor(&words) }
    let set = id()
    let policy: Choice.Policy
    switch name.text {
    case "failover": policy = .failover(.immediate)
    case "all": policy = .all(atMost: nil)
    case "weighted": policy = .weighted
    case "sticky": policy = .sticky
    case "atmost":
      policy = .all(atMost: try words.number("count", in: 1...8))
      try words.require(",")
    case "fastest":
      let margin = try words.number("margin in thousandths", in: 0...1000)
      try words.require(",")
      policy = .fastest(margin: margin, for: try words.duration("time"))
      try words.require(",")
    case "client": return try client(set, &words)
    default:
      throw Problem(
        .error, name.position,
        "`\(name.text)` is no policy: write failover, all, atmost, weighted, sticky, fastest, client or floor")
    }
    return .set(Choice.Set(id: set, policy: policy, try branches(&words)))
  }

  private mutating func branches(_ words: inout Words) throws(Problem) -> [Choice.Branch] {
    var branches: [Choice.Branch] = []
    repeat {
      let choice = try item(&words)
      let hasWeight = words.first.flatMap { Int($0) } != nil
      branches.append(Choice.Branch(choice, weight: hasWeight ? try words.number("weight", in: 0...1_048_575) : 1))
    } while words.take(",")
    try words.require(")")
    return branches
  }

  /// `floor(2, SET)` or `floor(50%, SET)`.
  private mutating func floor(_ words: inout Words) throws(Problem) -> Choice {
    let word = try words.next("a floor, such as 2 or 50%")
    let share = word.text.hasSuffix("%") ? Int(word.text.dropLast()) : nil
    guard let floor = share.map({ Choice.Floor.share($0 * 10) }) ?? Int(word.text).map({ .branches($0) }) else {
      throw Problem(.error, word.position, "`\(word.text)` is no floor: write 2 or 50%")
    }
    try words.require(",")
    let position = words.position
    guard case .set(var set) = try item(&words) else {
      throw Problem(.error, position, "a floor is for a policy, not for one endpoint")
    }
    try words.require(")")
    set.floor = floor
    return .set(set)
  }

  /// `client(a | b, b | a)`: what the clients of class 0 try, then those of class 1.
  private mutating func client(_ set: Int, _ words: inout Words) throws(Problem) -> Choice {
    var branches: [Choice.Branch] = []
    var known: [String: Int] = [:]
    var order: [[Int]] = []
    repeat {
      order.append([])
      repeat {
        let name = words.first ?? ""
        if known[name] == nil {
          branches.append(Choice.Branch(try item(&words)))
          known[name] = branches.count - 1
        } else {
          _ = words.take(name)
        }
        order[order.count - 1].append(known[name] ?? 0)
      } while words.take("|")
    } while words.take(",")
    try words.require(")")
    return .set(Choice.Set(id: set, policy: .client(table: 0, order: order), branches))
  }
}
