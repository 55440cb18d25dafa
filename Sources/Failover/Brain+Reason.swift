extension Brain {
  /// Why the pool answers as it does, for logs and status:
  /// `ec2 203.0.113.10 is down since 12:00:04: connection refused; azure answers`.
  ///
  /// - Parameter time: how to write an instant; nil leaves times out.
  package func reason(pool: Int, _ family: AddressFamily, time: ((Instant) -> String)? = nil) -> String {
    guard let decision = answers[pool]?[family] else { return "not decided yet" }
    guard !decision.members.isEmpty else { return "no address of this family" }
    let endpoints = settings.pools[pool].candidates.map(\.endpoint)
    let answering = Set(decision.members)
    var parts = endpoints.flatMap { downs(endpoint: $0, family, time) }
    let names = endpoints.filter { settings.endpoints[$0].members.contains(where: answering.contains) }
      .map { settings.endpoints[$0].name }
    let who = "\(names.joined(separator: ", ")) \(names.count > 1 ? "answer" : "answers")"
    parts.append(decision.failedOpen ? "nobody is up: \(who) all the same" : who)
    if !decision.failedOpen, decision.members.contains(where: isUnproven) {
      parts.append("not all of them have had a result yet, which counts as up")
    }
    return parts.joined(separator: "; ")
  }

  private func isUnproven(member: Int) -> Bool {
    settings.members[member].condition.probes.contains { health[$0].verdict == .unknown }
  }

  private func downs(endpoint: Int, _ family: AddressFamily, _ time: ((Instant) -> String)?) -> [String] {
    settings.endpoints[endpoint].members.compactMap { index in
      let member = settings.members[index]
      guard member.family == family, !isUp(member: index) else { return nil }
      let state = member.condition.probes.lazy.map { health[$0] }.first { $0.verdict == .down }
      let since = state?.since.flatMap { instant in time.map { " since " + $0(instant) } } ?? ""
      let why = state?.lastFailure.map { ": \($0)" } ?? ""
      return "\(settings.endpoints[endpoint].name) \(member.address) is down\(since)\(why)"
    }
  }
}
