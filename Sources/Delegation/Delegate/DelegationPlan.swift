import JSONFormat
package import Wire

/// What is to be delegated, and to whom.
package struct DelegationRequest: Sendable {
  package let name: DomainName
  package let servers: [NameServer]
  /// Seconds, of the NS, glue and DS records.
  package let ttl: UInt32
  /// Of the zone's own NS records, which resolvers prefer (RFC 2181 §5.4.1).
  package let ownTTL: UInt32
  /// The data of DS records as in a master file; empty: the zone is not signed.
  package let delegationSigners: [String]
  /// Whether a delegation that is there already gives way.
  package let replaces: Bool

  package init(
    name: DomainName, servers: [NameServer], ttl: UInt32 = 300, ownTTL: UInt32 = 0, delegationSigners: [String] = [],
    replaces: Bool = false
  ) {
    self.name = name
    self.servers = servers
    self.ttl = ttl
    self.ownTTL = ownTTL
    self.delegationSigners = delegationSigners
    self.replaces = replaces
  }
}

/// Why a delegation cannot be planned: everything that is in the way, not only the first thing.
package struct DelegationObstacles: Error, Equatable, Sendable, CustomStringConvertible {
  package let problems: [String]
  package var description: String { problems.joined(separator: "\n") }
}

/// The change of a hosted zone that delegates a name of it, and the change that undoes that.
///
/// What stands at and below the name is hidden by the delegation and so deleted with it, in one batch that Route 53
/// applies whole or not at all.
package struct DelegationPlan: Sendable {
  package let request: DelegationRequest
  package let zone: DomainName
  /// Record sets that the delegation hides.
  package let hidden: [RecordSet]
  package let change: ChangeBatch
  /// Restores the hidden record sets to the letter.
  package let undo: ChangeBatch
  /// Seconds: the longest that a cache may hold what is hidden.
  package let hiddenTTL: UInt32
  /// Seconds that a cache may hold that something does not exist (RFC 2308 §5); nil: the hosted zone's SOA is not known.
  package let negativeTTL: UInt32?

  package init(_ request: DelegationRequest, in hosted: HostedZone) throws(DelegationObstacles) {
    var problems: [String] = []
    guard let zone = hosted.name else {
      throw DelegationObstacles(problems: ["the records have no SOA, so they are not those of a whole hosted zone"])
    }
    problems += DelegationPlan.misplaced(request, zone)
    let hidden = hosted.records.filter { $0.name.isAtOrBelow(request.name) }
    problems += DelegationPlan.obstacles(request, hidden, hosted.records, zone)
    let added = DelegationPlan.added(request)
    let name = request.name.shortText
    change = ChangeBatch(
      comment: "Alula: delegate \(name)",
      changes: hidden.map { .init(.delete, $0.json) } + added.map { .init(.create, $0) })
    undo = ChangeBatch(
      comment: "Alula: undo the delegation of \(name)",
      changes: added.map { .init(.delete, $0) } + hidden.map { .init(.create, $0.json) })
    if !change.fits {
      problems.append(
        "\(hidden.count) record sets at and below \(name) are more than one change may have (\(ChangeBatch.mostRecords) records, \(ChangeBatch.mostCharacters) characters): delegate names below it first, or delete what nobody needs"
      )
    }
    guard problems.isEmpty else { throw DelegationObstacles(problems: problems) }
    self.request = request
    self.zone = zone
    self.hidden = hidden
    hiddenTTL = hidden.compactMap(\.ttl).max() ?? (hidden.isEmpty ? 0 : DelegationPlan.aliasTTL)
    negativeTTL = DelegationPlan.negativeTTL(hosted.records.first { $0.type == "SOA" })
  }

  /// Whether it is these record sets that it hides, and no others.
  func hides(the sets: [RecordSet]) -> Bool {
    sets.count == hidden.count && hidden.allSatisfy { set in sets.contains { $0.isSame(as: set) } }
  }

  /// Of an alias to a service of AWS, which has no TTL of its own here.
  private static var aliasTTL: UInt32 { 300 }

  private static func misplaced(_ request: DelegationRequest, _ zone: DomainName) -> [String] {
    let name = request.name.shortText
    if request.name == zone { return ["\(name) is the hosted zone itself: its delegation is the registrar's matter"] }
    guard request.name.isAtOrBelow(zone) else {
      return ["\(name) does not lie in the hosted zone \(zone.shortText), so that cannot delegate it"]
    }
    return request.name.isWildcard ? ["a wildcard cannot be delegated"] : []
  }

  private static func obstacles(
    _ request: DelegationRequest, _ hidden: [RecordSet], _ records: [RecordSet], _ zone: DomainName
  ) -> [String] {
    var problems: [String] = []
    if request.servers.count < 2 { problems.append("a delegation needs two servers at the least (RFC 1034 §4.1)") }
    if !request.replaces, let other = hidden.first(where: { $0.type == "NS" && $0.name == request.name }) {
      problems.append(
        "\(request.name.shortText) is delegated already, to \(other.values.joined(separator: ", ")): --replace takes that back"
      )
    }
    for set in records where !set.name.isAtOrBelow(request.name) {
      if set.type == "NS", set.name != zone, request.name.isAtOrBelow(set.name) {
        problems.append(
          "\(set.name.shortText) is delegated to \(set.values.joined(separator: ", ")), and with it \(request.name.shortText)"
        )
      }
      if let alias = set.alias, alias.target.isAtOrBelow(request.name) {
        problems.append(
          "\(set.title) is an alias of \(alias.target.shortText), which the delegation takes out of the hosted zone: give it records of its own first"
        )
      }
    }
    for set in hidden {
      if case .trafficPolicy(let instance) = set.routing {
        problems.append("\(set.title) is made by the traffic policy instance \(instance): delete that first")
      }
    }
    return problems + request.servers.flatMap { obstacles(to: $0, request, records, zone) }
  }

  private static func obstacles(
    to server: NameServer, _ request: DelegationRequest, _ records: [RecordSet], _ zone: DomainName
  ) -> [String] {
    let name = server.name.shortText
    if server.name.isAtOrBelow(request.name) {
      return server.addresses.isEmpty
        ? ["\(name) lies at or below the delegated name: say --server \(name)=ADDRESS"] : []
    }
    guard server.name.isAtOrBelow(zone) else { return [] }
    let own = records.filter { $0.name == server.name && ($0.type == "A" || $0.type == "AAAA") }
    return own.isEmpty ? ["\(name) has no address in the hosted zone: add an A record there first"] : []
  }

  // MARK: - What is added

  private static func added(_ request: DelegationRequest) -> [JSON] {
    let names = request.servers.map(\.name).sorted()
    var sets = [set(request.name, "NS", request.ttl, names.map(Route53Name.text))]
    for server in request.servers.sorted(by: { $0.name < $1.name }) where server.name.isAtOrBelow(request.name) {
      for (type, isIPv6) in [("A", false), ("AAAA", true)] {
        let addresses = server.addresses.filter { $0.isIPv6 == isIPv6 }
        if !addresses.isEmpty { sets.append(set(server.name, type, request.ttl, addresses.map { "\($0)" })) }
      }
    }
    if !request.delegationSigners.isEmpty {
      sets.append(set(request.name, "DS", request.ttl, request.delegationSigners))
    }
    return sets
  }

  private static func set(_ name: DomainName, _ type: String, _ ttl: UInt32, _ values: [String]) -> JSON {
    .object([
      "Name": .string(Route53Name.text(name)), "Type": .string(type), "TTL": .integer(ttl),
      "ResourceRecords": .array(values.map { .object(["Value": .string($0)]) }),
    ])
  }

  private static func negativeTTL(_ start: RecordSet?) -> UInt32? {
    guard let start, let ttl = start.ttl, let value = start.values.first,
      let data = RecordValue.data(value, .soa)
    else { return nil }
    return min(ttl, data.suffix(4).reduce(0) { $0 << 8 | UInt32($1) })
  }
}
