import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// Dynamic updates (RFC 2136) signed with TSIG (RFC 8945), by BIND's nsupdate and dig.
  @Suite struct UpdateTests {
    static let secret = "c2VjcmV0LW9mLXRoZS10ZXN0cy1vbmx5LTAwMDAwMDA="
    static let key = "hmac-sha256:certbot:\(secret)"

    static func zone(serial: Int = 7, text: String = "from the file") -> String {
      """
      $TTL 60
      @ SOA ns1 host \(serial) 7200 900 1209600 60
      @ NS ns1
      ns1 A 127.0.0.1
      www A 192.0.2.1
      www TXT "\(text)"
      sub NS ns.elsewhere.example.

      """
    }

    static func configuration(peer: Endpoint? = nil) -> String {
      """
      keys: { certbot: { algorithm: hmac-sha256, secret-file: certbot.key } }
      \(peer.map { "peers: [ { name: other, address: \($0.address), port: \($0.port), key: certbot } ]" } ?? "")
      zones:
        app.example.com:
          file: zone
          transfer: ["127.0.0.0/8"]
          update: [ { key: certbot, names: ["_acme-challenge.**", www, "sub.**"], types: [TXT, A] } ]

      """
    }

    private func alula(port: UInt16 = freePort(), peer: Endpoint? = nil) throws -> Alula {
      let alula = try Alula(
        Self.configuration(peer: peer), files: ["zone": Self.zone(), "certbot.key": Self.secret + "\n"], port: port)
      try alula.waitUntilReady()
      return alula
    }

    /// What nsupdate says; empty when all is well.
    @discardableResult
    private func update(
      _ alula: Alula, _ lines: String..., key: String? = Self.key, tcp: Bool = true, zone: String = "app.example.com"
    ) throws -> String {
      let text = "server 127.0.0.1 \(alula.ipv4.port)\nzone \(zone)\n" + lines.joined(separator: "\n") + "\nsend\n"
      let file = try alula.folder.write("update-\(freePort())", text)
      let words = ["nsupdate", "-t", "20"] + (tcp ? ["-v"] : []) + (key.map { ["-y", $0] } ?? []) + [file]
      let result = try run(words)
      return result.output
    }

    private func texts(_ alula: Alula, _ name: String) throws -> Set<String> {
      Set(try alula.ask("\(name).app.example.com", "TXT").data("TXT"))
    }

    private func serial(_ alula: Alula) throws -> Int? {
      try alula.ask("app.example.com", "SOA").data("SOA").first?.split(separator: " ").dropFirst(2).first.flatMap {
        Int($0)
      }
    }

    private func add(_ name: String, _ text: String) -> String {
      "update add \(name).app.example.com 5 TXT \"\(text)\""
    }

    @Test(arguments: [true, false])
    func twoValuesComeAndGo(tcp: Bool) throws {
      let alula = try alula()
      #expect(try update(alula, add("_acme-challenge", "one"), tcp: tcp) == "")
      #expect(try update(alula, add("_acme-challenge", "two"), tcp: tcp) == "")
      #expect(try texts(alula, "_acme-challenge") == ["\"one\"", "\"two\""])
      #expect(try serial(alula) == 9)
      let removal = "update delete _acme-challenge.app.example.com TXT \"one\""
      #expect(try update(alula, removal, tcp: tcp) == "")
      #expect(try texts(alula, "_acme-challenge") == ["\"two\""])
      #expect(try update(alula, "update delete _acme-challenge.app.example.com", tcp: tcp) == "")
      let gone = try alula.ask("_acme-challenge.app.example.com", "TXT")
      #expect(gone.status == "NXDOMAIN" && gone.authority.first?.type == "SOA")
      #expect(try serial(alula) == 11)
      // What is so already changes nothing.
      #expect(try update(alula, removal, tcp: tcp) == "")
      #expect(try serial(alula) == 11)
    }

    @Test(arguments: ["+tcp", "+notcp"])
    func signedQueriesGetSignedAnswers(transport: String) throws {
      let alula = try alula()
      let soa = try alula.ask("app.example.com", "SOA", [transport, "-y", Self.key])
      #expect(soa.status == "NOERROR" && soa.flags.contains("aa") && soa.data("SOA").count == 1)
      // dig verifies the signature, and says so when it is wrong.
      #expect(soa.text.contains("TSIG PSEUDOSECTION") && !soa.text.contains("WARNING -- "), "\(soa)")
      let none = try alula.ask("none.app.example.com", "A", [transport, "-y", Self.key])
      #expect(none.status == "NXDOMAIN" && none.text.contains("TSIG PSEUDOSECTION"), "\(none)")
      let elsewhere = try alula.ask("example.org", "A", [transport, "-y", Self.key])
      #expect(elsewhere.status == "REFUSED" && elsewhere.text.contains("TSIG PSEUDOSECTION"), "\(elsewhere)")
    }

    @Test(arguments: [
      ("hmac-sha256:certbot:b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cy0wMDAwMDA=", "BADSIG", "another secret"),
      ("hmac-sha512:certbot:\(secret)", "BADKEY", "the key is for hmac-sha256"),
      ("hmac-md5:certbot:\(secret)", "BADKEY", "dns_rfc2136_algorithm"),
      ("hmac-sha256:nobody:\(secret)", "BADKEY", nil),
    ])
    func strangersAreRefused(key: String, error: String, log: String?) throws {
      let alula = try alula()
      let said = try update(alula, add("_acme-challenge", "x"), key: key)
      #expect(said.contains(error), "\(said)")
      #expect(try texts(alula, "_acme-challenge") == [] && serial(alula) == 7)
      if let log { #expect(becomesTrue { alula.log.contains(log) }, "\(alula.log)") }
    }

    @Test func whatIsNotAllowedIsNotDone() throws {
      let alula = try alula()
      #expect(try update(alula, add("_acme-challenge", "x"), key: nil).contains("REFUSED"))
      // One of two is not allowed: neither is done.
      let both = try update(alula, add("_acme-challenge", "x"), add("other", "y"))
      #expect(both.contains("REFUSED"), "\(both)")
      #expect(try update(alula, "update add _acme-challenge.app.example.com 5 CNAME x.example.").contains("REFUSED"))
      #expect(try update(alula, "update delete app.example.com NS").contains("REFUSED"))
      #expect(try update(alula, add("x.sub", "y")).contains("REFUSED"))
      #expect(try update(alula, "update add www.example.org 5 TXT x", zone: "example.org").contains("NOTAUTH"))
      #expect(try update(alula, "prereq nxdomain www.app.example.com", add("www", "y")).contains("YXDOMAIN"))
      #expect(try update(alula, "prereq yxrrset www.app.example.com MX", add("www", "y")).contains("NXRRSET"))
      #expect(try texts(alula, "_acme-challenge") == [] && texts(alula, "www") == ["\"from the file\""])
      #expect(try serial(alula) == 7)
      #expect(try update(alula, "prereq yxrrset www.app.example.com TXT", add("www", "y")) == "")
      #expect(try texts(alula, "www") == ["\"from the file\"", "\"y\""])
    }

    @Test func acceptedUpdatesOutliveACrash() throws {
      let alula = try alula()
      #expect(try update(alula, add("_acme-challenge", "kept"), "update delete www.app.example.com TXT") == "")
      alula.child.signal(SIGKILL)
      _ = alula.child.wait()
      let again = try Alula(again: alula)
      try again.waitUntilReady()
      #expect(try texts(again, "_acme-challenge") == ["\"kept\""] && texts(again, "www") == [])
      #expect(try serial(again) == 8)
      // Edited with an older serial: it is served, and the serial goes on, not back.
      try again.folder.write("zone", Self.zone(serial: 3, text: "edited"))
      again.child.signal(SIGHUP)
      #expect(try becomesTrue { try texts(again, "www") == ["\"edited\""] }, "\(again.log)")
      #expect(try serial(again) == 9 && texts(again, "_acme-challenge") == ["\"kept\""])
      // With a newer one: the file's counts.
      try again.folder.write("zone", Self.zone(serial: 100, text: "edited again"))
      again.child.signal(SIGHUP)
      #expect(try becomesTrue { try texts(again, "www") == ["\"edited again\""] }, "\(again.log)")
      #expect(try serial(again) == 100)
      let transfer = try again.ask("app.example.com", "AXFR", ["+tcp"]).text
      #expect(transfer.contains("\"kept\"") && transfer.contains("host.app.example.com. 100 "), "\(transfer)")
      #expect(try readFile(again.folder.path("zone")) == Self.zone(serial: 100, text: "edited again"))
    }

    /// What cannot be put on disk is not accepted, and not served.
    @Test func aFullDiskIsToldAndNothingIsDone() throws {
      let alula = try alula()
      try makeFolder(alula.folder.path("state/updates.new"))
      #expect(try update(alula, add("_acme-challenge", "lost")).contains("SERVFAIL"))
      #expect(try texts(alula, "_acme-challenge") == [] && serial(alula) == 7)
      _ = unsafe rmdir(alula.folder.path("state/updates.new"))
      #expect(try update(alula, add("_acme-challenge", "done")) == "")
      #expect(try texts(alula, "_acme-challenge") == ["\"done\""])
    }

    /// MiB that the server has in memory.
    private func memory(_ alula: Alula) throws -> Double {
      let line = try readFile("/proc/\(alula.child.identifier)/status").split(separator: "\n").first {
        $0.hasPrefix("VmRSS:")
      }
      return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }

    /// Neither the zone of before is kept, nor that of the start, nor what building left on the heaps. 200,000 names
    /// take about 11 MiB of a built zone, and as much again of what building leaves.
    @Test func updatesDoNotPileUpMemory() throws {
      let names = (0..<200_000).map { "h\($0) A 10.0.0.1\n" }.joined()
      let alula = try Alula(
        Self.configuration(), files: ["zone": Self.zone() + names, "certbot.key": Self.secret + "\n"])
      try alula.waitUntilReady()
      let before = try memory(alula)
      for text in ["one", "two"] { #expect(try update(alula, add("_acme-challenge", text)) == "") }
      #expect(try becomesTrue { try memory(alula) < before + 7 }, "more than \(before + 7) MiB")
    }

    @Test func damagedUpdatesArePutAside() throws {
      let alula = try alula()
      #expect(try update(alula, add("_acme-challenge", "kept")) == "")
      alula.child.stop()
      let path = alula.folder.path("state/updates")
      var octets = try readOctets(path)
      octets[octets.count - 20] ^= 1
      try writeFile(path, octets: octets)
      let again = try Alula(again: alula)
      try again.waitUntilReady()
      #expect(again.log.contains("the checksum is wrong"), "\(again.log)")
      #expect(try update(again, add("_acme-challenge", "new")) == "")
      #expect(try texts(again, "_acme-challenge") == ["\"new\""])
      #expect(try readOctets(path + ".damaged") == octets)
    }

    @Test func peersGetWhatTheyMissed() throws {
      let ports = (freePort(), freePort())
      let first = try alula(port: ports.0, peer: Endpoint("127.0.0.1", ports.1))
      #expect(try update(first, add("www", "first")) == "")
      #expect(try update(first, add("_acme-challenge", "while it is away")) == "")
      #expect(becomesTrue { first.log.contains("peer other has not got the latest updates") }, "\(first.log)")
      // What waits outlives a restart as well.
      first.child.signal(SIGKILL)
      _ = first.child.wait()
      let again = try Alula(again: first)
      try again.waitUntilReady()
      let second = try alula(port: ports.1, peer: Endpoint("127.0.0.1", ports.0))
      #expect(
        try becomesTrue { try texts(second, "_acme-challenge") == ["\"while it is away\""] },
        "\(again.log)\(second.log)")
      #expect(try update(second, add("_acme-challenge", "from the other")) == "")
      let both: Set = ["\"while it is away\"", "\"from the other\""]
      #expect(try becomesTrue { try texts(again, "_acme-challenge") == both }, "\(again.log)\(second.log)")
      #expect(try texts(second, "_acme-challenge") == both)
      // The one that got two updates in one message counts as many.
      #expect(try serial(again) == 10 && serial(second) == 10)
      // Passed on once, and not back and forth.
      #expect(again.log.split(separator: "\n").count { $0.contains("passed on by a peer") } == 1, "\(again.log)")
      #expect(second.log.split(separator: "\n").count { $0.contains("passed on by a peer") } == 1, "\(second.log)")
    }

    private func status(_ alula: Alula, _ words: String...) throws -> String {
      let result = try run([alulaProgram, "status", "--config", alula.folder.path("alula.yaml")] + words)
      #expect(result.status == .exited(0), "\(result.output)")
      return result.output
    }

    private func metrics(_ alula: Alula) throws -> PrometheusText {
      let socket = alula.folder.path("state/control.sock")
      return try PrometheusText(
        try run(["curl", "-s", "-m", "10", "--unix-socket", socket, "http://x/metrics"]).output)
    }

    /// A peer that hangs: its system takes the connection, and nobody answers.
    @Test func aPeerThatLagsIsSeen() throws {
      let ports = (freePort(), freePort())
      let second = try alula(port: ports.1)
      #expect(try status(second).hasPrefix("zone app.example.com  serial 7  read "), "no pool, no peer, no change")
      let first = try alula(port: ports.0, peer: Endpoint("127.0.0.1", ports.1))
      let labels = ["peer": "other", "address": "127.0.0.1:\(ports.1)"]
      #expect(try status(first).hasPrefix("peer other  127.0.0.1:\(ports.1)  ok    no change waits; it has taken none"))
      second.child.signal(SIGSTOP)
      #expect(try update(first, add("_acme-challenge", "not there yet")) == "")
      let said = try poll { () -> String? in
        let text = try status(first)
        return text.contains("LAGS  1 change waits, the oldest for ") && text.contains(": no ") ? text : nil
      }
      #expect(
        said?.contains("s ago  records from updates: 1, of the file removed: 0\n") == true, "\(said ?? "nothing")")
      let json = try status(first, "--json")
      #expect(json.contains("\"waiting\":1,") && json.contains("\"failing\":true"), "\(json)")
      #expect(json.contains("\"last_success\":null") && json.contains("\"records_added\":1,"), "\(json)")
      let lagging = try metrics(first)
      #expect(lagging["alula_peer_waiting_changes", labels] == 1 && lagging["alula_peer_up", labels] == 0)
      #expect(lagging["alula_peer_lag_seconds", labels] ?? 0 > 0)
      #expect(lagging["alula_peer_failures_total", labels] ?? 0 > 0)
      #expect(lagging["alula_zone_update_records", ["zone": "app.example.com", "kind": "added"]] == 1)

      second.child.signal(SIGCONT)
      let isBack = try becomesTrue { try status(first).contains("  ok    no change waits; it last took one ") }
      #expect(isBack, "\(first.log)")
      let level = try metrics(first)
      #expect(level["alula_peer_waiting_changes", labels] == 0 && level["alula_peer_lag_seconds", labels] == 0)
      #expect(level["alula_peer_up", labels] == 1 && level["alula_peer_since_success_seconds", labels] != nil)
      #expect(try texts(second, "_acme-challenge") == ["\"not there yet\""])
    }
  }
}
