import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// SIGHUP: the new zone or configuration when it is good, else the old one goes on.
  @Suite struct ReloadTests {
    private func text(_ alula: Alula, _ name: String = "app.example.com") throws -> [String] {
      try alula.ask(name, "TXT").data("TXT")
    }

    /// An edited check has no result at first; what was known of its target counts until it has one.
    @Test func editedCheckBringsNobodyBack() throws {
      let sites = TwoSites()
      // Takes connections and says nothing: only the timeout tells, and a reload does not wait for it.
      let folder = try Folder()
      let hanging = try Child(
        [
          "python3", "-c",
          "import socket, time; s = socket.create_server(('\(sites.primary.address)', \(sites.primary.port))); time.sleep(600)",
        ], in: folder)
      let secondary = try Site.http(at: sites.secondary)
      let configuration = { (path: String) in
        sites.configuration(check: "type: http, path: \(path)")
          .replacing("interval: 500ms, timeout: 400ms", with: "interval: 5s, timeout: 4s")
      }
      let files = ["app.example.com.zone": try exampleZone()]
      let alula = try Alula(configuration("/health"), files: files, server: "  start-within: 0s\n")
      try alula.waitUntilReady()
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.secondary.address)
      try alula.reload(configuration("/health?edited"))
      #expect(becomesTrue { alula.log.contains("notice reloaded") }, "\(alula.log)")
      try watch.stays(at: sites.secondary.address, for: 50)
      hanging.stop()
      secondary.fail()
    }

    @Test func goodZoneReplacesAndBrokenOneDoesNot() throws {
      let sites = TwoSites()
      let alula = try sites.alula()
      let bystander = try Bystander(alula.ipv4)
      let zone = try exampleZone()
      let changed = zone.replacing("v=spf1 mx -all", with: "changed").replacing("2026112201", with: "2026112202")

      try alula.folder.write("app.example.com.zone", changed)
      alula.child.signal(SIGHUP)
      #expect(try becomesTrue { try text(alula) == ["\"changed\""] }, "\(alula.log)")

      let broken = changed.replacing("changed", with: "broken") + "bad IN A 300.1.1.1\nworse IN WHAT x\n"
      let line = broken.split(separator: "\n", omittingEmptySubsequences: false).count - 2
      try alula.folder.write("app.example.com.zone", broken)
      alula.child.signal(SIGHUP)
      // Every problem with its place, not only the first.
      #expect(becomesTrue { alula.log.contains("app.example.com.zone:\(line):") }, "\(alula.log)")
      #expect(becomesTrue { alula.log.contains("app.example.com.zone:\(line + 1):") }, "\(alula.log)")
      #expect(try text(alula) == ["\"changed\""])

      try alula.folder.write("app.example.com.zone", changed.replacing("changed", with: "mended"))
      alula.child.signal(SIGHUP)
      #expect(try becomesTrue { try text(alula) == ["\"mended\""] }, "\(alula.log)")
      let (answered, missed) = bystander.finish()
      #expect(answered > 0 && missed == 0)
    }

    @Test func brokenConfigurationLeavesTheOldOneServing() throws {
      let sites = TwoSites()
      let alula = try sites.alula()
      try alula.reload("zones: { app.example.com: { file: app.example.com.zone, colour: red } }\n")
      #expect(becomesTrue { alula.log.contains("colour") }, "\(alula.log)")
      #expect(try alula.ask("app.example.com").data("A") == [sites.primary.address])
      #expect(alula.child.ended() == nil)
    }

    /// The probe is the same, so is its verdict: no answer goes back to the dead primary.
    @Test func healthIsCarriedOverAReload() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let alula = try sites.alula()
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)
      primary.fail()
      try watch.waitFor(sites.secondary.address)
      try alula.reload(sites.configuration(ttl: "7s"))
      var ttl: Int?
      let deadline = ContinuousClock.now + .seconds(20)
      while ttl != 7 && ContinuousClock.now < deadline {
        #expect(try watch.ask() == sites.secondary.address)
        ttl = try alula.ask("app.example.com").answer.first?.ttl
      }
      #expect(ttl == 7)
      try watch.stays(at: sites.secondary.address, for: 20)
      secondary.fail()
    }

    @Test func listenersNeedARestartAndTheRestIsApplied() throws {
      let sites = TwoSites()
      let alula = try sites.alula()
      let head = try readFile(alula.folder.path("head.yaml"))
      let moved = head.replacing("\"\(alula.ipv4)\"", with: "\"127.0.0.1:\(freePort())\"")
      try alula.folder.write("head.yaml", moved)
      try alula.reload(sites.configuration(ttl: "9s"))
      #expect(becomesTrue { alula.log.contains("restart") }, "\(alula.log)")
      #expect(try becomesTrue { try alula.ask("app.example.com").answer.first?.ttl == 9 })
    }

    @Test func logLevelFollows() throws {
      let sites = TwoSites()
      let alula = try sites.alula()
      let head = try readFile(alula.folder.path("head.yaml"))
      #expect(becomesTrue { alula.log.contains(" debug ") }, "\(alula.log)")
      try alula.folder.write("head.yaml", head.replacing("level: debug", with: "level: error, format: json"))
      try alula.reload(sites.configuration(ttl: "9s"))
      #expect(try becomesTrue { try alula.ask("app.example.com").answer.first?.ttl == 9 })
      try alula.folder.write("app.example.com.zone", "broken")
      alula.child.signal(SIGHUP)
      #expect(becomesTrue { alula.log.contains("\"level\":\"error\"") }, "\(alula.log)")
      #expect(!alula.log.contains("\"level\":\"notice\""), "\(alula.log)")
    }

    @Test func connectionLimitFollowsBothWays() throws {
      let sites = TwoSites()
      let alula = try Alula(
        sites.configuration(), files: ["app.example.com.zone": try exampleZone()],
        server: "  tcp: { connections: 4, idle: 60s }\n")
      try alula.waitUntilReady()
      let head = try readFile(alula.folder.path("head.yaml"))
      func limit(_ connections: Int, ttl: Int) throws {
        try alula.folder.write("head.yaml", head.replacing("connections: 4", with: "connections: \(connections)"))
        try alula.reload(sites.configuration(ttl: "\(ttl)s"))
        #expect(try becomesTrue { try alula.ask("app.example.com").answer.first?.ttl == ttl }, "\(alula.log)")
      }
      func answers(_ stream: Stream) -> Bool {
        stream.sendMessage(Message.query())
        return stream.receiveMessage() != nil
      }

      // A quarter of them for one network: 12.
      try limit(48, ttl: 7)
      // The worker follows with its next turn.
      #expect(answers(try Stream(to: alula.ipv4)))
      let streams = try (0..<12).map { _ in try Stream(to: alula.ipv4) }
      for stream in streams { #expect(answers(stream)) }
      for stream in streams { #expect(answers(stream)) }

      try limit(1, ttl: 8)
      #expect(answers(try Stream(to: alula.ipv4)))
      #expect(streams.allSatisfy { $0.isClosed() })
    }
  }
}
