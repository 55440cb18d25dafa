import Memory
import Wire
import Zone

/// When the first of a signed zone's signatures ends, which we cannot renew.
package struct SignatureEnd: Sendable {
  /// Without the final dot.
  package let zone: String
  /// Seconds since 1970 modulo 2^32 (RFC 4034 §3.1.5).
  package let end: UInt32

  /// Seconds before the end from which on it is worth a warning: a week.
  package static var notice: Int { 7 * 86400 }

  /// - Parameter now: seconds since 1970.
  package func isNear(_ now: UInt32) -> Bool { left(now) <= Self.notice }

  private func left(_ now: UInt32) -> Int { Int(Int32(bitPattern: end &- now)) }

  /// Nil while there is time.
  package func warning(_ now: UInt32) -> String? {
    guard isNear(now) else { return nil }
    let (left, time) = (left(now), CivilTime(seconds: end).legible)
    if left < 0 {
      return "a signature of \(zone) ended on \(time): validators refuse what it signs; sign the zone again now"
    }
    let days = left / 86400
    let distance = days == 0 ? "within a day" : "in \(days) day\(days == 1 ? "" : "s")"
    return "a signature of \(zone) ends on \(time), \(distance); sign the zone again"
  }
}

extension BuiltZone {
  package var signatureEnd: SignatureEnd? {
    zone.value.signaturesEnd.map { SignatureEnd(zone: zone.value.apex.shortText, end: $0) }
  }
}
