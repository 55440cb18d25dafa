import Memory
import Wire

/// The frame of a reply: header, question, OPT.
extension Responder {
  /// Cuts the message behind its question and sets how far the reply may go.
  @inline(__always) mutating func begin(
    _ message: inout Message, _ generation: borrowing Generation
  ) {
    clear(&message)
    if let edns = query.edns {
      reserved = reservedLength(edns, generation)
      message.setLimit(limit(edns, generation.settings) - reserved)
    } else {
      reserved = 0
      message.setLimit(context.transport == .tcp ? 65535 : 512)
    }
  }

  @inline(__always) func clear(_ message: inout Message) {
    message.length = query.end
    message.clearCounts()
  }

  /// Octets that the client and we both take (RFC 6891 §6.2.5).
  @inline(__always) private func limit(_ edns: EDNS, _ settings: borrowing AnswerSettings) -> Int {
    if context.transport == .tcp { return 65535 }
    let own = cookie.isValid ? settings.udpSize : settings.sizeWithoutCookie
    return min(max(512, Int(edns.udpSize)), Int(own))
  }

  /// Octets that our OPT record will take, with the options that the client asked for.
  @inline(__always) private func reservedLength(_ edns: EDNS, _ generation: borrowing Generation) -> Int {
    var length = EDNS.recordLength
    if edns.wantsIdentity, generation.settings.identityLength > 0 {
      length += EDNS.optionLength + generation.settings.identityLength
    }
    if cookie.isSent { length += EDNS.optionLength + CookieExchange.length }
    if edns.wantsKeepalive, context.transport == .tcp { length += EDNS.optionLength + 2 }
    if subnet.isSent { length += EDNS.optionLength + subnet.subnet.length }
    return length
  }

  /// Completes the reply, unless the client's network has had its share.
  ///
  /// - Parameter answer: what is known when this is compiled is not looked at when it runs.
  @inline(__always) mutating func finish(
    _ answer: Answer, _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    if generation.settings.rateLimit.isOn, context.transport == .udp, !cookie.isValid {
      switch charge(answer, message, generation.settings.rateLimit) {
      case .pass: break
      case .drop: return Reply(fate: .limited, code: answer.code, cookie: cookie.status)
      case .slip: return slip(&message, generation)
      }
    }
    return complete(answer, &message, generation)
  }

  @inline(__always) func complete(
    _ answer: Answer, _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    var flags = HeaderFlags.response | message.flags & (HeaderFlags.opcode | HeaderFlags.recursionDesired)
    if answer.isAuthoritative { flags |= HeaderFlags.authoritative }
    if answer.isTruncated { flags |= HeaderFlags.truncated }
    message.flags = flags | answer.code.rawValue & 0xF
    if let edns = query.edns {
      message.extendLimit(by: reserved)
      appendOPT(edns, answer, &message, generation)
    }
    return Reply(code: answer.code, isTruncated: answer.isTruncated, cookie: cookie.status)
  }

  /// Our OPT record: our size, the code's upper bits, version 0, and DO as the client set it (RFC 3225 §3).
  @inline(__always) private func appendOPT(
    _ edns: EDNS, _ answer: Answer, _ message: inout Message, _ generation: borrowing Generation
  ) {
    let at = message.length
    let upper = UInt8(truncatingIfNeeded: answer.code.rawValue &>> 4)
    guard message.appendOPT(size: generation.settings.udpSize, upper: upper, dnssecOK: edns.dnssecOK) else { return }
    message.count(1, in: .additional)
    // Without the room that was kept free for options there are none.
    if reserved > EDNS.recordLength || answer.extendedError != nil {
      appendOptions(edns, answer.extendedError, &message, generation.settings)
      message.put(UInt16(message.length - at - EDNS.recordLength), at: at + 9)
    }
  }

  private func appendOptions(
    _ edns: EDNS, _ extendedError: ExtendedError?, _ message: inout Message, _ settings: borrowing AnswerSettings
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
    if subnet.isSent, appendOption(EDNS.Option.clientSubnet, length: subnet.subnet.length, &message) {
      _ = subnet.subnet.append(scope: subnet.replyScope, to: &message)
    }
    if let why = extendedError,
      appendOption(EDNS.Option.extendedError, length: 2 + why.text.utf8CodeUnitCount, &message)
    {
      _ = message.append(why.code) && message.append(why.text)
    }
  }

  /// The head of an option, if the whole of it fits.
  private func appendOption(_ code: UInt16, length: Int, _ message: inout Message) -> Bool {
    guard message.fits(EDNS.optionLength + length) else { return false }
    return message.append(code) && message.append(UInt16(length))
  }

  /// A reply of the header and the question, as far as there is one.
  mutating func refuse(
    _ code: ResponseCode, _ message: inout Message, _ generation: borrowing Generation,
    because why: ExtendedError? = nil
  ) -> Reply {
    begin(&message, generation)
    if !query.hasQuestion { message.put(UInt16(0), at: 4) }
    answer = Answer(query.type)
    answer.code = code
    answer.extendedError = why
    return finish(answer, &message, generation)
  }
}
