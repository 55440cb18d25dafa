import TestSupport
import Testing

extension BlackBox {
  /// Clients and checkers that others have written.
  @Suite struct ClientTests {
    static let alula = Result { try TwoSites().alula() }

    private func answers(_ client: String, _ arguments: [String]) throws -> String {
      try #require(Peers.areThere, "run .ci/peers first")
      return try Peers.run(client, arguments)
    }

    @Test(arguments: ["+notcp", "+tcp"], ["+noedns", "+edns", "+dnssec"])
    func kdig(transport: String, edns: String) throws {
      let server = try Self.alula.get().ipv4
      func ask(_ name: String, _ type: String, _ more: [String] = []) throws -> String {
        try answers("kdig", ["@\(server.address)", "-p", "\(server.port)", name, type, transport, edns] + more)
      }
      let mail = try ask("mail.app.example.com", "A")
      #expect(mail.contains("status: NOERROR") && mail.contains("192.0.2.25") && mail.contains("Flags: qr aa rd"))
      #expect(try ask("nothing.app.example.com", "A").contains("status: NXDOMAIN"))
      #expect(try ask("_sip._tcp.app.example.com", "SRV", ["+short"]) == "10 60 5060 sip.app.example.com.\n")
      let cookie = try ask("app.example.com", "MX", ["+cookie", "+nsid", "+padding=64"])
      #expect(cookie.contains("10 mail.app.example.com.") && !cookie.contains("WARNING"))
    }

    @Test(arguments: [[], ["-t"], ["-D"], ["-6"]] as [[String]])
    func drill(options: [String]) throws {
      let alula = try Self.alula.get()
      let server = options == ["-6"] ? alula.ipv6 : alula.ipv4
      func ask(_ name: String, _ type: String) throws -> String {
        try answers("drill", options + ["-p", "\(server.port)", "@\(server.address)", name, type])
      }
      let mail = try ask("mail.app.example.com", "A")
      #expect(mail.contains("rcode: NOERROR") && mail.contains("192.0.2.25") && mail.contains("flags: qr aa"))
      #expect(try ask("nothing.app.example.com", "A").contains("rcode: NXDOMAIN"))
      #expect(try ask("app.example.com", "MX").contains("mail.app.example.com."))
    }

    /// `alula check`, named-checkzone and nsd-checkzone: what one takes, all take.
    @Test func checkersAgree() throws {
      try #require(Peers.areThere, "run .ci/peers first")
      let files = listFolder(packageFolder + "/zones").filter { $0.hasSuffix(".zone") }
      #expect(!files.isEmpty)
      for file in files {
        let (name, path) = (String(file.dropLast(5)), packageFolder + "/zones/" + file)
        #expect(try verdicts(name, path) == [true, true, true], "\(file)")
      }
      let folder = try Folder()
      let broken = try folder.write("broken", "$TTL 60\n@ NS ns\nns A 192.0.2.1\n")
      #expect(try verdicts("example.com", broken) == [false, false, false])
    }

    private func verdicts(_ name: String, _ path: String) throws -> [Bool] {
      let folder = try Folder()
      let configuration = try folder.write("alula.yaml", "zones: { \(name): { file: \"\(path)\" } }\n")
      return [
        try run([alulaProgram, "check", "--config", configuration]).status == .exited(0),
        (try? Peers.run("named-checkzone", [name, path])) != nil,
        (try? Peers.run("nsd-checkzone", [name, path])) != nil,
      ]
    }
  }
}
