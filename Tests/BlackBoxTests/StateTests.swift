import TestSupport
import Testing

extension BlackBox {
  /// What outlives the process: kill -9 in the middle of an outage, a disk that refuses, files that are broken.
  @Suite struct StateTests {
    /// Probes come so seldom that no second one helps, and two successes are needed for a return.
    private func start(_ sites: TwoSites) throws -> Alula {
      let often = "interval: 500ms, timeout: 400ms, rise: 2, fall: 3"
      let configuration = sites.configuration(check: "type: tcp")
        .replacing(often, with: "interval: 5m, timeout: 400ms, rise: 2, fall: 1")
      return try Alula(configuration, files: ["app.example.com.zone": try exampleZone()])
    }

    private func first(_ alula: Alula, _ sites: TwoSites) throws -> String? {
      try alula.waitUntilReady()
      return try alula.ask("app.example.com").answer.first?.data
    }

    @Test func aRestartInTheMiddleOfAnOutageAnswersRightAtOnce() throws {
      let sites = TwoSites()
      let secondary = try Site.http(at: sites.secondary)
      let alula = try start(sites)
      #expect(try first(alula, sites) == sites.secondary.address)
      try waitForSnapshot(alula)
      alula.child.stop()
      // The site is back, but one success of two is no return; a server that had forgotten would decide by it.
      let primary = try Site.http(at: sites.primary)
      let again = try Alula(again: alula)
      #expect(try first(again, sites) == sites.secondary.address)
      #expect(try command(again, ["status"]).output.contains("connection refused"))
      let events = try command(again, ["events"]).output
      #expect(events.contains("is down: connection refused"), "what happened before is still told: \(events)")
      primary.fail()
      secondary.fail()
    }

    @Test func ordersSurviveAndExpireMeanwhile() throws {
      let sites = TwoSites()
      let (primary, secondary) = (try Site.http(at: sites.primary), try Site.http(at: sites.secondary))
      let alula = try start(sites)
      #expect(try first(alula, sites) == sites.primary.address)
      let drained = try command(alula, ["drain", "ec2", "--reason", "a new kernel"])
      #expect(drained.status == .exited(0) && !drained.output.contains("not survive"), "\(drained.output)")
      let forced = try command(alula, ["force", "azure", "down", "--expires", "1s"])
      #expect(forced.status == .exited(0), "\(forced.output)")
      alula.child.stop()
      let again = try Alula(again: alula)
      try again.waitUntilReady()
      let isBack = becomesTrue { (try? again.ask("app.example.com").answer.first?.data) == sites.secondary.address }
      #expect(isBack, "the force has expired, the drain has not")
      let status = try command(again, ["status"]).output
      #expect(status.contains("a new kernel") && !status.contains("forced down"), "\(status)")
      primary.fail()
      secondary.fail()
    }

    @Test func aBrokenStateIsSaidAndNotFatal() throws {
      let sites = TwoSites()
      let secondary = try Site.http(at: sites.secondary)
      let alula = try start(sites)
      try alula.waitUntilReady()
      try waitForSnapshot(alula)
      alula.child.stop()
      try alula.folder.write("state/state.snapshot", String(repeating: "garbage", count: 100))
      let again = try Alula(again: alula)
      #expect(try first(again, sites) == sites.secondary.address)
      #expect(again.log.contains("kept state: "))
      #expect(again.child.ended() == nil)
      secondary.fail()
    }

    /// The folder's files are folders: whoever wants to write them is refused, root included.
    @Test func aDiskThatRefusesStopsNothingButLasting() throws {
      let sites = TwoSites()
      let (primary, secondary) = (try Site.http(at: sites.primary), try Site.http(at: sites.secondary))
      let alula = try start(sites)
      try alula.waitUntilReady()
      alula.child.stop()
      for name in ["state.snapshot.new", "state.log", "state.events"] {
        _ = try run(["rm", "-rf", alula.folder.path("state/\(name)")])
        try alula.folder.makeFolder("state/\(name)")
      }
      let again = try Alula(again: alula)
      #expect(try first(again, sites) == sites.primary.address)
      let drained = try command(again, ["drain", "ec2"])
      #expect(drained.status == .exited(0) && drained.output.contains("not survive"), "\(drained.output)")
      #expect(becomesTrue { (try? again.ask("app.example.com").answer.first?.data) == sites.secondary.address })
      let socket = again.folder.path("state/control.sock")
      let health = try run(["curl", "-s", "--unix-socket", socket, "http://alula/health"]).output
      #expect(health.contains("degraded: the state cannot be kept"), "\(health)")
      let metrics = try run(["curl", "-s", "--unix-socket", socket, "http://alula/metrics"]).output
      #expect(metrics.contains("\nalula_journal_up 0\n"))
      primary.fail()
      secondary.fail()
    }

    /// What is kept says why the primary is down.
    private func waitForSnapshot(_ alula: Alula) throws {
      let files = ["state.snapshot", "state.log"].map { alula.folder.path("state/\($0)") }
      let isKept = becomesTrue { (try? run(["grep", "-aq", "refused"] + files).status) == .exited(0) }
      guard isKept else { throw Trouble("nothing is kept:\n\(alula.log)") }
    }

    private func command(_ alula: Alula, _ words: [String]) throws -> (status: Child.Status, output: String) {
      let result = try run([alulaProgram] + words + ["--config", alula.folder.path("alula.yaml")])
      return (result.status, result.output)
    }
  }
}
