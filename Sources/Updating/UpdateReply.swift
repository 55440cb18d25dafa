package import Wire

/// Replies that say no more than a code: to updates (RFC 2136 §3.8), and to requests whose signature is refused.
package enum UpdateReply {
  /// Header and zone section (or question) of the request, and an OPT record if it had one (RFC 6891 §6.1.1);
  /// without a signature.
  ///
  /// - Parameter request: with or without its TSIG record.
  /// - Returns: nil when not even a header is there, or it is itself a reply.
  package static func octets(to request: [UInt8], _ code: ResponseCode) -> [UInt8]? {
    guard var reader = MessageReader(request), !reader.isReply else { return nil }
    let hasZone = reader.count(0) == 1 && reader.question() != nil
    let hasOPT = hasZone && hasOPT(&reader)
    var reply: [UInt8] = []
    reply.append(reader.identifier)
    let copied = reader.flags & (HeaderFlags.opcode | HeaderFlags.recursionDesired)
    reply.append(HeaderFlags.response | copied | code.rawValue & 15)
    for count in [hasZone ? 1 : 0, 0, 0, hasOPT ? 1 : 0] as [UInt16] { reply.append(count) }
    if hasZone, var zone = MessageReader(request), zone.question() != nil {
      reply += request[Message.headerLength..<zone.at]
    }
    if hasOPT {
      reply.append(UInt8(0))
      reply.append(RecordType.opt.rawValue)
      reply.append(UInt16(1232))
      reply.append(UInt32(0))
      reply.append(UInt16(0))
    }
    return reply
  }

  private static func hasOPT(_ reader: inout MessageReader) -> Bool {
    for _ in 0..<(reader.count(1) + reader.count(2) + reader.count(3)) {
      guard let record = reader.record() else { return false }
      if record.type == .opt { return true }
    }
    return false
  }
}
