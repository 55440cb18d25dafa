import Memory
import Wire
import Zone

/// Questions of class CH about the server itself (RFC 4892).
extension Responder {
  mutating func answerChaos(
    _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    guard query.type == .txt || query.type == .any else {
      return refuse(.refused, &message, generation, because: .notSupported)
    }
    if name.isSame(as: "\u{7}version\u{4}bind\u{0}") || name.isSame(as: "\u{7}version\u{6}server\u{0}") {
      begin(&message, generation)
      return answerChaos(Self.product, &message, generation)
    }
    let asksIdentity =
      name.isSame(as: "\u{2}id\u{6}server\u{0}") || name.isSame(as: "\u{8}hostname\u{4}bind\u{0}")
    guard asksIdentity, generation.settings.identityLength > 0 else {
      return refuse(.refused, &message, generation)
    }
    begin(&message, generation)
    return answerChaos(nil, &message, generation)
  }

  /// The name without a number, so that a scan learns nothing of it; operators have `alula version`.
  private static var product: StaticString { "Alula" }

  /// - Parameter text: nil is the identity.
  private mutating func answerChaos(
    _ text: StaticString?, _ message: inout Message, _ generation: borrowing Generation
  ) -> Reply {
    answer = Answer(query.type)
    answer.isAuthoritative = true
    let length = text?.utf8CodeUnitCount ?? generation.settings.identityLength
    guard message.fits(13 + length) else {
      answer.isTruncated = true
      return finish(answer, &message, generation)
    }
    _ = message.append(pointer(Message.headerLength)) && message.append(RecordType.txt.rawValue)
    _ = message.append(RecordClass.chaos) && message.append(UInt32(0)) && message.append(UInt16(1 + length))
    _ = message.append(UInt8(length))
    if let text {
      _ = message.append(text)
    } else {
      _ = message.append(generation.settings.identity.bytes, from: 0, count: length)
    }
    message.count(1, in: .answer)
    return finish(answer, &message, generation)
  }
}
