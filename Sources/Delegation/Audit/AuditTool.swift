import Assembly
import Configuration
import Diagnostics
import Failover
import JSONFormat
import Memory
import Rehearsal
import Sockets
package import Wire

/// `alula audit`: asks the parent's servers and the name's own, and says what it found.
package struct AuditTool: Sendable {
  package let name: DomainName
  /// Of the parent; empty: found by the resolver.
  package var parents: [SocketAddress] = []
  /// Where to ask a server instead of at its address in the DNS.
  package var servers: [(name: DomainName, address: SocketAddress)] = []
  /// Nil: those of /etc/resolv.conf.
  package var resolver: SocketAddress?
  /// Which the recovery time is taken from, unless it is given.
  package var config: String?
  package var recovery: Duration?
  package var patience = Patience()
  /// Nanoseconds, of the whole audit.
  package var limit: UInt64 = 60_000_000_000
  package var isStrict = false
  package var json = false
  package let say: @Sendable (String) -> Void
  package let give: @Sendable (String) -> Void

  /// - Parameters:
  ///   - say: takes whole lines for people about what keeps the audit from being made.
  ///   - give: takes the findings.
  package init(
    _ name: DomainName, say: @escaping @Sendable (String) -> Void, give: @escaping @Sendable (String) -> Void
  ) {
    self.name = name
    self.say = say
    self.give = give
  }

  /// - Returns: the exit status: 1 when anything is an error, with `isStrict` also when anything is a warning.
  package func run() -> Int32 {
    var seen = Observations(name)
    guard let goal = recoveryGoal() else { return 1 }
    seen.recovery = goal
    observe(&seen)
    let findings = Audit.findings(seen)
    show(findings, seen)
    let isBad = findings.contains { $0.severity == .error || isStrict && $0.severity == .warning }
    return isBad ? 1 : 0
  }

  /// Nil when the configuration cannot be used, which has been said.
  private func recoveryGoal() -> RecoveryGoal? {
    guard let config else { return RecoveryGoal(time: recovery) }
    var problems = ProblemList()
    guard let assembled = Assembler.assemble(config, at: Clock.seconds(), problems: &problems) else {
      for problem in problems.listed where problem.severity == .error { say("\(problem)") }
      return nil
    }
    let settings = assembled.health.settings
    let indices = assembled.configuration.pools.indices.filter { index in
      assembled.configuration.pools[index].owners.contains { $0.value.isAtOrBelow(name) }
    }
    if indices.isEmpty { say("\(config) has no pool at or below \(name.shortText): it declares no recovery time") }
    let promised = indices.compactMap { settings.pools[$0].recoveryTime }.min()
    let detection = indices.compactMap { index in
      let budget = Budget(settings, pool: index)
      return budget.detection.map { $0 + budget.publication }
    }.max()
    return RecoveryGoal(time: recovery ?? promised, detection: detection)
  }

  private func show(_ findings: [Finding], _ seen: Observations) {
    let count = { severity in findings.count { $0.severity == severity } }
    let (errors, warnings) = (count(.error), count(.warning))
    guard json else {
      for finding in findings { give(finding.text) }
      return give("\(name.shortText): \(Audit.count(errors, "error")), \(Audit.count(warnings, "warning"))")
    }
    let places = seen.localAddresses.map(\.description).sorted().map { JSON.string($0) }
    give(
      JSON.object([
        "name": .string(name.shortText), "from": .array(places), "errors": .integer(errors),
        "warnings": .integer(warnings), "findings": .array(findings.map(\.json)),
      ]).prettyText)
  }
}

// MARK: - Asking

extension AuditTool {
  private func observe(_ seen: inout Observations) {
    var patience = self.patience
    patience.deadline = Clock.monotonic() + limit
    let resolver =
      self.resolver.map { Resolver([$0], patience) } ?? Resolver(file: "/etc/resolv.conf", patience)
    let above = parentAddresses(resolver, &seen)
    seen.parents = inParallel(above) { [name, patience] in
      ParentQuestions(name, $0.title, $0.address, patience).run()
    }
    let told = Set(servers.map(\.name))
    let listed = seen.parents.reduce(into: told) { $0.formUnion($1.nameServers) }
    ask(listed, resolver, &seen)
    // Those that only the zone itself knows.
    let own = seen.servers.reduce(into: Set<DomainName>()) { $0.formUnion($1.nameServers ?? []) }
    ask(own.subtracting(listed), resolver, &seen)
    let known = seen.parents.reduce(into: own) { $0.formUnion($1.nameServers) }
    seen.unlisted = known.isEmpty ? [] : told.subtracting(known).sorted()
    if patience.isOver { seen.limit = limit / 1_000_000_000 }
    seen.localAddresses = Set(
      (above.map(\.address) + seen.servers.map(\.address)).compactMap { address in
        try? DatagramClient.localAddress(to: address)
      })
  }

  private typealias Place = (title: String, address: SocketAddress)

  private func parentAddresses(_ resolver: Resolver, _ seen: inout Observations) -> [Place] {
    guard parents.isEmpty else { return parents.map { ("\($0)", $0) } }
    let (names, trouble) = resolver.parent(of: name)
    var places: [Place] = []
    for server in names.prefix(AuditLimits.servers) {
      for address in resolver.addresses(server).addresses.prefix(AuditLimits.servers) {
        places.append(("\(server.shortText) (\(address))", SocketAddress(address, port: 53)))
      }
    }
    if places.isEmpty {
      seen.parentTrouble = trouble.isEmpty ? "none of the parent's servers has an address: \(resolver.text)" : trouble
    }
    return places
  }

  private func ask(_ names: Set<DomainName>, _ resolver: Resolver, _ seen: inout Observations) {
    var places: [(name: DomainName, address: SocketAddress)] = []
    for server in names.sorted().prefix(AuditLimits.servers) {
      let (addresses, trouble) = addresses(server, resolver, seen)
      if addresses.isEmpty { seen.homeless[server] = trouble }
      places += addresses.prefix(AuditLimits.servers).map { (server, $0) }
      seen.skipped += max(0, addresses.count - AuditLimits.servers)
    }
    seen.skipped += max(0, names.count - AuditLimits.servers)
    let inside = seen.parents.reduce(into: Set<DomainName>()) { $0.formUnion($1.nameServers) }
      .filter { $0.isAtOrBelow(name) }
    seen.servers += inParallel(places) { [name, patience = resolver.patience] in
      ServerQuestions(name, $0.name, $0.address, inside: inside, patience).run()
    }
  }

  /// Given by the operator, else by the parent's glue, by the zone itself, or by the resolver.
  private func addresses(
    _ server: DomainName, _ resolver: Resolver, _ seen: Observations
  ) -> (addresses: [SocketAddress], trouble: String) {
    let given = servers.filter { $0.name == server }.map(\.address)
    if !given.isEmpty { return (given, "") }
    var known = seen.parents.reduce(into: Set<IPAddress>()) { $0.formUnion($1.glue[server] ?? []) }
    if server.isAtOrBelow(name) {
      for view in seen.servers { known.formUnion(view.hosts?[server] ?? []) }
      let isDelegated = seen.parents.contains { $0.outcome == .delegates }
      if known.isEmpty, isDelegated { return ([], "it lies below \(name.shortText), and there is no glue for it") }
    }
    if !known.isEmpty {
      return (known.map { SocketAddress($0, port: 53) }.sorted { $0.description < $1.description }, "")
    }
    let (found, trouble) = resolver.addresses(server)
    return (found.map { SocketAddress($0, port: 53) }, trouble)
  }

  /// Each on a thread of its own, as most of the time is waiting; where there is none, one after the other.
  private func inParallel<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ body: @escaping @Sendable (Input) -> Output
  ) -> [Output] {
    let results = Mailbox<(index: Int, output: Output)>(capacity: max(1, inputs.count))
    var threads: [Thread] = []
    for (index, input) in inputs.enumerated() {
      let work = { @Sendable in _ = results.post((index, body(input))) }
      if let thread = Thread.start("audit", work) { threads.append(thread) } else { work() }
    }
    for thread in threads { thread.join() }
    guard !inputs.isEmpty, let taken = results.take() else { return [] }
    return taken.sorted { $0.index < $1.index }.map(\.output)
  }
}
