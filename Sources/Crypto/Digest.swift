import COpenSSL

/// Hashes of octets by libcrypto.
package enum Digest: Sendable {
  case sha1, sha256, sha384

  /// Nil when libcrypto fails, or does without the hash.
  package func of(_ octets: [UInt8]) -> [UInt8]? {
    let function =
      switch self {
      case .sha1: unsafe EVP_sha1()
      case .sha256: unsafe EVP_sha256()
      case .sha384: unsafe EVP_sha384()
      }
    var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard unsafe EVP_Digest(octets, octets.count, &result, &count, function, nil) == 1 else { return nil }
    return Array(result.prefix(Int(count)))
  }
}
