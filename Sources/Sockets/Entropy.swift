import Glibc

/// The kernel's random numbers.
package enum Entropy {
  package static func number() -> UInt64 {
    var value: UInt64 = 0
    _ = unsafe getentropy(&value, 8)
    return value
  }

  /// Of a message (RFC 5452 §4.3).
  package static func identifier() -> UInt16 { UInt16(truncatingIfNeeded: number()) }
}
