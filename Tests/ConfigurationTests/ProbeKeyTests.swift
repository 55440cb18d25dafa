import Configuration
import Diagnostics
import Testing
import Wire

struct ProbeKeyTests {
  private func check(_ keys: String) throws -> Configuration.Check {
    try valid(zone + "checks:\n  a: { \(keys) }\n").checks[0]
  }

  @Test func unwrittenKeysAreUnset() throws {
    let options = try check("type: https").options
    #expect(options.fastInterval == nil && options.sources.isEmpty && options.body == nil && options.method == nil)
    #expect(options.minimumDays == nil && options.fullHandshake == nil && options.clientCertificate == nil)
  }

  @Test func readsHTTPKeys() throws {
    let options = try check(
      "type: https, interval: 2s, fast-interval: 200ms, source: [192.0.2.1, \"2001:db8::1\"], connect-timeout: 100ms, "
        + "handshake-timeout: 200ms, first-byte-timeout: 300ms, method: POST, headers: { X-Key: a b, Accept: text/html }, "
        + "body-matches: '^ok$', min-days: 14, client-cert: c.pem, client-key: c.key, full-handshake: 5m"
    ).options
    #expect(options.fastInterval == .milliseconds(200))
    #expect(options.sources.map(\.description) == ["192.0.2.1", "2001:db8::1"])
    #expect(options.connectTimeout == .milliseconds(100) && options.handshakeTimeout == .milliseconds(200))
    #expect(options.firstByteTimeout == .milliseconds(300) && options.method == "POST")
    #expect(options.headers?.map { "\($0.name): \($0.value)" } == ["X-Key: a b", "Accept: text/html"])
    guard case .pattern("^ok$") = options.body else {
      Issue.record("\(String(describing: options.body))")
      return
    }
    #expect(options.minimumDays == 14 && options.fullHandshake == .seconds(300))
    #expect(options.clientCertificate?.value == "c.pem" && options.clientKey?.value == "c.key")
  }

  @Test func readsOtherKinds() throws {
    let tcp = try check("type: tcp, send: 'A\\r\\n\\x00\\\\', expect: \"+OK\"").options
    #expect(tcp.send == [65, 13, 10, 0, 92])
    let dns = try check("type: dns, question: www.example.com mx, answer: '10 Mail.Example.COM.'").options
    #expect(dns.question?.type == .mx)
    #expect(dns.answers?.map(\.data) == [[0, 10] + Array("\u{4}mail\u{7}example\u{3}com\u{0}".utf8)])
    let command = try check("type: command, command: [/bin/true, \"{address}\"]").options
    #expect(command.command == ["/bin/true", "{address}"])
  }

  @Test func defaultsThatDoNotFitArePassedOver() throws {
    let configuration = try valid(
      zone + """
        defaults: { check: { interval: 1s, fast-interval: 500ms, body: ok, min-days: 9, expect: hi, first-byte-timeout: 300ms } }
        checks: { t: { type: tcp }, h: { type: http }, d: { type: dns, question: a. A } }
        """)
    let options = configuration.checks.map(\.options)
    #expect(options.map(\.fastInterval) == [.milliseconds(500), .milliseconds(500), .milliseconds(500)])
    #expect(options.map { $0.body != nil } == [false, true, false])
    #expect(options.map { $0.expected != nil } == [true, false, false])
    #expect(options.map { $0.firstByteTimeout != nil } == [true, true, false])
    #expect(options.allSatisfy { $0.minimumDays == nil })
  }

  @Test func theProbedHostMayBeAName() throws {
    let configuration = try valid(
      zone + """
        checks: { c: { type: http }, d: { type: command, command: /bin/true } }
        endpoints: { e: { address: 10.0.0.1, probe: { address: origin.example.net } } }
        pools: { example.com: { check: [c, d], endpoints: e } }
        """)
    let checks = configuration.pools[0].tiers[0][0].checks
    #expect(checks.map(\.hostName) == ["origin.example.net", "origin.example.net"])
    #expect(checks.map(\.port) == [80, 0])
  }

  static let bad: [(keys: String, says: String)] = [
    ("type: http, fast-interval: 5s, interval: 2s", "a fast-interval of 5s, longer than its interval of 2s"),
    ("type: http, first-byte-timeout: 3s", "longer than its timeout of 1s"),
    ("type: tcp, body: x", "belongs to a check of type http or https"),
    ("type: http, min-days: 3", "belongs to a check of type https"),
    ("type: http, expect: x", "belongs to a check of type tcp"),
    ("type: command, command: /bin/true, source: 10.0.0.1", "belongs to a check of type tcp, http, https or dns"),
    ("type: http, body: x, body-matches: y", "exclude each other"),
    ("type: http, body-matches: 'a('", "is not a regular expression: missing closing parenthesis, at its octet 2"),
    ("type: http, body-matches: '(*UTF)a'", "is not a regular expression"),
    ("type: http, method: get", "a method, such as GET"),
    ("type: http, method: HEAD, body: x", "the answer to HEAD has none"),
    ("type: http, headers: { Host: a }", "use the key `host`"),
    ("type: http, headers: { Content-Length: 5 }", "is set by Alula: remove it"),
    ("type: http, headers: { 'a b': 5 }", "is not the name of a header"),
    ("type: https, client-key: k", "`client-key` needs `client-cert`"),
    ("type: tcp, send: 'a\\q'", "text of 1 to 1024 octets"),
    ("type: tcp, source: [10.0.0.1, 10.0.0.2]", "one address of this machine for each family"),
    ("type: dns", "needs `question`"),
    ("type: dns, question: www.example.com", "a name and a type"),
    ("type: dns, question: www.example.com AXFR", "a name and a type"),
    ("type: dns, question: www.example.com A, answer: ten", "is no data of type A"),
    ("type: command", "needs `command`"),
  ]

  @Test(arguments: bad) func refuses(keys: String, says: String) {
    let (configuration, problems) = read(zone + "checks:\n  a: { \(keys) }\n")
    let errors = problems.filter { $0.severity == .error }
    #expect(configuration == nil)
    #expect(errors.count == 1, "\(errors)")
    #expect(errors.first?.message.contains(says) == true, "\(errors)")
  }
}
