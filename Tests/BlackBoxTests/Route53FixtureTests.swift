import TestSupport
import Testing

extension BlackBox {
  /// `Tests/Route53`, in the shapes that the API documents, imported, served and asked over sockets while three sites
  /// go through all combinations of up and down: what Route 53 answers then is written down here by its rules.
  @Suite struct Route53FixtureTests {
    private let folder: Folder
    private let alula: Alula
    private let places = (0..<3).map { _ in Endpoint(freeAddress(), freePort()) }

    init() throws {
      folder = try Folder()
      let fixtures = packageFolder + "/Tests/Route53/"
      var checks = try readFile(fixtures + "checks.json")
      for (i, place) in places.enumerated() {
        checks = checks.replacing("@HOST\(i + 1)@", with: place.address).replacing(
          "@PORT\(i + 1)@", with: "\(place.port)")
      }
      let imported = folder.path("imported")
      let result = try run([
        alulaProgram, "route53", "import", "--name", "app.example.com", "--server", "ns1.app.example.com=127.0.0.1",
        "--records", fixtures + "records-1.json", fixtures + "records-2.json", "--health-checks",
        try folder.write("checks.json", checks), "--cidr",
        "0b1d2c3e-aaaa-bbbb-cccc-1234567890ab=" + fixtures + "blocks.json", "--into", imported,
      ])
      try #require(result.status == .exited(0), "\(result.output)")
      // Probes as fast as a test wants them; all the rest is as it was written.
      let configuration = try readFile(imported + "/alula.yaml").split(separator: "\n")
        .filter { !$0.hasPrefix("server:") && !$0.hasPrefix("  listen:") && !$0.hasPrefix("state:") }
        .joined(separator: "\n").replacing("interval: 10s", with: "interval: 200ms")
        .replacing("connect-timeout: 4s, first-byte-timeout: 2s, timeout: 6s", with: "timeout: 150ms")
      alula = try Alula(
        configuration + "\n",
        files: ["app.example.com.zone": try readFile(imported + "/app.example.com.zone")])
      try alula.waitUntilReady()
    }

    /// Last numbers of the addresses that come in thirty answers.
    private func answers(_ name: String, from client: String) throws -> Set<Int> {
      let questions = Array(repeating: ["\(name).app.example.com", "A"], count: 30).flatMap(\.self)
      let words = ["dig", "@\(alula.ipv4.address)", "-p", "\(alula.ipv4.port)", "-b", client, "+short", "+tries=1"]
      return Set(
        try run(words + questions).output.split { $0.isNewline || $0 == "." }.enumerated()
          .filter { $0.offset % 4 == 3 }.compactMap { Int($0.element) })
    }

    private static let outside = "127.0.0.1"
    private static let office = "127.9.0.1"

    /// - Parameter up: of the three sites.
    private static func expected(_ up: [Bool]) -> [(name: String, client: String, numbers: Set<Int>)] {
      let (one, two, three) = (up[0], up[1], up[2])
      let weighty: Set<Int> = Set([two ? 12 : nil, three ? 13 : nil].compactMap(\.self))
      // Weight 0 only when nobody else is up; with nobody up at all as if all were.
      let weighted: Set<Int> = !weighty.isEmpty ? weighty : one ? [11] : [12, 13]
      let many = Set([one ? 21 : nil, two ? 22 : nil, three ? 23 : nil].compactMap(\.self))
      return [
        ("failover", outside, one ? [1] : two ? [2] : [1]),
        ("weighted", outside, weighted),
        ("multivalue", outside, many.isEmpty ? [21, 22, 23] : many),
        ("tree", outside, one || two || three ? weighted : [72]),
        ("calculated", outside, up.count { $0 } >= 2 ? [41] : [42]),
        ("inverted", outside, one ? [52] : [51]),
        ("off", outside, [61]),
        ("network", outside, [32]),
        ("network", office, one ? [31] : two ? [32] : [31]),
        ("whatever", outside, [90]),
      ]
    }

    @Test func allCombinationsOfHealth() throws {
      var sites: [Site?] = [nil, nil, nil]
      // One turns at a time.
      for code in [0b000, 0b001, 0b011, 0b010, 0b110, 0b111, 0b101, 0b100] {
        let up = (0..<3).map { code >> $0 & 1 == 1 }
        for i in 0..<3 where up[i] != (sites[i] != nil) {
          if let site = sites[i] {
            site.fail()
            sites[i] = nil
          } else {
            sites[i] = try Site.http(at: places[i])
          }
        }
        for (name, client, numbers) in Self.expected(up) {
          var got: Set<Int> = []
          let isSo = try becomesTrue(seconds: 10) {
            got = try answers(name, from: client)
            return got == numbers
          }
          #expect(isSo, "\(name) for \(client) with \(up): \(got), not \(numbers)")
        }
      }
      for site in sites { site?.fail() }
    }

    @Test func recordsComeAsTheyWere() throws {
      #expect(try alula.ask("www.app.example.com", "CNAME").data("CNAME") == ["failover.app.example.com."])
      #expect(try alula.ask("app.example.com", "MX").data("MX") == ["10 mail.app.example.com."])
      #expect(try alula.ask("app.example.com", "CAA").data("CAA") == ["0 issue \"letsencrypt.org\""])
      let texts = try alula.ask("a\\@b.app.example.com", "TXT").data("TXT")
      let long = ["k", "l"].map { "\"" + String(repeating: $0, count: 255) + "\"" }.joined(separator: " ")
      #expect(Set(texts) == ["\"it \\\"says\\\" \\233; so\"", long], "\(texts)")
      #expect(try alula.ask("other.example.com").status == "REFUSED")
    }
  }
}
