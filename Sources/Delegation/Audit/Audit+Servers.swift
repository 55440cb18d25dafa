import Wire

// MARK: - What each server says

extension Audit {
  mutating func checkAuthority() {
    for (server, why) in seen.homeless.sorted(by: { $0.key < $1.key }) {
      add(
        .error, .authority, server.shortText, "its address was not found: \(why)",
        "give it an address, or say --server \(server.shortText)=ADDRESS")
    }
    for server in seen.servers {
      check(server.udp, "UDP", server)
      check(server.tcp, "TCP", server)
    }
    if seen.servers.isEmpty, seen.homeless.isEmpty, !findings.contains(where: { $0.severity == .error }) {
      add(.error, .authority, name, "no server to ask is known", "say --server NAME=ADDRESS")
    }
    if let limit = seen.limit {
      add(
        .error, .authority, name, "not all was asked within \(limit) s: what is missing is not known",
        "look at the servers that do not answer, or give the audit more time: --limit")
    }
    let asked = seen.servers.filter { $0.udp != .noRoute }
    guard !asked.isEmpty else { return }
    addGood(.authority, name, "with authority over UDP and TCP at \(Audit.count(asked.count, "address"))")
  }

  private mutating func check(_ authority: ServerView.Authority, _ transport: String, _ server: ServerView) {
    switch authority {
    case .good: break
    case .lame(let what):
      add(
        .error, .authority, server.title, "over \(transport): \(what)", "see that it serves \(name): alula check there")
    case .silent(let why):
      add(
        .error, .authority, server.title, "over \(transport): \(why)",
        "see that it runs, and that firewall and security group let \(transport) port \(server.address.port) in")
    case .noRoute:
      if transport == "UDP" { add(.note, .authority, server.title, "not asked: this machine has no way to it") }
    }
  }

  mutating func checkSerials() {
    compare(.serial, \.serial, "SOA serial") { "\($0)" }
    let serials = heard.compactMap(\.serial)
    if let serial = serials.first {
      addGood(.serial, name, "SOA serial \(serial) at \(Audit.count(serials.count, "address"))")
    }
  }

  mutating func checkAnswers() {
    for type in [RecordType.a, .aaaa] {
      let given = heard.filter { $0.answers[type]?.isEmpty == false }
      guard let first = given.first else { continue }
      for other in given.dropFirst() { compare(first, other, type) }
      let asks = first.answers[type]?.count ?? 0
      if given.contains(where: { Set($0.answers[type] ?? []).count > 1 }) {
        add(
          .note, .answers, "\(name) \(type)",
          "the answer changes from ask to ask, as pools that choose by chance do: \(Audit.count(asks, "ask")) of each "
            + "server were compared as one set")
      }
    }
    guard let first = heard.first(where: { !$0.answers.isEmpty }) else { return }
    let all = [RecordType.a, .aaaa].map { type in "\(type) \(Audit.text(Audit.union(first, type)))" }
    addGood(
      .answers, name,
      "the same from \(Audit.count(heard.count { !$0.answers.isEmpty }, "address")): " + all.joined(separator: "; "))
  }

  private static func union(_ server: ServerView, _ type: RecordType) -> Set<IPAddress> {
    (server.answers[type] ?? []).reduce(into: []) { $0.formUnion($1) }
  }

  private mutating func compare(_ first: ServerView, _ other: ServerView, _ type: RecordType) {
    let (a, b) = (Audit.union(first, type), Audit.union(other, type))
    guard a != b else { return }
    let varies = [first, other].contains { Set($0.answers[type] ?? []).count > 1 }
    // What is drawn by lot may not have come up in a few asks.
    let severity: Finding.Severity = !varies ? .error : a.isDisjoint(with: b) ? .warning : .note
    add(
      severity, .answers, other.title,
      "\(name) \(type) is \(Audit.text(b)), but \(Audit.text(a)) at \(first.title)",
      severity == .note ? "" : "they see the sites differently, or have other pools: compare alula status on both")
  }

  mutating func checkAlias() {
    for server in heard {
      guard let alias = server.alias else { continue }
      add(
        .error, .alias, server.title, "\(name) is an alias (CNAME) of \(alias.shortText), where SOA and NS must be",
        "replace it by a pool or by A and AAAA records (RFC 1034 section 3.6.2)")
    }
    if !heard.isEmpty { addGood(.alias, name, "no CNAME at the apex") }
  }

  mutating func checkExtensions() {
    for server in heard {
      if case .bad(let what) = server.edns {
        add(.error, .edns, server.title, what, "let nothing between change or drop EDNS (RFC 6891)")
      }
      if case .bad(let what) = server.otherVersion {
        add(.warning, .edns, server.title, "EDNS version 1 \(what), not BADVERS", "replace the server or firewall")
      }
      if case .bad(let what) = server.unknownOption {
        add(.warning, .edns, server.title, "an unknown EDNS option \(what)", "replace the server or firewall")
      }
    }
    if heard.contains(where: { $0.edns == .good }) {
      addGood(.edns, name, "EDNS version 0; unknown options ignored, version 1 refused with BADVERS")
    }
  }

  mutating func checkLetterCase() {
    for server in heard {
      if case .bad(let what) = server.letterCase {
        add(
          .warning, .letterCase, server.title, "a question in mixed case \(what)",
          "replace the server or what stands before it: resolvers that mix the case of what they ask drop such answers")
      }
    }
    if heard.contains(where: { $0.letterCase == .good }) {
      addGood(.letterCase, name, "questions come back in the letters that they were asked in")
    }
  }

  mutating func checkOpenness() {
    guard !heard.isEmpty else { return }
    for server in heard where server.offersRecursion {
      add(.warning, .recursion, server.title, "it offers recursion", "turn that off: it serves those who attack others")
    }
    addGood(.recursion, name, "no server offers recursion")
    for server in heard where server.givesTransfer {
      add(
        .warning, .transfer, server.title, "it gives the whole zone to this machine by AXFR",
        "unless this is meant to be a secondary, take it out of the zone's transfer list")
    }
    addGood(.transfer, name, "no server gives this machine the zone by AXFR")
  }

  mutating func checkPlace() {
    guard !seen.localAddresses.isEmpty else { return add(.note, .place, name, "no server was asked") }
    let own = Set(seen.servers.map(\.address.address)).filter { seen.localAddresses.contains($0) || $0.isLoopback }
    let from = "looked from \(Audit.text(seen.localAddresses))"
    if own.isEmpty {
      add(.note, .place, name, "\(from); an audit on the server itself could not see a closed security group")
    } else {
      add(
        .note, .place, name,
        "\(from): on the server at \(Audit.text(own)) itself, from where a closed firewall or security group cannot be seen",
        "run the audit from another machine too")
    }
  }
}
