import Testing

@testable import Daemon

/// What sd_notify(3) and sd_watchdog_enabled(3) want.
@Suite struct ServiceManagerTests {
  private func settings(_ environment: [String: String], process: Int32 = 7) -> ManagerSettings {
    ManagerSettings(process: process) { environment[$0] }
  }

  @Test func nobodyIsToldWithoutASocket() {
    #expect(settings([:]) == ManagerSettings())
    #expect(settings(["WATCHDOG_USEC": "1000000"]) == ManagerSettings())
  }

  @Test(arguments: ["/run/systemd/notify", "@abstract"]) func socketsAreTaken(socket: String) {
    #expect(settings(["NOTIFY_SOCKET": socket]).socket == socket)
  }

  @Test(arguments: ["vsock:2:1", "relative", "/", "/" + String(repeating: "x", count: 107)])
  func otherSocketsAreAProblem(socket: String) {
    let settings = settings(["NOTIFY_SOCKET": socket, "WATCHDOG_USEC": "1000000"])
    #expect(settings.socket == nil && settings.watchdog == nil && settings.problems.count == 1)
  }

  @Test func watchdogIsOnlyOursWithOurNumber() {
    let watchdog = ["NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "30000000"]
    #expect(settings(watchdog).watchdog == .seconds(30))
    #expect(settings(watchdog.merging(["WATCHDOG_PID": "7"]) { $1 }).watchdog == .seconds(30))
    #expect(settings(watchdog.merging(["WATCHDOG_PID": "8"]) { $1 }).watchdog == nil)
    #expect(settings(watchdog).turn == .milliseconds(3750))
  }

  @Test(arguments: ["", "0", "-1", "999", "1s", "99999999999999999999999", "9223372036854775807"])
  func unreadableWatchdogIsAProblem(limit: String) {
    let settings = settings(["NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": limit])
    #expect(settings.socket == "@n" && settings.watchdog == nil && settings.problems.count == 1)
  }

  @Test func readyAgainWhenTheLastReloadIsOver() {
    var state = ServiceState()
    #expect(state.message(for: .starting(status: "waiting\nREADY=1")) == "STATUS=waiting READY=1")
    #expect(state.message(for: .serving(status: "good")) == "READY=1\nSTATUS=good")
    #expect(
      state.message(for: .reloading(at: 1_234_567_890)) == "RELOADING=1\nMONOTONIC_USEC=1234567\nSTATUS=reloading")
    #expect(state.message(for: .reloading(at: 2_000_000)) == "RELOADING=1\nMONOTONIC_USEC=2000\nSTATUS=reloading")
    #expect(state.message(for: .reloaded(status: "good")) == nil)
    #expect(state.message(for: .reloaded(status: "refused")) == "READY=1\nSTATUS=refused")
  }

  @Test func reloadBeforeItServesIsNoNews() {
    var state = ServiceState()
    #expect(state.message(for: .reloading(at: 1)) == nil)
    #expect(state.message(for: .serving(status: "good")) == "READY=1\nSTATUS=good")
    #expect(state.message(for: .reloaded(status: "good")) == "READY=1\nSTATUS=good")
  }

  @Test func nothingCountsAfterTheEnd() {
    var state = ServiceState()
    _ = state.message(for: .serving(status: "good"))
    #expect(state.message(for: .stopping(status: "bye")) == "STOPPING=1\nSTATUS=bye")
    #expect(!state.isServing)
    #expect(state.message(for: .reloading(at: 1)) == nil)
    #expect(state.message(for: .serving(status: "good")) == nil)
  }
}

@Suite struct WatchdogGateTests {
  /// Milliseconds.
  private func time(_ milliseconds: UInt64) -> UInt64 { milliseconds * 1_000_000 }

  @Test func fedAtHalfItsTimeWhenAllHaveTurned() {
    var gate = WatchdogGate(watchdog: .seconds(2), turns: [5, 5], now: time(0))
    #expect(gate.ask([6, 6], at: time(400)) == .wait(time(600)))
    #expect(gate.ask([6, 6], at: time(1000)) == .feed)
    gate.fed([6, 6], at: time(1000))
    #expect(gate.ask([7, 7], at: time(1001)) == .wait(time(999)))
  }

  /// A brain, two workers, one of them hung: whichever it is.
  @Test(arguments: 0..<3) func notFedWhileOneStandsStill(hung: Int) {
    var gate = WatchdogGate(watchdog: .seconds(2), turns: [0, 0, 0], now: time(0))
    var turns: [UInt64] = [0, 0, 0]
    for step in 1...20 {
      for thread in turns.indices where thread != hung { turns[thread] += 1 }
      let verdict = gate.ask(turns, at: time(UInt64(step) * 1000))
      #expect(verdict == .closed([hung], again: time(125)))
    }
    turns[hung] += 1
    #expect(gate.ask(turns, at: time(21_000)) == .feed)
    gate.fed(turns, at: time(21_000))
    #expect(gate.ask(turns, at: time(22_000)) == .closed([0, 1, 2], again: time(125)))
  }

  /// What was not sent is still due.
  @Test func askedAgainUntilFed() {
    var gate = WatchdogGate(watchdog: .seconds(2), turns: [0], now: time(0))
    #expect(gate.ask([1], at: time(1000)) == .feed)
    #expect(gate.ask([1], at: time(1100)) == .feed)
    gate.fed([1], at: time(1100))
    #expect(gate.ask([1], at: time(1200)) == .wait(time(900)))
  }
}
