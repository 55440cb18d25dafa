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
      "server", "control", "log", "state", "state-age", "on-change", "location-database", "keys", "peers", "zones",
      "checks",
      "endpoints", "pools", "defaults", "groups", "blast-radius", "canaries",
    ])
  static let server = Schema(
    title: "`server`", path: "server",
    keys: [
      "listen", "workers", "tcp", "udp-size", "identity", "cookies", "nocookie-size", "rate-limit", "client-subnet",
      "start-within",
    ])
  static let tcp = Schema(title: "`tcp`", path: "server.tcp", keys: ["connections", "idle"])
  static let cookies = Schema(title: "`cookies`", path: "server.cookies", keys: ["secrets-file"])
  static let rateLimit = Schema(
    title: "`rate-limit`", path: "server.rate-limit", keys: ["responses", "slip", "exempt"])
  static let control = Schema(title: "`control`", path: "control", keys: ["listen", "token-file", "hosts"])
  static let onChange = Schema(title: "`on-change`", path: "on-change", keys: ["command", "post", "timeout"])
  static let log = Schema(title: "`log`", path: "log", keys: ["level", "format"])
  static let key = Schema(title: "a key", path: "keys.*", keys: ["algorithm", "secret-file"])
  static let peer = Schema(title: "a peer", path: "peers.*", keys: ["name", "address", "port", "key"])
  static let zone = Schema(title: "a zone", path: "zones.*", keys: ["file", "transfer", "update"])
  static let update = Schema(title: "an update rule", path: "zones.*.update", keys: ["key", "names", "types"])
  static let check = Schema(
    title: "a check", path: "checks.*",
    keys: [
      "type", "address", "port", "path", "host", "sni", "status", "verify", "ca-file", "interval", "timeout", "rise",
      "fall",
      "counting", "forgive-after", "hold-down", "flap", "of", "at-least", "inverted", "disabled",
      "fast-interval", "source", "connect-timeout", "handshake-timeout", "first-byte-timeout", "method", "headers",
      "body", "body-matches", "min-days", "client-cert", "client-key", "full-handshake", "send", "expect",
      "expect-matches", "question", "answer", "command",
    ])
  static let flap = Schema(
    title: "`flap`", path: "checks.*.flap", keys: ["turns", "within", "hold", "longest"])
  static let part = Schema(title: "a part of a calculated check", path: "checks.*.of", keys: ["check", "weight"])
  static let blastRadius = Schema(title: "`blast-radius`", path: "blast-radius", keys: ["at-most", "within"])
  static let canaries = Schema(title: "`canaries`", path: "canaries", keys: ["endpoints", "needed", "at-most"])
  static let endpoint = Schema(
    title: "an endpoint", path: "endpoints.*", keys: ["address", "check", "port", "weight", "probe"])
  static let member = Schema(
    title: "an endpoint in a pool", path: "pools.*.endpoints",
    keys: ["name", "address", "check", "port", "weight", "probe"])
  static let probe = Schema(title: "`probe`", path: "endpoints.*.probe", keys: ["address", "port", "host"])
  /// Of everything that chooses.
  private static let choice = [
    "endpoints", "failback", "min-healthy", "max-answers", "margin", "for", "clients", "default",
  ]
  static let pool = Schema(
    title: "a pool", path: "pools.*",
    keys: ["also", "policy", "ttl", "check"] + choice + ["all-down", "coupling", "recovery-time"])
  static let failback = Schema(title: "`failback`", path: "pools.*.failback", keys: ["after", "window", "ramp"])
  static let allDown = Schema(title: "`all-down`", path: "pools.*.all-down", keys: ["addresses"])
  static let client = Schema(
    title: "an item of `clients`", path: "pools.*.clients", keys: ["networks", "countries", "continents", "use"])
  static let ttl = Schema(title: "`ttl`", path: "pools.*.ttl", keys: ["max", "min"])
  static let defaults = Schema(title: "`defaults`", path: "defaults", keys: ["check", "pool"])
  static let poolDefaults = Schema(
    title: "a pool's defaults", path: "defaults.pool",
    keys: [
      "policy", "ttl", "check", "failback", "min-healthy", "max-answers", "margin", "for", "all-down", "coupling",
      "recovery-time",
    ])
  static let group = Schema(title: "a group", path: "groups.*", keys: ["policy", "check"] + choice)
}
