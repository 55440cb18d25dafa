package import Wire

/// Why the reply to a signed request says nothing.
package enum ReplyFault: Error, Hashable, Sendable {
  /// Malformed, not a reply, or to another request.
  case malformed
  /// It has no signature, so that anybody may have sent it.
  case unsigned
  /// The other side refuses ours: BADKEY and BADSIG are told unsigned, and so are no more than a hint.
  case refused(ResponseCode)
  /// The other side's clock is ahead of ours by so many seconds; told signed.
  case otherClock(Int64)
  /// Its signature is wrong.
  case signature(SignatureFault)
}

extension SignatureKey {
  /// Verifies the reply to a request that was signed with this key.
  ///
  /// - Parameters:
  ///   - request: as `sign(request:time:)` gave it.
  ///   - now: seconds since 1970.
  /// - Returns: the reply without its TSIG record.
  package func verify(
    reply octets: [UInt8], to request: SignedMessage, now: UInt64
  ) throws(ReplyFault) -> [UInt8] {
    guard let reader = MessageReader(octets), reader.isReply, octets.prefix(2) == request.octets.prefix(2) else {
      throw .malformed
    }
    switch Signed(octets) {
    case .malformed: throw .malformed
    case .unsigned: throw .unsigned
    case .signed(let signature, let message):
      guard signature.keyName == name else { throw .signature(.unknownKey) }
      if signature.mac.isEmpty {
        throw signature.error == .noError ? .unsigned : .refused(signature.error)
      }
      do throws(SignatureFault) {
        try verify(signature, of: message, requestMAC: request.mac, now: now)
      } catch {
        throw .signature(error)
      }
      try accept(signature)
      return message
    }
  }

  private func accept(_ signature: Signature) throws(ReplyFault) {
    if signature.error == .badTime, signature.other.count == 6 {
      let theirs = signature.other.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      throw .otherClock(Int64(truncatingIfNeeded: theirs) - Int64(truncatingIfNeeded: signature.time))
    }
    guard signature.error == .noError else { throw .refused(signature.error) }
  }
}
