extension Decider {
  /// Which branch of a failover set answers.
  enum Turn {
    case one(Int)
    /// The new one's share grows: step 0 to `rampSteps` - 1.
    case ramp(from: Int, to: Int, step: Int)
  }

  static let rampSteps = 10

  /// 5 %, 15 %, … 95 % for the branch that comes back.
  static func rampWeights(_ step: Int) -> (new: Int, old: Int) { (2 * step + 1, 2 * (rampSteps - step) - 1) }

  /// The first of the available branches, unless another one answers and failback is not at once.
  mutating func turn(
    _ option: Option, _ failback: Choice.Failback, _ branches: [Option], _ available: [Int], _ grade: Grade
  ) -> Turn {
    let preferred = available[0]
    if case .immediate = failback { return .one(preferred) }
    if grade == .everybody { return .one(preferred) }
    return remember(option, branches) { decider, keys, memory in
      guard let current = available.first(where: { keys[$0] == memory.current }), !memory.isReleased else {
        memory.waiting = []
        return .one(preferred)
      }
      let better = available.filter { $0 < current }
      decider.wait(better.map { keys[$0] }, &memory)
      let turn = decider.turn(current, better, memory.waiting.map(\.since), failback)
      guard case .one(let next) = turn else { return turn }
      if next == current, let first = better.first {
        decider.noteHeld(option, branches[first], failback, since: memory.waiting[0].since)
      }
      memory.waiting.removeAll { !keys[..<next].contains($0.branch) }
      return turn
    }
  }

  private mutating func noteHeld(_ set: Option, _ back: Option, _ failback: Choice.Failback, since: Instant) {
    note { .held(set: $0.name(of: set), back: $0.name(of: back), failback, since: since) }
  }

  /// - Parameter since: by the place in `better`.
  private mutating func turn(
    _ current: Int, _ better: [Int], _ since: [Instant], _ failback: Choice.Failback
  ) -> Turn {
    guard let first = better.first else { return .one(current) }
    switch failback {
    case .immediate: return .one(first)
    case .manual: return .one(current)
    case .after(let time):
      let ripe = better.indices.first { since[$0] + time <= now.instant }
      for instant in since.prefix(ripe ?? since.count) { wake(at: instant + time) }
      return .one(ripe.map { better[$0] } ?? current)
    case .window(let windows):
      if windows.contains(where: { $0.contains(now.wall) }) { return .one(first) }
      for window in windows { wake(at: now.instant(ofWall: window.nextStart(after: now.wall))) }
      return .one(current)
    case .ramp(let time):
      let length = max(1, time.nanoseconds / Int64(Decider.rampSteps))
      let step = Int((now.instant - since[0]).nanoseconds / length)
      guard step < Decider.rampSteps else { return .one(first) }
      wake(at: since[0] + .nanoseconds(length * Int64(step + 1)))
      return .ramp(from: current, to: first, step: step)
    }
  }

  /// The branch that answers, until another one has been faster by the margin for long enough.
  mutating func fastest(
    _ option: Option, _ margin: Int, _ time: Duration, _ branches: [Option], _ available: [Int], _ grade: Grade
  ) -> Int {
    let latencies = branches.map { latency(of: $0.choice)?.nanoseconds ?? Decider.unknown }
    let best = available.min { (latencies[$0], $0) < (latencies[$1], $1) } ?? available[0]
    if grade == .everybody { return stays(option, branches, available) }
    let turn = remember(option, branches) { decider, keys, memory in
      guard let current = available.first(where: { keys[$0] == memory.current }), !memory.isReleased else {
        memory.waiting = []
        return .one(best)
      }
      let faster = available.filter { latencies[$0] < latencies[current] / 1000 * Int64(1000 - margin) }
      decider.wait(faster.map { keys[$0] }, &memory)
      let ripe = zip(faster, memory.waiting).filter { $1.since + time <= decider.now.instant }.map(\.0)
      if let fastest = ripe.min(by: { (latencies[$0], $0) < (latencies[$1], $1) }) {
        memory.waiting = []
        return .one(fastest)
      }
      for waiting in memory.waiting { decider.wake(at: waiting.since + time) }
      return .one(current)
    }
    guard case .one(let branch) = turn else { return best }
    note { .compared(set: $0.name(of: option), $0.latencies(available.map { branches[$0] })) }
    return branch
  }

  /// The one that answered last, or the first: latencies of those that are down say nothing.
  private func stays(_ option: Option, _ branches: [Option], _ available: [Int]) -> Int {
    let current = sets[option.path]?.current
    return available.first { branches[$0].choice.key(pool, settings) == current } ?? available[0]
  }

  /// Slower than all that is known, in nanoseconds.
  private static let unknown = Int64.max

  /// The lowest of those that are up.
  func latency(of choice: Choice) -> Duration? {
    switch choice {
    case .endpoint(let candidate):
      return frame.places(ofCandidate: candidate, family).filter { isUp(candidate, $0) }
        .compactMap { standings[candidate][$0].latency }.min()
    case .set(let set): return set.branches.compactMap { latency(of: $0.choice) }.min()
    }
  }

  // MARK: - Keeping

  private mutating func remember(
    _ option: Option, _ branches: [Option], _ decide: (inout Decider, [UInt64], inout SetMemory) -> Turn
  ) -> Turn {
    let keys = branches.map { $0.choice.key(pool, settings) }
    var memory = sets[option.path] ?? SetMemory(family: family, set: option.path)
    let turn = decide(&self, keys, &memory)
    let stays =
      switch turn {
      case .one(let branch): branch
      case .ramp(let old, _, _): old
      }
    memory.current = keys[stays]
    memory.isReleased = false
    sets[option.path] = memory
    visited.insert(option.path)
    return turn
  }

  /// These wait, from now on or since they did.
  private func wait(_ branches: [UInt64], _ memory: inout SetMemory) {
    memory.waiting = branches.map { branch in
      let known = memory.waiting.first { $0.branch == branch }
      return SetMemory.Waiting(branch: branch, since: min(known?.since ?? now.instant, now.instant))
    }
  }

  /// The pool's memory after this family's decision. Sets that had no part in it wait for nothing.
  func remembering(_ decision: Decision, in memory: PoolMemory) -> PoolMemory {
    var result = memory
    let paths = paths(Option(choice: pool.choice, path: Decider.rootPath))
    let mine = sets.values.filter { paths.contains($0.set) }.map { set in
      var set = set
      if !visited.contains(set.set) {
        set.waiting = []
        set.isReleased = false
      }
      return set
    }
    result.sets = memory.sets.filter { $0.family != family } + mine.sorted { $0.set < $1.set }
    if pool.allDown == .lastGood, !decision.failedOpen {
      let all = pool.members(settings)
      let foreign = Set(all.filter { settings.members[$0].family != family }.map { pool.key(ofMember: $0, settings) })
      result.lastGood = lastGood.filter(foreign.contains) + decision.members.map { pool.key(ofMember: $0, settings) }
    }
    return result
  }

  private func paths(_ option: Option) -> Set<UInt64> {
    guard case .set(let set) = option.choice else { return [] }
    return options(of: set, option).reduce(into: [option.path]) { $0.formUnion(paths($1)) }
  }
}

extension WeekWindow {
  private static let week: Int64 = 604_800_000_000_000
  private static let second: Int64 = 1_000_000_000

  /// Nanoseconds since its last start. 1 January 1970 was a Thursday.
  private func sinceStart(_ wall: Int64) -> Int64 {
    let monday = Int64(3 * 86400) * WeekWindow.second
    let rest = (wall % WeekWindow.week + monday - Int64(start) * WeekWindow.second) % WeekWindow.week
    return rest < 0 ? rest + WeekWindow.week : rest
  }

  /// - Parameter wall: nanoseconds since 1970 UTC.
  package func contains(_ wall: Int64) -> Bool { sinceStart(wall) < Int64(length) * WeekWindow.second }

  /// The first start that is not yet.
  package func nextStart(after wall: Int64) -> Int64 { wall + WeekWindow.week - sinceStart(wall) }
}
