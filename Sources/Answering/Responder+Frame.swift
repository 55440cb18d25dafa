import Memory
import Wire

/// The frame of a reply: header, question, OPT.
extension Responder {
  /// Cuts the message behind its question and sets how far the reply may go.
  func begin(
    _ query: Query, _ message: inout Message, _ context: RequestContext, _ generation: borrowing Generation
  ) {
    clear(query, &message)
    let reserved = reservedLength(query, context, generation)
    message.setLimit(limit(query, context, generation.settings) - reserved)
  }

  func clear(_ query: Query, _ message: inout Message) {
    message.length = query.end
    message.put(UInt32(0), at: 6)
    message.put(UInt16(0), at: 10)
  }

  /// Octets that the client and we both take (RFC 6891 §6.2.5).
  private func limit(
    _ query: Query, _ context: RequestContext, _ settings: borrowing AnswerSettings
  ) -> Int {
    if context.transport == .tcp { return 65535 }
    guard let edns = query.edns else { return 512 }
    let own = cookie.isValid ? settings.udpSize : settings.sizeWithoutCookie
    return min(max(512, Int(edns.udpSize)), Int(own))
  }

  /// Octets that our OPT record will take, with the options that the client asked for.
  private func reservedLength(
    _ query: Query, _ context: RequestContext, _ generation: borrowing Generation
  ) -> Int {
    guard let edns = query.edns else { return 0 }
    var length = EDNS.recordLength
    if edns.wantsIdentity, generation.settings.identityLength > 0 {
      length += EDNS.optionLength + generation.settings.identityLength
    }
    if cookie.isSent { length += EDNS.optionLength + CookieExchange.length }
    if edns.wantsKeepalive, context.transport == .tcp { length += EDNS.optionLength + 2 }
    return length
  }

  /// Completes the reply, unless the client's network has had its share.
  mutating func finish(
    _ query: Query, _ answer: Answer, _ message: inout Message, _ context: RequestContext,
    _ generation: borrowing Generation
  ) -> Reply {
    if generation.settings.rateLimit.isOn, context.transport == .udp, !cookie.isValid {
      switch charge(answer, message, context, generation.settings.rateLimit) {
      case .pass: break
      case .drop: return Reply(fate: .limited, code: answer.code, cookie: cookie.status)
      case .slip: return slip(query, &message, context, generation)
      }
    }
    return complete(query, answer, &message, context, generation)
  }

  func complete(
    _ query: Query, _ answer: Answer, _ message: inout Message, _ context: RequestContext,
    _ generation: borrowing Generation
  ) -> Reply {
    var flags = HeaderFlags.response | message.uint16(2) & (HeaderFlags.opcode | HeaderFlags.recursionDesired)
    if answer.isAuthoritative { flags |= HeaderFlags.authoritative }
    if answer.isTruncated { flags |= HeaderFlags.truncated }
    message.put(flags | answer.code.rawValue & 0xF, at: 2)
    if let edns = query.edns {
      message.setLimit(limit(query, context, generation.settings))
      appendOPT(edns, answer, &message, context, generation)
    }
    return Reply(code: answer.code, isTruncated: answer.isTruncated, cookie: cookie.status)
  }

  /// Our OPT record: our size, the code's upper bits, version 0, and DO as the client set it (RFC 3225 §3).
  private func appendOPT(
    _ edns: EDNS, _ answer: Answer, _ message: inout Message, _ context: RequestContext,
    _ generation: borrowing Generation
  ) {
    let at = message.length
    guard message.fits(EDNS.recordLength) else { return }
    message.put(UInt8(0), at: at)
    message.put(RecordType.opt.rawValue, at: at + 1)
    message.put(generation.settings.udpSize, at: at + 3)
    message.put(UInt32(answer.code.rawValue >> 4) << 24 | (edns.dnssecOK ? 0x8000 : 0), at: at + 5)
    message.length += EDNS.recordLength
    appendOptions(edns, answer, &message, context, generation.settings)
    message.put(UInt16(message.length - at - EDNS.recordLength), at: at + 9)
    message.count(1, in: .additional)
  }

  private func appendOptions(
    _ edns: EDNS, _ answer: Answer, _ message: inout Message, _ context: RequestContext,
    _ settings: borrowing AnswerSettings
  ) {
    if edns.wantsIdentity, settings.identityLength > 0,
      appendOption(EDNS.Option.identity, length: settings.identityLength, &message)
    {
      _ = message.append(settings.identity.bytes, from: 0, count: settings.identityLength)
    }
    if cookie.isSent, appendOption(EDNS.Option.cookie, length: CookieExchange.length, &message) {
      _ = message.append(word: cookie.client) && message.append(word: cookie.server.head)
      _ = message.append(word: cookie.server.hash)
    }
    if edns.wantsKeepalive, context.transport == .tcp, appendOption(EDNS.Option.keepalive, length: 2, &message) {
      _ = message.append(settings.keepalive)
    }
    if let why = answer.extendedError, appendOption(EDNS.Option.extendedError, length: 2, &message) {
      _ = message.append(why.rawValue)
    }
  }

  /// The head of an option, if the whole of it fits.
  private func appendOption(_ code: UInt16, length: Int, _ message: inout Message) -> Bool {
    guard message.fits(EDNS.optionLength + length) else { return false }
    return message.append(code) && message.append(UInt16(length))
  }

  /// A reply of the header and the question, as far as there is one.
  mutating func refuse(
    _ query: Query, _ code: ResponseCode, _ message: inout Message, _ context: RequestContext,
    _ generation: borrowing Generation, because why: ExtendedError? = nil
  ) -> Reply {
    begin(query, &message, context, generation)
    if !query.hasQuestion { message.put(UInt16(0), at: 4) }
    var answer = Answer(query.type)
    answer.code = code
    answer.extendedError = why
    return finish(query, answer, &message, context, generation)
  }
}
