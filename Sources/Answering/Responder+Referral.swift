import Memory
import Wire
import Zone

/// Answers that lead on: to the servers of a delegation.
extension Responder {
  mutating func refer(
    _ cut: Node, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) {
    if answer.owner == Message.headerLength, !answer.isSigned || !entry.isSigned,
      entry.zone.value.appendReferral(to: cut, nameEnd: Message.headerLength &+ name.length, to: &message)
    {
      return
    }
    let apex = apexOffset(message, entry)
    guard let servers = entry.zone.value.rrset(cut, .ns) else { return }
    let start = message.length
    let owner = offset(of: cut, message, entry)
    guard entry.zone.value.append(servers, owner: owner, apex: apex, to: &message, .authority) else {
      answer.isTruncated = true
      return
    }
    if answer.isSigned {
      if entry.zone.value.isSigned { appendSecurity(of: cut, owner, apex, &message, entry) }
      // Also those of wildcards on the way here: the authority section ends before the glue.
      appendProofs(&message, generation)
    }
    appendAdditional(servers, at: start, &message, generation, entry)
  }

  /// Appends the delegation's DS records, or collects the proof that it has none (RFC 4035 §3.1.4).
  private mutating func appendSecurity(
    of cut: Node, _ owner: Int, _ apex: Int, _ message: inout Message,
    _ entry: borrowing ZoneTable.Entry
  ) {
    if let keys = entry.zone.value.rrset(cut, .ds) {
      let fit = entry.zone.value.append(keys, owner: owner, apex: apex, signed: true, to: &message, .authority)
      if !fit { answer.isTruncated = true }
    } else {
      proveInsecure(from: name.start(ofLast: entry.zone.value.labels(cut)), entry)
    }
  }
}
