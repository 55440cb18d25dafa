package import Crypto
package import Wire

/// DS records made of a zone's keys (RFC 4034 §5).
package enum DelegationSigner {
  /// RFC 4034 Appendix B.
  package static func keyTag(_ key: [UInt8]) -> UInt16 {
    // Algorithm 1 has another sum, and nobody has used it for twenty years.
    var sum: UInt32 = 0
    for (i, octet) in key.enumerated() { sum += i & 1 == 0 ? UInt32(octet) << 8 : UInt32(octet) }
    return UInt16(truncatingIfNeeded: sum + sum >> 16)
  }

  /// The hash of a DS's digest type; nil: one that we do not compute.
  package static func digest(_ type: UInt8) -> Digest? {
    switch type {
    case 1: .sha1
    case 2: .sha256
    case 4: .sha384
    default: nil
    }
  }

  /// The data of the DS record of `key`; nil when it cannot be computed.
  ///
  /// - Parameters:
  ///   - key: the data of a DNSKEY record.
  ///   - type: of the digest; 2 is SHA-256.
  package static func data(_ owner: DomainName, _ key: [UInt8], digest type: UInt8 = 2) -> [UInt8]? {
    guard key.count > 4, let hash = digest(type)?.of(owner.lowercased.wire + key) else { return nil }
    let tag = keyTag(key)
    return [UInt8(tag >> 8), UInt8(tag & 0xFF), key[3], type] + hash
  }

  /// Whether the key is one that parents point to: zone key and secure entry point (RFC 4034 §2.1.1), not revoked.
  package static func isEntryPoint(_ key: [UInt8]) -> Bool {
    guard key.count > 4 else { return false }
    return key[0] & 0x01 != 0 && key[1] & 0x01 != 0 && key[1] & 0x80 == 0
  }
}
