import Memory
import Wire
import Zone

/// SVCB and HTTPS records that lead to a pool: their address hints (RFC 9460 §7.3) are what the pool answers to this
/// client now, and live no longer than that.
extension Responder {
  /// Appends the RRset whole, or not at all.
  @inline(never) mutating func appendHinted(
    _ rrset: RRset, _ message: inout Message, _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    let start = message.length
    let luck = luck
    let longest = longestTTL(rrset, generation, entry)
    var walk = entry.zone.value.hintWalk(rrset)
    while let record = entry.zone.value.next(&walk, rrset) {
      // What hints say and what addresses say is one choice.
      self.luck = luck
      guard append(record, atMost: longest, &message, generation, entry) else {
        message.length = start
        return false
      }
    }
    self.luck = luck
    message.count(rrset.recordCount, in: .answer)
    return true
  }

  /// Seconds for which the addresses of all pools that the RRset leads to may be kept.
  private func longestTTL(
    _ rrset: RRset, _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) -> UInt32 {
    var longest = UInt32.max
    for i in 0..<rrset.additionalCount {
      let owner = entry.zone.value.additional(rrset, i)
      guard owner.givesHints, let slot = slot(owner.node, entry) else { continue }
      longest = min(longest, shortestTTL(generation.pools[slot].block.current, generation.pools[slot]))
    }
    return longest
  }

  private func shortestTTL(_ block: borrowing PoolBlock, _ slot: borrowing PoolSlot) -> UInt32 {
    min(ttl(.a, block, slot), ttl(.aaaa, block, slot))
  }

  private mutating func append(
    _ record: HintedRecord, atMost longest: UInt32, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    let at = message.length
    guard entry.zone.value.append(octetsFrom: record.start, to: record.ipv4, to: &message) else { return false }
    if let pool = record.pool, let slot = slot(pool, entry) {
      let fits = appendHints(
        record, generation.pools[slot].block.current, &message, generation, entry)
      guard fits else { return false }
    }
    guard entry.zone.value.append(octetsFrom: record.ipv6, to: record.end, to: &message) else { return false }
    message.put(pointer(answer.owner), at: at)
    message.put(min(message.uint32(at + 6), longest), at: at + 6)
    // Less than a message has octets.
    message.put(UInt16(truncatingIfNeeded: message.length - at - 12), at: at + 10)
    return true
  }

  /// Appends the hints, and what stands between them.
  private mutating func appendHints(
    _ record: HintedRecord, _ block: borrowing PoolBlock, _ message: inout Message,
    _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    let a = choose(.a, block, generation)
    let aaaa = choose(.aaaa, block, generation)
    return block.appendHint(ServiceRecord.ipv4Hint, a, to: &message)
      && entry.zone.value.append(octetsFrom: record.ipv4, to: record.ipv6, to: &message)
      && block.appendHint(ServiceRecord.ipv6Hint, aaaa, to: &message)
  }
}

extension PoolBlock {
  /// Appends a parameter with the addresses of a leaf; nothing where it has none.
  fileprivate func appendHint(_ key: UInt16, _ leaf: PoolNode, to message: inout Message) -> Bool {
    guard case .addresses = leaf.kind else { return true }
    let (size, count) = (Int(leaf.size), Int(leaf.taken))
    let width = size - PoolNode.fixedSize
    guard message.fits(4 + count * width), message.append(key),
      message.append(UInt16(truncatingIfNeeded: count * width))
    else { return false }
    for i in 0..<count {
      let address = Int(leaf.start) + i * size + PoolNode.fixedSize
      guard message.append(octets.bytes, from: address, count: width) else { return false }
    }
    return true
  }
}
