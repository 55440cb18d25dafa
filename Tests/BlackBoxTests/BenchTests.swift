import Glibc
import TestSupport
import Testing

/// A report of `alula bench --json`.
private struct Report: CustomStringConvertible {
  let status: Child.Status
  let description: String

  init(_ server: Endpoint, _ options: [String], queries: String? = nil) throws {
    let folder = try Folder()
    let file = try folder.write("queries", queries ?? "app.example.com SOA\nnone.app.example.com A\n")
    let command = [alulaProgram, "bench", "\(server)", "--json", "--queries", file] + options
    (status, description) = try run(command)
  }

  /// The number behind the first member of this name.
  subscript(_ member: String) -> Double? {
    guard let start = description.firstRange(of: "\"\(member)\":") else { return nil }
    return Double(description[start.upperBound...].prefix { "0123456789.-".contains($0) })
  }
}

/// A server that behaves badly in one way, played by a script.
private struct BadServer {
  let endpoint = Endpoint("127.0.0.1", freePort())
  private let child: Child

  /// - Parameters:
  ///   - reply: a Python expression of the query's octets `q`, a list of datagrams.
  init(_ reply: String) throws {
    let script = """
      from os import urandom
      from socket import socket, AF_INET, SOCK_DGRAM
      s = socket(AF_INET, SOCK_DGRAM)
      s.bind(("127.0.0.1", \(endpoint.port)))
      held = []
      while True:
          q, a = s.recvfrom(4096)
          for d in \(reply):
              s.sendto(d, a)
      """
    child = try Child(["python3", "-c", script], in: try Folder())
    let port = endpoint
    guard becomesTrue({ !port.canBind(SOCK_DGRAM) }) else { throw Trouble("no server: \(child.output)") }
  }
}

extension BlackBox {
  /// The load generator against real servers, good and bad.
  @Suite struct BenchTests {
    private func server() throws -> Alula {
      let alula = try Alula(
        "zones: { app.example.com: { file: app.example.com.zone } }\n",
        files: ["app.example.com.zone": try exampleZone()])
      try alula.waitUntilReady()
      return alula
    }

    @Test func everyQueryIsAnsweredOverUDP() throws {
      let alula = try server()
      for endpoint in [alula.ipv4, alula.ipv6] {
        let report = try Report(endpoint, ["--count", "20000", "--server-pid", "\(alula.child.identifier)"])
        #expect(report.status == .exited(0))
        #expect(report["sent"] == 20_000 && report["answered"] == 20_000 && report["lost"] == 0, "\(report)")
        #expect(report["NOERROR"] == 10_000 && report["NXDOMAIN"] == 10_000 && report["unexpected"] == 0, "\(report)")
        #expect(report["pid"] == Double(alula.child.identifier), "\(report)")
      }
    }

    @Test func everyQueryIsAnsweredOverTCP() throws {
      let alula = try server()
      for options in [[], ["--queries-per-connection", "7", "--connections", "3"], ["--pipeline", "1"]] {
        let report = try Report(alula.ipv4, ["--transport", "tcp", "--count", "3000"] + options)
        #expect(report.status == .exited(0))
        #expect(report["sent"] == 3000 && report["answered"] == 3000 && report["lost"] == 0, "\(report)")
      }
    }

    @Test func openLoopKeepsItsCount() throws {
      let alula = try server()
      for transport in ["udp", "tcp"] {
        let report = try Report(alula.ipv4, ["--rate", "2000", "--count", "1000", "--transport", transport])
        #expect(report["sent"] == 1000 && report["answered"] == 1000, "\(report)")
        #expect(report.description.contains("\"loop\":\"open\""), "\(report)")
      }
    }

    @Test func signaturesAndSizesAreAsked() throws {
      let alula = try server()
      let plain = try Report(alula.ipv4, ["--no-edns", "--count", "100"], queries: "app.example.com SOA\n")
      let edns = try Report(alula.ipv4, ["--dnssec-ok", "--count", "100"], queries: "app.example.com SOA\n")
      // An OPT record has eleven octets.
      #expect(try #require(edns["max"]) == #require(plain["max"]) + 11, "\(edns)\n\(plain)")
      let cookies = try Report(alula.ipv4, ["--cookies", "--count", "1000"], queries: "app.example.com SOA\n")
      #expect(try #require(cookies["max"]) == #require(edns["max"]) + 28 && cookies["answered"] == 1000, "\(cookies)")
    }

    @Test func zoneFilesAndRandomNamesAreSources() throws {
      let alula = try server()
      let folder = try Folder()
      let zone = try folder.write("zone", try exampleZone())
      let bench = [alulaProgram, "bench", "\(alula.ipv4)", "--count", "1000", "--json"]
      let names = try run(bench + ["--zone", zone, "--origin", "app.example.com"])
      #expect(names.status == .exited(0) && names.output.contains("\"rcodes\":{\"NOERROR\":1000}"), "\(names.output)")
      let random = try run(bench + ["--random", "500.app.example.com"])
      #expect(random.output.contains("\"rcodes\":{\"NXDOMAIN\":1000}"), "\(random.output)")
      let mix = try run(
        bench + ["--random", "500.app.example.com*3", "--zone", zone + "*1", "--origin", "app.example.com"])
      #expect(mix.output.contains("NOERROR") && mix.output.contains("NXDOMAIN"), "\(mix.output)")
    }

    @Test func highestRateIsLookedFor() throws {
      let alula = try server()
      let report = try Report(
        alula.ipv4, ["--find-max", "--rate", "100", "--duration", "50ms", "--loss", "1%", "--timeout", "200ms"])
      #expect(report.status == .exited(0))
      #expect(report.description.contains("\"find_max\":{\"rate\":") && report.description.contains("\"steps\":[{"))
    }

    @Test func failoverIsSeen() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let alula = try sites.alula()
      #expect(try becomesTrue { try alula.ask("app.example.com").data("A") == [sites.primary.address] })
      let folder = try Folder()
      let file = try folder.write("queries", "app.example.com A\n")
      let bench = try Child(
        [
          alulaProgram, "bench", "\(alula.ipv4)", "--queries", file, "--rate", "500", "--duration", "60s",
          "--watch-answers", "--json", "--html", folder.path("page.html"),
        ], in: folder)
      primary.fail()
      #expect(try becomesTrue { try alula.ask("app.example.com").data("A") == [sites.secondary.address] })
      // Some answers with the new address: the server counts nothing, so time must do.
      #expect(becomesTrue { alula.log.contains("A is now \(sites.secondary.address)") })
      _ = poll(nil, 0, 300)
      bench.signal(SIGINT)
      #expect(bench.wait() == .exited(0), "\(bench.output)")
      let change = "\"from\":\"\(sites.primary.address)\",\"to\":\"\(sites.secondary.address)\""
      #expect(bench.output.contains(change), "\(bench.output)")
      #expect(bench.output.contains("\"endpoints\":[{\"address\":\"\(sites.primary.address)\""), "\(bench.output)")
      let page = try readFile(folder.path("page.html"))
      #expect(page.contains("<svg") && page.contains(sites.secondary.address))
      secondary.fail()
    }

    // MARK: - Bad servers

    @Test func closedPortIsReported() throws {
      for transport in ["udp", "tcp"] {
        let report = try Report(
          Endpoint("127.0.0.1", freePort()), ["--duration", "100ms", "--timeout", "100ms", "--transport", transport])
        #expect(report.status == .exited(1))
        #expect(report["answered"] == 0 && report["lost"] == report["sent"], "\(report)")
        #expect(report.description.contains("Connection refused"), "\(report)")
      }
    }

    @Test func silentServerIsReported() throws {
      let silent = try BadServer("[]")
      let report = try Report(silent.endpoint, ["--duration", "100ms", "--timeout", "50ms"])
      #expect(report.status == .exited(1))
      #expect(report["answered"] == 0 && report["lost"] == report["sent"] && report["sent"] != 0, "\(report)")
    }

    @Test func garbageIsNoAnswer() throws {
      for reply in [
        "[urandom(len(q))]", "[b'']", "[q]", "[q[:2] + b'\\x84' + q[3:11]]",
        "[q[:2] + b'\\x84\\0' + q[4:12] + b'\\x05other' + q[18:]]",
        "[bytes([q[0] ^ 255, q[1] ^ 255]) + b'\\x84\\0' + q[4:]]",
      ] {
        let garbage = try BadServer(reply)
        let report = try Report(garbage.endpoint, ["--duration", "100ms", "--timeout", "50ms", "--in-flight", "8"])
        #expect(report.status == .exited(1), "\(reply): \(report)")
        #expect(report["answered"] == 0 && report["lost"] == report["sent"], "\(reply): \(report)")
        #expect(try #require(report["unexpected"]) > 0, "\(reply): \(report)")
      }
    }

    @Test func secondAnswerIsUnexpected() throws {
      let twice = try BadServer("[q[:2] + b'\\x84\\0' + q[4:]] * 2")
      let report = try Report(twice.endpoint, ["--count", "200", "--in-flight", "4"])
      #expect(report["answered"] == 200 && report["lost"] == 0, "\(report)")
      #expect(try #require(report["unexpected"]) > 0, "\(report)")
    }

    /// The first answer to each query comes with the next query that is sent after it was given up.
    @Test func lateAnswersAreCounted() throws {
      let late = try BadServer("[d[:2] + b'\\x84\\0' + d[4:] for d in (held.append(q), held[:-1])[1][-1:]]")
      let report = try Report(
        late.endpoint, ["--count", "3", "--in-flight", "1", "--ports", "1", "--timeout", "50ms"])
      #expect(report["answered"] == 0 && report["lost"] == 3 && report["late"] == 2, "\(report)")
    }

    @Test func connectionsThatBreakAreReported() throws {
      let endpoint = Endpoint("127.0.0.1", freePort())
      let script = """
        from socket import create_server
        s = create_server(("127.0.0.1", \(endpoint.port)))
        while True:
            c, a = s.accept()
            c.recv(10)
            c.close()
        """
      let child = try Child(["python3", "-c", script], in: try Folder())
      #expect(becomesTrue { endpoint.accepts })
      let report = try Report(endpoint, ["--transport", "tcp", "--duration", "200ms", "--timeout", "100ms"])
      #expect(report["answered"] == 0 && report["lost"] == report["sent"], "\(report)")
      #expect(try #require(report["broken_connections"]) > 0, "\(report)")
      child.stop()
    }

    @Test func countEndsWithoutAnswers() throws {
      let silent = try BadServer("[]")
      let report = try Report(silent.endpoint, ["--count", "1000000", "--timeout", "50ms", "--in-flight", "4"])
      #expect(report.status == .exited(1) && report["answered"] == 0, "\(report)")
      let closed = try Report(Endpoint("127.0.0.1", freePort()), ["--count", "1000000", "--transport", "tcp"])
      #expect(closed.status == .exited(1) && closed["sent"] == 0, "\(closed)")
    }

    /// Ctrl-C does not wait for what will never come.
    @Test func interruptEndsWithAReport() throws {
      let silent = try BadServer("[]")
      let folder = try Folder()
      for transport in ["udp", "tcp"] {
        let file = try folder.write("queries", "app.example.com A\n")
        let bench = try Child(
          [
            alulaProgram, "bench", "\(silent.endpoint)", "--queries", file, "--timeout", "1h", "--duration", "1h",
            "--transport", transport,
          ], in: folder)
        // The live line comes once a second.
        #expect(becomesTrue { bench.output.contains("1 s: ") }, "\(bench.output)")
        bench.signal(SIGINT)
        #expect(bench.wait() == .exited(1), "\(bench.output)")
        #expect(bench.output.contains("Nothing was answered"), "\(bench.output)")
      }
    }

    // MARK: - Bad input

    private func refused(_ arguments: [String], status: Int32, _ message: String) throws {
      let result = try run([alulaProgram, "bench"] + arguments)
      #expect(result.status == .exited(status) && result.output.contains(message), "\(arguments): \(result.output)")
    }

    @Test func badLinesAreNamed() throws {
      let folder = try Folder()
      let alula = try server()
      let file = try folder.write("q", "app.example.com SOA\nlonely\napp.example.com WHAT\n")
      let some = try run([alulaProgram, "bench", "\(alula.ipv4)", "--queries", file, "--count", "10"])
      #expect(some.status == .exited(0), "\(some.output)")
      #expect(some.output.contains("\(file):2: ") && some.output.contains("\(file):3: 'WHAT'"), "\(some.output)")
      #expect(some.output.contains("bad lines   2"), "\(some.output)")
      let none = try folder.write("none", "lonely\n")
      try refused(["\(alula.ipv4)", "--queries", none], status: 1, "\(none):1: ")
      try refused(["\(alula.ipv4)", "--queries", folder.path("missing")], status: 1, "No such file")
      try refused(["\(alula.ipv4)", "--zone", file], status: 1, "cannot read the zone")
    }

    @Test func wrongUseIsRefused() throws {
      try refused(["192.0.2.1:53", "--random", "9.example.com"], status: 2, "--i-own-this-server")
      try refused(["127.0.0.1:5300"], status: 2, "nothing to ask")
      try refused(["127.0.0.1:5300", "--random", "9.example.com", "--cpu", "999"], status: 2, "no core 999")
      try refused(["127.0.0.1:5300", "--random", "9.example.com", "--server-pid", "99999999"], status: 2, "no process")
      try refused(["127.0.0.1:5300", "127.0.0.1:5301", "--random", "9.example.com"], status: 2, "")
      try refused(["127.0.0.1:5300", "--random", "9.example.com", "--rate", "fast"], status: 2, "--rate fast")
    }

    @Test func unusableSourceAddressIsReported() throws {
      try refused(
        ["127.0.0.1:5300", "--random", "9.example.com", "--sources", "192.0.2.77", "--count", "1"], status: 1,
        "Cannot assign requested address")
    }
  }
}
