import Memory
import Wire
import Zone

/// Addresses that the client would ask for next (RFC 1034 §4.3.2 step 6).
extension Responder {
  /// Addresses of the names in `rrset`, which was written at `start`: as many as fit, but a referral
  /// whose in-domain glue does not fit is truncated (RFC 9471 §3.1).
  mutating func appendAdditional(
    _ rrset: RRset, at start: Int, _ message: inout Message,
    _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) {
    if rrset.isService { return appendServiceAdditional(rrset, at: start, &message, generation, entry) }
    for i in 0..<rrset.additionalCount {
      let owner = entry.zone.value.additional(rrset, i)
      let position = start + owner.namePosition
      guard position < 0x4000 else { return }
      let fit = appendAddresses(owner.node, position, &message, generation, entry)
      if !fit, owner.isRequired { answer.isTruncated = true }
    }
  }

  /// Behind SVCB and HTTPS records, the owner may be meant itself, and hints stand between the names.
  @inline(never) private mutating func appendServiceAdditional(
    _ rrset: RRset, at start: Int, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) {
    let luck = luck
    var place = HintedPlace(rrset, at: start)
    for i in 0..<rrset.additionalCount {
      let owner = entry.zone.value.additional(rrset, i)
      if owner.isRepeated { continue }
      let position = owner.isOwner ? answer.owner : entry.zone.value.position(of: owner, in: rrset, &place, message)
      if position >= 0x4000 { break }
      // What hints say and what addresses say is one choice.
      self.luck = luck
      _ = appendAddresses(owner.node, position, &message, generation, entry)
    }
    // Whatever has been chosen, the next answer has other luck.
    self.luck = luck
    _ = nextRandom()
  }

  private mutating func appendAddresses(
    _ node: Node, _ owner: Int, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    if entry.zone.value.isPooled(node), let slot = slot(node, entry) {
      return appendPool(generation.pools[slot], owner: owner, &message, generation)
    }
    return entry.zone.value.appendAddresses(of: node, owner: owner, signed: answer.isSigned, to: &message)
  }
}
