import Crypto
package import Wire

/// The keyed hashes of TSIG (RFC 8945 §6) that are accepted here. MD5 and SHA-1 are not.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
  case sha256 = "hmac-sha256"
  case sha384 = "hmac-sha384"
  case sha512 = "hmac-sha512"

  package var name: DomainName {
    let label = Array(rawValue.utf8)
    return DomainName(unchecked: [UInt8(label.count)] + label + [0])
  }

  /// Nil when it is not accepted.
  package init?(name: DomainName) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// Octets of a whole signature.
  package var length: Int { hash.length }

  /// Octets of the shortest signature that the RFC allows (RFC 8945 §5.2.2.1).
  package var shortest: Int { max(10, length / 2) }

  var hash: HMAC.Hash {
    switch self {
    case .sha256: .sha256
    case .sha384: .sha384
    case .sha512: .sha512
    }
  }
}
