extension Brain {
  /// Why the pool answers as it does, for logs and status:
  /// `ec2 203.0.113.10 is down since 12:00:04: connection refused; azure answers`.
  ///
  /// - Parameter time: how to write an instant; nil leaves times out.
  package func reason(pool: Int, _ family: AddressFamily, time: ((Instant) -> String)? = nil) -> String {
    let decision = decide(pool)[family]
    guard let tier = decision.tier else { return "no address of this family" }
    let passedOver = settings.pools[pool].tiers.prefix(decision.failedOpen ? .max : tier + 1).joined()
    var parts = passedOver.flatMap { downs(endpoint: $0, family, time) }
    let names = settings.pools[pool].tiers[tier].filter { endpoint in
      decision.members.contains { settings.endpoints[endpoint].members.contains($0) }
    }.map { settings.endpoints[$0].name }.joined(separator: ", ")
    let verb = names.contains(",") ? "answer" : "answers"
    parts.append(decision.failedOpen ? "nobody is up: \(names) \(verb) all the same" : "\(names) \(verb)")
    if !decision.failedOpen, decision.members.contains(where: isUnproven) {
      parts.append("not all of them have had a result yet, which counts as up")
    }
    return parts.joined(separator: "; ")
  }

  private func isUnproven(member: Int) -> Bool {
    settings.members[member].probes.contains { health[$0].verdict == .unknown }
  }

  private func downs(endpoint: Int, _ family: AddressFamily, _ time: ((Instant) -> String)?) -> [String] {
    settings.endpoints[endpoint].members.compactMap { index in
      let member = settings.members[index]
      guard member.family == family else { return nil }
      guard let state = member.probes.lazy.map({ health[$0] }).first(where: { $0.verdict == .down }) else { return nil }
      let since = state.since.flatMap { instant in time.map { " since " + $0(instant) } } ?? ""
      let why = state.lastFailure.map { ": \($0)" } ?? ""
      return "\(settings.endpoints[endpoint].name) \(member.address) is down\(since)\(why)"
    }
  }
}
