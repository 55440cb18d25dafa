import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// The control API of the built program, over real sockets, and the commands that use it.
  @Suite struct ControlTests {
    private static let token = "0123456789abcdef0123"

    /// Two sites and a server with a control API over TCP, whose token is in a file.
    private func start(_ sites: TwoSites, _ more: String = "") throws -> (alula: Alula, port: UInt16) {
      let port = freePort()
      let control = "control: { listen: \"127.0.0.1:\(port)\", token-file: token }\n\(more)"
      let files = ["app.example.com.zone": try exampleZone(), "token": Self.token + "\n"]
      let alula = try Alula(control + sites.configuration(), files: files)
      try alula.waitUntilReady()
      return (alula, port)
    }

    /// The status code and the body.
    private func curl(_ arguments: [String]) throws -> (status: String, body: String) {
      let result = try run(["curl", "-s", "-m", "10", "-w", "\n%{http_code}"] + arguments)
      let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
    }

    private func command(_ alula: Alula, _ words: [String], environment: [String: String] = [:]) throws
      -> (status: Child.Status, output: String)
    {
      try run([alulaProgram] + words + ["--config", alula.folder.path("alula.yaml")], environment: environment)
    }

    @Test func whatItBelievesWhileASiteIsDown() throws {
      let sites = TwoSites()
      let secondary = try Site.http(at: sites.secondary)
      let (alula, port) = try start(sites)
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.secondary.address)

      let status = try command(alula, ["status"])
      #expect(status.status == .exited(0))
      #expect(status.output.contains("app.example.com A \(sites.secondary.address)"), "\(status.output)")
      #expect(status.output.contains("DOWN"), "\(status.output)")
      #expect(status.output.contains("connection refused"), "\(status.output)")
      let server =
        #/\nzone app\.example\.com  serial \d+  read [\dms ]+ ago\n\nalula \S+, up for [\dms ]+, \d+ queries\n$/#
      #expect(try server.firstMatch(in: status.output) != nil, "\(status.output)")
      let json = try command(alula, ["status", "--json"])
      #expect(json.output.contains("\"real_state\":\"down\""), "\(json.output)")
      #expect(try command(alula, ["status", "nobody.example"]).status == .exited(1))

      let metrics = try PrometheusText(try curl(["http://127.0.0.1:\(port)/metrics"]).body)
      let pool = { (endpoint: String, address: String) in
        ["pool": "app.example.com", "endpoint": endpoint, "address": address]
      }
      #expect(metrics["alula_member_up", pool("ec2", sites.primary.address)] == 0)
      #expect(metrics["alula_member_up", pool("azure", sites.secondary.address)] == 1)
      #expect(metrics.sum("alula_queries_total") > 0)
      let asked = metrics["alula_pool_queries_total", ["pool": "app.example.com"]] ?? 0
      #expect(asked > 0 && metrics["alula_pool_answers_total", ["pool": "app.example.com"]] == asked)
      _ = try alula.ask("app.example.com", "AAAA")
      #expect(try command(alula, ["reload"]).status == .exited(0))
      // A report is kept for a moment.
      let isCounted = try becomesTrue {
        let later = try PrometheusText(try curl(["http://127.0.0.1:\(port)/metrics"]).body)
        return later["alula_pool_queries_total", ["pool": "app.example.com"]] == asked + 1
          && later["alula_pool_answers_total", ["pool": "app.example.com"]] == asked
      }
      #expect(isCounted, "a reload forgets nothing")
      #expect(metrics["alula_questions_total", ["type": "A"]] ?? 0 > 0)
      #expect(try curl(["http://127.0.0.1:\(port)/api/v1/events"]).body.contains("\"kind\":\"answer\""))
      #expect(try command(alula, ["events"]).output.contains("is down"))
      secondary.fail()
    }

    @Test func reloadSaysWhatChangedOrWhatIsWrong() throws {
      let sites = TwoSites()
      let (alula, port) = try start(sites)
      let configuration = alula.folder.path("alula.yaml")
      let old = try readFile(configuration)
      #expect(try command(alula, ["reload"]).output.hasSuffix("reloaded: nothing has changed\n"))

      try alula.folder.write("alula.yaml", old.replacing("ttl: 1s", with: "ttl: 7s"))
      let changed = try command(alula, ["reload"])
      #expect(changed.status == .exited(0) && changed.output.contains("pool app.example.com"), "\(changed.output)")
      // What it says is so: it answers when it has been adopted.
      #expect(try alula.ask("app.example.com").answer.first?.ttl == 7)

      try alula.folder.write("alula.yaml", old + "nonsense: 1\n")
      let refused = try command(alula, ["reload"])
      #expect(refused.status == .exited(1))
      #expect(refused.output.contains("nonsense") && refused.output.contains("serve on"), "\(refused.output)")
      #expect(try alula.ask("app.example.com").answer.first?.ttl == 7)
      let metrics = try PrometheusText(try curl(["http://127.0.0.1:\(port)/metrics"]).body)
      #expect(metrics["alula_reloads_failed_total", [:]] == 1)
      #expect(try becomesTrue { try command(alula, ["status"]).output.hasPrefix("RELOAD REFUSED") })
      try alula.folder.write("alula.yaml", old)
      #expect(try command(alula, ["reload"]).status == .exited(0))
      #expect(try becomesTrue { try !command(alula, ["status"]).output.contains("REFUSED") })
    }

    @Test func thereIsNoOrderToRelease() throws {
      let (alula, _) = try start(TwoSites())
      let nothing = try command(alula, ["release", "ec2"])
      #expect(nothing.status == .exited(1) && nothing.output.contains("no order of that name"), "\(nothing.output)")
    }

    /// The story that the documentation shows, on the configuration that comes along.
    @Test func theExampleIsRehearsed() throws {
      let played = try run([
        alulaProgram, "simulate", "--config", packageFolder + "/zones/alula.yaml", "--story",
        packageFolder + "/zones/outage.story", "--expect",
      ])
      #expect(played.status == .exited(0), "\(played.output)")
      #expect(
        try readFile(packageFolder + "/docs/simulate.md").contains(readFile(packageFolder + "/zones/outage.story")))
    }

    @Test func tokenHostAndOrigin() throws {
      let (alula, port) = try start(TwoSites())
      let api = "http://127.0.0.1:\(port)"
      let socket = ["--unix-socket", alula.folder.path("state/control.sock")]
      #expect(try curl(["\(api)/health"]).status == "200")
      #expect(try curl(socket + ["http://whatever/health"]).body == "ok\n")
      #expect(try curl(["-H", "Host: evil.example", "\(api)/health"]).status == "403")
      #expect(try curl(["-H", "Origin: http://127.0.0.1:\(port)", "\(api)/health"]).status == "403")
      #expect(try curl(["-X", "POST", "\(api)/api/v1/reload"]).status == "401")
      #expect(try curl(["-X", "POST", "-H", "Authorization: Bearer x", "\(api)/api/v1/reload"]).status == "401")
      #expect(
        try curl(["-X", "POST", "-H", "Authorization: Bearer \(Self.token)", "\(api)/api/v1/reload"]).status == "200")
      #expect(try curl(socket + ["-X", "POST", "http://localhost/api/v1/reload"]).status == "200")

      // Each server's outcome is shown, and one that cannot be asked makes the command fail.
      let servers = ["--control", "127.0.0.1:\(port)", "--control", "127.0.0.1:\(freePort())"]
      let both = try run([alulaProgram, "reload", "--token-file", alula.folder.path("token")] + servers)
      #expect(both.status == .exited(1))
      #expect(both.output.contains("127.0.0.1:\(port): ok") && both.output.contains("FAILED"), "\(both.output)")
      #expect(try run([alulaProgram, "status", "--control", "nowhere"]).status == .exited(1))
      #expect(try run([alulaProgram, "drain", "ec2", "--expires", "soon"]).status == .exited(2))
    }

    /// 400 clients that never finish, a body of 10 MB and what is no HTTP: neither answers nor probes suffer.
    @Test func hostileClientsDisturbNobody() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let (alula, port) = try start(sites)
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)
      let control = Endpoint("127.0.0.1", port)
      let streams = try (0..<400).map { _ in try Stream(to: control) }
      for stream in streams { stream.send(Array("POST /api/v1/reload HTTP/1.1\r\nX: ".utf8)) }
      for stream in try (0..<20).map({ _ in try Stream(to: control) }) { stream.send(Array(repeating: 0, count: 5000)) }
      try alula.folder.write("big", String(repeating: "a", count: 10 << 20))
      let big = try curl(["--data-binary", "@\(alula.folder.path("big"))", "http://127.0.0.1:\(port)/api/v1/reload"])
      #expect(big.status == "413" || big.status == "000")
      for stream in streams { stream.send([0x61]) }
      #expect(listFolder("/proc/\(alula.child.identifier)/fd").count < 200)
      #expect(try curl(["http://127.0.0.1:\(port)/health"]).body == "ok\n")

      // The probes go on: the failure is seen, and nothing else was.
      primary.fail()
      try watch.waitFor(sites.secondary.address)
      #expect(!alula.log.contains("azure \(sites.secondary) is down"), "\(alula.log)")
      secondary.fail()
    }

    @Test func operatorsHand() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let (alula, port) = try start(sites)
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)

      let drained = try command(
        alula, ["drain", "ec2", "--reason", "new disk", "--expires", "2h"], environment: ["SUDO_USER": "ann"])
      #expect(drained.status == .exited(0), "\(drained.output)")
      #expect(drained.output.contains("ec2@app.example.com"), "\(drained.output)")
      #expect(drained.output.contains("leaves honest caches in"), "\(drained.output)")
      // It was published before it was acknowledged.
      #expect(try alula.ask("app.example.com").data("A") == [sites.secondary.address])
      let status = try command(alula, ["status"]).output
      #expect(status.contains("drained by ann") && status.contains("new disk"), "\(status)")
      #expect(status.contains("its checks say up") && status.contains("1h 59m left"), "\(status)")
      let metrics = try PrometheusText(try curl(["http://127.0.0.1:\(port)/metrics"]).body)
      let ec2 = ["pool": "app.example.com", "endpoint": "ec2", "address": sites.primary.address]
      #expect(metrics["alula_member_forced", ec2] == 1 && metrics["alula_member_up", ec2] == 0)
      #expect(metrics["alula_member_real_up", ec2] == 1)

      // An override stands over a reload, and probes do not touch it.
      #expect(try command(alula, ["reload"]).status == .exited(0))
      #expect(try alula.ask("app.example.com").data("A") == [sites.secondary.address])
      #expect(try command(alula, ["release", "nobody"]).status == .exited(1))
      #expect(try command(alula, ["release", "ec2"]).status == .exited(0))
      #expect(try alula.ask("app.example.com").data("A") == [sites.primary.address])

      #expect(try command(alula, ["force", "ec*", "down"]).status == .exited(0))
      #expect(try alula.ask("app.example.com").data("A") == [sites.secondary.address])
      let waited = try command(alula, ["drain", "azure@app.example.com", "--wait"])
      #expect(waited.status == .exited(0), "\(waited.output)")
      #expect(
        waited.output.contains("WARNING: app.example.com A fails open"), "the last one is taken: \(waited.output)")
      #expect(try command(alula, ["events"]).output.contains("order"))
      #expect(try command(alula, ["drain", "nobody"]).status == .exited(1))
      primary.fail()
      secondary.fail()
    }

    @Test func changesAreToldToAProgram() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let folder = try Folder()
      try folder.write("hook.sh", "cat >> \(folder.path("told"))\n")
      let (alula, _) = try start(sites, "on-change: { command: [/bin/sh, \(folder.path("hook.sh"))] }\n")
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)
      primary.fail()
      try watch.waitFor(sites.secondary.address)
      let told = becomesTrue {
        let text = (try? readFile(folder.path("told"))) ?? ""
        return text.contains("\"before\":[\"\(sites.primary.address)\"],\"after\":[\"\(sites.secondary.address)\"]")
      }
      #expect(told, "\(alula.log)")
      secondary.fail()
    }

    /// A web server that refuses the first time is asked again.
    @Test func changesArePostedToAWebServer() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let folder = try Folder()
      let hook = Endpoint("127.0.0.1", freePort())
      try folder.write("hook.py", Self.webHook)
      let child = try Child(["python3", folder.path("hook.py"), "\(hook.port)", folder.path("told")], in: folder)
      #expect(becomesTrue { hook.accepts }, "\(child.output)")
      let (alula, _) = try start(sites, "on-change: { post: \"http://\(hook)/changes\" }\n")
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)
      primary.fail()
      try watch.waitFor(sites.secondary.address)
      let told = becomesTrue {
        let text = (try? readFile(folder.path("told"))) ?? ""
        return text.contains("refused /changes") && text.contains("taken /changes")
          && text.contains("\"after\":[\"\(sites.secondary.address)\"]")
      }
      #expect(told, "\(alula.log)")
      child.stop()
      secondary.fail()
    }

    /// Writes down what is posted, and refuses the first.
    private static let webHook = """
      sys, server = map(__import__, ["sys", "http.server"])
      class Hook(server.server.BaseHTTPRequestHandler):
          refused = False
          def do_POST(self):
              body = self.rfile.read(int(self.headers["Content-Length"])).decode()
              with open(sys.argv[2], "a") as file:
                  file.write(("taken " if Hook.refused else "refused ") + self.path + " " + body + chr(10))
              self.send_response(200 if Hook.refused else 503)
              self.send_header("Content-Length", "0")
              self.end_headers()
              Hook.refused = True
      server.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Hook).serve_forever()
      """

    @Test func theRunningServerExplains() throws {
      let sites = TwoSites()
      let secondary = try Site.http(at: sites.secondary)
      let (alula, port) = try start(sites)
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.secondary.address)
      let both = try command(alula, ["explain", "app.example.com"]).output
      #expect(both.contains("app.example.com A: \(sites.secondary.address)"), "\(both)")
      #expect(both.contains("app.example.com AAAA: no address") && both.contains("connection refused"), "\(both)")
      let json = try curl(["http://127.0.0.1:\(port)/api/v1/explain?name=app.example.com&type=a"])
      #expect(json.status == "200" && json.body.hasPrefix("[{\"pool\":\"app.example.com\""), "\(json.body)")
      for query in ["", "?name=nobody.example", "?name=app.example.com&type=MX", "?name=app.example.com&client=x"] {
        #expect(["400", "404"].contains(try curl(["http://127.0.0.1:\(port)/api/v1/explain\(query)"]).status))
      }
      #expect(try command(alula, ["explain", "nobody.example"]).status == .exited(1))
      let alias = try command(alula, ["explain", "www.app.example.com", "A"]).output
      #expect(
        alias.contains("www.app.example.com is an alias (CNAME) of app.example.com\napp.example.com A: "), "\(alias)")
      // Offline everybody is up, but for whom one supposes to be down.
      let offline = try command(alula, ["explain", "app.example.com", "A", "--offline"]).output
      #expect(offline.contains("app.example.com A: \(sites.primary.address)"), "\(offline)")
      let supposed = try command(alula, ["explain", "app.example.com", "A", "--down", "ec2"]).output
      #expect(supposed.contains("app.example.com A: \(sites.secondary.address)"), "\(supposed)")
      #expect(supposed.contains("from the configuration alone, supposing that ec2 is down and"), "\(supposed)")
      secondary.fail()
    }

    /// One that hangs is killed, tried again, and never in the way.
    @Test func hangingProgramIsInNobodysWay() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let (alula, port) = try start(sites, "on-change: { command: [/bin/sleep, \"1000\"], timeout: 100ms }\n")
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)
      primary.fail()
      try watch.waitFor(sites.secondary.address)
      let counted = try becomesTrue(seconds: 30) {
        let metrics = try PrometheusText(try curl(["http://127.0.0.1:\(port)/metrics"]).body)
        return metrics["alula_notices_failed_total", [:]] == 1
      }
      #expect(counted && alula.log.contains("was killed"), "\(alula.log)")
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0))
      secondary.fail()
    }

    @Test func beyondLoopbackNeedsAToken() throws {
      let folder = try Folder()
      try folder.write("app.example.com.zone", try exampleZone())
      let zones = "zones: { app.example.com: { file: app.example.com.zone } }\n"
      try folder.write("open.yaml", "control: { listen: \"0.0.0.0:8053\" }\n" + zones)
      let open = try run([alulaProgram, "check", "--config", folder.path("open.yaml")])
      #expect(open.status == .exited(1) && open.output.contains("open.yaml:1:20"), "\(open.output)")
      try folder.write("token", "short\n")
      try folder.write("short.yaml", "control: { listen: \"127.0.0.1:0\", token-file: token }\n" + zones)
      let short = try run([alulaProgram, "check", "--config", folder.path("short.yaml")])
      #expect(short.status == .exited(1) && short.output.contains("token:1:1"), "\(short.output)")
      #expect(!short.output.contains("short\n"))
    }
  }
}
