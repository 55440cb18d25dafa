import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// Servers of different makes behind one address: with one secret each takes the cookies of the other.
  @Suite struct CookiePeerTests {
    enum Peer: String, CaseIterable, Sendable { case bind, knot, nsd }

    private static let zone = "@ 300 IN SOA ns hostmaster 1 3600 600 86400 60\n@ 300 IN NS ns\nns 300 IN A 192.0.2.1\n"

    @Test(arguments: Peer.allCases) func takeEachOthers(peer: Peer) throws {
      try #require(Peers.areThere, "run .ci/peers first")
      let folder = try Folder()
      let endpoint = Endpoint("127.0.0.1", freePort())
      let child = try Self.start(peer, at: endpoint, in: folder)
      try #require(
        try becomesTrue { try CookieTests.ask(endpoint, ["+time=1"]).cookie != nil }, "\(child.output)")
      let alula = try CookieTests.alula([CookieTests.old])
      let stranger = try CookieTests.alula([CookieTests.new])

      // Theirs, held against ours.
      let theirs = try CookieTests.learn(endpoint)
      #expect(theirs.hasPrefix(CookieTests.clientCookie) && theirs.count == 48)
      #expect(try CookieTests.isTaken(theirs, by: alula.ipv4))
      #expect(try !CookieTests.isTaken(theirs, by: stranger.ipv4))
      #expect(try CookieTests.ask(alula.ipv4, cookie: theirs).cookie?.data == theirs)

      // Ours, held against theirs.
      #expect(try Self.takes(peer, endpoint, try CookieTests.learn(alula.ipv4)), "\(child.output)")
      #expect(try !Self.takes(peer, endpoint, try CookieTests.learn(stranger.ipv4)), "\(child.output)")
      child.signal(SIGTERM)
      _ = child.wait(seconds: 5)
    }

    /// BIND and Knot refuse what they do not take with BADCOOKIE, as they are told to here. NSD answers what it
    /// takes with the same cookie, and anything else with one of the present second.
    private static func takes(_ peer: Peer, _ endpoint: Endpoint, _ cookie: String) throws -> Bool {
      guard peer == .nsd else { return try CookieTests.ask(endpoint, cookie: cookie).status == "NOERROR" }
      let moment = try #require(Int(cookie.dropFirst(24).prefix(8), radix: 16))
      try #require(becomesTrue { time(nil) > moment })
      return try CookieTests.ask(endpoint, cookie: cookie).cookie?.data == cookie
    }

    private static func start(_ peer: Peer, at endpoint: Endpoint, in folder: Folder) throws -> Child {
      try folder.write("peer.zone", zone)
      switch peer {
      case .bind:
        try folder.write(
          "named.conf",
          """
          options {
            directory "\(folder.path)"; pid-file none; session-keyfile none; lock-file none;
            listen-on port \(endpoint.port) { \(endpoint.address); }; listen-on-v6 { none; };
            recursion no; dnssec-validation no; notify no;
            cookie-algorithm siphash24; cookie-secret "\(CookieTests.old)"; require-server-cookie yes;
          };
          controls { };
          zone "app.example.com" { type primary; file "peer.zone"; };
          """)
        return try Peers.start("named", ["-g", "-n", "1", "-c", folder.path("named.conf")], in: folder)
      case .knot:
        try folder.write(
          "knot.conf",
          """
          server:
            rundir: "\(folder.path)"
            listen: \(endpoint.address)@\(endpoint.port)
            udp-workers: 1
            tcp-workers: 1
            background-workers: 1
          log:
            - target: stderr
              any: notice
          database:
            storage: "\(folder.path)"
          mod-cookies:
            - id: shared
              secret: 0x\(CookieTests.old)
              badcookie-slip: 1
          template:
            - id: default
              storage: "\(folder.path)"
              zonefile-sync: -1
              zonefile-load: whole
              journal-content: none
              global-module: mod-cookies/shared
          zone:
            - domain: app.example.com
              file: peer.zone
          """)
        return try Peers.start("knotd", ["-c", folder.path("knot.conf")], in: folder)
      case .nsd:
        try folder.write(
          "nsd.conf",
          """
          server:
            ip-address: \(endpoint.address)
            port: \(endpoint.port)
            server-count: 1
            username: ""
            chroot: ""
            database: ""
            pidfile: ""
            zonesdir: "\(folder.path)"
            zonelistfile: "\(folder.path)/zone.list"
            xfrdfile: "\(folder.path)/xfrd.state"
            xfrdir: "\(folder.path)"
            answer-cookie: yes
            cookie-secret: \(CookieTests.old)
          remote-control:
            control-enable: no
          zone:
            name: "app.example.com"
            zonefile: peer.zone
          """)
        return try Peers.start("nsd", ["-d", "-c", folder.path("nsd.conf")], in: folder)
      }
    }
  }
}
