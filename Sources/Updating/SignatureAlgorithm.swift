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

  /// Octets of a whole signature.
  package var length: Int {
    switch self {
    case .sha256: 32
    case .sha384: 48
    case .sha512: 64
    }
  }
}
