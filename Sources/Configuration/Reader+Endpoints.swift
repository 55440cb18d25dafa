import Diagnostics
import Wire

/// An endpoint before a pool uses it.
struct EndpointDraft {
  let name: Placed<String>
  let addresses: [Placed<IPAddress>]
  let settings: MemberSettings
}

/// What an endpoint says about its checks; a key that is nil leaves the matter to the next.
struct MemberSettings {
  var checks: [Placed<String>]?
  var port: UInt16?
  var weight: Int?
  var probed: Probed?
  var host: String?

  /// What is probed instead of the endpoint's addresses.
  enum Probed {
    case address(IPAddress)
    /// Looked up for each attempt.
    case name(String)
  }

  /// These settings, and where they leave something open those of `other`.
  func over(_ other: MemberSettings) -> MemberSettings {
    MemberSettings(
      checks: checks ?? other.checks, port: port ?? other.port, weight: weight ?? other.weight,
      probed: probed ?? other.probed, host: host ?? other.host)
  }
}

extension Reader {
  mutating func endpoints(
    _ node: Node?, checks: Declared<Configuration.Check>
  ) -> Declared<EndpointDraft> {
    var endpoints = Declared<EndpointDraft>()
    for entry in named(node, "`endpoints`") {
      let name = identifier(entry.key, at: entry.position)
      let fields = fields(entry.value, .endpoint, at: entry.position)
      endpoints.declare(
        entry.key, name.flatMap { name in fields.flatMap { endpoint(name, $0, checks: checks) } })
    }
    return endpoints
  }

  /// An endpoint from its keys, in `endpoints:` or inline in a pool.
  mutating func endpoint(
    _ name: Placed<String>, _ fields: Fields, checks: Declared<Configuration.Check>
  ) -> EndpointDraft? {
    let settings = memberSettings(fields, checks: checks)
    let node = required("address", of: fields, "the endpoint `\(name.value)`", example: "203.0.113.10")
    let addresses = self.addresses(node)
    return addresses.isEmpty ? nil : EndpointDraft(name: name, addresses: addresses, settings: settings)
  }

  mutating func addresses(_ node: Node?) -> [Placed<IPAddress>] {
    guard let node else { return [] }
    let items = list(node)
    if items.isEmpty, !node.isNull { mismatch(node, expected: "at least one IP address") }
    var result: [Placed<IPAddress>] = []
    for item in items {
      guard let address = hostAddress(item) else { continue }
      if result.contains(where: { $0.value == address.value }) {
        error(item.position, "`address`: \(address.value) is here twice: remove one of the two")
      } else {
        result.append(address)
      }
    }
    return result
  }

  /// An address that one machine can have and others can reach.
  private mutating func hostAddress(_ node: Node) -> Placed<IPAddress>? {
    guard let address = address(node) else { return nil }
    let trouble: String? =
      switch address.value {
      case _ where address.value.isUnspecified: "stands for every address"
      case .v4(let value) where value >> 28 == 0xE: "is a multicast address"
      case .v4(.max): "is the broadcast address"
      case .v6(let high, _) where high >> 56 == 0xFF: "is a multicast address"
      case .v6(let high, _) where high >> 54 == 0x3FA: "is link-local: it means nothing on another link"
      case .v6(0, let low) where low >> 32 == 0xFFFF:
        "is an IPv4 address in disguise: write \(IPAddress.v4(UInt32(truncatingIfNeeded: low)))"
      default: nil
      }
    guard let trouble else { return address }
    error(node.position, "\(address.value) \(trouble); an address of one machine is expected")
    return nil
  }

  mutating func probed(_ node: Node) -> MemberSettings.Probed? {
    // What looks like a name but not like an attempt at an address.
    if case .scalar(let text, _) = node.content, Reader.isHostName(text), IPAddress(text) == nil,
      text.utf8.contains(where: { (0x41...0x7A).contains($0) })
    {
      return .name(text)
    }
    return hostAddress(node).map { .address($0.value) }
  }

  mutating func memberSettings(_ fields: Fields, checks: Declared<Configuration.Check>) -> MemberSettings {
    var settings = MemberSettings()
    settings.checks = checkNames(fields["check"], among: checks)
    settings.port = port(fields["port"])
    settings.weight = integer(fields["weight"], in: 0...1_048_575)
    guard let node = fields["probe"], let probe = self.fields(node, .probe, at: node.position) else { return settings }
    settings.probed = probe["address"].flatMap { probed($0) }
    settings.port = port(probe["port"]) ?? settings.port
    settings.host = probe["host"].flatMap { host($0) }
    return settings
  }

  /// The checks named by a `check` key: one, a list, or `none`; nil where the key is not written.
  mutating func checkNames(
    _ node: Node?, among checks: Declared<Configuration.Check>
  ) -> [Placed<String>]? {
    guard let node else { return nil }
    if case .scalar("none", _) = node.content { return [] }
    let items = list(node)
    if items.isEmpty, !node.isNull { mismatch(node, expected: "the name of a check, a list of them, or `none`") }
    var names: [Placed<String>] = []
    for item in items {
      guard let name = text(item, expected: "the name of a check") else { continue }
      if !checks.contains(name) {
        error(item.position, unknown("check", name, among: checks.names))
      } else if names.contains(where: { $0.value == name }) {
        error(item.position, "the check `\(name)` is here twice: remove one of the two")
      } else {
        names.append(Placed(name, at: item.position))
        used.insert("checks.\(name)")
      }
    }
    return names
  }

  func unknown(_ kind: String, _ name: String, among names: [String]) -> String {
    let near = suggestion(for: name, among: names)
    return "there is no \(kind) `\(shown(name))`: " + (near.map { "did you mean `\($0)`?" } ?? "add it to `\(kind)s:`")
  }
}
