import JSONFormat
import Wire

/// A health check as a check of the configuration: its name, and its keys in the order in which they are written.
struct CheckDraft {
  let name: String
  let keys: [(key: String, value: String)]
}

extension HealthCheck {
  /// What to do instead of what cannot be probed from here; nil: it can be.
  var obstacle: String? {
    switch type {
    case .cloudWatch:
      "it follows a CloudWatch metric, which is not seen here: it became a manual check, up until you say `alula drain`; have what raises the alarm call the control API"
    case .recoveryControl:
      "it follows a routing control: it became a manual check; `alula drain` and `alula release` are its switch"
    case .calculated: nil
    case .tcp, .http, .https, .httpMatch, .httpsMatch: probeObstacle
    }
  }

  private var probeObstacle: String? {
    if address ?? host == nil {
      return "it has neither an address nor a domain name to probe: it became a manual check"
    }
    if type == .tcp, port == nil { return "it has no port to probe: it became a manual check" }
    guard isMatch else { return nil }
    let text = searchString ?? ""
    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    return (1...255).contains(text.utf8.count) && isPlain
      ? nil
      : "its search string has not 1 to 255 octets, or has control characters: it became a manual check"
  }

  /// The domain name, without a final dot.
  private var host: String? {
    domain.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private var isMatch: Bool { type == .httpMatch || type == .httpsMatch }
  private var isTLS: Bool { type == .https || type == .httpsMatch }

  /// - Parameter names: of other checks, by their id.
  func keys(_ names: [String: String], _ report: inout ImportReport, as name: String) -> [(key: String, value: String)]
  {
    var keys: [(key: String, value: String)] = []
    switch type {
    case _ where obstacle != nil: keys = [("type", "manual")]
    case .cloudWatch, .recoveryControl: break
    case .calculated: keys = calculated(names, &report, as: name)
    case .tcp: keys = [("type", "tcp")] + place(&report, as: name) + [("timeout", "10s")] + counting
    case .http, .https, .httpMatch, .httpsMatch:
      keys = [("type", isTLS ? "https" : "http")] + place(&report, as: name) + request
      if isTLS {
        keys.append(("verify", "false"))
        report.note(
          name,
          "Route 53 does not look at certificates, so neither does this check; say `verify: true` to have it looked at")
        if sendsServerName == false {
          report.note(name, "the server's name is sent in the handshake although EnableSNI is off")
        }
      }
      keys.append(("connect-timeout", "4s"))
      if isTLS { keys.append(("handshake-timeout", "2s")) }
      keys += [("first-byte-timeout", "2s"), ("timeout", isMatch ? "8s" : "6s")] + counting
    }
    if isInverted != isNever { keys.append(("inverted", "true")) }
    if isDisabled { keys.append(("disabled", "true")) }
    return keys
  }

  /// A calculated check that wants more than it has: never healthy.
  private var isNever: Bool { type == .calculated && (healthThreshold ?? 0) > children.count }

  private func calculated(
    _ names: [String: String], _ report: inout ImportReport, as name: String
  ) -> [(key: String, value: String)] {
    let known = children.compactMap { names[$0] }
    for child in children where names[child] == nil {
      report.gap(name, "its child \(child) is not in the list of health checks: it counts as none")
    }
    let least = isNever ? 0 : min(healthThreshold ?? 0, known.count)
    return [("type", "calculated"), ("of", "[\(known.joined(separator: ", "))]"), ("at-least", "\(least)")]
  }

  /// Where it is probed: the target is the check's own, whatever record uses it.
  private func place(_ report: inout ImportReport, as name: String) -> [(key: String, value: String)] {
    var keys: [(key: String, value: String)] = []
    if let target = address ?? host { keys.append(("address", YAML.text(target))) }
    if address == nil { report.note(name, "its host is looked up for each probe; Route 53 takes IPv4 addresses only") }
    if let port { keys.append(("port", "\(port)")) }
    return keys
  }

  private var request: [(key: String, value: String)] {
    let usual = isTLS ? 443 : 80
    let port = port ?? usual
    let target = host ?? address ?? ""
    let bracketed = host == nil && target.contains(":") ? "[\(target)]" : target
    var keys: [(key: String, value: String)] = [("host", YAML.text(port == usual ? bracketed : "\(bracketed):\(port)"))]
    if let resource { keys.append(("path", YAML.text(HealthCheck.path(resource)))) }
    if isMatch, let searchString { keys.append(("body", YAML.text(searchString))) }
    return keys
  }

  /// With a slash at its beginning, and what has no place in a request target as `%20`.
  private static func path(_ resource: String) -> String {
    let octets = resource.utf8.map { octet -> String in
      if (0x21...0x7E).contains(octet), octet != UInt8(ascii: "#") { return String(UnicodeScalar(octet)) }
      return "%" + String(0x100 + Int(octet), radix: 16, uppercase: true).dropFirst()
    }.joined()
    return octets.hasPrefix("/") ? octets : "/\(octets)"
  }

  private var counting: [(key: String, value: String)] {
    let threshold = failureThreshold ?? 3
    return [("interval", "\(interval ?? 30)s"), ("rise", "\(threshold)"), ("fall", "\(threshold)")]
  }
}

/// Scalars of YAML, quoted where something else could be read.
enum YAML {
  static func text(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/": true
      default: false
      }
    }
    let startsPlain = text.unicodeScalars.first.map { !"-.".unicodeScalars.contains($0) } ?? false
    if isPlain, startsPlain, !["true", "false", "null", "yes", "no", "on", "off", "none"].contains(text.lowercased()) {
      return text
    }
    // A JSON string is a double-quoted scalar of YAML 1.2.
    return JSON.string(text).text
  }

  /// `{ a: 1, b: x }`
  static func mapping(_ keys: [(key: String, value: String)]) -> String {
    "{ " + keys.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + " }"
  }
}
