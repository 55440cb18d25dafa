import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// The test plays systemd at $NOTIFY_SOCKET.
  @Suite struct ServiceManagerTests {
    private func start(
      _ sites: TwoSites, _ socket: NotifySocket, watchdog: Int? = nil, rest: String = ""
    ) throws -> Alula {
      var environment = ["NOTIFY_SOCKET": socket.name]
      if let watchdog { environment["WATCHDOG_USEC"] = "\(watchdog)" }
      return try Alula(
        sites.configuration() + rest, files: ["app.example.com.zone": try exampleZone()], environment: environment)
    }

    @Test func readyReloadingStopping() throws {
      let folder = try Folder()
      let socket = try NotifySocket(folder.path("notify"))
      let alula = try start(TwoSites(), socket)
      #expect(socket.next()?["STATUS"]?.contains("first round") == true, "\(alula.log)")
      let ready = try #require(socket.next("READY"), "\(alula.log)")
      #expect(ready == ["READY": "1", "STATUS": "serving: zones 1, pools 1"])
      // Whoever is told so may ask.
      #expect(try alula.ask("app.example.com", "SOA").status == "NOERROR")

      let before = monotonicNow() / 1000
      alula.child.signal(SIGHUP)
      let reloading = try #require(socket.next("RELOADING"), "\(alula.log)")
      let time = try #require(reloading["MONOTONIC_USEC"].flatMap(UInt64.init))
      #expect(reloading["RELOADING"] == "1" && (before...monotonicNow() / 1000).contains(time))
      #expect(socket.next("READY") == ["READY": "1", "STATUS": "serving: zones 1, pools 1"], "\(alula.log)")

      try alula.folder.write("app.example.com.zone", "no zone\n")
      alula.child.signal(SIGHUP)
      #expect(socket.next("RELOADING")?["RELOADING"] == "1", "\(alula.log)")
      #expect(socket.next("READY")?["STATUS"]?.contains("refused") == true, "\(alula.log)")

      alula.child.signal(SIGTERM)
      #expect(socket.next("STOPPING")?["STOPPING"] == "1", "\(alula.log)")
      #expect(alula.child.wait() == .exited(0), "\(alula.log)")
      // Without a watchdog nobody is fed, and nothing comes after the end.
      #expect(socket.next(milliseconds: 0) == nil)
    }

    @Test func reloadsOfTheControlAPIAreToldToo() throws {
      let socket = try NotifySocket("@alula-test-\(getpid())-reload")
      let alula = try start(TwoSites(), socket)
      #expect(socket.next("READY") != nil, "\(alula.log)")
      let (status, output) = try run([alulaProgram, "reload", "--config", alula.folder.path("alula.yaml")])
      #expect(status == .exited(0), "\(output)")
      #expect(socket.next("RELOADING") != nil && socket.next("READY") != nil, "\(alula.log)")
    }

    @Test func watchdogIsFedAndNotWhileStopped() throws {
      let socket = try NotifySocket("@alula-test-\(getpid())-fed")
      let alula = try start(TwoSites(), socket, watchdog: 400_000)
      #expect(socket.next("READY") != nil, "\(alula.log)")
      // Nothing is asked: idle workers turn all the same.
      for _ in 0..<5 { #expect(socket.next("WATCHDOG") == ["WATCHDOG": "1"], "\(alula.log)") }
      alula.child.signal(SIGSTOP)
      socket.clear()
      #expect(socket.next(milliseconds: 1000) == nil)
      alula.child.signal(SIGCONT)
      #expect(socket.next("WATCHDOG") != nil, "\(alula.log)")
    }

    /// strace holds one thread in its wait, as a lock or a disk might; the others go on.
    @Test(arguments: ["brain", "udp 0", "tcp"]) func watchdogIsNotFedWhileAThreadHangs(name: String) throws {
      let socket = try NotifySocket("@alula-test-\(getpid())-hung-\(name)")
      let alula = try start(TwoSites(), socket, watchdog: 400_000)
      #expect(socket.next("READY") != nil && socket.next("WATCHDOG") != nil, "\(alula.log)")
      let thread = try #require(try alula.child.thread(name))
      let folder = try Folder()
      let waits = "epoll_wait,epoll_pwait,epoll_pwait2,poll,ppoll"
      let tracer = try Child(
        ["strace", "-qq", "-p", "\(thread)", "-e", "trace=\(waits)", "-e", "inject=\(waits):delay_enter=60000000"],
        in: folder)
      #expect(
        becomesTrue { alula.log.contains("watchdog is not fed") && alula.log.contains("of \(name)") }, "\(alula.log)")
      socket.clear()
      #expect(socket.next(milliseconds: 1000) == nil)
      tracer.stop()
      #expect(socket.next("WATCHDOG") != nil, "\(alula.log)")
      #expect(becomesTrue { alula.log.contains("turn again") }, "\(alula.log)")
    }

    /// A program of the operator's that said READY=1 would speak for the server.
    @Test func programsDoNotInheritTheSocket() throws {
      let folder = try Folder()
      let socket = try NotifySocket(folder.path("notify"))
      let sites = TwoSites()
      let script = try folder.write(
        "check.sh", "env > \(folder.path("seen.new")); mv \(folder.path("seen.new")) \(folder.path("seen"))\n")
      let configuration = sites.configuration(check: "type: command, command: [/bin/sh, \(script)]")
        .replacing(", port: \(sites.primary.port)", with: "")
      let alula = try Alula(
        configuration, files: ["app.example.com.zone": try exampleZone()],
        environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"])
      #expect(socket.next("READY") != nil, "\(alula.log)")
      #expect(becomesTrue { (try? readFile(folder.path("seen"))) != nil }, "\(alula.log)")
      let seen = try readFile(folder.path("seen"))
      #expect(seen.contains("PATH=") && !seen.contains("NOTIFY_SOCKET") && !seen.contains("WATCHDOG"), "\(seen)")
    }

    @Test func nobodyAtTheSocketIsNoReasonToStop() throws {
      let folder = try Folder()
      let alula = try Alula(
        TwoSites().configuration(), files: ["app.example.com.zone": try exampleZone()],
        environment: ["NOTIFY_SOCKET": folder.path("nobody"), "WATCHDOG_USEC": "no number"])
      try alula.waitUntilReady()
      #expect(
        alula.log.contains("cannot tell the service manager") && alula.log.contains("WATCHDOG_USEC"), "\(alula.log)")
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0), "\(alula.log)")
    }
  }
}
