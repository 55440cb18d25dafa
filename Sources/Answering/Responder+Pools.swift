import Memory
import Wire
import Zone

/// Names whose addresses are a pool's.
extension Responder {
  /// The generation's slot of the pool that answers at a node.
  func slot(_ node: Node, _ entry: borrowing ZoneTable.Entry) -> Int? {
    guard let pool = entry.zone.value.pool(node) else { return nil }
    return Int(entry.pools.span[pool])
  }

  mutating func answerFromPool(
    _ pool: Int, _ message: inout Message, _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) {
    // Borrowed once, so that what an answer says of a pool agrees with itself.
    answerFromPool(generation.pools[pool].block.current, pool, generation.pools[pool], &message, generation, entry)
  }

  private mutating func answerFromPool(
    _ block: borrowing PoolBlock, _ pool: Int, _ slot: borrowing PoolSlot, _ message: inout Message,
    _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) {
    let type = answer.type == .any ? block.anyType : answer.type
    let leaf = choose(type, block, generation)
    switch leaf.kind {
    case .addresses:
      generation.count(pool: pool, hasAddresses: true, worker: index)
      let ttl = ttl(type, block, slot)
      if !block.append(leaf, owner: answer.owner, ttl: ttl, random: nextRandom(), to: &message, .answer) {
        answer.isTruncated = true
      }
      if block.failedOpen(type) { answer.extendedError = .failedOpen }
    case .failure:
      generation.count(pool: pool, hasAddresses: false, worker: index)
      answer.code = .servFail
      answer.isAuthoritative = false
      answer.extendedError = .allDown
    default:
      generation.count(pool: pool, hasAddresses: false, worker: index)
      appendNegativeSOA(&message, entry)
    }
  }

  /// Appends a pool's addresses as additional data.
  ///
  /// - Returns: false when something did not fit.
  mutating func appendPool(
    _ slot: borrowing PoolSlot, owner: Int, _ message: inout Message, _ generation: borrowing Generation
  ) -> Bool {
    appendPool(slot.block.current, slot, owner, &message, generation)
  }

  private mutating func appendPool(
    _ block: borrowing PoolBlock, _ slot: borrowing PoolSlot, _ owner: Int, _ message: inout Message,
    _ generation: borrowing Generation
  ) -> Bool {
    // The scope is of the answer section alone: what stands here must suit every network (RFC 7871 §7.3.1).
    if subnet.isTold, block.choosesByClient { return true }
    let fit = appendPool(.a, block, slot, owner, &message, generation)
    return appendPool(.aaaa, block, slot, owner, &message, generation) && fit
  }

  private mutating func appendPool(
    _ type: RecordType, _ block: borrowing PoolBlock, _ slot: borrowing PoolSlot, _ owner: Int,
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Bool {
    let leaf = choose(type, block, generation)
    guard case .addresses = leaf.kind else { return true }
    let ttl = ttl(type, block, slot)
    return block.append(leaf, owner: owner, ttl: ttl, random: 0, to: &message, .additional)
  }

  @inline(__always) func ttl(
    _ type: RecordType, _ block: borrowing PoolBlock, _ slot: borrowing PoolSlot
  ) -> UInt32 {
    let now = context.time.monotonic
    let ttl = block.adapts ? block.ttl(until: slot.deadline(type), now: now) : block.maximumTTL
    block.note(ttl, at: now)
    return ttl
  }

  // MARK: - What is left to the query

  @inline(__always) mutating func choose(
    _ type: RecordType, _ block: borrowing PoolBlock, _ generation: borrowing Generation
  ) -> PoolNode {
    let root = block.root(type)
    if case .addresses = root.kind { return root }
    return walk(root, block, generation)
  }

  /// From node to node: every choice's nodes stand behind it, so that this ends.
  @inline(never) private mutating func walk(
    _ root: PoolNode, _ block: borrowing PoolBlock, _ generation: borrowing Generation
  ) -> PoolNode {
    var node = root
    while true {
      let choices = block.odds.span
      let first = Int(node.start)
      let choice: Int
      switch node.kind {
      case .addresses, .nothing, .failure: return node
      case .weighted: choice = weighted(choices, first, Int(node.count))
      case .sticky: choice = sticky(choices, first, Int(node.count))
      case .client:
        let match = generation.clients[Int(node.table)].value.find(client)
        subnet.depend(on: match.scope)
        choice = first + (match.classIndex < Int(node.count) ? match.classIndex : 0)
      }
      node = block.nodes.span[Int(choices[choice].node)]
    }
  }

  private mutating func weighted(_ choices: Span<PoolOdds>, _ first: Int, _ count: Int) -> Int {
    let total = choices[first + count - 1].limit
    let random = UInt64(nextRandom()) << 32 | UInt64(nextRandom())
    let drawn = random.multipliedFullWidth(by: total).high
    var choice = first
    while choices[choice].limit <= drawn { choice += 1 }
    return choice
  }

  private mutating func sticky(_ choices: Span<PoolOdds>, _ first: Int, _ count: Int) -> Int {
    let client = client
    subnet.depend(on: ClientNetwork.length(client))
    return ClientNetwork.choice(of: client, among: choices, from: first, count: count)
  }
}

extension PoolBlock {
  /// The family that is enough for ANY (RFC 8482 §4.1).
  fileprivate var anyType: RecordType {
    if case .nothing = a.kind { return .aaaa }
    return .a
  }
}

extension RecordType {
  /// What a pool answers for itself.
  var isPooled: Bool { self == .a || self == .aaaa || self == .any }
}
