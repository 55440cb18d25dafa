import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// A server that does all that it can do, under strace, against what deploy/systemd/alula.service lets it.
  @Suite struct SandboxTests {
    private static let unit = packageFolder + "/deploy/systemd/alula.service"

    /// The values of a key, in the order of the file.
    private static func values(_ key: String) throws -> [String] {
      try readFile(unit).split(separator: "\n").filter { $0.hasPrefix(key + "=") }.map {
        String($0.dropFirst(key.count + 1))
      }
    }

    /// The system calls behind the unit's groups, as systemd expands them.
    private static func allowedCalls() throws -> Set<String> {
      var groups: [String: [String]] = [:]
      var group = ""
      for line in try run(["systemd-analyze", "syscall-filter", "--no-pager"]).output.split(separator: "\n") {
        let word = line.drop { $0 == " " }
        if line.hasPrefix("@") {
          group = String(line)
        } else if !word.hasPrefix("#") {
          groups[group, default: []].append(String(word))
        }
      }
      func expand(_ word: Substring) -> Set<String> {
        guard word.hasPrefix("@") else { return [String(word)] }
        return (groups[String(word)] ?? []).reduce(into: []) { $0.formUnion(expand($1[...])) }
      }
      return try values("SystemCallFilter").reduce(into: []) { allowed, value in
        let words = value.drop { $0 == "~" }.split(separator: " ").map(expand)
        for calls in words { if value.hasPrefix("~") { allowed.subtract(calls) } else { allowed.formUnion(calls) } }
      }
    }

    private static let secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    private static let small = "$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\nns A 192.0.2.53\n"
    /// Large enough for an image.
    private static let zone = small + (0..<5000).map { "host\($0) A 192.0.2.\($0 % 250)\n" }.joined()

    private static func configuration(_ folder: Folder, site: Endpoint, control: UInt16) throws -> String {
      var places = LocationFile()
      places.add([127, 0, 0, 0], 8, country: "DE", continent: "EU")
      try folder.write("places", octets: places.octets)
      try folder.write("token", "0123456789abcdef0123\n")
      try folder.write("key", secret + "\n")
      return """
        control: { listen: "127.0.0.1:\(control)", token-file: \(folder.path("token")) }
        on-change: { command: [/bin/cat] }
        location-database: \(folder.path("places"))
        keys: { hand: { algorithm: hmac-sha256, secret-file: \(folder.path("key")) } }
        zones:
          app.example.com: { file: zone, transfer: [127.0.0.0/8] }
          small.example: { file: small, update: [{ key: hand, names: ["*"], types: [TXT] }] }
        defaults: { check: { interval: 500ms, timeout: 400ms, rise: 1, fall: 1 } }
        checks:
          page: { type: https, host: app.example.com, port: \(site.port), ca-file: \(folder.path("authorities")) }
          open: { type: tcp, port: \(site.port) }
          program: { type: command, command: [/bin/true] }
          nobody: { type: dns, port: \(site.port), question: app.example.com A }
        endpoints:
          first: { address: \(site.address), check: page }
          second: { address: 127.0.0.2, check: open }
          third: { address: 127.0.0.3, check: program }
          fourth: { address: 127.0.0.4, check: nobody }
        pools:
          www.app.example.com: { ttl: 1s, endpoints: [first, second, third, fourth] }
          near.app.example.com: { policy: client, clients: [{ countries: [DE], use: first }], default: third }

        """
    }

    /// Starts, answers, probes, switches, reloads, transfers, takes updates and orders, and stops; gives what strace wrote, and the state folder.
    private static func trace() throws -> (lines: [Substring], state: String) {
      let folder = try Folder()
      let site = Endpoint(freeAddress(), freePort())
      let certificate = try Certificate(for: "app.example.com")
      try folder.write("authorities", try readFile(certificate.path))
      let page = try Site.https(at: site, certificate: certificate)
      let socket = try NotifySocket(folder.path("notify"))
      let control = freePort()
      let trace = folder.path("trace")
      let alula = try Alula(
        try configuration(folder, site: site, control: control), files: ["zone": zone, "small": small],
        environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "2000000"],
        under: ["strace", "-D", "-f", "-qq", "-s", "0", "-o", trace])
      try #require(socket.next("READY") != nil, "\(alula.log)")
      #expect(try becomesTrue { try alula.ask("www.app.example.com").data("A") == [site.address] }, "\(alula.log)")
      #expect(try alula.ask("near.app.example.com").data("A") == [site.address])
      #expect(try alula.ask("app.example.com", "SOA", ["+tcp"]).status == "NOERROR")
      #expect(try dig(alula.ipv6, "app.example.com", "SOA").status == "NOERROR")
      #expect(
        try run(["dig", "@127.0.0.1", "-p", "\(alula.ipv4.port)", "app.example.com", "AXFR"]).output.contains(
          "host4999"))
      let update = try folder.write(
        "update",
        "server 127.0.0.1 \(alula.ipv4.port)\nzone small.example\nupdate add proof.small.example 5 TXT kept\nsend\n")
      let updated = try run(["nsupdate", "-y", "hmac-sha256:hand:\(secret)", update])
      #expect(updated.status == .exited(0), "\(updated.output)\n\(alula.log)")
      #expect(try alula.ask("proof.small.example", "TXT").data("TXT") == ["\"kept\""])
      page.fail()
      #expect(try becomesTrue { try alula.ask("www.app.example.com").data("A") == ["127.0.0.3"] }, "\(alula.log)")
      for words in [["status"], ["drain", "third"], ["release", "third"], ["reload"], ["events"]] {
        let result = try run([alulaProgram] + words + ["--config", alula.folder.path("alula.yaml")])
        #expect(result.status == .exited(0), "\(words): \(result.output)")
      }
      #expect(try run(["curl", "-s", "-m", "10", "http://127.0.0.1:\(control)/metrics"]).output.contains("alula_"))
      #expect(becomesTrue { alula.log.contains("image written") }, "\(alula.log)")
      #expect(socket.next("WATCHDOG") != nil, "\(alula.log)")
      alula.child.signal(SIGTERM)
      #expect(alula.child.wait() == .exited(0), "\(alula.log)")
      // What strace still has to write of threads that ended with the process.
      let text = poll { try? readFile(trace) } ?? ""
      return (text.split(separator: "\n"), alula.folder.path("state"))
    }

    @Test func everySystemCallIsAllowed() throws {
      let allowed = try Self.allowedCalls()
      try #require(allowed.contains("read") && !allowed.contains("mount"), "systemd-analyze gave: \(allowed)")
      let families = Set(try Self.values("RestrictAddressFamilies").flatMap { $0.split(separator: " ") })
      var used: Set<String> = []
      let (lines, state) = try Self.trace()
      for line in lines {
        let text = line.drop { $0 != " " }.drop { $0 == " " }
        guard let end = text.firstIndex(of: "("), text.first?.isLetter == true else { continue }
        let call = String(text[..<end])
        used.insert(call)
        if call == "socket" {
          #expect(families.contains(text[text.index(after: end)...].prefix { $0 != "," }), "\(line)")
        }
        // ProtectSystem=strict with StateDirectory=
        if call == "openat", text.contains("O_WRONLY") || text.contains("O_RDWR") {
          #expect(text.contains("\"/dev/null\"") || text.contains("\"\(state)/"), "\(line)")
        }
        // MemoryDenyWriteExecute=
        if ["mmap", "mprotect"].contains(call) { #expect(!text.contains("PROT_WRITE|PROT_EXEC"), "\(line)") }
        if call == "mprotect" { #expect(!text.contains("PROT_EXEC"), "\(line)") }
      }
      #expect(used.subtracting(allowed).isEmpty)
      for call in ["epoll_wait", "recvmmsg", "sendmmsg", "execve", "accept4", "pidfd_open", "fdatasync"] {
        #expect(used.contains(call), "\(used.sorted())")
      }
    }

    /// What systemd itself says of the unit; `verify` also looks for the programs, so here they are ones that exist.
    @Test func systemdTakesTheUnit() throws {
      let folder = try Folder()
      let path = try folder.write(
        "alula.service",
        try readFile(Self.unit).replacing("/usr/bin/alula ", with: "/bin/true "))
      let verified = try run(["systemd-analyze", "--man=no", "verify", path])
      #expect(verified.status == .exited(0) && verified.output.isEmpty, "\(verified.output)")
      // In tenths; anything up to 2.0 is well guarded for a server that talks to the whole network.
      let security = try run(["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", path])
      #expect(security.status == .exited(0), "\(security.output)")
    }
  }
}
