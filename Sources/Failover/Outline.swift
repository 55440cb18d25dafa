/// A plan as a tree, while it is made.
indirect enum Outline: Hashable {
  case addresses([Int], atMost: Int)
  case odds([Odds], isSticky: Bool)
  case client(table: Int, [Outline])
  case nothing
  case failure

  struct Odds: Hashable {
    var weight: Int
    var key: UInt64
    var outline: Outline
  }

  /// All members that some query may get.
  var members: [Int] {
    switch self {
    case .addresses(let members, _): members
    case .odds(let odds, _): odds.flatMap(\.outline.members)
    case .client(_, let classes): classes.flatMap(\.members)
    case .nothing, .failure: []
    }
  }
}

extension Plan {
  init(_ outline: Outline) {
    if case .addresses(let members, let limit) = outline {
      self.init([.addresses(members, atMost: limit)])
      return
    }
    var places: [Outline: Int] = [:]
    self.init([Node]())
    _ = append(outline, &places)
  }

  /// Appends what is not there yet; where it is.
  private mutating func append(_ outline: Outline, _ places: inout [Outline: Int]) -> Int {
    if !places.isEmpty, let place = places[outline] { return place }
    let place = nodes.count
    nodes.append(.nothing)
    switch outline {
    case .addresses(let members, let limit): nodes[place] = .addresses(members, atMost: limit)
    case .odds(let odds, let isSticky):
      let odds = odds.map { Odds(weight: $0.weight, node: append($0.outline, &places), key: $0.key) }
      nodes[place] = isSticky ? .sticky(odds) : .weighted(odds)
    case .client(let table, let classes):
      nodes[place] = .client(table: table, nodes: classes.map { append($0, &places) })
    case .nothing: break
    case .failure: nodes[place] = .failure
    }
    places[outline] = place
    return place
  }
}
