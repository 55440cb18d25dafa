import Crypto
import Failover
import Probing
import Sockets
import Testing
import Wire

struct TLSProbeTests {
  private func words(
    _ server: some LoopbackTarget, name: String? = "app.example.com", _ verification: TLSContext.Verification? = nil,
    timeout: Duration = .seconds(10)
  ) throws -> String {
    defer { withExtendedLifetime(server) {} }
    let verification = try verification ?? .file(Certificates.shared.get().authority)
    let tls = ProbeSpecification.TLS(serverName: name, verification: verification)
    let specification = ProbeSpecification(
      .https(.init(), tls), target: server.address, interval: .seconds(1), timeout: timeout)
    return try ProbingTests.words(outcome(of: specification))
  }

  @Test(arguments: [
    ("good", "app.example.com", "up"),
    ("good", nil as String?, "up"),
    ("good", "www.example.com", "TLS: certificate is for app.example.com, 127.0.0.1, not www.example.com"),
    ("other", "app.example.com", "TLS: certificate is for other.example, *.other.example, not app.example.com"),
    ("other", "www.other.example", "up"),
    ("other", nil, "TLS: certificate is for other.example, *.other.example, not 127.0.0.1"),
    ("expired", "app.example.com", "TLS: certificate has expired"),
    ("self", "app.example.com", "TLS: self-signed certificate"),
  ])
  func verifies(certificate: String, name: String?, expected: String) throws {
    #expect(try words(TLSServer(certificate), name: name) == expected)
  }

  @Test func anUnknownAuthorityIsNotTrusted() throws {
    #expect(try words(TLSServer("good"), .system) == "TLS: unable to get local issuer certificate")
  }

  @Test(arguments: ["good", "other", "expired", "self"])
  func anyCertificateWillDoWithoutVerification(certificate: String) throws {
    #expect(try words(TLSServer(certificate), .off) == "up")
  }

  @Test(arguments: [(["-tls1_2"], "up"), (["-tls1_3"], "up"), (["-tls1_1"], "TLS: unsupported protocol")])
  func speaksTLS12AndLater(options: [String], expected: String) throws {
    let seen = try words(TLSServer("good", options + ["-cipher", "ALL:@SECLEVEL=0"]))
    // The server refuses first, with an alert of its own wording.
    #expect(seen == expected || (expected != "up" && seen.hasPrefix("TLS: ") && seen.contains("protocol")))
  }

  /// Keys in finite fields of 8,192 bits would cost the prober's thread a quarter of a second.
  @Test(arguments: [
    (["-tls1_2", "-cipher", "ECDHE"], true), (["-tls1_2", "-cipher", "DHE"], false), (["-groups", "P-521"], true),
    (["-groups", "ffdhe2048"], false), (["-groups", "ffdhe8192"], false),
  ])
  func noKeysInFiniteFields(options: [String], isUp: Bool) throws {
    let seen = try words(TLSServer("rsa", options))
    #expect(isUp ? seen == "up" : seen.hasPrefix("TLS: ") && seen.contains("handshake failure"), "\(seen)")
  }

  @Test(arguments: [
    (
      LoopbackServer.Behaviour.greets("220 mail.example ESMTP\r\n"),
      "TLS: the peer does not speak TLS (wrong version number)"
    ),
    (.closes, "closed before the TLS handshake was done"),
    (.refuses, "connection refused"),
    (.hangs, "timed out after 500 ms waiting for the TLS handshake"),
  ])
  func whatIsNotTLSIsToldApart(behaviour: LoopbackServer.Behaviour, expected: String) throws {
    let server = try LoopbackServer(behaviour)
    let seen = try words(server, timeout: .milliseconds(500))
    if case .closes = behaviour, seen == "reset by peer" { return }
    #expect(seen == expected)
  }

  /// A server with several sites chooses by SNI (RFC 6066 §3).
  @Test func asksForTheSiteByName() throws {
    let folder = try Certificates.shared.get().folder
    let options = ["-servername", "app.example.com", "-cert2", "\(folder)/good.pem", "-key2", "\(folder)/good.key"]
    #expect(try words(TLSServer("other", options)) == "up")
    #expect(try words(TLSServer("other", options), name: "www.other.example") == "up")
  }

  /// Many at once over one context, so that sessions do not get into each other's way.
  @Test func manySessionsAtOnce() throws {
    let (good, other) = (try TLSServer("good"), try TLSServer("other"))
    defer { withExtendedLifetime((good, other)) {} }
    let tls = ProbeSpecification.TLS(
      serverName: "app.example.com", verification: .file(try Certificates.shared.get().authority))
    var prober = try Prober(seed: 1)
    prober.replaceProbes(
      (0..<40).map { index in
        ProbeSpecification(
          .https(.init(path: "/\(index)"), tls), target: index % 2 == 0 ? other.address : good.address,
          interval: .seconds(3600), timeout: .seconds(20))
      }, now: .now)
    var seen: [Int: String] = [:]
    _ = try turn(&prober) { index, outcome in
      if case .noResult(.ranLate) = outcome { return false }
      seen[index] = ProbingTests.words(outcome)
      return seen.count == 40
    }
    #expect(seen.count == 40)
    for (index, text) in seen where index % 2 == 0 { #expect(text.hasPrefix("TLS: certificate is for other.example")) }
  }
}
