extension Brain {
  /// Takes an operator's order; what it concerns. What concerns nothing is refused and leaves no trace.
  package mutating func take(_ order: Order, at now: Moment) -> OrderOutcome {
    clock = now
    switch order {
    case .override(let override): return OrderOutcome(subjects: take(override))
    case .release(let pattern, _, _): return OrderOutcome(subjects: release(pattern))
    case .failback(let pattern, _): return OrderOutcome(subjects: failBack(pattern))
    case .confirm: return OrderOutcome(subjects: confirm(at: now.instant))
    }
  }

  /// An order with the pattern of an earlier one stands in its place, as the latest.
  private mutating func take(_ override: Override) -> [String] {
    let concerned = subjects.concerned(override.pattern, settings)
    let names = concerned.subjects(settings)
    let others = overrides.filter { $0.pattern != override.pattern }
    guard !names.isEmpty, others.count < Hand.most else { return [] }
    if others.count < overrides.count { hand = Hand(others, subjects, settings) }
    hand.lay(override, concerned, settings)
    touch(concerned)
    return names
  }

  /// An override whose subject is not there now is known by its pattern.
  private mutating func release(_ pattern: String) -> [String] {
    let glob = Glob(pattern)
    let ended = overrides.filter { $0.pattern == pattern || glob.matches($0.pattern) }
    var seen: Set<String> = []
    return end(ended).filter { seen.insert($0).inserted }
  }

  private mutating func failBack(_ pattern: String) -> [String] {
    subjects.pools(pattern).map { pool in
      memories[pool].release()
      touch(pool)
      return settings.pools[pool].name
    }
  }

  /// Ends what the wall clock has ended.
  mutating func expire(at now: Moment) {
    guard let next = hand.nextExpiry, next <= now.wall else { return }
    let ended = overrides.filter { $0.expires.map { $0 <= now.wall } ?? false }
    notices += ended.map { .overrideExpired($0) }
    _ = end(ended)
  }

  private mutating func end(_ ended: [Override]) -> [String] {
    if ended.isEmpty { return [] }
    hand = Hand(overrides.filter { !ended.contains($0) }, subjects, settings)
    return ended.flatMap { override in
      let concerned = subjects.concerned(override.pattern, settings)
      touch(concerned)
      let names = concerned.subjects(settings)
      return names.isEmpty ? [override.pattern] : names
    }
  }

  private mutating func touch(_ concerned: Concerned) {
    for place in concerned.places { touch(place.pool) }
    for check in concerned.checks {
      for pool in dependents.pools(ofCheck: check) { touch(pool) }
      blast?.manualTurned(check)
    }
  }
}
