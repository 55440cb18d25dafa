import Wire

/// Draws the findings from what was seen. Asks nobody.
package struct Audit: Sendable {
  package let seen: Observations
  private(set) var findings: [Finding] = []

  /// The gravest first; among equals, in the order of the checks.
  package static func findings(_ seen: Observations) -> [Finding] {
    var audit = Audit(seen: seen)
    audit.checkParents()
    audit.checkNameServers()
    audit.checkGlue()
    audit.checkAuthority()
    audit.checkSerials()
    audit.checkAnswers()
    audit.checkSigners()
    audit.checkTimes()
    audit.checkAlias()
    audit.checkExtensions()
    audit.checkLetterCase()
    audit.checkCount()
    audit.checkOpenness()
    audit.checkPlace()
    let order: [Finding.Severity] = [.error, .warning, .note, .ok]
    return order.flatMap { severity in audit.findings.filter { $0.severity == severity } }
  }

  init(seen: Observations) { self.seen = seen }

  mutating func add(
    _ severity: Finding.Severity, _ check: Finding.Check, _ place: String, _ what: String, _ remedy: String = ""
  ) {
    findings.append(Finding(severity, check, place, what, remedy: remedy))
  }

  /// Says that all is well if the check has found nothing worse than a note.
  mutating func addGood(_ check: Finding.Check, _ place: String, _ what: String) {
    if !findings.contains(where: { $0.check == check && $0.severity != .note }) { add(.ok, check, place, what) }
  }

  // MARK: - Words

  var name: String { seen.name.shortText }
  var delegating: [ParentView] { seen.parents.filter { $0.outcome == .delegates } }
  var heard: [ServerView] { seen.servers.filter(\.isHeard) }

  /// What the parent lists; where its servers disagree, all of it.
  var listed: Set<DomainName> { Set(delegating.flatMap(\.nameServers)) }

  static func text(_ names: some Collection<DomainName>) -> String {
    names.isEmpty ? "none" : names.sorted().map(\.shortText).joined(separator: ", ")
  }

  static func text(_ addresses: some Collection<IPAddress>) -> String {
    addresses.isEmpty ? "none" : addresses.map(\.description).sorted().joined(separator: ", ")
  }

  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
  }
}

// MARK: - The delegation

extension Audit {
  mutating func checkParents() {
    if let trouble = seen.parentTrouble {
      add(.error, .parent, name, trouble, "say --parent ADDRESS of one of the parent's servers, or --resolver ADDRESS")
    }
    for parent in seen.parents {
      switch parent.outcome {
      case .delegates: break
      case .servesChild:
        add(
          .note, .parent, parent.title,
          "it serves \(name) itself, so the parent's own NS records and glue cannot be seen there")
      case .refuses(let what):
        add(.error, .parent, parent.title, what, "add NS records for \(name) to the parent zone")
      case .stranger(let what):
        add(.error, .parent, parent.title, what, "say --parent ADDRESS of a server of the zone that delegates \(name)")
      case .silent(let why): add(.error, .parent, parent.title, why, "see that the parent's server is up")
      case .noRoute: add(.note, .parent, parent.title, "not asked: this machine has no way to it")
      }
    }
    guard let first = delegating.first else { return }
    for other in delegating.dropFirst() where other.nameServers != first.nameServers {
      add(
        .error, .parent, other.title,
        "it lists \(Audit.text(other.nameServers)), but \(first.title) lists \(Audit.text(first.nameServers))",
        "wait until the change is on all of the parent's servers, then see why it is not")
    }
    addGood(
      .parent, name,
      "delegated to \(Audit.text(first.nameServers)) by \(Audit.count(delegating.count, "server")) of the parent")
  }

  mutating func checkNameServers() {
    for server in heard {
      guard let own = server.nameServers else { continue }
      if own.isEmpty {
        add(.error, .nsSet, server.title, "the zone has no NS records", "add them to the zone")
      }
      guard !delegating.isEmpty, !own.isEmpty else { continue }
      let (missing, surplus) = (listed.subtracting(own), own.subtracting(listed))
      if !missing.isEmpty {
        add(
          .error, .nsSet, server.title, "the parent lists \(Audit.text(missing)), which the zone's NS records do not",
          "make both the same")
      }
      if !surplus.isEmpty {
        add(
          .error, .nsSet, server.title, "the zone's NS records list \(Audit.text(surplus)), which the parent does not",
          "make both the same")
      }
    }
    compare(.nsSet, \.nameServers, "NS records", Audit.text)
    for server in seen.unlisted {
      add(.warning, .nsSet, server.shortText, "--server names it, but it is in no NS set", "correct the name")
    }
    if !delegating.isEmpty, heard.contains(where: { $0.nameServers != nil }) {
      addGood(.nsSet, name, "parent and zone list the same servers")
    }
  }

  /// That all servers say the same of one thing.
  mutating func compare<Value: Equatable>(
    _ check: Finding.Check, _ path: KeyPath<ServerView, Value?>, _ noun: String, _ text: (Value) -> String
  ) {
    guard let first = heard.first(where: { $0[keyPath: path] != nil }), let wanted = first[keyPath: path] else {
      return
    }
    for other in heard {
      guard let value = other[keyPath: path], value != wanted else { continue }
      add(
        .error, check, other.title, "\(noun) \(text(value)), but \(text(wanted)) at \(first.title)",
        "see that both serve the same zone file, and that the last reload succeeded on both")
    }
  }

  mutating func checkGlue() {
    let inside = listed.filter { $0.isAtOrBelow(seen.name) }
    for server in inside.sorted() {
      let own = heard.reduce(into: Set<IPAddress>()) { $0.formUnion($1.hosts?[server] ?? []) }
      for parent in delegating where parent.nameServers.contains(server) {
        check(glue: parent.glue[server] ?? [], of: server, own, parent)
      }
    }
    if inside.isEmpty, !delegating.isEmpty {
      add(.ok, .glue, name, "no server lies below \(name), so none needs glue")
    } else if heard.contains(where: { $0.hosts != nil }) {
      compare(.glue, \.hosts, "its own servers' addresses are") { hosts in
        hosts.sorted { $0.key < $1.key }.map { "\($0.key.shortText) \(Audit.text($0.value))" }.joined(separator: ", ")
      }
      addGood(.glue, name, "the parent's glue is what the zone says")
    }
  }

  private mutating func check(
    glue: Set<IPAddress>, of server: DomainName, _ own: Set<IPAddress>, _ parent: ParentView
  ) {
    let text = server.shortText
    if glue.isEmpty {
      return add(
        .error, .glue, parent.title, "no glue for \(text), so no resolver can find it",
        own.isEmpty ? "add its addresses to the parent zone" : "add \(Audit.text(own)) to the parent zone")
    }
    guard heard.contains(where: { $0.hosts != nil }) else { return }
    if own.isEmpty {
      return add(
        .error, .glue, text, "the zone has no address for its own server", "add \(Audit.text(glue)) to the zone")
    }
    let (surplus, missing) = (glue.subtracting(own), own.subtracting(glue))
    if !surplus.isEmpty {
      add(
        .error, .glue, parent.title, "glue of \(text) is \(Audit.text(glue)), the zone says \(Audit.text(own))",
        "correct whichever is wrong")
    } else if !missing.isEmpty {
      add(
        .warning, .glue, parent.title, "glue of \(text) lacks \(Audit.text(missing)), which the zone has",
        "add it to the parent zone")
    }
  }

  mutating func checkCount() {
    let names = listed.union(heard.flatMap { $0.nameServers ?? [] })
    guard !names.isEmpty else { return }
    if names.count < 2 {
      add(.warning, .count, name, "one name server: when it is down, so is the name", "add a second one elsewhere")
    }
    let addresses = Set(seen.servers.map(\.address))
    if names.count > 1, addresses.count == 1 {
      add(
        .warning, .count, name, "all name servers have the one address \(addresses.first?.address.description ?? "")",
        "give each its own machine")
    } else if addresses.count > 1, Set(addresses.map { Audit.network($0.address) }).count == 1 {
      add(
        .warning, .count, name, "all name servers are in \(Audit.network(addresses.first?.address ?? .v4(0)))",
        "put one into another network (RFC 2182 section 3.1)")
    }
    if seen.skipped > 0 {
      add(
        .note, .count, name, "\(Audit.count(seen.skipped, "address")) more were not asked: an audit asks 16 of a kind")
    }
    addGood(.count, name, "\(Audit.count(names.count, "server")), at \(Audit.count(addresses.count, "address"))")
  }

  private static func network(_ address: IPAddress) -> IPPrefix {
    IPPrefix(masking: address, length: address.isIPv6 ? 48 : 24)
  }
}
