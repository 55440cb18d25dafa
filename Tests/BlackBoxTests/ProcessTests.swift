import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// Starting, refusing to start, and stopping.
  @Suite struct ProcessTests {
    @Test func terminateDrainsAndEnds() throws {
      let alula = try TwoSites().alula()
      let stream = try Stream(to: alula.ipv4)
      stream.sendMessage(Message.query(identifier: 1))
      #expect(stream.receiveMessage().flatMap(Message.identifier) == 1)
      stream.sendMessage(Message.query(identifier: 2))
      alula.child.signal(SIGTERM)
      // The query was sent before the signal, so it is answered.
      #expect(stream.receiveMessage().flatMap(Message.identifier) == 2)
      #expect(alula.child.wait() == .exited(0), "\(alula.log)")
      #expect(alula.ipv4.canBind(SOCK_DGRAM))
    }

    /// The probed port is the server's own, which accepts and says nothing until the first round has ended.
    @Test func terminateDuringTheFirstRoundEnds() throws {
      let port = freePort()
      let alula = try Alula(
        """
        zones: { app.example.com: { file: app.example.com.zone } }
        checks: { own: { type: http, port: \(port), interval: 50s, timeout: 50s } }
        pools: { app.example.com: { check: own, endpoints: [{ name: own, address: 127.0.0.1 }] } }

        """, files: ["app.example.com.zone": try exampleZone()], port: port, server: "  start-within: 50s\n")
      #expect(becomesTrue { alula.log.contains("listening") }, "\(alula.log)")
      let early = try Datagrams(to: alula.ipv4)
      early.send(Message.query())
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0), "\(alula.log)")
      #expect(early.receive(milliseconds: 0) == nil)
    }

    /// However many wait in the sockets: more than a worker answers in one turn.
    @Test func whatHasArrivedIsAnsweredBeforeTheEnd() throws {
      let alula = try TwoSites().alula()
      let clients = try (0..<40).map { _ in try Datagrams(to: alula.ipv4) }
      alula.child.signal(SIGSTOP)
      // Of each client fewer than its own socket holds of answers.
      for number in 0..<200 { for client in clients { client.send(Message.query(identifier: UInt16(number))) } }
      alula.child.signal(SIGTERM)
      alula.child.signal(SIGCONT)
      #expect(alula.child.wait() == .exited(0), "\(alula.log)")
      let answered = clients.map { client in
        (0..<200).compactMap { _ in client.receive(milliseconds: 0).flatMap(Message.identifier) }
      }
      // Without the right to ask for large buffers the kernel keeps fewer, and says so.
      #expect(
        alula.log.contains("dropped_by_kernel") || answered.allSatisfy { $0 == Array(0..<200) },
        "\(answered.map(\.count))")
    }

    /// Else a socket would get the number of the closed stream, and with it what is logged.
    @Test func closedStandardStreamsAreHeldOpen() throws {
      let sites = TwoSites()
      let folder = try Folder()
      let server = Endpoint("127.0.0.1", freePort())
      try folder.write("app.example.com.zone", try exampleZone())
      let path = try folder.write("alula.yaml", "server: { listen: [\"\(server)\"] }\n" + sites.configuration())
      let child = try Child(
        ["sh", "-c", "exec \"$0\" serve --config \"$1\" <&- >&- 2>&-", alulaProgram, path], in: folder)
      #expect(try becomesTrue { try dig(server, "app.example.com", "SOA", ["+time=1"]).status == "NOERROR" })
      for number in 0...2 {
        #expect(try run(["readlink", "/proc/\(child.identifier)/fd/\(number)"]).output == "/dev/null\n")
      }
    }

    @Test func secondAlulaOnThePortIsRefused() throws {
      let sites = TwoSites()
      let files = ["app.example.com.zone": try exampleZone()]
      let alula = try sites.alula()
      let second = try Alula(sites.configuration(), files: files, port: alula.ipv4.port)
      #expect(second.child.wait() == .exited(1), "\(second.log)")
      #expect(second.log.contains("\(alula.ipv4.port)") && second.log.contains("in use"), "\(second.log)")
      #expect(try alula.ask("app.example.com").status == "NOERROR")
    }

    @Test func portOfAnotherServerIsRefused() throws {
      let sites = TwoSites()
      let port = freePort()
      let other = try Site.http(at: Endpoint("127.0.0.1", port))
      let alula = try Alula(sites.configuration(), files: ["app.example.com.zone": try exampleZone()], port: port)
      #expect(alula.child.wait() == .exited(1), "\(alula.log)")
      #expect(alula.log.contains("127.0.0.1:\(port)") && alula.log.contains("in use"), "\(alula.log)")
      other.fail()
    }

    @Test func stateFolderHasOneOwner() throws {
      let sites = TwoSites()
      let alula = try sites.alula()
      let second = try Alula(sites.configuration(), files: ["app.example.com.zone": try exampleZone()])
      second.child.stop()
      let shared = try readFile(second.folder.path("alula.yaml"))
        .replacing("\(second.folder.path)/state", with: "\(alula.folder.path)/state")
      try second.folder.write("shared.yaml", shared)
      let (status, output) = try run([alulaProgram, "serve", "--config", second.folder.path("shared.yaml")])
      #expect(status == .exited(1))
      #expect(output.contains("\(alula.folder.path)/state"), "\(output)")
    }

    private static let manyProblems = """
      server:
        listen: ["127.0.0.1:5399"]
        colour: red
      state: /tmp/never
      zones:
        app.example.com: { file: app.example.com.zone }
      checks:
        site: { type: http, port: 80800 }
      endpoints:
        ec2: { address: 300.1.1.1 }
      pools:
        elsewhere.example.org: { policy: failover, check: nothing, endpoints: [ec2] }

      """

    @Test(arguments: ["check", "serve"])
    func badConfigurationListsAllProblemsAndEnds(command: String) throws {
      let folder = try Folder()
      try folder.write("app.example.com.zone", try exampleZone())
      let path = try folder.write("alula.yaml", Self.manyProblems)
      let (status, output) = try run([alulaProgram, command, "--config", path])
      #expect(status == .exited(1))
      for part in ["alula.yaml:3:", "colour", "80800", "300.1.1.1", "nothing", "elsewhere.example.org"] {
        #expect(output.contains(part), "\(output)")
      }
    }

    @Test func checkAcceptsTheExampleAndStartsNothing() throws {
      let (status, output) = try run([alulaProgram, "check", "--config", packageFolder + "/zones/alula.yaml"])
      #expect(status == .exited(0), "\(output)")
      // The pool stands in for the addresses of the file, and that is said.
      #expect(output.contains("app.example.com"), "\(output)")
    }

    /// The example of the documentation beside the zone that is shipped.
    @Test func exampleOfTheDocumentationIsGood() throws {
      let page = try readFile(packageFolder + "/docs/configuration.md")
      let blocks = page.split(separator: "```yaml\n").dropFirst().compactMap { $0.split(separator: "```").first }
      #expect(!blocks.isEmpty)
      for block in blocks {
        let folder = try Folder()
        try folder.write("app.example.com.zone", try exampleZone())
        let path = try folder.write("alula.yaml", String(block))
        let (status, output) = try run([alulaProgram, "check", "--config", path])
        #expect(status == .exited(0), "\(output)")
      }
    }

    /// A pool of IPv4 addresses takes the name's IPv6 addresses away: more than a note.
    @Test func addressesThatNothingReplacesAreWarnedOf() throws {
      let folder = try Folder()
      try folder.write("app.example.com.zone", try exampleZone() + "\n@ IN AAAA 2001:db8::10\n")
      let path = try folder.write("alula.yaml", TwoSites().configuration())
      let (status, output) = try run([alulaProgram, "check", "--config", path])
      #expect(status == .exited(0))
      #expect(output.contains("note: app.example.com A: replaced"), "\(output)")
      #expect(output.contains("warning: app.example.com AAAA: not served"), "\(output)")
    }

    @Test func authoritiesThatAreNoCertificatesAreRefused() throws {
      let folder = try Folder()
      try folder.write("app.example.com.zone", try exampleZone())
      let configuration = TwoSites().configuration(
        check: "type: https, host: app.example.com, ca-file: app.example.com.zone")
      let path = try folder.write("alula.yaml", configuration)
      let (status, output) = try run([alulaProgram, "check", "--config", path])
      #expect(status == .exited(1))
      #expect(output.contains("alula.yaml:4:") && output.contains("no certificates"), "\(output)")
    }

    @Test(arguments: ["check", "serve"])
    func fileThatCannotBeReadIsNamed(command: String) throws {
      let folder = try Folder()
      let missing = try run([alulaProgram, command, "--config", folder.path("missing.yaml")])
      #expect(missing.status == .exited(1))
      #expect(missing.output.contains(folder.path("missing.yaml")), "\(missing.output)")

      let port = freePort()
      let path = try folder.write(
        "alula.yaml",
        "server: { listen: [\"127.0.0.1:\(port)\"] }\nstate: \(folder.path)/state\n"
          + "zones: { app.example.com: { file: missing.zone } }\n")
      let zone = try run([alulaProgram, command, "--config", path])
      #expect(zone.status == .exited(1))
      #expect(zone.output.contains("missing.zone"), "\(zone.output)")
    }

    /// In a folder without one.
    @Test(arguments: ["serve", "check"]) func theUsualConfigurationIsLookedFor(command: String) throws {
      let (status, output) = try run([alulaProgram, command])
      #expect(status == .exited(1))
      #expect(output.contains("cannot read the configuration: ") && output.contains("alula.yaml"), "\(output)")
    }

    @Test(arguments: [["serve", "nonsense"], ["check", "--config"], ["nonsense"], ["serve", "--nonsense"]])
    func wrongUseEndsWithTwo(arguments: [String]) throws {
      let (status, output) = try run([alulaProgram] + arguments)
      #expect(status == .exited(2), "\(output)")
      #expect(!output.isEmpty)
    }

    @Test(arguments: [["version"], ["--help"], ["serve", "--help"], ["check", "--help"], ["demo", "--help"]])
    func helpAndVersionEndWithZero(arguments: [String]) throws {
      let (status, output) = try run([alulaProgram] + arguments)
      #expect(status == .exited(0), "\(output)")
      #expect(output.lowercased().contains("alula"))
    }
  }
}
