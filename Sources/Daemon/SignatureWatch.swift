import Assembly
import Synchronization

/// Reminds once a day of signed zones whose signatures end soon: nothing else would, until validators
/// refuse them.
final class SignatureWatch: Sendable {
  private struct Watched {
    let signatures: SignatureEnd
    /// Seconds since 1970.
    var lastSaid: UInt32
  }

  private let zones = Mutex<[Watched]>([])

  private static var interval: UInt32 { 86400 }

  /// The zones that are served from now on; what is near was said when they were read.
  func follow(_ assembled: Assembled, _ now: UInt32) {
    let ends = assembled.zones.compactMap(\.signatureEnd)
    zones.withLock { $0 = ends.map { Watched(signatures: $0, lastSaid: now) } }
  }

  /// What is to be said again.
  func warnings(_ now: UInt32) -> [String] {
    zones.withLock { zones in
      zones.indices.compactMap { i in
        guard now &- zones[i].lastSaid >= Self.interval else { return nil }
        guard let warning = zones[i].signatures.warning(now) else { return nil }
        zones[i].lastSaid = now
        return warning
      }
    }
  }

  /// How many zones have a signature that ends soon, or has ended.
  func nearCount(_ now: UInt32) -> Int { zones.withLock { $0.count { $0.signatures.isNear(now) } } }
}
