package import Wire

/// Turns record sets and health checks of Route 53 into a configuration and a zone file that behave the same.
package struct Importer {
  /// Becomes the zone: the hosted zone, or a name in it.
  package let zone: DomainName
  package let servers: [NameServer]
  package let serial: UInt32
  private let records: [RecordSet]
  private let all: [RecordSet]
  private var configuration = ImportedConfiguration()
  private var lines: [String] = []
  package private(set) var report = ImportReport()

  /// Files that the import gives.
  package struct Result: Sendable {
    package let configuration: String
    package let zoneFile: String
    package let report: ImportReport
  }

  package init(_ hosted: HostedZone, zone: DomainName, servers: [NameServer], serial: UInt32) {
    self.zone = zone
    self.servers = servers
    self.serial = serial
    all = hosted.records
    records = hosted.records.filter { $0.name.isAtOrBelow(zone) }
  }

  /// - Parameters:
  ///   - tags: the health checks' names by their ids.
  ///   - networks: by collection and location.
  package mutating func run(
    _ healthChecks: [HealthCheck], tags: [String: String] = [:], networks: [String: [String: [String]]] = [:],
    file: String, locations: String, origin: String
  ) -> Result {
    let used = used(healthChecks)
    let names = configuration.take(used, tags: tags, &report)
    var reader = ChoiceReader(all, checks: names, networks: networks)
    // What an export has made up is within what leads to it.
    let targets = Set(all.compactMap { $0.alias?.target })
    for name in Set(records.map(\.name)).sorted() where !(MadeGroup.isOne(name) && targets.contains(name)) {
      take(name, &reader)
    }
    report.merge(reader.report)
    let elsewhere = all.count - records.count
    if elsewhere > 0 { report.note("\(elsewhere) record sets outside \(zone.shortText)", "they stay in Route 53") }
    return Result(
      configuration: configuration.text(zone: zone, file: file, locations: locations, origin: origin),
      zoneFile: zoneFile(origin), report: report)
  }

  /// The checks that the records need, and those that these ask.
  private mutating func used(_ healthChecks: [HealthCheck]) -> [HealthCheck] {
    let byID = Dictionary(healthChecks.map { ($0.id, $0) }) { first, _ in first }
    let byName = Dictionary(grouping: all, by: \.name)
    var names = Set(records.map(\.name))
    var leads = records
    var wanted: Set<String> = []
    while let set = leads.popLast() {
      var open = [set.healthCheck].compactMap(\.self)
      while let id = open.popLast() {
        if wanted.insert(id).inserted { open += byID[id]?.children ?? [] }
      }
      if let target = set.alias?.target, names.insert(target).inserted { leads += byName[target] ?? [] }
    }
    let used = healthChecks.filter { wanted.contains($0.id) }
    if used.count < healthChecks.count {
      report.note("\(healthChecks.count - used.count) health checks", "no record taken over uses them")
    }
    return used
  }

  private mutating func take(_ name: DomainName, _ reader: inout ChoiceReader) {
    let types = Set(records.filter { $0.name == name }.map(\.type))
    takeAddresses(name, ["A", "AAAA"].filter(types.contains), &reader)
    for type in types.subtracting(["A", "AAAA"]).sorted() { takeOther(name, type, &reader) }
  }

  // MARK: - Addresses

  private mutating func takeAddresses(_ name: DomainName, _ types: [String], _ reader: inout ChoiceReader) {
    var choices: [(type: String, choice: Choice)] = []
    for type in types {
      if let choice = reader.choice(name, type) { choices.append((type, choice)) }
    }
    guard !choices.isEmpty else { return }
    if choices.allSatisfy({ $0.choice.plainAddresses != nil }) {
      for (type, choice) in choices {
        let ttl = ttls(name, [type], reader).min() ?? 60
        for address in choice.plainAddresses ?? [] { lines.append("\(name) \(ttl) IN \(type) \(address)") }
        report.map("\(name.shortText) \(type)", "records of the zone file")
      }
      return
    }
    if let cut = cut(above: name) {
      return report.gap(
        "\(name.shortText) \(types.joined(separator: " and "))",
        "it lies below the delegation of \(cut.shortText), so others answer for it: no pool can stand there")
    }
    configuration.addPool(name, ttl: poolTTL(name, types, reader), choices.map(\.choice))
    let kinds = choices.map { "\($0.type): \(ImportedConfiguration.title($0.choice))" }.joined(separator: ", ")
    report.map("\(name.shortText) \(types.joined(separator: " and "))", "pool \(name.shortText) (\(kinds))")
  }

  /// The owner of NS records between the zone's apex and a name.
  private func cut(above name: DomainName) -> DomainName? {
    records.first { $0.type == "NS" && $0.name != zone && name.isAtOrBelow($0.name) }?.name
  }

  /// Of the record sets and, as an alias has that of its target, of where they lead.
  private func ttls(_ name: DomainName, _ types: [String], _ reader: ChoiceReader) -> Set<UInt32> {
    var found: Set<UInt32> = []
    var open = types.map { (name, $0) }
    var seen: Set<DomainName> = []
    while let (next, type) = open.popLast() {
      for set in reader.sets(next, type) {
        if let ttl = set.ttl { found.insert(ttl) }
        if let alias = set.alias, seen.insert(alias.target).inserted { open.append((alias.target, type)) }
      }
    }
    return found
  }

  /// Seconds that a pool's TTL may have.
  private static var longest: UInt32 { 86400 }

  private mutating func poolTTL(_ name: DomainName, _ types: [String], _ reader: ChoiceReader) -> UInt32 {
    let found = ttls(name, types, reader)
    if found.count > 1 {
      let list = found.sorted().map(String.init).joined(separator: ", ")
      report.note("\(name.shortText)", "its record sets have different TTLs (\(list) s); the pool has the shortest")
    }
    let shortest = found.min() ?? 60
    if shortest > Self.longest {
      report.note("\(name.shortText)", "a pool's TTL is a day at most, instead of \(shortest) s")
    }
    return min(shortest, Self.longest)
  }

  // MARK: - Other records

  private mutating func takeOther(_ name: DomainName, _ type: String, _ reader: inout ChoiceReader) {
    let subject = "\(name.shortText) \(type)"
    if name == zone, ["SOA", "NS", "DS", "CNAME"].contains(type) { return takeApex(subject, type) }
    guard let recordType = RecordType(text: type) else {
      return report.gap(subject, "the type is not known here")
    }
    var sets = reader.sets(name, type)
    if sets.count > 1 || sets.first.map({ $0.routing != .simple }) ?? false {
      let healthy = representative(sets)
      report.gap(
        subject,
        "a policy for \(type) is not known here: the zone file has what \(healthy.setIdentifier ?? "the first") answers, and does not follow failures; give the name addresses of a pool instead"
      )
      sets = [healthy]
    }
    guard let set = sets.first else { return }
    guard let source = target(set, subject, reader) else {
      return report.gap(
        subject,
        "an alias of \(set.alias?.target.shortText ?? "?"), which has no such record in the hosted zone: write its records by hand"
      )
    }
    for value in source.values {
      guard let data = RecordValue.data(value, recordType) else {
        report.gap(subject, "the value \(value) is not understood: write the record by hand")
        continue
      }
      lines.append("\(name) \(source.ttl ?? 300) IN \(recordType) \(RDataFormat(recordType).text(data.rawBytes))")
    }
    if type == "SPF" {
      report.note(subject, "records of type SPF are read by nobody any more (RFC 7208 §3.1); have the text as TXT")
    }
    report.map(subject, "records of the zone file")
  }

  private mutating func takeApex(_ subject: String, _ type: String) {
    switch type {
    case "SOA", "NS": report.note(subject, "not taken over: the zone has an SOA and NS records of its own")
    case "DS": report.note(subject, "stays with the parent: see `alula route53 delegate --ds`")
    default:
      report.gap(subject, "a zone cannot have a CNAME at its apex: give the name a pool or addresses")
    }
  }

  /// What is answered while all is well.
  private func representative(_ sets: [RecordSet]) -> RecordSet {
    func rank(_ set: RecordSet) -> Int {
      switch set.routing {
      case .failover(let isPrimary): isPrimary ? 1 : 0
      case .weighted(let weight): weight
      default: 0
      }
    }
    return sets.max { rank($0) < rank($1) } ?? sets[0]
  }

  /// The records that an alias leads to.
  private mutating func target(_ set: RecordSet, _ subject: String, _ reader: ChoiceReader) -> RecordSet? {
    var set = set
    for _ in 0..<8 {
      guard let alias = set.alias else { return set }
      let sets = reader.sets(alias.target, set.type)
      guard !sets.isEmpty else { return nil }
      let next = representative(sets)
      if sets.count > 1 || next.routing != .simple {
        report.gap(
          subject,
          "its target \(alias.target.shortText) has a policy, which is not known for this type: the zone file has what \(next.setIdentifier ?? "the first") answers"
        )
      }
      set = next
    }
    return nil
  }

  // MARK: - The zone file

  private func zoneFile(_ origin: String) -> String {
    let first = servers.first?.name ?? zone
    var text = [
      "; Made by `alula route53 import` out of \(origin).",
      "\(zone) 300 IN SOA \(first) hostmaster.\(zone.isRoot ? "" : "\(zone)") \(serial) 7200 900 1209600 60",
    ]
    text += servers.map { "\(zone) 300 IN NS \($0.name)" }
    let known = Set(records.map(\.name))
    for server in servers where server.name.isAtOrBelow(zone) && !known.contains(server.name) {
      text += server.addresses.map { "\(server.name) 300 IN \($0.isIPv6 ? "AAAA" : "A") \($0)" }
    }
    return (text + lines).joined(separator: "\n") + "\n"
  }
}

extension ImportedConfiguration {
  static func title(_ choice: Choice) -> String {
    switch choice {
    case .endpoint: "one endpoint"
    case .group(let group): "\(group.policy.rawValue) of \(group.items.count)"
    }
  }
}
