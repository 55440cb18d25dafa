/// The serial of a zone (RFC 1982): 32 bits in a circle.
package enum Serial {
  /// Whether `a` comes after `b`. Of two that are half the circle apart neither does.
  package static func isAhead(_ a: UInt32, of b: UInt32) -> Bool { 1..<(1 << 31) ~= a &- b }

  /// The one after it. 0 is passed over, as some secondaries take it for "none yet".
  package static func next(_ serial: UInt32) -> UInt32 { serial == .max ? 1 : serial + 1 }
}
