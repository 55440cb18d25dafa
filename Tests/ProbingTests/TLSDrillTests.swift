import Crypto
import Failover
import Probing
import Testing
import Wire

/// HTTPS backends beyond what `TLSProbeTests` asks: resumption, bodies, ends of certificates, clients' certificates.
struct TLSDrillTests {
  private func specification(
    _ server: TLSServer, body: ProbeSpecification.Expectation? = nil, days: Int? = nil,
    fullHandshake: Duration = .seconds(60), identity: TLSContext.Identity? = nil
  ) throws -> ProbeSpecification {
    let tls = ProbeSpecification.TLS(
      serverName: "app.example.com", verification: .file(try Certificates.shared.get().authority), identity: identity,
      minimumDays: days, fullHandshake: fullHandshake)
    return ProbeSpecification(
      .https(.init(body: body), tls), target: server.address, interval: .milliseconds(50), timeout: .seconds(20))
  }

  /// The first outcomes of a probe.
  private func outcomes(_ count: Int, of specification: ProbeSpecification) throws -> [ProbeOutcome] {
    var prober = try Prober(seed: 1)
    prober.replaceProbes([specification], now: .now)
    var seen: [ProbeOutcome] = []
    _ = try turn(&prober) { _, outcome in
      if case .noResult(.ranLate) = outcome { return false }
      seen.append(outcome)
      return seen.count >= count
    }
    return seen
  }

  /// The server's page says of each session whether it is new or resumed: a resumed one fails the check here, after
  /// which nothing may be resumed.
  @Test(arguments: ["-tls1_2", "-tls1_3"]) func resumesUntilAFailure(version: String) throws {
    let server = try TLSServer("good", [version])
    defer { withExtendedLifetime(server) {} }
    let seen = try outcomes(4, of: specification(server, body: .pattern("New, TLS")))
    let isUp = seen.map { if case .success = $0 { true } else { false } }
    #expect(isUp == [true, false, true, false], "\(seen)")
    #expect(words(seen[1]).hasPrefix("body: "))
  }

  @Test func aFullHandshakeComesInTime() throws {
    let server = try TLSServer("good")
    defer { withExtendedLifetime(server) {} }
    let always = try outcomes(3, of: specification(server, body: .text("New, TLS"), fullHandshake: .zero))
    #expect(always.map(words) == ["up", "up", "up"])
    let seldom = try outcomes(3, of: specification(server, body: .pattern("(New|Reused), TLS")))
    #expect(seldom.map(words) == ["up", "up", "up"])
  }

  @Test func aCertificateThatEndsSoonIsAlwaysShown() throws {
    let server = try TLSServer("ending")
    defer { withExtendedLifetime(server) {} }
    let seen = try outcomes(3, of: specification(server, body: .text("New, TLS"), days: 7))
    #expect(seen.map(words) == ["up", "up", "up"])
    for case .success(_, let concern) in seen { #expect(concern == .certificateEnds(days: 0)) }
  }

  @Test(arguments: [(nil as Int?, nil as Concern?), (20, nil), (31, .certificateEnds(days: 29))])
  func fewDaysAreAConcern(days: Int?, expected: Concern?) throws {
    let server = try TLSServer("good")
    defer { withExtendedLifetime(server) {} }
    // A resumed session is judged by the certificate that was shown at its beginning.
    for outcome in try outcomes(2, of: specification(server, days: days)) {
      guard case .success(_, let concern) = outcome else {
        Issue.record("got \(words(outcome))")
        continue
      }
      #expect(concern == expected)
    }
  }

  @Test func showsItsCertificate() throws {
    let folder = try Certificates.shared.get().folder
    let server = try TLSServer("good", ["-Verify", "1", "-verify_return_error", "-CAfile", "\(folder)/ca.pem"])
    defer { withExtendedLifetime(server) {} }
    let identity = TLSContext.Identity(certificateFile: "\(folder)/other.pem", keyFile: "\(folder)/other.key")
    #expect(try words(outcome(of: specification(server, identity: identity))) == "up")
    let without = try words(outcome(of: specification(server)))
    #expect(
      without.hasPrefix("TLS: ") || without == "reset by peer" || without.hasPrefix("closed before"), "\(without)")
    let wrong = TLSContext.Identity(certificateFile: "\(folder)/other.pem", keyFile: "\(folder)/good.key")
    #expect(try words(outcome(of: specification(server, identity: wrong))).hasPrefix("no result: \(folder)/good.key: "))
  }

  @Test func aServerThatStandsStillTimesOut() throws {
    let server = try TLSServer("good")
    server.child.stop()
    var probe = try specification(server)
    probe.timeout = .milliseconds(300)
    #expect(try words(outcome(of: probe)) == "timed out after 300 ms waiting for the TLS handshake")
  }
}
