import Crypto
package import Wire

/// Why a signature is not accepted.
package enum SignatureFault: Error, Hashable, Sendable {
  /// The TSIG record, or the message around it, is malformed: FORMERR.
  case malformed
  /// A MAC longer than the hash, or shorter than the RFC allows (RFC 8945 §5.2.2.1): FORMERR.
  case wrongLength(Int)
  case unknownKey
  /// An algorithm that is accepted from nobody, such as hmac-md5.
  case unknownAlgorithm
  /// The key is there, but for this other algorithm.
  case otherAlgorithm(SignatureAlgorithm)
  case wrongSignature
  /// Signed so many seconds ago, or in the future when negative.
  case wrongTime(Int64)
  /// Shorter than the key's `minimumLength`.
  case truncated(Int)
  /// libcrypto failed.
  case unavailable

  /// What the TSIG record of the reply says (RFC 8945 §5.2); no error when the reply has none.
  package var error: ResponseCode {
    switch self {
    case .malformed, .wrongLength, .unavailable: .noError
    case .unknownKey, .unknownAlgorithm, .otherAlgorithm: .badKey
    case .wrongSignature: .badSig
    case .wrongTime: .badTime
    case .truncated: .badTrunc
    }
  }

  /// What the reply's header says.
  package var responseCode: ResponseCode {
    switch self {
    case .malformed, .wrongLength: .formErr
    case .unavailable: .servFail
    default: .notAuth
    }
  }
}

extension SignatureKey {
  /// Key, MAC, time, truncation: in the order of RFC 8945 §5.2, so that nobody without the key learns about
  /// our clock or policy.
  ///
  /// - Parameters:
  ///   - message: without its TSIG record.
  ///   - now: seconds since 1970.
  func verify(
    _ signature: Signature, of message: [UInt8], requestMAC: [UInt8]?, now: UInt64
  ) throws(SignatureFault) {
    guard let asked = SignatureAlgorithm(name: signature.algorithm) else { throw .unknownAlgorithm }
    guard asked == algorithm else { throw .otherAlgorithm(algorithm) }
    let count = signature.mac.count
    guard algorithm.shortest...algorithm.length ~= count else { throw .wrongLength(count) }
    guard let mac = mac(of: message, signature, requestMAC: requestMAC) else { throw .unavailable }
    guard HMAC.isEqual(Array(mac[..<count]), signature.mac) else { throw .wrongSignature }
    // 48 bits, so that nothing overflows.
    let age = Int64(truncatingIfNeeded: now) &- Int64(truncatingIfNeeded: signature.time)
    guard age.magnitude <= UInt64(signature.fudge) else { throw .wrongTime(age) }
    guard count >= minimumLength else { throw .truncated(count) }
  }
}
