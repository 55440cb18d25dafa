import Wire

/// For the log: what is wrong, and where to change it.
extension SignatureRefusal: CustomStringConvertible {
  package var description: String {
    guard let signature else { return "a TSIG record that is malformed, or not the last of its message" }
    let key = "key \(signature.keyName.shortText)"
    let algorithm = signature.algorithm.shortText
    return switch fault {
    case .malformed: "\(key): the TSIG record is malformed"
    case .wrongLength(let count): "\(key): a signature of \(count) octets is none of \(algorithm)"
    case .unknownKey: "\(key) is not in keys (BADKEY)"
    case .unknownAlgorithm:
      "\(key): the client signs with \(algorithm), which is not accepted (BADKEY); set its algorithm to hmac-sha256 or better, for certbot dns_rfc2136_algorithm = HMAC-SHA256"
    case .otherAlgorithm(let ours):
      "\(key): the client signs with \(algorithm), but the key is for \(ours.rawValue) (BADKEY)"
    case .wrongSignature: "\(key): the signature is wrong; the client has another secret (BADSIG)"
    case .wrongTime(let age):
      "\(key): signed \(age.magnitude) s \(age < 0 ? "in the future" : "ago"), more than \(signature.fudge) s; compare the clocks (BADTIME)"
    case .truncated(let count): "\(key): \(count) octets of a signature are too few (BADTRUNC)"
    case .unavailable: "\(key): libcrypto cannot compute \(algorithm)"
    }
  }
}

extension ReplyFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed: "the reply is malformed"
    case .unsigned: "the reply is not signed"
    case .refused(.badKey): "the peer does not know the key, or with another algorithm (BADKEY)"
    case .refused(.badSig): "the peer has another secret (BADSIG)"
    case .refused(let code): "the peer refuses the signature with error \(code.rawValue)"
    case .otherClock(let ahead): "the peer's clock is \(ahead.magnitude) s \(ahead < 0 ? "behind" : "ahead") (BADTIME)"
    case .signature: "the reply's signature is wrong"
    }
  }
}
