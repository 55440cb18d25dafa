import Configuration
import Diagnostics

/// The example of the documentation, with every key there is a line for.
let example = """
  server:
    listen: ["127.0.0.1:5300", "[::1]:5300"]   # UDP and TCP on each; port 53 in production
    workers: auto                              # UDP threads, one per core; TCP has threads of its own
    tcp: { connections: 1000, idle: 10s }
    udp-size: 1232                             # largest UDP answer and advertised EDNS size, 512…4096
    identity: none                             # NSID and id.server
    cookies: on                                # on | off | { secrets-file: FILE }
    rate-limit: off                            # off | { responses: 200/s, slip: 2 }
  control: { listen: "127.0.0.1:8053", token-file: control.token }
  log: { level: info, format: text }           # text | json
  state: /var/lib/alula                        # what outlives a restart
  keys:
    certbot: { algorithm: hmac-sha256, secret-file: certbot.key }
  peers: [ { name: ns2, address: 198.51.100.53, key: certbot } ]
  zones:
    app.example.com:
      file: app.example.com.zone               # relative to this file
      transfer: ["192.0.2.53/32"]              # AXFR; nobody by default
      update: [ { key: certbot, names: ["_acme-challenge.**"], types: [TXT] } ]
  checks:
    site: { type: http, port: 8080, path: /health, host: app.example.com, interval: 1s, timeout: 500ms, rise: 2, fall: 3 }
  endpoints:
    ec2:   { address: 203.0.113.10 }
    azure: { address: [198.51.100.20, "2001:db8::20"] }
  pools:
    app.example.com:                           # owner name, in a served zone
      also: ["www.app.example.com"]            # further owners of the same pool
      policy: failover                         # the order of the endpoints is their priority
      ttl: 30s                                 # fixed; { max: 30s, min: 2s } adapts
      check: site                              # one, or a list: all must pass
      endpoints: [ec2, azure]

  """

func read(_ text: String) -> (configuration: Configuration?, problems: [Problem]) {
  Configuration.read(Array(text.utf8), file: "alula.yaml")
}

/// The configuration of a text that has nothing wrong.
func valid(_ text: String) throws -> Configuration {
  let (configuration, problems) = read(text)
  if let configuration { return configuration }
  throw problems[0]
}

/// A zone on the first line, so that what a test is about begins on the second.
let zone = "zones: { example.com: { file: example.com.zone } }\n"
