import Crypto
import Wire

/// A message with its signature, and the MAC that the signature of the reply to it covers.
package struct SignedMessage: Sendable, Hashable {
  package let octets: [UInt8]
  package let mac: [UInt8]

  package init(octets: [UInt8], mac: [UInt8]) {
    self.octets = octets
    self.mac = mac
  }
}

extension SignatureKey {
  /// What clients allow clocks to differ by (RFC 8945 §10), in seconds.
  package static var fudge: UInt16 { 300 }

  /// Signs a request, which has a header and no TSIG record.
  ///
  /// - Parameter time: seconds since 1970.
  /// - Returns: nil when libcrypto fails.
  package func sign(request octets: [UInt8], time: UInt64) -> SignedMessage? {
    sign(octets, requestMAC: nil, time: time, fudge: Self.fudge, error: .noError, other: [])
  }

  /// Signs the reply to a request that was signed with `requestMAC` (RFC 8945 §5.3).
  package func sign(reply octets: [UInt8], requestMAC: [UInt8], time: UInt64) -> SignedMessage? {
    sign(octets, requestMAC: requestMAC, time: time, fudge: Self.fudge, error: .noError, other: [])
  }

  func sign(
    _ octets: [UInt8], requestMAC: [UInt8]?, time: UInt64, fudge: UInt16, error: ResponseCode, other: [UInt8]
  ) -> SignedMessage? {
    guard octets.count >= Message.headerLength else { return nil }
    func signature(_ mac: [UInt8]) -> Signature {
      Signature(
        keyName: name, algorithm: algorithm.name, time: time, fudge: fudge, mac: mac,
        originalID: octets.uint16(at: 0), error: error, other: other)
    }
    guard let mac = mac(of: octets, signature([]), requestMAC: requestMAC) else { return nil }
    return SignedMessage(octets: signature(mac).appended(to: octets), mac: mac)
  }

  /// The whole MAC of a message without its TSIG record (RFC 8945 §4.3): over the MAC of the request that it
  /// answers, the message as it was when it was signed, and the variables.
  func mac(of message: [UInt8], _ signature: Signature, requestMAC: [UInt8]?) -> [UInt8]? {
    var input: [UInt8] = []
    if let requestMAC {
      input.append(UInt16(truncatingIfNeeded: requestMAC.count))
      input += requestMAC
    }
    let start = input.count
    input += message
    input.put(signature.originalID, at: start)
    input += signature.variables
    return HMAC.authenticate(input, key: secret, algorithm.hash)
  }
}
