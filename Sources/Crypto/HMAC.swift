import COpenSSL

/// Keyed hashes (RFC 2104, RFC 4634), and the comparison that does not tell how far two of them agree.
package enum HMAC {
  package enum Hash: Sendable, CaseIterable {
    case sha256, sha384, sha512

    /// Octets of the result.
    package var length: Int {
      switch self {
      case .sha256: 32
      case .sha384: 48
      case .sha512: 64
      }
    }
  }

  /// Nil when libcrypto has no memory, or does without the hash.
  package static func authenticate(_ message: [UInt8], key: [UInt8], _ hash: Hash) -> [UInt8]? {
    let function =
      switch hash {
      case .sha256: unsafe EVP_sha256()
      case .sha384: unsafe EVP_sha384()
      case .sha512: unsafe EVP_sha512()
      }
    var result = [UInt8](repeating: 0, count: hash.length)
    var count: UInt32 = 0
    // libcrypto takes no key at all for "the key of before", so an empty one needs an octet to point to.
    let key = key.isEmpty ? [0] : key
    let length = Int32(truncatingIfNeeded: key.count)
    let done = unsafe COpenSSL.HMAC(function, key, length, message, message.count, &result, &count)
    return unsafe done != nil && Int(count) == hash.length ? result : nil
  }

  /// Compares in a time that depends on the number of octets alone.
  package static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }
}
