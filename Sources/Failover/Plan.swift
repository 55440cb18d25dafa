/// What a pool answers to one family until something changes: all that is left to each query is its client
/// and its luck. A flat tree; node 0 is the root.
package struct Plan: Hashable, Sendable {
  package enum Node: Hashable, Sendable {
    /// Members in the order of the configuration; each query gets at most so many of them.
    case addresses([Int], atMost: Int)
    /// One of these, with odds by weight; the sum is more than 0.
    case weighted([Odds])
    /// One of these for each client network, by the hash of the network and each one's key.
    case sticky([Odds])
    /// Node by the client's class in a table of the caller's.
    case client(table: Int, nodes: [Int])
    /// NODATA.
    case nothing
    /// SERVFAIL.
    case failure
  }

  package struct Odds: Hashable, Sendable {
    package var weight: Int
    package var node: Int
    /// What stays the same as long as the branch does: its endpoint's or group's name, hashed.
    package var key: UInt64

    package init(weight: Int, node: Int, key: UInt64 = 0) {
      self.weight = weight
      self.node = node
      self.key = key
    }
  }

  package var nodes: [Node]

  package init(_ nodes: [Node]) { self.nodes = nodes }

  /// The same for everybody.
  package init(_ members: [Int]) { self.init([members.isEmpty ? .nothing : .addresses(members, atMost: .max)]) }

  /// All members that some query may get, in the order of the nodes, each once.
  package var members: [Int] {
    var seen: Swift.Set<Int> = []
    return nodes.flatMap { node in
      guard case .addresses(let members, _) = node else { return [Int]() }
      return members.filter { seen.insert($0).inserted }
    }
  }
}
