extension Brain {
  /// Why the pool answers as it does, for logs and status:
  /// `ec2 203.0.113.10 is down since 12:00:04: connection refused; azure answers`.
  ///
  /// - Parameter time: how to write an instant; nil leaves times out.
  package func reason(pool: Int, _ family: AddressFamily, time: ((Instant) -> String)? = nil) -> String {
    guard let decision = answers[pool]?[family] else { return "not decided yet" }
    let endpoints = settings.pools[pool].candidates.map(\.endpoint)
    let hasMembers = endpoints.joinedMembers(settings).contains { settings.members[$0].family == family }
    guard hasMembers else { return "no address of this family" }
    var parts = zip(endpoints, standings(in: pool, at: clock)).flatMap { downs(endpoint: $0, $1, family, time) }
    parts.append(answer(decision, endpoints, settings.pools[pool].allDown))
    if !decision.failedOpen, decision.members.contains(where: isUnproven) {
      parts.append("not all of them have had a result yet, which counts as up")
    }
    return parts.joined(separator: "; ")
  }

  private func answer(_ decision: Decision, _ endpoints: [Int], _ allDown: Pool.AllDown) -> String {
    let answering = Set(decision.members)
    let names = endpoints.filter { settings.endpoints[$0].members.contains(where: answering.contains) }
      .map { settings.endpoints[$0].name }
    let who = "\(names.joined(separator: ", ")) \(names.count > 1 ? "answer" : "answers")\(decision.plan.manner)"
    guard decision.failedOpen else { return names.isEmpty ? "no address answers" : who }
    let trouble =
      endpoints.joinedMembers(settings).contains { answering.contains($0) && isUp(member: $0) }
      ? "too few are up" : "nobody is up"
    return "\(trouble): " + (names.isEmpty ? allDown.word : "\(who) all the same")
  }

  private func isUnproven(member: Int) -> Bool {
    settings.members[member].condition.probes.contains { health[$0].verdict == .unknown }
  }

  private func downs(
    endpoint: Int, _ standings: [Standing], _ family: AddressFamily, _ time: ((Instant) -> String)?
  ) -> [String] {
    zip(settings.endpoints[endpoint].members, standings).compactMap { index, standing in
      guard settings.members[index].family == family else { return nil }
      let who = "\(settings.endpoints[endpoint].name) \(settings.members[index].address)"
      if let override = standing.override { return "\(who) is \(words(overrides[override]))" }
      if standing.isHeldUp { return "\(who) is held up, though its checks say down\(cause(index, time))" }
      return standing.isUp ? nil : "\(who) is down\(cause(index, time))"
    }
  }

  private func words(_ override: Override) -> String {
    let what = override.state == .up ? "forced up" : override.isDrain ? "drained" : "forced down"
    return "\(what) by \(override.by)" + (override.reason.isEmpty ? "" : ": \(override.reason)")
  }

  /// Since when, and the failure that it began with.
  private func cause(_ member: Int, _ time: ((Instant) -> String)?) -> String {
    let probes = settings.members[member].condition.probes
    guard let probe = probes.first(where: { health[$0].verdict == .down || isPending($0) }) else { return "" }
    let since = health[probe].since.flatMap { instant in time.map { " since " + $0(instant) } }
    let why = health[probe].lastFailure.map { ": \($0)" } ?? ""
    return (isPending(probe) ? "" : since ?? "") + why
  }
}

extension Plan {
  /// What is left to each query.
  fileprivate var manner: String {
    switch nodes.first {
    case .weighted: " by weight"
    case .sticky: " by client network"
    case .client: " by client"
    case .addresses, .nothing, .failure, nil: ""
    }
  }
}

extension [Int] {
  /// Of endpoints.
  fileprivate func joinedMembers(_ settings: FailoverSettings) -> [Int] {
    flatMap { settings.endpoints[$0].members }
  }
}

extension Pool.AllDown {
  fileprivate var word: String {
    switch self {
    case .primary: "all count as up"
    case .all: "all addresses"
    case .lastGood: "those that answered last"
    case .fixed: "the fixed addresses"
    case .noData: "no address (NODATA)"
    case .serverFailure: "SERVFAIL"
    }
  }
}
