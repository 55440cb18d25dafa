extension Chooser {
  /// When the answer just decided can change at the earliest, though nobody orders it.
  func deadlines(of answer: PoolAnswer) -> Deadlines {
    Deadlines(v4: deadline(of: answer.v4, .v4), v6: deadline(of: answer.v6, .v6))
  }

  private func deadline(of decision: Decision, _ family: AddressFamily) -> Instant? {
    guard frame.has(family) else { return nil }
    let turns = turns(family)
    let turning = turning(decision, family, turns)
    guard let passing = passing(family, turns) else { return turning }
    return min(passing, turning ?? passing)
  }

  private typealias Turn = (at: Instant, candidate: Int, place: Int)

  /// Members that can turn and may matter to the family, the earliest first.
  private func turns(_ family: AddressFamily) -> [Turn] {
    var turns: [Turn] = []
    for (candidate, standings) in standings.enumerated() {
      let own = pool.coupling == .independent ? frame.places(ofCandidate: candidate, family) : nil
      for place in own ?? Array(standings.indices) {
        if let at = standings[place].mayTurn { turns.append((at, candidate, place)) }
      }
    }
    turns.sort { $0.at < $1.at }
    return turns
  }

  /// Beyond so many members that change nothing, in any combination, the next one is taken to do.
  private static let combined = 6

  /// The earliest time at which members that have turned by then, alone or together, bring another answer. Where
  /// none of them was asked for, the decision would be made in the same steps, and need not be tried.
  private func turning(_ decision: Decision, _ family: AddressFamily, _ turns: [Turn]) -> Instant? {
    let asked = family == .v4 ? asked.v4 : asked.v6
    var mattering = 0
    for (last, turn) in turns.enumerated() {
      if last == Chooser.combined { return turn.at }
      if asked.contains(turn.candidate) { mattering |= 1 << last }
      // As bits, who turns: the last one, with each choice of those before it.
      for turning in 1 << last..<2 << last where turning & mattering != 0 {
        var other = self
        for (index, turned) in turns[...last].enumerated() where turning >> index & 1 == 1 {
          other.standings[turned.candidate][turned.place].isUp.toggle()
        }
        if other.decide(family).plan != decision.plan { return turn.at }
      }
    }
    return nil
  }

  /// The earliest time at which the mere passing of time can.
  private func passing(_ family: AddressFamily, _ turns: [Turn]) -> Instant? {
    guard frame.choiceNeedsMemory else { return nil }
    var decider = Decider(self, family)
    _ = decider.decide()
    return ([decider.wakeAt] + pool.choice.policies.map { soonest($0, turns.first?.at) }).compactMap(\.self).min()
  }

  private func soonest(_ policy: Choice.Policy, _ turn: Instant?) -> Instant? {
    switch policy {
    case .failover(.after(let time)): turn.map { $0 + time }
    case .failover(.window(let windows)):
      windows.filter { !$0.contains(now.wall) }.map { now.instant(ofWall: $0.nextStart(after: now.wall)) }.min()
    case .fastest(_, let time): now.instant + time
    case .failover, .all, .weighted, .sticky, .client: nil
    }
  }
}

extension Pool.TTL {
  /// Whether it follows the deadlines.
  package var adapts: Bool { minimum < maximum }

  /// The whole seconds until the answer can change, rounded down and clamped; `minimum` wins.
  package func seconds(until deadline: Instant?, now: Instant) -> Int {
    guard adapts, let deadline else { return max(minimum, maximum) }
    return max(minimum, min(maximum, Int((deadline - now).nanoseconds / 1_000_000_000)))
  }
}

extension FailoverSettings {
  /// The TTL that a pool has while all is well: from just before a probe to just after it.
  package func steadyTTL(pool: Int) -> ClosedRange<Int> {
    let early = steadyTTL(pool: pool, probedFor: { $0.interval })
    let late = steadyTTL(pool: pool, probedFor: { _ in .nanoseconds(1) })
    return min(early, late)...max(early, late)
  }

  private func steadyTTL(pool: Int, probedFor sinceProbe: (ProbeSettings) -> Duration) -> Int {
    let now = Moment(Instant(nanoseconds: 0), wall: 0)
    let standings = pools[pool].candidates.map { candidate in
      endpoints[candidate.endpoint].members.map { member in
        let time = timeToTurn(members[member].condition, to: false, sinceProbe)
        return Standing(isUp: true, real: .up, mayTurn: time.map { now.instant + $0 })
      }
    }
    var chooser = Chooser(self, pool: pool, at: now, memory: PoolMemory(), standings: standings)
    let deadlines = chooser.deadlines(of: chooser.decide())
    return AddressFamily.allCases.map { pools[pool].ttl.seconds(until: deadlines[$0], now: now.instant) }.min() ?? 0
  }

  /// The least time in which a condition whose probes say what they should can cease or begin to hold.
  private func timeToTurn(
    _ condition: Condition, to holds: Bool, _ sinceProbe: (ProbeSettings) -> Duration
  ) -> Duration? {
    func least(_ parts: [Condition]) -> Duration? {
      parts.compactMap { timeToTurn($0, to: holds, sinceProbe) }.min()
    }
    switch condition {
    case .probe(let probe):
      let settings = probes[probe]
      let more = (holds ? settings.rise : settings.fall) - 1
      return settings.interval - sinceProbe(settings) + settings.fastInterval * more
    case .all(let parts): return least(parts)
    case .atLeast(_, let parts): return least(parts.map(\.condition))
    case .not(let part): return timeToTurn(part, to: !holds, sinceProbe)
    case .fixed, .manual: return nil
    }
  }
}
