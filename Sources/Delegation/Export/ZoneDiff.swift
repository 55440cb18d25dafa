package import JSONFormat
package import Wire

/// What differs between a hosted zone and what an export would make of it: by meaning, not by letter. Ids, set
/// identifiers and the order of values mean nothing; a health check is what it probes and how it counts.
package struct ZoneDiff: Sendable {
  /// One record set: what it answers, and when.
  package struct Meaning: Sendable, Hashable {
    package let answer: String
    package let rule: String

    var text: String { rule.isEmpty ? answer : "\(answer); \(rule)" }
  }

  package struct Line: Sendable, Hashable {
    package let name: DomainName
    package let type: String
    /// In Route 53; nil: here alone.
    package let theirs: Meaning?
    /// Here; nil: in Route 53 alone.
    package let ours: Meaning?
  }

  package let lines: [Line]

  /// - Parameters:
  ///   - zone: what lies at or below it is compared.
  package init(
    _ zone: DomainName, theirs: [RecordSet], _ theirChecks: [String: JSON], ours: [RecordSet],
    _ ourChecks: [String: JSON], theirNetworks: [String: [String: [String]]] = [:],
    ourNetworks: [String: [String: [String]]] = [:]
  ) {
    let their = Side(zone, theirs, theirChecks, theirNetworks)
    let our = Side(zone, ours, ourChecks, ourNetworks)
    lines = Set(their.sets.keys).union(our.sets.keys).sorted { ($0.name, $0.type) < ($1.name, $1.type) }.flatMap {
      key in
      ZoneDiff.lines(key, their.sets[key] ?? [], our.sets[key] ?? [])
    }
  }

  private static func lines(_ key: Key, _ theirs: [Meaning], _ ours: [Meaning]) -> [Line] {
    var open = ours
    var rest: [Meaning] = []
    for meaning in theirs {
      if let same = open.firstIndex(of: meaning) { open.remove(at: same) } else { rest.append(meaning) }
    }
    func text(_ meaning: Meaning) -> String { meaning.text }
    var lines: [Line] = []
    for meaning in rest.sorted(by: { text($0) < text($1) }) {
      let like =
        open.firstIndex { $0.answer == meaning.answer } ?? open.firstIndex { $0.rule == meaning.rule }
      lines.append(Line(name: key.name, type: key.type, theirs: meaning, ours: like.map { open.remove(at: $0) }))
    }
    return lines
      + open.sorted { text($0) < text($1) }.map { Line(name: key.name, type: key.type, theirs: nil, ours: $0) }
  }

  package var text: String { lines.map(\.text).joined(separator: "\n") }

  package var json: JSON {
    .array(
      lines.map {
        .object([
          "name": .string("\($0.name)"), "type": .string($0.type),
          "route53": $0.theirs.map { .string($0.text) } ?? .null, "alula": $0.ours.map { .string($0.text) } ?? .null,
        ])
      })
  }

  private struct Key: Hashable {
    let name: DomainName
    let type: String
  }

  /// One side's record sets by name and type, each as what it means, with how often it is there.
  private struct Side {
    var sets: [Key: [Meaning]] = [:]
    private let all: [Key: [RecordSet]]
    private let checks: [String: JSON]
    /// By collection and location.
    private let networks: [String: [String: [String]]]

    init(
      _ zone: DomainName, _ records: [RecordSet], _ checks: [String: JSON], _ networks: [String: [String: [String]]]
    ) {
      all = Dictionary(grouping: records) { Key(name: $0.name, type: $0.type) }
      self.checks = checks
      self.networks = networks
      for (key, group) in all
      where key.name.isAtOrBelow(zone) && !Side.isLeftOut(key, zone) && !MadeGroup.isOne(key.name) {
        sets[key] = meanings(group, depth: 0)
      }
    }

    /// SOA and NS of the apex are each side's own; DS is the parent's.
    private static func isLeftOut(_ key: Key, _ zone: DomainName) -> Bool {
      key.name == zone && ["SOA", "NS", "DS"].contains(key.type)
    }

    /// Of all sets of a name and type. A mere alias is what it leads to.
    private func meanings(_ group: [RecordSet], depth: Int) -> [Meaning] {
      if depth < 12, group.count == 1, group[0].routing == .simple, let inside = target(group[0]) {
        return meanings(inside, depth: depth + 1)
      }
      return group.map { meaning($0, depth: depth) }
    }

    /// What an alias leads to within the hosted zone.
    private func target(_ set: RecordSet) -> [RecordSet]? {
      set.alias.flatMap { all[Key(name: $0.target, type: set.type)] }
    }

    private func meaning(_ set: RecordSet, depth: Int) -> Meaning {
      var answer = values(set)
      var parts: [String] = []
      var ttl = set.ttl
      if let plain = plainTarget(set) {
        (answer, ttl) = (values(plain), plain.ttl)
      } else if let alias = set.alias {
        let health = alias.evaluatesHealth ? "" : ", whatever its health"
        let inside = depth < 12 ? target(set) : nil
        let leads = inside.map {
          "[" + meanings($0, depth: depth + 1).map(\.text).sorted().joined(separator: "; ") + "]"
        }
        answer = (leads ?? "alias of \(alias.target.shortText)") + health
      }
      if let rule = rule(set) { parts.append(rule) }
      if let ttl { parts.append("TTL \(ttl)") }
      if let id = set.healthCheck { parts.append("while " + check(id, depth: 0)) }
      return Meaning(answer: answer, rule: parts.joined(separator: "; "))
    }

    /// The one simple record set that an alias leads to: it might as well be here.
    private func plainTarget(_ set: RecordSet) -> RecordSet? {
      guard let inside = target(set), inside.count == 1, inside[0].routing == .simple, inside[0].alias == nil,
        inside[0].healthCheck == nil
      else { return nil }
      return inside[0]
    }

    private func values(_ set: RecordSet) -> String {
      guard let type = set.recordType else { return set.values.sorted().joined(separator: ", ") }
      return set.values.map { value in
        RecordValue.data(value, type).map { RDataFormat(type).text($0.rawBytes) } ?? value
      }.sorted().joined(separator: ", ")
    }

    private func rule(_ set: RecordSet) -> String? {
      switch set.routing {
      case .simple: nil
      case .failover(let isPrimary): isPrimary ? "primary" : "secondary"
      case .weighted(let weight): "weight \(weight)"
      case .multivalue: "multivalue"
      case .geolocation(.default): "for all other places"
      case .geolocation(.continent(let code)): "for continent \(code)"
      case .geolocation(.country(let code)): "for country \(code)"
      case .geolocation(.subdivision(let country, let code)): "for \(country)-\(code)"
      case .latency(let region): "near \(region)"
      case .network(_, "*"): "for all other networks"
      case .network(let collection, let location):
        networks[collection]?[location].map { "for \($0.sorted().joined(separator: ", "))" }
          ?? "for location \(location) of \(collection)"
      case .geoproximity: "by proximity"
      case .trafficPolicy(let instance): "of traffic policy instance \(instance)"
      }
    }

    private func check(_ id: String, depth: Int) -> String {
      let known = checks[id] ?? (id.hasPrefix("check:") ? checks[String(id.dropFirst(6))] : nil)
      guard depth < 4, let config = known,
        let check = try? HealthCheck(Shape(.object(["Id": .string(id), "HealthCheckConfig": config]), id))
      else { return "health check \(id), which is not known," }
      return check.meaning { self.check($0, depth: depth + 1) }
    }
  }
}

extension ZoneDiff.Line {
  /// `-`: in Route 53 alone. `+`: here alone. `~`: on both sides, and not the same.
  var text: String {
    let subject = "\(name.shortText) \(type): "
    guard let theirs else { return "+ " + subject + (ours?.text ?? "") }
    guard let ours else { return "- " + subject + theirs.text }
    return theirs.answer == ours.answer
      ? "~ \(subject)\(theirs.answer); \(theirs.rule) → \(ours.rule)"
      : "~ \(subject)\(theirs.answer) → \(ours.answer); \(theirs.rule)"
  }
}

extension HealthCheck {
  /// What it probes and how it counts, with what Route 53 takes where nothing is said.
  func meaning(_ child: (String) -> String) -> String {
    if isDisabled { return isInverted ? "nothing (down)" : "nothing (up)" }
    let tail = (isInverted ? " does not pass" : " passes")
    switch type {
    case .calculated:
      return "\(healthThreshold ?? 0) of (\(children.map(child).sorted().joined(separator: ", ")))" + tail
    case .cloudWatch, .recoveryControl: return "\(type.rawValue) \(id)" + tail
    case .tcp, .http, .https, .httpMatch, .httpsMatch:
      let isTLS = type == .https || type == .httpsMatch
      let port = port ?? (isTLS ? 443 : 80)
      var text = "\(type.rawValue) \(address ?? domain ?? "?"):\(port)"
      if type != .tcp {
        text += (resource.map { $0.hasPrefix("/") ? $0 : "/\($0)" } ?? "/")
        if address != nil, let domain { text += " as \(domain)" }
        if let searchString { text += " with \(searchString)" }
      }
      return text + " every \(interval ?? 30) s, \(failureThreshold ?? 3) in a row," + tail
    }
  }
}
