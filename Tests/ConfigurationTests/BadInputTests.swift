import Configuration
import Diagnostics
import Testing

/// A text with one thing wrong: where that is said, and what is said among other words.
struct Bad: CustomTestStringConvertible, Sendable {
  let text: String
  let line: Int
  let column: Int
  let says: String

  init(_ text: String, _ line: Int, _ column: Int, _ says: String) {
    (self.text, self.line, self.column, self.says) = (text, line, column, says)
  }

  var testDescription: String { "\(line):\(column) \(says)" }
}

@Suite struct BadInputTests {
  @Test(arguments: Self.syntax) func inSyntax(_ bad: Bad) { expect(bad, in: bad.text) }
  @Test(arguments: Self.sections) func inSections(_ bad: Bad) { expect(bad, in: zone + bad.text) }
  @Test(arguments: Self.zones) func inZones(_ bad: Bad) { expect(bad, in: bad.text) }
  @Test(arguments: Self.checks) func inChecks(_ bad: Bad) { expect(bad, in: zone + "checks:\n" + bad.text) }
  @Test(arguments: Self.pools) func inPools(_ bad: Bad) { expect(bad, in: zone + Self.poolBase + bad.text) }

  /// There is this error, no other, and no configuration.
  private func expect(_ bad: Bad, in text: String) {
    let (configuration, problems) = read(text)
    let errors = problems.filter { $0.severity == .error }
    #expect(configuration == nil)
    #expect(errors.count == 1, "\(errors)")
    #expect(errors.first?.position == Position(file: "alula.yaml", line: bad.line, column: bad.column), "\(errors)")
    #expect(errors.first?.message.contains(bad.says) == true, "\(errors)")
  }

  static let syntax: [Bad] = [
    Bad("", 1, 1, "the configuration is empty"),
    Bad("# nothing but a comment\n", 2, 1, "the configuration is empty"),
    Bad("---\n", 2, 1, "a configuration needs `zones`"),
    Bad("zones: { a: { file: b } }\n---\nzones: {}\n", 2, 1, "a second document"),
    Bad("just words", 1, 1, "takes keys and values, `key: value`; found `just words`"),
    Bad("[zones]", 1, 1, "found a list"),
    Bad("zones:\n\tfile: x", 2, 1, "indent with spaces"),
    Bad("zones: {a: {file: b\n", 2, 1, "`,` or `}` is expected here, for the `{` of line 1, column 12"),
    Bad("server: { listen: [\"127.0.0.1:53 }\n", 1, 20, "never closed"),
    Bad("pools:\n  *.app.example.com: {}\n", 2, 3, "write \"*.app.example.com\":"),
    Bad("pools:\n  *: {}\n", 2, 3, "write \"*\":"),
    Bad("pools:\n  *example: {}\n", 2, 3, "must be quoted"),
    Bad("pools: { a: { also: [*.example.com] } }\n", 1, 22, "write \"*.example.com\""),
    Bad("zones: &z { a: { file: b } }\n", 1, 8, "anchors (`&name`) are not used"),
    Bad("a: 1\nb: *a\n", 2, 4, "must be quoted"),
    Bad("state: !!str 5\n", 1, 8, "tags (`!name`) are not used"),
    Bad("state: @x\n", 1, 8, "`@` cannot begin a word"),
    Bad("state: `x\n", 1, 8, "cannot begin a word"),
    Bad("state: \"a\\nb\"\n", 1, 8, "a line break or a control character"),
    Bad("state: \"a\\0b\"\n", 1, 8, "a line break or a control character"),
    Bad("state: \"a\\.b\"\n", 1, 10, "use single quotes"),
    Bad("a: b: c\n", 1, 5, "check the indentation"),
    Bad("{ [a]: b }\n", 1, 3, "a key must be one word"),
    Bad("zones:\n  a: { file: b }\n c: d\n", 3, 2, "check the indentation"),
    Bad("state: \"\\xZZ\"\n", 1, 11, "hexadecimal digits"),
    Bad("ü: [é, \"ä\" x]\n", 1, 15, "`,` or `]` is expected"),
  ]

  static let sections: [Bad] = [
    Bad("sever: {}", 2, 1, "has no key `sever`: did you mean `server`?"),
    Bad("colour: red", 2, 1, "its keys are: server, control, log"),
    Bad("log: {}\nlog: {}", 3, 1, "`log` is here twice: it is already on line 2"),
    Bad("server: on", 2, 9, "takes keys and values"),
    Bad("server: [a]", 2, 9, "found a list"),
    Bad("server: { udp_size: 1232 }", 2, 11, "did you mean `udp-size`?"),
    Bad("server: { listen: [] }", 2, 19, "at least one address"),
    Bad("server: { listen: }", 2, 19, "a value is missing"),
    Bad("server: { listen: 192.0.2.1 }", 2, 19, "write \"192.0.2.1:53\""),
    Bad("server: { listen: \"2001:db8::1\" }", 2, 19, "write \"[2001:db8::1]:53\""),
    Bad("server: { listen: \"localhost:53\" }", 2, 19, "an address with port"),
    Bad("server: { listen: \"127.0.0.1:0\" }", 2, 19, "a port from 1 to 65535"),
    Bad("server: { listen: [\"127.0.0.1:53\", \"127.0.0.1:53\"] }", 2, 36, "is here twice"),
    Bad("server: { listen: [\"0.0.0.0:53\", \"127.0.0.1:53\"] }", 2, 34, "and 0.0.0.0:53 overlap"),
    Bad("server: { listen: [[\"127.0.0.1:53\"]] }", 2, 20, "found a list"),
    Bad("server: { listen: [::1]:53 }", 2, 20, "quote addresses of IPv6"),
    Bad("server:\n  listen: [::1]:53", 3, 12, "quote addresses of IPv6"),
    Bad("server: { listen: [\((1...65).map { "127.0.0.\($0):53" }.joined(separator: ", "))] }", 2, 971, "at most 64"),
    Bad("server: { workers: 0 }", 2, 20, "`auto` or a whole number from 1 to 256; found `0`"),
    Bad("server: { workers: 08 }", 2, 20, "a whole number"),
    Bad("server: { workers: 99999999999999999999 }", 2, 20, "a whole number"),
    Bad("server: { tcp: { connections: many } }", 2, 31, "a whole number from 1 to 100000"),
    Bad("server: { tcp: { idle: 10 } }", 2, 24, "add a unit, such as 10s"),
    Bad("server: { tcp: { idle: 10x } }", 2, 24, "in ms, s, m, h, d or w"),
    Bad("server: { tcp: { idle: 1s1m } }", 2, 24, "such as 500ms or 1m30s"),
    Bad("server: { tcp: { idle: 999999999999w } }", 2, 24, "a duration from 100ms to 1h"),
    Bad("server: { udp-size: 511 }", 2, 21, "from 512 to 4096"),
    Bad("server: { identity: é }", 2, 21, "printable ASCII"),
    Bad("server: { cookies: maybe }", 2, 20, "`on` or `off`"),
    Bad("server: { cookies: {} }", 2, 20, "add `secrets-file: FILE`"),
    Bad("server: { rate-limit: on }", 2, 23, "`off` or { responses: 200/s }"),
    Bad("server: { rate-limit: { slip: 2 } }", 2, 23, "add `responses: 200/s`"),
    Bad("server: { rate-limit: { responses: 200 } }", 2, 36, "such as 200/s"),
    Bad("server: { rate-limit: { responses: 1/s, exempt: 10.0.0.1/8 } }", 2, 49, "beyond its prefix: 10.0.0.0/8"),
    Bad("server: { start-within: 2h }", 2, 25, "from 0s to 1m"),
    Bad("control: {}", 2, 10, "`control` needs `listen`"),
    Bad("control: { listen: \"0.0.0.0:8053\" }", 2, 20, "add `token-file: FILE`"),
    Bad("log: { level: loud }", 2, 15, "`debug`, `info`, `warning` or `error`"),
    Bad("log: { format: xml }", 2, 16, "`text` or `json`"),
    Bad("state: [a]", 2, 8, "the name of a file; found a list"),
    Bad("state:", 2, 7, "found nothing"),
    Bad("keys: { k: { algorithm: hmac-md5, secret-file: f } }", 2, 25, "use hmac-sha256"),
    Bad("keys: { k: { algorithm: hmac-sha256 } }", 2, 9, "add `secret-file: FILE`"),
    Bad("keys: { k: { algorithm: rot13, secret-file: f } }", 2, 25, "`hmac-sha384` or `hmac-sha512`"),
    Bad(
      "keys: { k: { algorithm: hmac-sha256, secret-file: f }, K.: { algorithm: hmac-sha256, secret-file: f } }", 2, 56,
      "twice"),
    Bad("peers: [ { name: ns2, address: 192.0.2.1, key: k } ]", 2, 48, "there is no key `k`: add it to `keys:`"),
    Bad("peers: [ { name: ns2, address: 192.0.2.1 } ]", 2, 10, "add `key: KEY`"),
    Bad("defaults: { checks: {} }", 2, 13, "did you mean `check`?"),
    Bad("defaults: { check: { interval: 5 } }", 2, 32, "add a unit"),
    Bad("defaults: { pool: { check: site } }", 2, 28, "there is no check `site`"),
    Bad("groups: { g: { policy: failover } }", 2, 11, "the group `g` needs `endpoints`"),
    Bad("endpoints: { a: { address: 10.0.0.256 } }", 2, 28, "expected an IP address"),
    Bad("endpoints: { a: { address: 10.0.0.1/24 } }", 2, 28, "without prefix length"),
    Bad("endpoints: { a: { address: \"10.0.0.1:80\" } }", 2, 28, "without port"),
    Bad("endpoints: { a: { address: 0.0.0.0 } }", 2, 28, "stands for every address"),
    Bad("endpoints: { a: { address: 224.0.0.1 } }", 2, 28, "multicast"),
    Bad("endpoints: { a: { address: \"fe80::1\" } }", 2, 28, "link-local"),
    Bad("endpoints: { a: { address: \"::ffff:10.0.0.1\" } }", 2, 28, "write 10.0.0.1"),
    Bad("endpoints: { a: { address: [10.0.0.1, 10.0.0.1] } }", 2, 39, "is here twice"),
    Bad("endpoints: { a: {} }", 2, 14, "add `address: 203.0.113.10`"),
    Bad("endpoints: { \"a b\": { address: 10.0.0.1 } }", 2, 14, "cannot be a name here"),
    Bad("endpoints: { a: { address: 10.0.0.1, weight: -1 } }", 2, 46, "from 0 to 1048575"),
    Bad("endpoints: { a: { address: 10.0.0.1, probe: { port: 70000 } } }", 2, 53, "from 1 to 65535"),
  ]

  static let zones: [Bad] = [
    Bad("log: {}", 1, 1, "a configuration needs `zones`"),
    Bad("zones:", 1, 7, "names no zone"),
    Bad("zones: {}", 1, 8, "names no zone"),
    Bad("zones: { example.com: {} }", 1, 10, "add `file: FILE`"),
    Bad("zones: { example.com: example.com.zone }", 1, 23, "a zone takes keys and values"),
    Bad("zones: { example..com: { file: f } }", 1, 10, "a label between two dots is empty"),
    Bad("zones: { \"bücher.example\": { file: f } }", 1, 10, "\"xn--…\""),
    Bad("zones: { \"*.example\": { file: f } }", 1, 10, "wildcard"),
    Bad("zones: { example.com: { file: f }, EXAMPLE.com.: { file: g } }", 1, 36, "already on line 1"),
    Bad("zones: { a: { file: f, transfer: [192.0.2.0/33] } }", 1, 35, "expected a network"),
    Bad("zones: { a: { file: f, update: [{ names: [b], types: [TXT] }] } }", 1, 33, "add `key: KEY`"),
    Bad(
      "keys: { k: { algorithm: hmac-sha256, secret-file: f } }\nzones: { a: { file: f, update: [{ key: k, names: [b], types: [TEXT] }] } }",
      2, 63, "a record type"),
    Bad(
      "keys: { kiwi: { algorithm: hmac-sha256, secret-file: f } }\nzones: { a: { file: f, update: [{ key: kiwy, names: [b], types: [TXT] }] } }",
      2, 40, "did you mean `kiwi`?"),
  ]

  static let checks: [Bad] = [
    Bad("  a: {}", 3, 3, "add `type: tcp`"),
    Bad("  a: { type: icmp }", 3, 14, "`tcp`, `http`, `https`, `dns`, `command`"),
    Bad("  a: { type: tcp, port: 0 }", 3, 25, "from 1 to 65535"),
    Bad("  a: { type: tcp, intervall: 1s }", 3, 19, "did you mean `interval`?"),
    Bad("  a: { type: tcp, path: /x }", 3, 25, "belongs to a check of type http or https"),
    Bad("  a: { type: http, verify: false }", 3, 28, "belongs to a check of type https"),
    Bad("  a: { type: http, path: health }", 3, 26, "begins with `/`"),
    Bad("  a: { type: http, path: \"/a b\" }", 3, 26, "without spaces"),
    Bad("  a: { type: http, host: \"a b\" }", 3, 26, "a host name"),
    Bad("  a: { type: http, host: \"a\\x7f\" }", 3, 26, "control character"),
    Bad("  a: { type: http, host: \"a:0\" }", 3, 26, "a host name"),
    Bad("  a: { type: http, status: [] }", 3, 28, "at least one status"),
    Bad("  a: { type: http, status: 2xx }", 3, 28, "such as 200 or 200-399"),
    Bad("  a: { type: http, status: 399-200 }", 3, 28, "such as 200 or 200-399"),
    Bad("  a: { type: http, status: 99 }", 3, 28, "from 100 to 599"),
    Bad("  a: { type: https, sni: 10.0.0.1 }", 3, 26, "a host name"),
    Bad("  a: { type: https, verify: yes }", 3, 29, "`true` or `false`"),
    Bad("  a: { type: tcp, interval: 50ms }", 3, 29, "from 100ms to 1h"),
    Bad("  a: { type: tcp, interval: 1.5s }", 3, 29, "such as 500ms"),
    Bad("  a: { type: tcp, interval: 1s, timeout: 2s }", 3, 42, "longer than its interval of 1s"),
    Bad("  a: { type: tcp, timeout: 3s }", 3, 28, "longer than its interval of 2s"),
    Bad("  a: { type: tcp, interval: 1s }\ndefaults: { check: { timeout: 2s } }", 3, 29, "longer than its interval"),
    Bad("  a: { type: tcp, rise: 0 }", 3, 25, "from 1 to 100"),
    Bad("  none: { type: tcp }", 3, 3, "cannot be a name here"),
  ]

  /// Lines 2 to 6; the pools begin on line 7.
  static let poolBase = """
    checks: { site: { type: http }, port: { type: tcp } }
    endpoints:
      ec2: { address: 203.0.113.10 }
      azure: { address: 198.51.100.20 }
    pools:

    """

  static let pools: [Bad] = [
    Bad("  other.org: { check: site, endpoints: [ec2] }", 7, 3, "is in no zone served here (`example.com`)"),
    Bad("  notexample.com: { check: site, endpoints: [ec2] }", 7, 3, "is in no zone"),
    Bad("  a..example.com: { check: site, endpoints: [ec2] }", 7, 3, "is empty"),
    Bad("  example.com: { check: site }", 7, 3, "needs `endpoints`"),
    Bad("  example.com: { check: site, endpoints: [] }", 7, 42, "at least one endpoint"),
    Bad("  example.com: { check: site, endpoints: }", 7, 42, "a value is missing"),
    Bad("  example.com: { check: site, endpoints: [ec2, []] }", 7, 48, "a tier needs"),
    Bad("  example.com: { check: site, endpoints: [[[ec2]]] }", 7, 44, "a tier holds endpoints"),
    Bad("  example.com: { check: site, endpoints: [ec3] }", 7, 43, "did you mean `ec2`?"),
    Bad("  example.com: { check: site, endpoints: [gcp] }", 7, 43, "add it to `endpoints:`"),
    Bad(
      "  example.com: { check: site, endpoints: [192.0.2.1] }", 7, 43, "write { name: NAME, address: \"192.0.2.1\" }"),
    Bad("  example.com: { check: site, endpoints: [ec2, ec2] }", 7, 48, "in this pool twice"),
    Bad("  example.com: { check: site, endpoints: [ec2, { name: ec2, weight: 3 }] }", 7, 56, "in this pool twice"),
    Bad("  example.com: { check: site, endpoints: [{ address: 192.0.2.1 }] }", 7, 43, "add `name: primary`"),
    Bad("  example.com: { check: site, endpoints: [{ name: ec2, address: 192.0.2.1 }] }", 7, 51, "already defined"),
    Bad(
      "  example.com: { check: site, endpoints: [{ name: x, address: 192.0.2.1, prt: 1 }] }", 7, 74,
      "did you mean `port`?"),
    Bad(
      "  example.com: { check: site, endpoints: [[ec2, { name: x, address: 203.0.113.10 }]] }", 7, 57,
      "the same address 203.0.113.10 in one tier"),
    Bad("  example.com: { check: sites, endpoints: [ec2] }", 7, 25, "did you mean `site`?"),
    Bad("  example.com: { check: [site, site], endpoints: [ec2] }", 7, 32, "is here twice"),
    Bad("  example.com: { check: [], endpoints: [ec2] }", 7, 25, "or `none`"),
    Bad("  example.com: { check: port, endpoints: [ec2] }", 7, 43, "no port for the check `port` of `ec2`"),
    Bad("  \"*.example.com\": { check: site, endpoints: [ec2] }", 2, 11, "needs `host`"),
    Bad(
      "  example.com: { policy: random, check: site, endpoints: [ec2] }", 7, 26, "expected `failover`, `all-healthy`"),
    Bad("  example.com: { ttl: 30, check: site, endpoints: [ec2] }", 7, 23, "add a unit, such as 30s"),
    Bad("  example.com: { ttl: 500ms, check: site, endpoints: [ec2] }", 7, 23, "whole seconds"),
    Bad("  example.com: { ttl: 2d, check: site, endpoints: [ec2] }", 7, 23, "from 0s to 1d"),
    Bad("  example.com: { ttl: { max: 2s, min: 30s }, check: site, endpoints: [ec2] }", 7, 23, "larger than `max`"),
    Bad("  example.com: { ttl: { max: 2s }, check: site, endpoints: [ec2] }", 7, 23, "needs `min`"),
    Bad(
      "  example.com: { also: [example.com], check: site, endpoints: [ec2] }", 7, 25, "has a pool already, on line 7"),
    Bad(
      "  example.com: { check: site, endpoints: [ec2] }\n  EXAMPLE.com.: { check: site, endpoints: [azure] }", 8, 3,
      "has a pool already, on line 7"),
    Bad(
      "  example.com: { check: site, endpoints: [ec2] }\n  a.example.com: { also: [Example.COM], check: site, endpoints: [ec2] }",
      8, 27, "has a pool already"),
    Bad(
      "  example.com: { check: site, endpoints: [ec2] }\n  example.com: { check: site, endpoints: [ec2] }", 8, 3,
      "is here twice"),
  ]
}
