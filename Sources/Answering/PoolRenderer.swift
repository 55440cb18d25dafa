import Failover
import Wire
import Zone

/// One node of a pool's choices.
struct PoolNode: BitwiseCopyable, Sendable {
  enum Kind: UInt8, BitwiseCopyable, Sendable { case addresses, weighted, sticky, client, nothing, failure }

  var kind: Kind
  /// Of one record, in octets: 16 or 28.
  var size: UInt8 = 0
  /// Addresses there are; or the choices.
  var count: UInt16 = 0
  /// Addresses that one query gets.
  var taken: UInt16 = 0
  /// Of the first record in `octets`; of the first choice in `odds`.
  var start: UInt32 = 0
  /// Of the clients, where they choose.
  var table: UInt16 = 0

  /// Octets of a record before its address.
  static var fixedSize: Int { 12 }
}

/// One of the choices of a node.
struct PoolOdds: BitwiseCopyable, Sendable {
  /// The sum of the weights up to and with this one.
  var limit: UInt64
  var weight: UInt32
  var node: UInt32
  /// What stays the same as long as the choice does.
  var key: UInt64

  /// - Parameter base: where the plan's nodes begin.
  static func all(of choices: [Plan.Odds], base: Int) -> [PoolOdds] {
    var sum: UInt64 = 0
    // Without any weight all would be passed over, and a worker must find one.
    let isEven = choices.allSatisfy { $0.weight == 0 }
    return choices.prefix(Int(UInt16.max)).map { choice in
      let weight = isEven ? 1 : UInt32(clamping: choice.weight)
      sum += UInt64(weight)
      return PoolOdds(limit: sum, weight: weight, node: UInt32(base + choice.node), key: choice.key)
    }
  }
}

/// Writes a pool's plans as a block has them.
///
/// The records of a leaf stand in a row and then as many again from the first on as make every rotation of them
/// one run of octets.
struct PoolRenderer {
  private let ttl: UInt32
  private let addresses: (Int) -> IPAddress
  private(set) var octets: [UInt8] = []
  private(set) var nodes: [PoolNode] = []
  private(set) var odds: [PoolOdds] = []

  init(ttl: UInt32, addresses: @escaping (Int) -> IPAddress) {
    self.ttl = ttl
    self.addresses = addresses
  }

  /// - Returns: the plan's root.
  mutating func render(_ plan: Plan, _ type: RecordType) -> PoolNode {
    let base = nodes.count
    for node in plan.nodes { nodes.append(render(node, base, type)) }
    return nodes[base]
  }

  /// All that the plan may answer, as one leaf.
  mutating func renderAll(_ plan: Plan, _ type: RecordType, _ root: PoolNode) -> PoolNode {
    if case .addresses = root.kind, root.taken == root.count { return root }
    return leaf(plan.members, atMost: .max, type)
  }

  private mutating func render(_ node: Plan.Node, _ base: Int, _ type: RecordType) -> PoolNode {
    switch node {
    case .addresses(let members, let limit): return leaf(members, atMost: limit, type)
    case .weighted(let choices): return choice(.weighted, choices, base)
    case .sticky(let choices): return choice(.sticky, choices, base)
    case .client(let table, let nodes):
      return choice(.client, nodes.map { Plan.Odds(weight: 0, node: $0) }, base, table: table)
    case .nothing: return PoolNode(kind: .nothing)
    case .failure: return PoolNode(kind: .failure)
    }
  }

  private mutating func choice(
    _ kind: PoolNode.Kind, _ choices: [Plan.Odds], _ base: Int, table: Int = 0
  ) -> PoolNode {
    if choices.isEmpty { return PoolNode(kind: .nothing) }
    let start = odds.count
    odds += PoolOdds.all(of: choices, base: base)
    return PoolNode(
      kind: kind, count: UInt16(odds.count - start), start: UInt32(start), table: UInt16(clamping: table))
  }

  private mutating func leaf(_ members: [Int], atMost limit: Int, _ type: RecordType) -> PoolNode {
    let members = Array(members.prefix(Int(UInt16.max)))
    let taken = max(0, min(limit, members.count))
    if taken == 0 { return PoolNode(kind: .nothing) }
    let start = octets.count
    for member in members + members.prefix(taken - 1) { append(addresses(member), type) }
    return PoolNode(
      kind: .addresses, size: type == .a ? 16 : 28, count: UInt16(members.count), taken: UInt16(taken),
      start: UInt32(start))
  }

  private mutating func append(_ address: IPAddress, _ type: RecordType) {
    let data = address.octets
    let fixed: [UInt16] = [
      pointer(Message.headerLength), type.rawValue, 1, UInt16(ttl >> 16), UInt16(truncatingIfNeeded: ttl),
      UInt16(data.count),
    ]
    octets += fixed.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } + data
  }
}
