import Configuration
import Diagnostics
import Testing
import Wire

@Suite struct ConfigurationTests {
  @Test func exampleIsRead() throws {
    let configuration = try valid(example)
    #expect(configuration.server.listen.map(\.value.description) == ["127.0.0.1:5300", "[::1]:5300"])
    #expect(configuration.server.workers == nil)
    #expect(configuration.server.tcp.idle == .seconds(10))
    #expect(configuration.control?.listen.value.port == 8053)
    #expect(configuration.state?.value == "/var/lib/alula")
    #expect(configuration.keys.map(\.name.value.shortText) == ["certbot"])
    #expect(configuration.peers.map(\.address.description) == ["198.51.100.53:53"])
    let zone = try #require(configuration.zones.first)
    #expect(zone.name.position.description == "alula.yaml:16:3")
    #expect(zone.file.value == "app.example.com.zone")
    #expect(zone.file.position.description == "alula.yaml:17:11")
    #expect(zone.transfer.map(\.description) == ["192.0.2.53/32"])
    #expect(zone.update.first?.types == [.txt])
  }

  @Test func examplePoolIsComplete() throws {
    let pool = try #require(try valid(example).pools.first)
    #expect(pool.owners.map(\.value.shortText) == ["app.example.com", "www.app.example.com"])
    #expect(pool.owners[1].position.description == "alula.yaml:27:12")
    #expect(pool.ttl.maximum == 30 && pool.ttl.minimum == 30)
    #expect(pool.tiers.map { $0.map(\.name.value) } == [["ec2"], ["azure"]])
    let azure = pool.tiers[1][0]
    #expect(azure.addresses.map(\.value.description) == ["198.51.100.20", "2001:db8::20"])
    let check = try #require(azure.checks.first)
    #expect(check.port == 8080 && check.host == "app.example.com" && check.address == nil)
    #expect(check.check.path == "/health" && check.check.statuses == [200...399])
    #expect(check.check.interval == .seconds(1) && check.check.timeout == .milliseconds(500))
    #expect(check.check.rise == 2 && check.check.fall == 3)
  }

  @Test func nothingIsToBeSaidOfTheExample() { #expect(read(example).problems.isEmpty) }

  @Test func littleIsNeeded() throws {
    let configuration = try valid("zones: { example.com: { file: f } }")
    #expect(configuration.server.listen.map(\.value.description) == ["0.0.0.0:53", "[::]:53"])
    #expect(configuration.server.udpSize == 1232 && configuration.control == nil && configuration.pools.isEmpty)
    #expect(read("zones: { example.com: { file: f } }").problems.isEmpty)
  }

  @Test func defaultsGiveWay() throws {
    let configuration = try valid(
      zone + """
        defaults: { check: { type: http, interval: 500ms, path: /up }, pool: { ttl: 5s, check: [a, b] } }
        checks: { a: {}, b: { type: tcp, port: 9, interval: 3s, timeout: 2s } }
        endpoints: { x: { address: 10.0.0.1, port: 81 } }
        pools:
          example.com: { endpoints: [x] }
          "*.example.com": { check: b, ttl: { max: 9s, min: 1s }, endpoints: x }
        """)
    let first = configuration.pools[0].tiers[0][0].checks
    #expect(first.map(\.check.name.value) == ["a", "b"])
    #expect(first.map(\.port) == [81, 81])
    #expect(first.map(\.host) == ["example.com", nil])
    #expect(first.map(\.check.interval) == [.milliseconds(500), .seconds(3)])
    #expect(first.map(\.check.timeout) == [.milliseconds(500), .seconds(2)])
    #expect(first[0].check.path == "/up")
    #expect(configuration.pools[0].ttl.maximum == 5)
    #expect(configuration.pools[1].ttl.maximum == 9 && configuration.pools[1].ttl.minimum == 1)
    #expect(configuration.pools[1].tiers[0][0].checks.map(\.check.name.value) == ["b"])
  }

  @Test func endpointsOverrideTheirPool() throws {
    let configuration = try valid(
      zone + """
        checks: { a: { type: https, port: 444 }, b: { type: http, host: 10.0.0.9 } }
        endpoints: { x: { address: 10.0.0.1, probe: { address: 10.9.9.9, host: "x.example:8443" } } }
        pools:
          example.com:
            check: a
            endpoints:
              - x
              - [{ name: y, address: 10.0.0.2, check: b, weight: 7 }, { name: z, address: "::2", check: none }]
          a.example.com: { check: a, endpoints: [{ name: x, probe: { port: 8443 } }] }
        """)
    let tiers = configuration.pools[0].tiers
    #expect(tiers.map(\.count) == [1, 2])
    let (x, y, z) = (tiers[0][0], tiers[1][0], tiers[1][1])
    #expect(x.checks[0].address == IPAddress("10.9.9.9") && x.checks[0].port == 444)
    #expect(x.checks[0].host == "x.example:8443" && x.checks[0].sni == "x.example")
    #expect(y.checks.map(\.check.name.value) == ["b"])
    guard case .group(let tier) = configuration.pools[0].choice.branches[1].target else { return }
    #expect(tier.branches.map(\.weight) == [7, 1])
    #expect(y.checks[0].port == 80 && y.checks[0].sni == nil)
    #expect(z.checks.isEmpty && !z.unchecked)
    let other = configuration.pools[1].tiers[0][0].checks[0]
    #expect(other.port == 8443 && other.host == "x.example:8443" && other.address == IPAddress("10.9.9.9"))
  }

  @Test func allProblemsComeAtOnceInOrder() {
    let (configuration, problems) = read(
      """
      pools:
        example.org: { endpoints: [nobody] }
        a.example.com: { ttl: 5, endpoints: [] }
      checks: { c: { type: udp, rise: x } }
      server: { workers: -1, listen: nowhere, colour: red }
      zones: { example.com: { file: [] } , b: { fil: x } }
      """)
    #expect(configuration == nil)
    #expect(
      problems.filter { $0.severity == .error }.compactMap { $0.position.map { "\($0.line):\($0.column)" } } == [
        "2:30", "3:25", "3:39", "4:22", "4:33", "5:20", "5:32", "5:41", "6:31", "6:38", "6:43",
      ])
  }

  @Test func addressesOfIPv6NeedNoQuotesAlone() throws {
    let configuration = try valid(
      zone + "endpoints: { a: { address: 2001:db8::1 }, b: { address: [2001:db8::2, 10.0.0.1] } }\nstate: ::1")
    #expect(
      configuration.endpoints.map { $0.addresses.map(\.value.description) } == [
        ["2001:db8::1"], ["2001:db8::2", "10.0.0.1"],
      ])
  }

  @Test func warningsLeaveTheConfiguration() {
    let (configuration, problems) = read(
      zone + """
        checks: { c: { type: https, verify: false, ca-file: f } }
        pools: { example.com: { endpoints: [{ name: a, address: 10.0.0.1 }, { name: b, address: 10.0.0.1 }] } }
        """)
    #expect(configuration != nil)
    #expect(
      problems.map { "\($0.severity) \($0.position?.line ?? 0)" } == ["note 2", "warning 2", "warning 3", "warning 3"])
  }

  @Test func defaultsThatDoNotFitArePassedOver() throws {
    let configuration = try valid(
      zone + """
        defaults: { check: { path: /up, host: a.example, sni: b.example, verify: false, ca-file: f, status: 204, port: 7 } }
        checks: { t: { type: tcp }, h: { type: http }, s: { type: https } }
        endpoints: { e: { address: 10.0.0.1 } }
        pools: { example.com: { check: [t, h, s], endpoints: e } }
        """)
    let checks = configuration.pools[0].tiers[0][0].checks
    #expect(checks.map(\.port) == [7, 7, 7])
    #expect(checks.map(\.host) == [nil, "a.example", "a.example"])
    #expect(checks.map(\.sni) == [nil, nil, "b.example"])
    #expect(checks.map(\.check.path) == ["/", "/up", "/up"])
    #expect(checks.map(\.check.statuses) == [[200...399], [204...204], [204...204]])
    #expect(checks.map(\.check.verify) == [true, true, false])
    #expect(checks.map { $0.check.authoritiesFile?.value } == [nil, nil, "f"])
  }

  @Test func laterKeysAreReadToo() throws {
    let text =
      zone + """
        server:
          identity: ns1
          cookies: { secrets-file: s }
          rate-limit: { responses: 200/s, slip: 0, exempt: ["10.0.0.0/8", "::1"] }
        control: { listen: "[::1]:0" }
        groups: { g: { policy: failover, check: none, endpoints: [{ name: a, address: 10.0.0.1, weight: 2 }] } }
        """
    let configuration = try valid(text)
    #expect(configuration.server.identity == "ns1")
    guard case .secretsFile(let file) = configuration.server.cookies else { throw read(text).problems[0] }
    #expect(file.value == "s")
    #expect(configuration.server.rateLimit?.responses == 200 && configuration.server.rateLimit?.slip == 0)
    #expect(configuration.server.rateLimit?.exempt.map(\.description) == ["10.0.0.0/8", "::1/128"])
    #expect(configuration.control?.listen.value.description == "[::1]:0")
    #expect(read(text).problems.map { $0.position?.line } == [7])
  }

  @Test(arguments: [
    ("500ms", Duration.milliseconds(500)), ("1s", .seconds(1)), ("2m", .seconds(120)), ("1m30s", .seconds(90)),
    ("1h", .seconds(3600)), ("0h1s5ms", .milliseconds(1005)),
  ]) func durations(_ text: String, _ expected: Duration) throws {
    #expect(try valid(zone + "server: { tcp: { idle: \(text) } }").server.tcp.idle == expected)
  }

  @Test func namesMayHaveAFinalDot() throws {
    let configuration = try valid(
      "zones: { .: { file: f } }\npools: { Example.COM.: { check: none, endpoints: { name: a, address: 10.0.0.1 } } }")
    #expect(configuration.zones[0].name.value.isRoot)
    #expect(configuration.pools[0].name.shortText == "Example.COM")
  }
}
