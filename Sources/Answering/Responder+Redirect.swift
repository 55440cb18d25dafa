import Memory
import Wire
import Zone

extension Responder {
  /// The name is below a DNAME: sends that record and the CNAME that it makes of the name (RFC 6672 §3.2).
  mutating func redirect(
    _ lookup: Lookup, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) -> Step {
    answer.isAuthoritative = true
    guard let rrset = entry.zone.value.rrset(lookup.node, .dname) else { return .done }
    // The record's data is the target in full. That the new name is too long is said whether or not it fits.
    let isTooLong = lookup.unmatched + rrset.length - 12 > DomainName.maximumLength
    if isTooLong { answer.code = .yxDomain }
    guard let redirection = append(rrset, of: lookup.node, &message, entry), !isTooLong else { return .done }
    let start = message.length
    guard message.fits(12 + lookup.unmatched + 2) else {
      answer.isTruncated = true
      return .done
    }
    // The DNAME's own TTL (RFC 6672 §3.1); the new name ends in the target, which stands there in full.
    _ = message.append(pointer(answer.owner)) && message.append(RecordType.cname.rawValue) && message.append(UInt16(1))
    _ = message.append(message.uint32(redirection + 6)) && message.append(UInt16(lookup.unmatched + 2))
    _ = message.append(name.bytes, from: 0, count: lookup.unmatched) && message.append(pointer(redirection + 12))
    message.count(1, in: .answer)
    return answer.type == .cname ? .done : .following(nameAt: start + 12)
  }

  /// - Returns: where the DNAME record is in the message, also when it came there with an earlier link.
  private mutating func append(
    _ rrset: RRset, of node: Node, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) -> Int? {
    if let known = chain.redirection(node, zone: answer.zone) { return known }
    let start = message.length
    let owner = offset(of: node, message, entry)
    let apex = apexOffset(message, entry)
    guard
      entry.zone.value.append(rrset, owner: owner, apex: apex, signed: answer.isSigned, to: &message, .answer)
    else {
      answer.isTruncated = true
      return nil
    }
    chain.add(redirection: node, zone: answer.zone, at: start)
    return start
  }
}
