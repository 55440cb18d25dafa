/// The keys of one kind of mapping, in the order of docs/configuration.md.
struct Schema {
  /// As a message names it: "a check".
  let title: String
  /// From the root, `*` for a name the operator chose.
  let path: String
  let keys: [String]

  static let root = Schema(
    title: "the configuration", path: "",
    keys: [
      "server", "control", "log", "state", "keys", "peers", "zones", "checks", "endpoints", "pools", "defaults",
      "groups",
    ])
  static let server = Schema(
    title: "`server`", path: "server",
    keys: [
      "listen", "workers", "tcp", "udp-size", "identity", "cookies", "nocookie-size", "rate-limit", "start-within",
    ])
  static let tcp = Schema(title: "`tcp`", path: "server.tcp", keys: ["connections", "idle"])
  static let cookies = Schema(title: "`cookies`", path: "server.cookies", keys: ["secrets-file"])
  static let rateLimit = Schema(
    title: "`rate-limit`", path: "server.rate-limit", keys: ["responses", "slip", "exempt"])
  static let control = Schema(title: "`control`", path: "control", keys: ["listen", "token-file"])
  static let log = Schema(title: "`log`", path: "log", keys: ["level", "format"])
  static let key = Schema(title: "a key", path: "keys.*", keys: ["algorithm", "secret-file"])
  static let peer = Schema(title: "a peer", path: "peers.*", keys: ["name", "address", "port", "key"])
  static let zone = Schema(title: "a zone", path: "zones.*", keys: ["file", "transfer", "update"])
  static let update = Schema(title: "an update rule", path: "zones.*.update", keys: ["key", "names", "types"])
  static let check = Schema(
    title: "a check", path: "checks.*",
    keys: [
      "type", "port", "path", "host", "sni", "status", "verify", "ca-file", "interval", "timeout", "rise", "fall",
      "fast-interval", "source", "connect-timeout", "handshake-timeout", "first-byte-timeout", "method", "headers",
      "body", "body-matches", "min-days", "client-cert", "client-key", "full-handshake", "send", "expect",
      "expect-matches", "question", "answer", "command",
    ])
  static let endpoint = Schema(
    title: "an endpoint", path: "endpoints.*", keys: ["address", "check", "port", "weight", "probe"])
  static let member = Schema(
    title: "an endpoint in a pool", path: "pools.*.endpoints",
    keys: ["name", "address", "check", "port", "weight", "probe"])
  static let probe = Schema(title: "`probe`", path: "endpoints.*.probe", keys: ["address", "port", "host"])
  static let pool = Schema(
    title: "a pool", path: "pools.*", keys: ["also", "policy", "ttl", "check", "endpoints"])
  static let ttl = Schema(title: "`ttl`", path: "pools.*.ttl", keys: ["max", "min"])
  static let defaults = Schema(title: "`defaults`", path: "defaults", keys: ["check", "pool"])
  static let poolDefaults = Schema(
    title: "a pool's defaults", path: "defaults.pool", keys: ["policy", "ttl", "check"])
  static let group = Schema(title: "a group", path: "groups.*", keys: ["policy", "check", "endpoints"])
}

/// What is accepted and checked but has no effect yet. Whoever builds the effect deletes the line.
enum Later {
  static let keys: [(path: String, until: String)] = [
    ("control", "there is no control server"),
    ("keys", "keys are used by nothing"),
    ("peers", "nothing is sent to peers"),
    ("zones.*.update", "updates are refused"),
    ("endpoints.*.weight", "endpoints of one tier are equals"),
    ("pools.*.endpoints.weight", "endpoints of one tier are equals"),
    ("pools.*.ttl.min", "the TTL is always `max`"),
    ("groups", "groups are used by nothing"),
  ]

  /// What policies will be called; naming one earns more than "unknown".
  static let policies = [
    "all-healthy", "weighted", "sticky", "client-network", "country", "continent", "fastest",
  ]
}
