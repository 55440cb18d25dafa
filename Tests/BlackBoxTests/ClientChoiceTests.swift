import TestSupport
import Testing

extension BlackBox {
  /// Pools that choose by client, as `dig +subnet` and a database in MaxMind's format see them.
  @Suite struct ClientChoiceTests {
    private static let zone = """
      @ 300 SOA ns h 1 3600 600 86400 60
      @ 300 NS ns
      ns 300 A 192.0.2.53
      www 300 HTTPS 1 . alpn=h2 ipv4hint=198.51.100.9

      """

    private static func configuration(_ database: String) -> String {
      """
      zones: { app.example.com: { file: zone } }
      location-database: \(database)
      endpoints: { near: { address: 10.0.0.1 }, far: { address: 10.0.0.2 }, inside: { address: 10.0.0.3 } }
      defaults: { pool: { check: none } }
      pools:
        www.app.example.com:
          policy: client
          clients:
            - { networks: [127.0.0.0/8, "::1/128"], use: inside }
            - { countries: [DE], use: near }
          default: far

      """
    }

    private static func places() throws -> Folder {
      var file = LocationFile()
      file.add([192, 0, 2, 0], 24, country: "DE", continent: "EU")
      let folder = try Folder()
      try folder.write("places", octets: file.octets)
      return folder
    }

    private func subnet(_ result: DigResult) -> String? {
      result.text.split(separator: "; CLIENT-SUBNET: ").dropFirst().first.map { String($0.prefix { $0 != "\n" }) }
    }

    @Test func whoIsToldCounts() throws {
      let places = try Self.places()
      let alula = try Alula(
        Self.configuration(places.path("places")), files: ["zone": Self.zone],
        server: "  workers: 1\n  client-subnet: on\n")
      try alula.waitUntilReady()
      for transport in ["+notcp", "+tcp"] {
        func ask(_ type: String, _ subnet: String? = nil) throws -> DigResult {
          try alula.ask("www.app.example.com", type, [transport] + (subnet.map { ["+subnet=\($0)"] } ?? []))
        }
        let own = try ask("A")
        #expect(own.data("A") == ["10.0.0.3"] && subnet(own) == nil)
        let germany = try ask("A", "192.0.2.77/24")
        #expect(germany.data("A") == ["10.0.0.1"] && subnet(germany) == "192.0.2.0/24/24")
        let elsewhere = try ask("A", "198.51.100.1/24")
        #expect(elsewhere.data("A") == ["10.0.0.2"] && subnet(elsewhere)?.hasPrefix("198.51.100.0/24/") == true)
        let kept = try ask("A", "0")
        #expect(kept.data("A") == ["10.0.0.3"] && subnet(kept)?.hasSuffix("/0/0") == true, "\(kept)")
        let hints = try ask("TYPE65", "192.0.2.77/24")
        #expect(hints.data("HTTPS") == ["1 . alpn=\"h2\" ipv4hint=10.0.0.1"], "\(hints)")
        #expect(hints.answer.allSatisfy { $0.ttl == 30 } && subnet(hints) == "192.0.2.0/24/24")
        #expect(
          subnet(try alula.ask("app.example.com", "NS", [transport, "+subnet=192.0.2.0/24"])) == "192.0.2.0/24/0")
      }
    }

    /// `explain --client` names what that client is answered, whoever asks for it; offline too.
    @Test func whoSticksIsExplained() throws {
      let alula = try Alula(
        """
        zones: { app.example.com: { file: zone } }
        endpoints: { a: { address: 10.0.0.1 }, b: { address: 10.0.0.2 }, c: { address: 10.0.0.3 } }
        defaults: { pool: { check: none } }
        pools:
          www.app.example.com:
            { policy: sticky, endpoints: [{ name: a, weight: 1 }, { name: b, weight: 2 }, { name: c, weight: 3 }] }

        """, files: ["zone": Self.zone], server: "  client-subnet: on\n")
      try alula.waitUntilReady()
      let config = ["--config", alula.folder.path("alula.yaml")]
      func explained(_ client: String, _ options: [String] = []) throws -> [String] {
        let words = [alulaProgram, "explain", "www.app.example.com", "A", "--client", client]
        let (status, output) = try run(words + config + options)
        #expect(status == .exited(0), "\(output)")
        return output.split(separator: "\n").map(String.init)
      }
      var seen: Set<String> = []
      for number in 0..<12 {
        let client = number % 2 == 0 ? "198.51.\(number).9" : "2001:db8:\(number):4500::1"
        let network = number % 2 == 0 ? "198.51.\(number).0/24" : "2001:db8:\(number):4500::/56"
        let answer = try alula.ask("www.app.example.com", "A", ["+subnet=\(network)"])
        let lines = try explained(client)
        #expect(lines.first == "www.app.example.com A: \(answer.data("A").joined())", "\(lines)")
        #expect(
          lines[1]
            == "  for all clients in \(network), who stick to it; over all networks: 10.0.0.1 (17%), 10.0.0.2 (33%), "
            + "10.0.0.3 (50%)")
        if number < 2 { #expect(try explained(client, ["--offline"]).dropFirst().first == lines.first) }
        seen.formUnion(answer.data("A"))
      }
      #expect(seen.count > 1)
      let own = try alula.ask("www.app.example.com", "A").data("A").joined()
      #expect(try explained("127.0.0.1").first == "www.app.example.com A: \(own)")
    }

    /// The old places count on where the new ones cannot be read.
    @Test func aDamagedDatabaseRefusesTheReload() throws {
      let places = try Self.places()
      let alula = try Alula(
        Self.configuration(places.path("places")), files: ["zone": Self.zone], server: "  client-subnet: on\n")
      try alula.waitUntilReady()
      try places.write("damaged", octets: Array(try readOctets(places.path("places")).dropLast(40)))
      try alula.reload(Self.configuration(places.path("damaged")))
      let refused: Bool? = poll { alula.log.contains("reload refused") ? true : nil }
      #expect(refused == true && alula.log.contains("is not one in MaxMind's format"), "\(alula.log)")
      let germany = try alula.ask("www.app.example.com", "A", ["+subnet=192.0.2.77/24"])
      #expect(germany.data("A") == ["10.0.0.1"])
    }
  }
}
