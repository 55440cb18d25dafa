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

  /// - Parameter block: borrowed once, so that what an answer says of a pool agrees with itself.
  mutating func answerFromPool(
    _ block: borrowing PoolBlock, _ message: inout Message,
    _ entry: borrowing ZoneTable.Entry
  ) {
    let random = nextRandom()
    let any: RecordType = block.count(.a) > 0 ? .a : .aaaa
    let type = answer.type == .any ? any : answer.type
    if block.count(type) == 0 {
      appendNegativeSOA(&message, entry)
    } else if !block.append(type, owner: answer.owner, random: random, to: &message, .answer) {
      answer.isTruncated = true
    }
  }
}

extension RecordType {
  /// What a pool answers for itself.
  var isPooled: Bool { self == .a || self == .aaaa || self == .any }
}
