import Assembly
import JSONFormat
import Memory
import Sockets
package import Wire
import Zone

/// `alula route53 delegate`: plans, asks the servers, shows, and applies if told to.
package struct DelegateTool: Sendable {
  package var name = DomainName.root
  package var config = ""
  package var source = Source()
  /// Addresses that are asked and, where glue is needed, told, by server; more than the zone file says.
  package var servers: [(name: DomainName, address: SocketAddress)] = []
  package var ttl: UInt32 = 300
  package var delegationSigners: [String] = []
  package var replaces = false
  package var acceptsDifferences = false
  package var undoFile = ""
  package var applies = false
  package var json = false
  /// Nanoseconds, for each question to a server.
  package var timeout: UInt64 = 2_000_000_000
  let voice: Voice

  package init(_ voice: Voice) { self.voice = voice }

  /// - Returns: the exit status.
  package func run() -> Int32 {
    voice.run { () throws(Source.Failure) in
      try delegate()
      return 0
    }
  }

  private func delegate() throws(Source.Failure) {
    if applies, undoFile.isEmpty {
      throw Source.Failure("say --undo-file FILE: nothing is applied without the way back")
    }
    if applies, source.zoneID == nil { throw Source.Failure("--apply needs --zone-id ID") }
    let assembled = try voice.assemble(config)
    guard let index = assembled.index(ofZone: name) else {
      throw Source.Failure("\(config) has no zone \(name.shortText): the delegated name must be a zone of its own")
    }
    let zone = assembled.zones[index]
    let hosted = try source.hostedZone()
    let request = try request(zone)
    let plan: DelegationPlan
    do throws(DelegationObstacles) { plan = try DelegationPlan(request, in: hosted) } catch {
      throw Source.Failure("\(error)")
    }
    show(plan)
    try check(plan, hosted)
    voice.say(DelegationSteps(plan).text)
    if json || !applies { voice.give(plan.change.json.prettyText) }
    if undoFile.isEmpty { return }
    try keepUndo(plan.undo.json.prettyText + "\n")
    voice.say("The way back is in \(undoFile): alula route53 delegate --undo \(undoFile) --zone-id ID --apply")
    if applies { try apply(plan) }
  }

  /// A dry run may have made the file already: with the same content it is the one.
  private func keepUndo(_ text: String) throws(Source.Failure) {
    if let known = try? Source.read([undoFile]).first, known.text == Array(text.utf8) { return }
    do throws(FileError) { try FileOutput.create(text, at: undoFile) } catch {
      throw Source.Failure("the undo file cannot be written, so nothing is applied: \(error)")
    }
  }

  private func apply(_ plan: DelegationPlan) throws(Source.Failure) {
    guard let id = source.zoneID else { throw Source.Failure("--apply needs --zone-id ID") }
    // Somebody may have changed the zone while this one was looked at, or the files may be of another one.
    var live = source
    live.records = []
    let hosted = try live.hostedZone()
    let now: DelegationPlan
    do throws(DelegationObstacles) { now = try DelegationPlan(plan.request, in: hosted) } catch {
      throw Source.Failure("the hosted zone has changed meanwhile, so nothing is applied: \(error)")
    }
    guard now.hides(the: plan.hidden) else {
      throw Source.Failure("the hosted zone has changed meanwhile: nothing is applied, try again")
    }
    try Applying(source.aws, zoneID: id, say: voice.say).apply(plan.change)
  }

  /// The servers are those of the zone's own NS records: parent and child must say the same.
  private func request(_ zone: BuiltZone) throws(Source.Failure) -> DelegationRequest {
    guard case .records(let apex) = zone.zone.value.place(name) else { throw Source.Failure("no apex") }
    let names = apex.filter { $0.type == .ns }.compactMap { DomainName(wire: $0.data) }
    for server in servers where !names.contains(server.name) {
      throw Source.Failure(
        "\(server.name.shortText) is none of the zone's servers; its NS records name "
          + names.map(\.shortText).joined(separator: ", "))
    }
    let all = names.map { server in
      NameServer(name: server, addresses: addresses(of: server, zone))
    }
    let keys = apex.filter { $0.type == RecordType(48) && DelegationSigner.isEntryPoint($0.data) }
    var signers = delegationSigners
    if let bad = signers.first(where: { RecordValue.data($0, .ds) == nil }) {
      throw Source.Failure("`\(bad)` is no data of a DS record, such as \"12345 13 2 0A1B…\"")
    }
    if signers.isEmpty, zone.zone.value.isSigned {
      signers = keys.compactMap { DelegationSigner.data(name, $0.data) }.map { RDataFormat(.ds).text($0.rawBytes) }
      if signers.isEmpty {
        throw Source.Failure("the zone is signed, but has no key that parents point to (flags 257): say --ds DATA")
      }
    }
    let own = apex.filter { $0.type == .ns }.map(\.ttl).min() ?? 0
    return DelegationRequest(
      name: name, servers: all, ttl: ttl, ownTTL: own, delegationSigners: signers, replaces: replaces)
  }

  private func addresses(of server: DomainName, _ zone: BuiltZone) -> [IPAddress] {
    let given = servers.filter { $0.name == server }.map(\.address.address)
    guard given.isEmpty, server.isAtOrBelow(name), case .records(let records) = zone.zone.value.place(server) else {
      return given
    }
    return records.compactMap { IPAddress(record: $0) }
  }

  // MARK: - Asking the servers

  /// Nobody is sent to a server that does not answer, or not the same as before.
  private func check(_ plan: DelegationPlan, _ hosted: HostedZone) throws(Source.Failure) {
    let expected = ExpectedAnswer.all(plan.hidden, in: hosted.records, below: name)
    let check = ServerCheck(zone: name, expected: expected, timeout: timeout)
    var failures: [String] = []
    var differences: [String] = []
    for (server, address) in try places(plan.request) {
      let result = check.run(server, address)
      let title = "\(server.shortText) at \(address)"
      if result.failures.isEmpty {
        voice.say(
          "  \(title): with authority, over UDP and TCP; \(result.compared) answers asked for, \(result.differences.count) differ"
        )
      }
      failures += result.failures.map { "\(title): \($0)" }
      differences += result.differences.map { "\(title): \($0)" }
      for text in result.unknown { voice.say("  \(title): cannot be compared: \(text)") }
    }
    for text in failures + differences { voice.say("  \(text)") }
    guard failures.isEmpty else {
      throw Source.Failure("a server of the delegation does not answer as it must: nothing is changed")
    }
    if !differences.isEmpty, !acceptsDifferences {
      throw Source.Failure(
        "the servers answer otherwise than the hosted zone does today: mend that, or say --accept-differences")
    }
  }

  private func places(_ request: DelegationRequest) throws(Source.Failure) -> [(DomainName, SocketAddress)] {
    voice.say("Servers:")
    var places: [(DomainName, SocketAddress)] = []
    for server in request.servers {
      let given = servers.filter { $0.name == server.name }.map(\.address)
      let known = given.isEmpty ? server.addresses.map { SocketAddress($0, port: 53) } : given
      if !known.isEmpty {
        places += known.map { (server.name, $0) }
        continue
      }
      switch HostLookup(server.name.shortText) {
      case .addresses(let found): places += found.map { (server.name, SocketAddress($0, port: 53)) }
      case .none(let why), .trouble(let why):
        throw Source.Failure(
          "\(server.name.shortText) has no address (\(why)): say --server \(server.name.shortText)=ADDRESS")
      }
    }
    return places
  }

  private func show(_ plan: DelegationPlan) {
    voice.say(
      "Hosted zone \(plan.zone.shortText), \(plan.hidden.count) record sets at and below \(name.shortText), which the delegation hides:"
    )
    for set in plan.hidden { voice.say("  - \(set.title): \(set.outline)") }
    voice.say("What is there instead:")
    for change in plan.change.changes where change.action == .create {
      if let set = try? RecordSet(Shape(change.record, "")) { voice.say("  + \(set.title): \(set.outline)") }
    }
  }
}

extension IPAddress {
  /// Of an A or AAAA record.
  init?(record: ZoneRecord) {
    let octets = record.data
    func number(_ range: Range<Int>) -> UInt64 { octets[range].reduce(0) { $0 << 8 | UInt64($1) } }
    switch (record.type, octets.count) {
    case (.a, 4): self = .v4(UInt32(number(0..<4)))
    case (.aaaa, 16): self = .v6(number(0..<8), number(8..<16))
    default: return nil
    }
  }
}

extension RecordSet {
  /// For messages: what it answers, and by what rule.
  var outline: String {
    let content = alias.map { "alias of \($0.target.shortText)" } ?? values.joined(separator: ", ")
    let rule: String? =
      switch routing {
      case .simple: nil
      case .failover(let isPrimary): isPrimary ? "failover, primary" : "failover, secondary"
      case .weighted(let weight): "weight \(weight)"
      case .multivalue: "multivalue"
      case .geolocation: "by location"
      case .latency(let region): "by latency, \(region)"
      case .network(_, let location): "by client network, \(location)"
      case .geoproximity: "by proximity"
      case .trafficPolicy(let instance): "of traffic policy instance \(instance)"
      }
    let parts = [content, ttl.map { "TTL \($0)" }, rule, healthCheck.map { "health check \($0)" }]
    return parts.compactMap(\.self).joined(separator: "; ")
  }
}
