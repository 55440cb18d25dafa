import TestSupport
import Testing

extension BlackBox {
  /// DNS-01 (RFC 8555 §8.4) for sites without traffic: certbot with its rfc2136 plug-in tells one Alula, and the
  /// authority, pebble, asks through unbound whichever of the two unbound chooses.
  @Suite struct CertificateTests {
    private let folder: Folder
    private let servers: [Alula]
    private let unbound: Child
    private let pebble: Child
    private let authority: Endpoint
    private let certificate: Certificate

    init() throws {
      try #require(Peers.areThere, "run .ci/peers first")
      folder = try Folder()
      let ports = [freePort(), freePort()]
      servers = try [0, 1].map { i in
        let files = ["zone": UpdateTests.zone(), "certbot.key": UpdateTests.secret]
        let peer = Endpoint("127.0.0.1", ports[1 - i])
        return try Alula(UpdateTests.configuration(peer: peer), files: files, port: ports[i])
      }
      for server in servers { try server.waitUntilReady() }
      let resolver = Endpoint("127.0.0.1", freePort())
      // Nothing is kept, so that every question reaches an Alula.
      unbound = try Peers.unbound(
        zone: "app.example.com", parents: servers.map(\.ipv4), at: resolver, in: folder,
        options: "  cache-max-ttl: 0\n  cache-max-negative-ttl: 0\n")
      authority = Endpoint("127.0.0.1", freePort())
      certificate = try Certificate(for: "localhost")
      try folder.write(
        "pebble.json",
        """
        { "pebble": { "listenAddress": "\(authority)", "managementListenAddress": "127.0.0.1:\(freePort())",
          "certificate": "\(certificate.path)", "privateKey": "\(certificate.keyPath)", "httpPort": \(freePort()),
          "tlsPort": \(freePort()), "ocspResponderURL": "", "externalAccountBindingRequired": false } }
        """)
      // As a rule it leaves to chance which grants it takes again and which good nonces it refuses; at a refusal
      // certbot ends with an AttributeError.
      pebble = try Peers.start(
        "pebble", ["-config", folder.path("pebble.json"), "-dnsserver", "\(resolver)"], in: folder, from: "bin",
        environment: ["PEBBLE_VA_NOSLEEP": "1", "PEBBLE_AUTHZREUSE": "0", "PEBBLE_WFE_NONCEREJECT": "0"])
      let isThere = try becomesTrue {
        try authority.accepts && dig(resolver, "app.example.com", "SOA", ["+time=1"]).status == "NOERROR"
      }
      try #require(isThere, "\(pebble.output)\(unbound.output)")
    }

    private func certbot(_ name: String, at server: Alula) throws -> (status: Child.Status, output: String) {
      let credentials = try folder.write(
        "\(name).ini",
        """
        dns_rfc2136_server = 127.0.0.1
        dns_rfc2136_port = \(server.ipv4.port)
        dns_rfc2136_name = certbot
        dns_rfc2136_secret = \(UpdateTests.secret)
        dns_rfc2136_algorithm = HMAC-SHA256
        """)
      return try Peers.certbot(
        [
          "certonly", "--server", "https://localhost:\(authority.port)/dir", "--non-interactive", "--agree-tos",
          "--register-unsafely-without-email", "--dns-rfc2136", "--dns-rfc2136-credentials", credentials,
          "--dns-rfc2136-propagation-seconds", "2", "--cert-name", name, "-d", "app.example.com", "-d",
          "*.app.example.com", "--config-dir", folder.path("etc"), "--work-dir", folder.path("work"), "--logs-dir",
          folder.path("log"),
        ], environment: ["REQUESTS_CA_BUNDLE": certificate.path])
    }

    private func names(_ name: String) throws -> Set<String> {
      let text = try run([
        "openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", folder.path("etc/live/\(name)/fullchain.pem"),
      ]).output
      return Set(text.split { $0 == " " || $0 == "," || $0 == "\n" }.filter { $0.hasPrefix("DNS:") }.map(String.init))
    }

    @Test func certificatesThroughEitherServer() throws {
      let both = try certbot("both", at: servers[0])
      try #require(both.status == .exited(0), "\(both.output)\(servers[0].log)\(pebble.output)")
      #expect(try names("both") == ["DNS:*.app.example.com", "DNS:app.example.com"])
      // Each has had both values, one from certbot, one from its peer, and both have gone again.
      for server in servers {
        let added = server.log.split(separator: "\n").count { $0.contains("+ _acme-challenge.app.example.com.") }
        #expect(added == 2, "\(server.log)")
        #expect(
          try becomesTrue { try server.ask("_acme-challenge.app.example.com", "TXT").status == "NXDOMAIN" },
          "\(server.log)")
      }
      servers[1].child.stop()
      let one = try certbot("one", at: servers[0])
      try #require(one.status == .exited(0), "\(one.output)\(servers[0].log)\(pebble.output)")
      #expect(try names("one") == ["DNS:*.app.example.com", "DNS:app.example.com"])
      #expect(servers[0].log.contains("peer other has not got the latest updates"))
    }
  }
}
