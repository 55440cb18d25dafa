import Memory
package import Wire
import Zone

/// Requests that we do not grant, each refused as its RFC says.
extension Responder {
  /// SERVFAIL for the request that was last found to be one to hand over: who should have got it has no room.
  package mutating func refuseHandedOver(
    _ message: inout Message, over generation: borrowing Generation
  ) -> Reply {
    refuse(.servFail, &message, generation)
  }

  /// NOTIFY (RFC 1996) and UPDATE (RFC 2136): we are a secondary of nobody, and nobody may change a zone.
  mutating func refuseChange(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    // The zone section of an update names a zone by its SOA (RFC 2136 §3.1.1).
    if query.opcode == .update, query.type != .soa {
      return refuse(.formErr, &message, generation)
    }
    let isServed = query.recordClass == RecordClass.internet && apexEntry(generation) != nil
    return isServed
      ? refuse(.refused, &message, generation, because: .prohibited)
      : refuse(.notAuth, &message, generation, because: .notAuthoritative)
  }

  /// With one of our keys: handed over. With another: NOTAUTH, with an unsigned TSIG record that says so
  /// (RFC 8945 §5.2.1).
  mutating func meetSignature(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    // Both names are taken out of the message before the reply is written over them.
    guard let record = SignatureRecord(message, at: query.signature),
      name.read(compressed: message, at: record.name) != nil,
      otherName.read(compressed: message, at: record.algorithm) != nil
    else { return refuse(.formErr, &message, generation) }
    if generation.settings.keys.contains(name) { return Reply(fate: .handedOver) }
    let reply = refuse(.notAuth, &message, generation)
    if reply.isSent { appendUnsigned(record, &message) }
    return reply
  }

  /// Behind the OPT record: TSIG is the last (RFC 8945 §5.1). Left out when it does not fit.
  private func appendUnsigned(_ record: SignatureRecord, _ message: inout Message) {
    let dataLength = otherName.length + SignatureRecord.unsignedLength
    guard message.fits(name.length + 10 + dataLength) else { return }
    _ = message.append(name.bytes, from: 0, count: name.length)
    _ = message.append(RecordType.tsig.rawValue) && message.append(UInt16(255)) && message.append(UInt32(0))
    _ = message.append(UInt16(dataLength)) && message.append(otherName.bytes, from: 0, count: otherName.length)
    _ = message.append(record.time.high) && message.append(record.time.low) && message.append(record.fudge)
    _ = message.append(UInt16(0)) && message.append(record.originalID)
    _ = message.append(ResponseCode.badKey.rawValue) && message.append(UInt16(0))
    message.count(1, in: .additional)
  }
}
