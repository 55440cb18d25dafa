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
    // What is chosen by chance is chosen alike for all names, as for the hints that may stand before.
    let luck = luck
    var mayHaveChosen = rrset.isHinted
    var place = HintedPlace(rrset, at: start)
    for i in 0..<rrset.additionalCount {
      let owner = entry.zone.value.additional(rrset, i)
      let position =
        owner.isPlain && !rrset.isHinted
        ? start + owner.namePosition : servicePosition(owner, rrset, &place, message, entry)
      if position < 0 { continue }
      if position >= 0x4000 { break }
      let fit: Bool
      if entry.zone.value.isPooled(owner.node), let slot = slot(owner.node, entry) {
        self.luck = luck
        mayHaveChosen = true
        fit = appendPool(generation.pools[slot], owner: position, &message, generation)
      } else {
        fit = appendAddresses(owner.node, position, &message, entry)
      }
      if !fit, owner.isRequired { answer.isTruncated = true }
    }
    if mayHaveChosen {
      self.luck = luck
      _ = nextRandom()
    }
  }

  /// Where a name stands that service records lead to; −1: its addresses are there already.
  @inline(never) private func servicePosition(
    _ owner: AdditionalOwner, _ rrset: RRset, _ place: inout HintedPlace, _ message: borrowing Message,
    _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    if owner.isRepeated { return -1 }
    return owner.isOwner ? answer.owner : entry.zone.value.position(of: owner, in: rrset, &place, message)
  }

  private func appendAddresses(
    _ node: Node, _ owner: Int, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    let fit = appendAddresses(.a, node, owner, &message, entry)
    return appendAddresses(.aaaa, node, owner, &message, entry) && fit
  }

  /// Signatures are sent along if they fit (RFC 4035 §3.1.1).
  private func appendAddresses(
    _ type: RecordType, _ node: Node, _ owner: Int, _ message: inout Message,
    _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    guard let rrset = entry.zone.value.rrset(node, type) else { return true }
    return entry.zone.value.append(
      rrset, owner: owner, apex: 0, signed: answer.isSigned, to: &message, .additional)
      || entry.zone.value.append(rrset, owner: owner, apex: 0, to: &message, .additional)
  }
}
