import Failover

/// How soon at the latest the brain finds out that a site is dead, when nothing but the site fails.
///
///     a condition            ceases to hold, when all that it asks is dead
///     --------------------   ---------------------------------------------------------------------------
///     one probe              when the last of its missing failures is there
///     all of these           with the first that does
///     so many of these       when what is left weighs too little: the slowest of those that are needed
///     inverted               never: what it wants dead was so before
///     disabled, manual       never
///     of a common target     never: a probe that endpoints with other addresses share does not look at the site
struct DetectionBound {
  private let settings: FailoverSettings
  private let coupling: Pool.Coupling
  /// From the first failure that counts until the canaries have vouched for it, while enough of them answer.
  private let evidence: Duration
  /// Nobody vouches for them.
  private let canaries: Set<Int>
  private let common: Set<Int>

  init(_ settings: FailoverSettings, _ pool: Pool) {
    self.settings = settings
    coupling = pool.coupling
    common = DetectionBound.common(settings, pool)
    canaries = Set(settings.canaries?.probes ?? [])
    let slowest = canaries.map { gap(settings.probes[$0]) + settings.probes[$0].timeout }.max() ?? .zero
    evidence = min(slowest, settings.canaries?.longest ?? .zero)
  }

  /// Probes that several endpoints of the pool ask which have no address in common.
  private static func common(_ settings: FailoverSettings, _ pool: Pool) -> Set<Int> {
    var asking: [Int: Set<Int>] = [:]
    for endpoint in Set(pool.candidates.map(\.endpoint)) {
      for member in settings.endpoints[endpoint].members {
        for probe in settings.members[member].condition.probes { asking[probe, default: []].insert(endpoint) }
      }
    }
    func addresses(_ endpoint: Int) -> Set<String> {
      Set(settings.endpoints[endpoint].members.map { settings.members[$0].address })
    }
    return Set(
      asking.filter { _, endpoints in
        guard let first = endpoints.first.map(addresses) else { return false }
        return endpoints.reduce(first) { $0.intersection(addresses($1)) }.isEmpty
      }.keys)
  }

  // MARK: - Endpoints

  /// When none of its addresses counts any more; nil: one does for ever.
  func withdrawal(of endpoint: Endpoint) -> Duration? {
    let times = endpoint.members.map { withdrawal(of: $0, in: endpoint) }
    return times.contains(nil) ? nil : times.compactMap(\.self).max()
  }

  /// By its own checks, or with the endpoint's other family.
  private func withdrawal(of member: Int, in endpoint: Endpoint) -> Duration? {
    let own = ceases(member, .whole)
    let family = settings.members[member].family
    let others = endpoint.members.filter { settings.members[$0].family != family }.map { ceases($0, .whole) }
    guard isCoupled(family), !others.isEmpty, !others.contains(nil) else { return own }
    return [own, others.compactMap(\.self).max()].compactMap(\.self).min()
  }

  private func isCoupled(_ family: AddressFamily) -> Bool {
    switch coupling {
    case .independent: false
    case .both: true
    case .v6WithV4: family == .v6
    }
  }

  /// When the member is down by its checks, whichever of them see the failure, if they are enough; nil: never.
  func slowest(of member: Int) -> Duration? { ceases(member, .part) }

  // MARK: - Conditions

  private enum Extent {
    /// All targets are dead.
    case whole
    /// Just as many as it takes, the slowest among them.
    case part
  }

  private func ceases(_ member: Int, _ extent: Extent) -> Duration? {
    turn(settings.members[member].condition, to: false, extent)
  }

  /// When the condition turns that was as it should be; nil: never. Each part turns once and stays, so that the
  /// latest of each makes the latest of all.
  private func turn(_ condition: Condition, to holds: Bool, _ extent: Extent) -> Duration? {
    switch condition {
    case .probe(let probe): holds || common.contains(probe) ? nil : verdict(of: probe)
    case .all(let parts):
      turn(parts.map { Condition.Weighted(weight: 1, $0) }, atLeast: parts.count, to: holds, extent)
    case .atLeast(let weight, let parts): turn(parts, atLeast: weight, to: holds, extent)
    case .not(let part): turn(part, to: !holds, extent)
    case .fixed(let isUp): isUp == holds ? .zero : nil
    case .manual: nil
    }
  }

  private func turn(
    _ parts: [Condition.Weighted], atLeast weight: Int, to holds: Bool, _ extent: Extent
  ) -> Duration? {
    var missing = holds ? weight : parts.reduce(1 - weight) { $0 + $1.weight }
    if missing <= 0 { return .zero }
    let turning = parts.filter { $0.weight > 0 }
      .compactMap { part in turn(part.condition, to: holds, extent).map { (weight: part.weight, at: $0) } }
      .sorted { $0.at < $1.at }
    for (weight, at) in turning {
      missing -= weight
      if missing <= 0 { return extent == .whole ? at : turning.last?.at }
    }
    return nil
  }

  // MARK: - Probes

  /// An attempt has just begun and passes; then the missing failures come at the fast interval, each after its whole
  /// timeout; and where there are canaries, they must have answered since the first.
  private func verdict(of probe: Int) -> Duration {
    let settings = settings.probes[probe]
    let first = gap(settings) + settings.timeout
    let last = first + spacing(settings) * (settings.fall - 1)
    return canaries.contains(probe) ? last : max(last, first + evidence)
  }
}

/// From the start of an attempt that passes to the next: an interval, unless it takes longer.
private func gap(_ probe: ProbeSettings) -> Duration {
  step(probe.interval, after: probe.timeout - .nanoseconds(1))
}

/// From the start of an attempt that fails to the next.
private func spacing(_ probe: ProbeSettings) -> Duration {
  step(min(probe.fastInterval, probe.interval), after: probe.timeout)
}

/// Two attempts never run at once: one that takes longer than the interval delays the next to the grid's next point.
private func step(_ interval: Duration, after time: Duration) -> Duration {
  let step = max(1, interval.nanoseconds)
  return .nanoseconds((time.nanoseconds / step + 1) * step)
}
