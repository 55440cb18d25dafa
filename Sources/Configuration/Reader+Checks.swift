import Diagnostics

/// What was written of a check, before defaults; a key that is nil was not written or is wrong.
struct CheckDraft {
  var kind: Configuration.Check.Kind?
  var probed: MemberSettings.Probed?
  var port: UInt16?
  var path: String?
  var host: String?
  var sni: String?
  var statuses: [ClosedRange<Int>]?
  var verify: Bool?
  var authoritiesFile: Placed<String>?
  var interval: Placed<Duration>?
  var timeout: Placed<Duration>?
  var rise: Int?
  var fall: Int?
  var judgement = JudgementDraft()
  var options = Configuration.ProbeOptions()

  /// These defaults without those that mean nothing to a check of `kind`.
  func fitting(_ kind: Configuration.Check.Kind) -> CheckDraft {
    var draft = self
    if kind != .https { (draft.sni, draft.verify, draft.authoritiesFile) = (nil, nil, nil) }
    if !kind.speaksHTTP { (draft.path, draft.host, draft.statuses) = (nil, nil, nil) }
    draft.options = options.fitting(kind)
    return draft
  }
}

extension Reader {
  mutating func checks(_ node: Node?, defaults: CheckDraft) -> Declared<Configuration.Check> {
    var checks = Declared<Configuration.Check>()
    for entry in named(node, "`checks`") {
      let name = identifier(entry.key, at: entry.position)
      let fields = fields(entry.value, .check, at: entry.position)
      checks.declare(entry.key, name.flatMap { name in fields.flatMap { check(name, $0, defaults) } })
    }
    checkParts(checks)
    return checks
  }

  private mutating func check(
    _ name: Placed<String>, _ fields: Fields, _ defaults: CheckDraft
  ) -> Configuration.Check? {
    let draft = checkDraft(fields)
    if fields["type"] == nil, defaults.kind == nil {
      error(fields.position, "the check `\(name.value)` needs `type`: add `type: tcp`, `type: http` or `type: https`")
    }
    guard let kind = draft.kind ?? (fields["type"] == nil ? defaults.kind : nil) else { return nil }
    rejectForeignKeys(fields, of: kind)
    let defaults = defaults.fitting(kind)
    var check = Configuration.Check(name: name, kind: kind)
    switch draft.probed ?? defaults.probed {
    case .address(let address): check.address = address
    case .name(let name): check.hostName = name
    case nil: break
    }
    check.port = draft.port ?? defaults.port
    check.path = draft.path ?? defaults.path ?? check.path
    check.host = draft.host ?? defaults.host
    check.sni = draft.sni ?? defaults.sni
    check.statuses = draft.statuses ?? defaults.statuses ?? check.statuses
    check.verify = draft.verify ?? defaults.verify ?? check.verify
    check.authoritiesFile = draft.authoritiesFile ?? defaults.authoritiesFile
    check.rise = draft.rise ?? defaults.rise ?? check.rise
    check.fall = draft.fall ?? defaults.fall ?? check.fall
    check.judgement = judgement(kind, fields, draft.judgement, defaults.judgement)
    check.options = draft.options.over(defaults.options)
    setTimes(of: &check, draft, defaults)
    validate(check, fields)
    if let file = draft.authoritiesFile, !check.verify {
      warning(file.position, "`ca-file` has no effect beside `verify: false`")
    }
    return check
  }

  /// A probe starts each interval and never two run at once, so an attempt must end within the interval.
  private mutating func setTimes(of check: inout Configuration.Check, _ draft: CheckDraft, _ defaults: CheckDraft) {
    check.interval = (draft.interval ?? defaults.interval)?.value ?? check.interval
    guard let timeout = draft.timeout ?? defaults.timeout else {
      check.timeout = min(check.timeout, check.interval)
      return
    }
    check.timeout = timeout.value
    if timeout.value > check.interval {
      let place = draft.timeout?.position ?? draft.interval?.position ?? timeout.position
      error(
        place,
        "the check `\(check.name.value)` has a timeout of \(durationText(timeout.value)), longer than its interval of "
          + "\(durationText(check.interval)): an attempt must end before the next begins")
    }
  }

  /// Keys of other kinds of checks are a misunderstanding.
  private mutating func rejectForeignKeys(_ fields: Fields, of kind: Configuration.Check.Kind) {
    for (kinds, needs, keys) in Reader.keysOfKinds where !kinds.contains(kind) {
      for key in keys {
        guard let node = fields[key] else { continue }
        error(node.position, "`\(key)` belongs to a check of type \(needs): remove it, or change `type`")
      }
    }
  }

  /// Which kinds of checks have which keys, besides those that all have.
  private static var keysOfKinds: [(kinds: [Configuration.Check.Kind], words: String, keys: [String])] {
    [
      ([.http, .https], "http or https", ["path", "host", "status", "method", "headers", "body", "body-matches"]),
      (
        [.https], "https",
        ["sni", "verify", "ca-file", "min-days", "client-cert", "client-key", "full-handshake", "handshake-timeout"]
      ),
      ([.tcp], "tcp", ["send", "expect", "expect-matches"]),
      ([.dns], "dns", ["question", "answer"]),
      ([.command], "command", ["command"]),
      ([.tcp, .http, .https], "tcp, http or https", ["connect-timeout", "first-byte-timeout"]),
      ([.tcp, .http, .https, .dns], "tcp, http, https or dns", ["source"]),
      ([.calculated], "calculated", ["of", "at-least"]),
      (
        [.tcp, .http, .https, .dns, .command], "tcp, http, https, dns or command",
        [
          "address", "port", "interval", "timeout", "fast-interval", "rise", "fall", "counting", "forgive-after",
          "flap",
          "hold-down",
        ]
      ),
    ]
  }

  mutating func checkDraft(_ fields: Fields) -> CheckDraft {
    var draft = CheckDraft()
    draft.kind = choice(
      fields["type"],
      [
        "tcp": .tcp, "http": .http, "https": .https, "dns": .dns, "command": .command, "calculated": .calculated,
        "manual": .manual,
      ])
    draft.probed = fields["address"].flatMap { probed($0) }
    draft.port = port(fields["port"])
    draft.path = fields["path"].flatMap { path($0) }
    draft.host = fields["host"].flatMap { host($0) }
    draft.sni = fields["sni"].flatMap { hostName($0) }
    draft.statuses = fields["status"].flatMap { statuses($0) }
    draft.verify = flag(fields["verify"])
    draft.authoritiesFile = file(fields["ca-file"])
    draft.interval = placedDuration(fields["interval"], in: .milliseconds(100) ... .seconds(3600))
    draft.timeout = placedDuration(fields["timeout"], in: .milliseconds(10) ... .seconds(3600))
    draft.rise = integer(fields["rise"], in: 1...100)
    draft.fall = integer(fields["fall"], in: 1...100)
    draft.judgement = judgementDraft(fields)
    draft.options = probeOptions(fields)
    return draft
  }

  private mutating func placedDuration(_ node: Node?, in range: ClosedRange<Duration>) -> Placed<Duration>? {
    guard let node else { return nil }
    return duration(node, in: range).map { Placed($0, at: node.position) }
  }
}
