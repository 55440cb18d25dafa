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
  private var names: Set<String> = []
  /// By the text of the settings.
  private var known: [String: String] = [:]

  /// Stands for the id that a check will have.
  static func reference(_ name: String) -> String { "check:\(name)" }

  /// The name of the check that says whether one address of a member is up; nil: it always is.
  mutating func name(
    for member: Configuration.Member, _ address: IPAddress, _ report: inout ImportReport
  ) -> String? {
    let subject = "endpoint \(member.name.value)"
    var single: [String] = []
    var calculated: [String] = []
    for condition in member.conditions.flatMap({ flat($0) }) {
      if let name = simple(condition, address, &report) {
        single.append(name)
      } else if let (config, name) = calculation(condition, address, subject, &report) {
        calculated.append(add(name, config))
      }
    }
    if single.count + calculated.count <= 1 { return single.first ?? calculated.first }
    if !calculated.isEmpty {
      report.gap(subject, "a calculated check beside others is not known to Route 53: the others alone count")
      if single.isEmpty { return calculated.first }
    }
    return single.count == 1 ? single[0] : add("all-of", ExportedChecks.calculated(single, single.count))
  }

  /// All of them must pass, so what must pass within one that wants all is among them.
  private func flat(_ condition: Configuration.MemberCondition) -> [Configuration.MemberCondition] {
    if case .atLeast(let least, let parts) = condition, least == parts.reduce(0, { $0 + $1.weight }) {
      return parts.flatMap { flat($0.condition) }
    }
    return [condition]
  }

  /// A check that asks no others; nil: this is none, or Route 53 has none of the kind, which the report says.
  private mutating func simple(
    _ condition: Configuration.MemberCondition, _ address: IPAddress, _ report: inout ImportReport
  ) -> String? {
    switch condition {
    case .fixed(let passes): return add(passes ? "up" : "down", ExportedChecks.fixed(passes))
    case .probe(let use): return use.config(address, &report).map { add(use.check.name.value, .object($0)) }
    case .not(.probe(let use)):
      let inverted = JSON.Member(name: "Inverted", value: .bool(true))
      return use.config(address, &report).map { add(use.check.name.value, .object($0 + [inverted])) }
    case .manual(let name), .not(.manual(let name)):
      report.gap(
        "check \(name)",
        "manual checks are not known to Route 53: give the record a health check, and invert or disable that to take it out"
      )
      return nil
    case .atLeast, .not: return nil
    }
  }

  private mutating func calculation(
    _ condition: Configuration.MemberCondition, _ address: IPAddress, _ subject: String, _ report: inout ImportReport
  ) -> (config: JSON, name: String)? {
    switch condition {
    case .atLeast(let least, let parts):
      let children = parts.compactMap { $0.weight == 1 ? simple($0.condition, address, &report) : nil }
      guard children.count == parts.count, children.count <= 255 else {
        report.gap(
          subject,
          "a calculated check with weights, or of checks that are calculated or not known to Route 53, is left out")
        return nil
      }
      return (ExportedChecks.calculated(children, least), "\(least)-of-\(children.count)")
    case .not(let inner):
      guard let (config, name) = calculation(inner, address, subject, &report), case .object(let members) = config
      else { return nil }
      return (.object(members + [.init(name: "Inverted", value: .bool(true))]), "not-\(name)")
    case .fixed, .probe, .manual: return nil
    }
  }

  /// What is disabled passes; what is inverted besides does not. Nothing is probed.
  private static func fixed(_ passes: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init(name: "Port", value: .integer(9)), .init(name: "Type", value: "TCP"),
      .init(name: "FullyQualifiedDomainName", value: "check.invalid"),
      .init(name: "RequestInterval", value: .integer(30)), .init(name: "FailureThreshold", value: .integer(3)),
    ]
    if !passes { members.append(.init(name: "Inverted", value: .bool(true))) }
    return .object(members + [.init(name: "Disabled", value: .bool(true))])
  }

  private static func calculated(_ children: [String], _ least: Int) -> JSON {
    .object([
      "Type": "CALCULATED", "ChildHealthChecks": .array(children.map { .string(reference($0)) }),
      "HealthThreshold": .integer(least),
    ])
  }

  private mutating func add(_ wish: String, _ config: JSON) -> String {
    if let same = known[config.text] { return same }
    var name = wish
    var number = 2
    while !names.insert(name).inserted {
      name = "\(wish)-\(number)"
      number += 1
    }
    known[config.text] = name
    checks.append(Check(name: name, config: config))
    return name
  }
}
