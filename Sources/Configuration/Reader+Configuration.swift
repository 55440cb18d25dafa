import Diagnostics

extension Reader {
  /// The whole configuration, in the order in which its parts refer to each other.
  mutating func configuration(_ root: Node) -> Configuration {
    var result = Configuration()
    guard let fields = fields(root, .root, at: root.position) else { return result }
    result.server = server(fields["server"])
    result.control = fields["control"].flatMap { control($0) }
    result.log = log(fields["log"])
    result.state = file(fields["state"])
    result.stateAge = duration(fields["state-age"], in: .zero ... .seconds(604_800)) ?? result.stateAge
    result.onChange = fields["on-change"].flatMap { onChange($0) }
    result.locationDatabase = file(fields["location-database"])
    result.keys = keys(fields["keys"])
    result.peers = peers(fields["peers"], keys: result.keys)
    let zones = required("zones", of: fields, "a configuration", example: "{ app.example.com: { file: FILE } }")
    result.zones = self.zones(zones, keys: result.keys)

    let defaults = fields["defaults"].flatMap { self.fields($0, .defaults, at: $0.position) }
    let checkDefaults = defaults?["check"].flatMap { self.fields($0, .check, at: $0.position) }.map { checkDraft($0) }
    let poolDefaults = defaults?["pool"].flatMap { self.fields($0, .poolDefaults, at: $0.position) }
    let checks = checks(fields["checks"], defaults: checkDefaults ?? CheckDraft())
    let scope = PoolScope(
      checks: checks, endpoints: endpoints(fields["endpoints"], checks: checks),
      groups: named(fields["groups"], "`groups`"),
      hasLocations: fields["location-database"] != nil,
      defaults: poolDefaults.map { poolDraft($0, checks: checks) } ?? PoolDraft())
    result.pools = pools(fields["pools"], in: scope)
    groups(in: scope)
    result.blastRadius = blastRadius(fields["blast-radius"], result.pools)
    result.canaries = canaries(fields["canaries"], in: scope)
    result.checks = checks.inOrder
    result.endpoints = scope.endpoints.inOrder.map { Configuration.Endpoint(name: $0.name, addresses: $0.addresses) }
    checkOwners(zones: result.zones, complete: result.zones.count == names(zones).count)
    noteUnused(scope)
    return result
  }

  /// The entries of a mapping of names that the operator chose, such as `checks`.
  mutating func named(_ node: Node?, _ title: String) -> [Node.Entry] {
    guard let node else { return [] }
    return entries(node, of: title) ?? []
  }

  /// The names that a section declares, right or wrong.
  func names(_ node: Node?) -> [String] {
    guard case .mapping(let entries)? = node?.content else { return [] }
    return entries.map(\.key)
  }
}

/// Things declared under names: also those with something wrong are known, so that a reference to
/// one of them is not a second error.
struct Declared<Value> {
  private var values: [String: Value?] = [:]
  private(set) var names: [String] = []

  mutating func declare(_ name: String, _ value: Value?) {
    values[name] = .some(value)
    names.append(name)
  }

  func contains(_ name: String) -> Bool { values[name] != nil }
  subscript(name: String) -> Value? { values[name] ?? nil }
  var inOrder: [Value] { names.compactMap { self[$0] } }
}
