import Memory
import Wire
import Zone

/// Requests for a whole zone (RFC 5936), or for what has changed in it (RFC 1995).
extension Responder {
  mutating func answerTransfer(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    // RFC 5936 §4.2: there is no such thing.
    if query.type == .axfr, context.transport == .udp {
      return refuseTransfer(.notImp, &message, generation, because: .notSupported)
    }
    guard let zone = apexEntry(generation) else {
      return refuseTransfer(.notAuth, &message, generation, because: .notAuthoritative)
    }
    guard generation.zones.entries[zone].mayTransfer(context.client) else {
      return refuseTransfer(.refused, &message, generation, because: .prohibited)
    }
    if query.type == .ixfr {
      guard let known = serial(message) else {
        return refuseTransfer(.formErr, &message, generation)
      }
      if context.transport == .udp || known.isSameOrNewer(than: generation.zones.entries[zone].zone.value.serial) {
        return answerSOA(&message, generation, generation.zones.entries[zone])
      }
    }
    guard context.canTransfer else { return refuseTransfer(.refused, &message, generation) }
    var reply = answerEmpty(&message, generation)
    reply.transfer = .begins(zone: zone)
    return reply
  }

  private mutating func refuseTransfer(
    _ code: ResponseCode, _ message: inout Message, _ generation: borrowing Generation,
    because why: ExtendedError? = nil
  ) -> Reply {
    var reply = refuse(code, &message, generation, because: why)
    reply.transfer = .refused
    return reply
  }

  /// The served zone whose apex is the name in question.
  func apexEntry(_ generation: borrowing Generation) -> Int? {
    let zone = generation.zones.find(name)
    guard zone >= 0, generation.zones.entries[zone].zone.value.apexLabels == name.labelCount
    else { return nil }
    return zone
  }

  /// The serial of the client's copy: the SOA in the authority section (RFC 1995 §3). The record's lengths
  /// have been checked when the query was parsed.
  private func serial(_ message: borrowing Message) -> UInt32? {
    guard message.uint16(Section.answer.offset) == 0, message.uint16(Section.authority.offset) > 0,
      let fixed = Query.skipName(message, at: query.end), message.uint16(fixed) == RecordType.soa.rawValue
    else { return nil }
    let length = Int(message.uint16(fixed + 8))
    return length >= 22 ? message.uint32(fixed + 10 + length - 20) : nil
  }

  /// The current SOA alone: over UDP it makes the client come back over TCP, over TCP it says that the
  /// client has everything (RFC 1995 §2).
  private mutating func answerSOA(
    _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Reply {
    begin(&message, generation)
    answer = Answer(query.type)
    answer.isAuthoritative = true
    let apex = Message.headerLength
    if let soa = entry.zone.value.rrset(Zone.apexNode, .soa),
      !entry.zone.value.append(soa, owner: apex, apex: apex, to: &message, .answer)
    {
      answer.isTruncated = true
    }
    return finish(answer, &message, generation)
  }

  private mutating func answerEmpty(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    begin(&message, generation)
    answer = Answer(query.type)
    answer.isAuthoritative = true
    return finish(answer, &message, generation)
  }
}

extension UInt32 {
  /// In serial number arithmetic (RFC 1982 §3.2).
  fileprivate func isSameOrNewer(than other: UInt32) -> Bool { Int32(bitPattern: self &- other) >= 0 }
}
