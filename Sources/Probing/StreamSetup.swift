import Crypto
import Failover
import Sockets
import Wire

/// What a probe over TCP or TLS needs at every attempt, made once.
struct StreamSetup {
  let octets: [UInt8]
  let search: Search?
  let tls: TLSSetup?
  let errands: Errands
}

/// The client's side of a probe's TLS, and what is remembered of the session before.
///
/// A resumed session costs a fraction, but shows no certificate: so a full handshake comes after `fullHandshake` at
/// the latest, after any failure, and always once the certificate is about to end.
final class TLSSetup {
  let context: TLSContext
  private let settings: ProbeSpecification.TLS
  private var known: (ticket: TLSTicket, since: Instant, certificateEnd: Int)?

  /// Seconds before the end of a certificate in which each handshake shows it.
  private static var nearEnd: Int { 3600 }

  init(_ context: TLSContext, _ settings: ProbeSpecification.TLS) {
    self.context = context
    self.settings = settings
  }

  func peer(_ address: IPAddress) -> TLSPeer { settings.serverName.map { .host($0) } ?? .address("\(address)") }

  /// Of a session that may go on.
  var ticket: TLSTicket? {
    guard let known, Instant.now - known.since < settings.fullHandshake,
      known.certificateEnd - Int(Clock.wall() / 1_000_000_000) > TLSSetup.nearEnd
    else { return nil }
    return known.ticket
  }

  /// Nothing is kept of an attempt that failed.
  func keep(_ evidence: TLSEvidence?, at started: Instant) {
    guard let evidence, let ticket = evidence.ticket, let end = evidence.certificateEnd else { return known = nil }
    let since = evidence.isResumed ? known?.since ?? started : started
    known = (ticket, since, end)
  }

  func concern(_ certificateEnd: Int?) -> Concern? {
    guard let days = settings.minimumDays, let certificateEnd else { return nil }
    let left = certificateEnd - Int(Clock.wall() / 1_000_000_000)
    return left < days * 86400 ? .certificateEnds(days: max(0, left / 86400)) : nil
  }
}
