import Answering
import Failover
import Testing
import Wire

/// What is served of a plan against what `explain` says of it: the same answers, with the same odds.
@Suite struct PlanOddsTests {
  private static let addresses = (0..<8).map { "192.0.2.\($0)" }
  private static let classes = 3

  /// A tree in which every node's choices stand behind it.
  private static func plan(_ random: inout SeededGenerator) -> Plan {
    var nodes: [Plan.Node] = [.nothing]
    func grow(_ node: Int, depth: Int) {
      let kind = depth == 0 ? Int.random(in: 0...2, using: &random) : Int.random(in: 0...7, using: &random)
      guard kind > 2 else {
        let members = (0..<8).filter { _ in Bool.random(using: &random) }
        nodes[node] = members.isEmpty ? .failure : .addresses(members, atMost: Int.random(in: 1...4, using: &random))
        return
      }
      let children = (0..<Int.random(in: 1...3, using: &random)).map { nodes.count + $0 }
      nodes += children.map { _ in .nothing }
      let odds = children.enumerated().map {
        Plan.Odds(
          weight: $0 == 0 ? 3 : Int.random(in: 0...9, using: &random), node: $1,
          key: .random(in: 0 ... .max, using: &random))
      }
      nodes[node] =
        kind < 5 ? .weighted(odds) : kind < 7 ? .sticky(odds) : .client(table: 0, nodes: children)
      for child in children { grow(child, depth: depth - 1) }
    }
    grow(0, depth: 3)
    return Plan(nodes)
  }

  /// By answer, sorted: how likely it is, where a window of a leaf counts as the whole leaf.
  private static func shares(_ outcome: Trace.Outcome, _ share: Double = 1) -> [[Int]: Double] {
    switch outcome {
    case .addresses(let members, _): return [members: share]
    case .noData: return [[]: share]
    case .serverFailure: return [[-1]: share]
    case .odds(let odds, _):
      let total = Double(odds.reduce(0) { $0 + $1.weight })
      return odds.reduce(into: [:]) { result, part in
        result.merge(shares(part.outcome, share * Double(part.weight) / total), uniquingKeysWith: +)
      }
    }
  }

  @Test(arguments: 1...25 as ClosedRange<UInt64>)
  func servedIsWhatIsExplained(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let plan = Self.plan(&random)
    let clients = (1..<Self.classes).compactMap { index in IPPrefix("10.\(index).0.0/16").map { ($0, index) } }
    let world = try World(
      apexRecords, pools: [TestPool(owners: ["www.example."], addresses: Self.addresses, plan: plan)],
      clients: clients)
    let query = try TestQuery("www.example. A").octets
    var asking = Client(seed: seed)
    let queries = 1500
    for index in 0..<Self.classes {
      let expected = Self.shares(plan.outcome([0: index]))
      var seen: [Set<Int>: Int] = [:]
      for number in 0..<queries {
        // Another network each time, for what sticks.
        let client = IPAddress.v4(0x0A00_0000 | UInt32(index) << 16 | UInt32(number % 256) << 8 | UInt32(number / 256))
        let octets = asking.ask(query, RequestContext(transport: .tcp, client: client), world)
        let reply = try ReplyDecoder.decode(octets ?? [])
        let members = Set(reply.answer.compactMap { $0.data.last.map(Int.init) })
        #expect(members.count == reply.answer.count)
        seen[reply.status.hasPrefix("SERVFAIL") ? [-1] : members, default: 0] += 1
      }
      // Each answer comes from some leaf, and is as large as that one's answers are.
      for answer in seen.keys {
        #expect(expected.keys.contains { answer.isSubset(of: $0) && $0.isEmpty == answer.isEmpty }, "\(plan)")
      }
      for member in -1..<8 {
        let share = Double(seen.reduce(0) { $0 + ($1.key.contains(member) ? $1.value : 0) }) / Double(queries)
        #expect(abs(share - Self.share(of: member, in: plan.outcome([0: index]))) < 0.12, "\(member) in \(plan)")
      }
    }
  }

  /// What is explained to one client is what that client is served, and not only with such odds.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func aClientIsServedWhatItSticksTo(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let plan = Self.plan(&random)
    let world = try World(
      apexRecords, pools: [TestPool(owners: ["www.example."], addresses: Self.addresses, plan: plan)],
      clients: [IPPrefix("10.1.0.0/16"), IPPrefix("2001:db8::/32")].compactMap(\.self).map { ($0, 1) })
    let query = try TestQuery("www.example. A").octets
    var asking = Client(seed: seed)
    for number in 0..<200 as Range<UInt64> {
      let isInside = Bool.random(using: &random)
      let client: IPAddress =
        number % 2 == 0
        ? .v4((isInside ? 0x0A01_0000 : 0x0A02_0000) | UInt32.random(in: 0...0xFFFF, using: &random))
        : .v6((isInside ? 0x2001_0DB8_0000_0000 : 0x2001_0DB9_0000_0000) | number << 9, number)
      let outcome = plan.outcome(for: client, [0: isInside ? 1 : 0])
      let octets = asking.ask(query, RequestContext(transport: .tcp, client: client), world)
      let reply = try ReplyDecoder.decode(octets ?? [])
      let members = Set(reply.answer.compactMap { $0.data.last.map(Int.init) })
      let seen = reply.status.hasPrefix("SERVFAIL") ? [-1] : members
      #expect(Self.leaves(outcome).contains { $0.holds(seen) }, "\(client) got \(seen) of \(plan), not \(outcome)")
    }
  }

  /// An answer that some query may get.
  private struct Leaf {
    let members: Set<Int>
    let count: Int

    func holds(_ answer: Set<Int>) -> Bool { answer.count == count && answer.isSubset(of: members) }
  }

  /// One, unless chance has a part in it.
  private static func leaves(_ outcome: Trace.Outcome) -> [Leaf] {
    switch outcome {
    case .addresses(let members, let limit): [Leaf(members: Set(members), count: min(limit, members.count))]
    case .odds(let odds, _): odds.filter { $0.weight > 0 }.flatMap { leaves($0.outcome) }
    case .noData: [Leaf(members: [], count: 0)]
    case .serverFailure: [Leaf(members: [-1], count: 1)]
    }
  }

  /// How often a member is in an answer; −1 stands for SERVFAIL.
  private static func share(of member: Int, in outcome: Trace.Outcome) -> Double {
    switch outcome {
    case .addresses(let members, let limit):
      return members.contains(member) ? min(1, Double(limit) / Double(members.count)) : 0
    case .noData: return 0
    case .serverFailure: return member == -1 ? 1 : 0
    case .odds(let odds, _):
      let total = Double(odds.reduce(0) { $0 + $1.weight })
      return odds.reduce(0) { $0 + Double($1.weight) / total * share(of: member, in: $1.outcome) }
    }
  }
}
