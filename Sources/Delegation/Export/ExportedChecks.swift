import Configuration
import JSONFormat
import Wire

/// Health checks that an export needs, each once, under names of their own until Route 53 has given them ids.
struct ExportedChecks {
  struct Check {
    let name: String
    /// `HealthCheckConfig`.
    let config: JSON
  }

  private(set) var checks: [Check] = []

  /// The name of the check that says whether one address of a member is up; nil: it always is.
  mutating func name(
    for member: Configuration.Member, _ address: IPAddress, _ report: inout ImportReport
  ) -> String? {
    let subject = "endpoint \(member.name.value)"
    let parts = member.conditions.flatMap { flat($0) }
    var names: [String] = []
    for condition in parts {
      switch condition {
      case .fixed(true): continue
      case .fixed(false): names.append(add("down", .object(ExportedChecks.never)))
      case .manual(let name):
        report.gap(
          subject,
          "the manual check \(name) is not known to Route 53: give the record a health check that you invert to take it out"
        )
      case .probe(let use):
        if let config = config(use, address, isInverted: false, &report) {
          names.append(add(use.check.name.value, config))
        }
      case .not(.probe(let use)):
        if let config = config(use, address, isInverted: true, &report) {
          names.append(add(use.check.name.value, config))
        }
      case .atLeast(let least, let children):
        let own = children.compactMap { child -> String? in
          guard child.weight == 1, case .probe(let use) = child.condition,
            let config = config(use, address, isInverted: false, &report)
          else { return nil }
          return add(use.check.name.value, config)
        }
        guard own.count == children.count else {
          report.gap(
            subject,
            "a calculated check with weights, or of checks that are calculated themselves, is not known to Route 53")
          continue
        }
        names.append(calculated(own, least))
      case .not:
        report.gap(subject, "the opposite of a calculated or manual check is left out")
      }
    }
    return names.count > 1 ? calculated(names, names.count) : names.first
  }

  /// All of them must pass, so what must pass within one that wants all is among them.
  private func flat(_ condition: Configuration.MemberCondition) -> [Configuration.MemberCondition] {
    if case .atLeast(let least, let parts) = condition, least == parts.reduce(0, { $0 + $1.weight }) {
      return parts.flatMap { flat($0.condition) }
    }
    return [condition]
  }

  private static var never: [JSON.Member] {
    [
      .init(name: "Type", value: "TCP"), .init(name: "IPAddress", value: "192.0.2.1"),
      .init(name: "Port", value: .integer(9)),
      .init(name: "Disabled", value: .bool(true)), .init(name: "Inverted", value: .bool(true)),
    ]
  }

  private mutating func calculated(_ children: [String], _ least: Int) -> String {
    // The children's ids take the names' places once they are known.
    add(
      "calculated",
      .object([
        "Type": "CALCULATED", "ChildHealthChecks": .array(children.map { .string(ExportedChecks.reference($0)) }),
        "HealthThreshold": .integer(least),
      ]))
  }

  static func reference(_ name: String) -> String { "check:\(name)" }

  private mutating func add(_ wish: String, _ config: JSON) -> String {
    if let same = checks.first(where: { $0.config == config }) { return same.name }
    var name = wish
    var number = 2
    while checks.contains(where: { $0.name == name }) {
      name = "\(wish)-\(number)"
      number += 1
    }
    checks.append(Check(name: name, config: config))
    return name
  }

  private func config(
    _ use: Configuration.MemberCheck, _ address: IPAddress, isInverted: Bool, _ report: inout ImportReport
  ) -> JSON? {
    let check = use.check
    let subject = "check \(check.name.value)"
    var members: [JSON.Member] = []
    func put(_ name: String, _ value: JSON) { members.append(.init(name: name, value: value)) }
    let isTLS = check.kind == .https
    var body: String?
    if case .text(let text) = check.options.body { body = text }
    switch check.kind {
    case .tcp: put("Type", "TCP")
    case .http: put("Type", body == nil ? "HTTP" : "HTTP_STR_MATCH")
    case .https: put("Type", body == nil ? "HTTPS" : "HTTPS_STR_MATCH")
    case .dns, .command, .calculated, .manual:
      report.gap(subject, "checks of this type are not known to Route 53: its endpoints are always healthy there")
      return nil
    }
    if use.hostName == nil { put("IPAddress", .string("\(use.address ?? address)")) }
    put("Port", .integer(use.port))
    if check.kind != .tcp {
      put("ResourcePath", .string(check.path))
      if let host = use.hostName ?? ExportedChecks.host(use) { put("FullyQualifiedDomainName", .string(host)) }
      if let body { put("SearchString", .string(body)) }
    } else if let host = use.hostName {
      put("FullyQualifiedDomainName", .string(host))
    }
    let interval = check.interval >= .seconds(20) ? 30 : 10
    put("RequestInterval", .integer(interval))
    put("FailureThreshold", .integer(min(10, check.fall)))
    if isTLS { put("EnableSNI", .bool(use.sni != nil)) }
    if isInverted { put("Inverted", .bool(true)) }
    noteLosses(check, interval, subject, &report)
    return .object(members)
  }

  /// Nil where the Host header is the probed address, which Route 53 sends by itself.
  private static func host(_ use: Configuration.MemberCheck) -> String? {
    guard let host = use.host else { return nil }
    let name = SocketAddress(host) == nil ? host.split(separator: ":").first.map(String.init) ?? host : ""
    return name.isEmpty || IPAddress(host) != nil ? nil : name
  }

  private func noteLosses(
    _ check: Configuration.Check, _ interval: Int, _ subject: String, _ report: inout ImportReport
  ) {
    if check.interval != .seconds(interval) {
      report.note(subject, "Route 53 probes every 10 or 30 s: it becomes \(interval) s")
    }
    if check.rise != check.fall {
      report.note(subject, "Route 53 has one number for `rise` and `fall`: it becomes \(min(10, check.fall))")
    }
    if check.kind == .https, check.verify { report.note(subject, "Route 53 does not look at certificates") }
    if check.statuses != [200...399] { report.note(subject, "Route 53 takes 200 to 399 for good") }
    if check.judgement.flap != nil || check.judgement.holdDown > .zero || check.judgement.forgiveAfter != nil {
      report.note(subject, "holds, flap limits and interleaved counting are not known to Route 53")
    }
    if case .pattern = check.options.body {
      report.note(subject, "regular expressions are not known to Route 53: the status alone counts")
    }
    if check.options.expected != nil || check.options.send != nil {
      report.note(subject, "`send` and `expect` are not known to Route 53")
    }
  }
}
