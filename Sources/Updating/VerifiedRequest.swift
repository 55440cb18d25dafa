package import Wire

/// A request whose signature is good.
package struct VerifiedRequest: Sendable {
  package let key: SignatureKey
  /// The request as it was received, without its TSIG record.
  package let message: [UInt8]
  /// Its MAC, which the reply's covers.
  package let mac: [UInt8]

  /// The reply with its signature (RFC 8945 §5.3); nil when libcrypto fails.
  ///
  /// - Parameters:
  ///   - reply: with a header; `key.recordLength` octets are added to it.
  ///   - time: seconds since 1970.
  package func sign(_ reply: [UInt8], time: UInt64) -> [UInt8]? {
    key.sign(reply: reply, requestMAC: mac, time: time)?.octets
  }
}

/// A request whose signature is refused, with all that the reply must carry.
package struct SignatureRefusal: Sendable {
  package let fault: SignatureFault
  /// Nil when the message was malformed.
  package let signature: Signature?
  /// Only for errors that are told signed.
  let key: SignatureKey?

  /// What the reply's header says: NOTAUTH or FORMERR.
  package var responseCode: ResponseCode { fault.responseCode }

  /// Puts the TSIG record at the end of the reply where one belongs there: unsigned for BADKEY and BADSIG, signed
  /// for BADTIME and BADTRUNC (RFC 8945 §5.3.2).
  ///
  /// - Parameter now: seconds since 1970; told in BADTIME, while the time signed is the client's own so that
  ///   it can verify the reply (§5.2.3).
  package func complete(_ reply: [UInt8], now: UInt64) -> [UInt8] {
    guard let signature, fault.error != .noError, reply.count >= Message.headerLength else { return reply }
    var other: [UInt8] = []
    if fault.error == .badTime { other.append(time: now) }
    if let key {
      let signed = key.sign(
        reply, requestMAC: signature.mac, time: signature.time, fudge: signature.fudge, error: fault.error,
        other: other)
      return signed?.octets ?? reply
    }
    let record = Signature(
      keyName: signature.keyName, algorithm: signature.algorithm, time: signature.time, fudge: signature.fudge,
      mac: [], originalID: signature.originalID, error: fault.error, other: [])
    return record.appended(to: reply)
  }
}

extension KeyRing {
  package enum Verdict: Sendable {
    case unsigned
    case good(VerifiedRequest)
    case refused(SignatureRefusal)
  }

  /// Verifies a whole request, of UDP or of one TCP message.
  ///
  /// - Parameter now: seconds since 1970.
  package func verify(_ octets: [UInt8], now: UInt64) -> Verdict {
    switch Signed(octets) {
    case .unsigned: return .unsigned
    case .malformed: return .refused(SignatureRefusal(fault: .malformed, signature: nil, key: nil))
    case .signed(let signature, let message):
      guard let key = self[signature.keyName] else {
        let isKnown = SignatureAlgorithm(name: signature.algorithm) != nil
        return .refused(
          SignatureRefusal(fault: isKnown ? .unknownKey : .unknownAlgorithm, signature: signature, key: nil))
      }
      do throws(SignatureFault) {
        try key.verify(signature, of: message, requestMAC: nil, now: now)
        return .good(VerifiedRequest(key: key, message: message, mac: signature.mac))
      } catch {
        let isTold = error.error == .badTime || error.error == .badTrunc
        return .refused(SignatureRefusal(fault: error, signature: signature, key: isTold ? key : nil))
      }
    }
  }
}
