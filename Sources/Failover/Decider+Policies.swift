extension Decider {
  /// What answers; somebody does in this grade.
  ///
  /// - Parameter rest: where clients go for whom a choice by client has nobody up, the most wanted first.
  mutating func outline(_ option: Option, _ grade: Grade, rest: [Option]) -> Outline {
    guard case .set(let set) = option.choice else {
      guard case .endpoint(let candidate) = option.choice else { return .nothing }
      return .addresses(members(ofCandidate: candidate, grade), atMost: .max)
    }
    let grade = opening(set, option, grade)
    let branches = options(of: set, option)
    let available = available(branches, set.policy, grade)
    switch set.policy {
    case .failover(let failback): return failover(option, failback, branches, available, grade, rest)
    case .all(let limit): return all(option, atMost: limit, available.map { branches[$0] }, grade, rest)
    case .weighted: return odds(option, set, branches, available, grade, rest, isSticky: false)
    case .sticky: return odds(option, set, branches, available, grade, rest, isSticky: true)
    case .client(let table, let order): return client(option, table, order, branches, grade, rest)
    case .fastest(let margin, let time):
      let branch = fastest(option, margin, time, branches, available, grade)
      return only(branch, of: option, branches, available, grade, rest)
    }
  }

  /// Those with somebody up; of a set that just takes the first one and has nobody else to fall back on, only that.
  private mutating func available(_ branches: [Option], _ policy: Choice.Policy, _ grade: Grade) -> [Int] {
    var takesFirst = false
    if case .failover(.immediate) = policy { takesFirst = !frame.hasClients }
    var available: [Int] = []
    for index in branches.indices where isAvailable(branches[index].choice, grade) {
      available.append(index)
      if takesFirst { break }
    }
    return available
  }

  private mutating func opening(_ set: Choice.Set, _ option: Option, _ grade: Grade) -> Grade {
    guard grade == .some, isShort(set) else { return grade }
    hasOpened = true
    note { .opened(set: $0.name(of: option)) }
    return .everybody
  }

  func options(of set: Choice.Set, _ option: Option) -> [Option] {
    set.branches.map { Option(choice: $0.choice, path: path(of: $0.choice, in: option)) }
  }

  /// Only pools with a memory have to tell their sets apart.
  private func path(of choice: Choice, in option: Option) -> UInt64 {
    guard case .set = choice else { return option.path }
    if !frame.needsMemory { return Decider.somePath }
    var path = Key()
    path.add(option.path)
    path.add(choice.key(pool, settings))
    return path.value
  }

  // MARK: - One branch

  private mutating func failover(
    _ option: Option, _ failback: Choice.Failback, _ branches: [Option], _ available: [Int], _ grade: Grade,
    _ rest: [Option]
  ) -> Outline {
    switch turn(option, failback, branches, available, grade) {
    case .one(let branch): return only(branch, of: option, branches, available, grade, rest)
    case .ramp(let old, let new, let step):
      note { .ramp(set: $0.name(of: option), to: $0.name(of: branches[new]), step: step, of: Decider.rampSteps) }
      let weights = Decider.rampWeights(step)
      let odds = [(new, weights.new), (old, weights.old)].map { branch, weight in
        Outline.Odds(
          weight: weight, key: branches[branch].choice.key(pool, settings),
          outline: only(branch, of: option, branches, available, grade, rest))
      }
      if option.path == Decider.rootPath { tier = old }
      return .odds(odds, isSticky: false)
    }
  }

  /// One branch, and for clients for whom it has nobody the others in order.
  private mutating func only(
    _ branch: Int, of option: Option, _ branches: [Option], _ available: [Int], _ grade: Grade, _ rest: [Option]
  ) -> Outline {
    if option.path == Decider.rootPath { tier = branch }
    note {
      .took(
        set: $0.name(of: option), $0.name(of: branches[branch]),
        skipped: $0.names((0..<branch).filter { !available.contains($0) }.map { branches[$0] }))
    }
    return outline(branches[branch], grade, rest: others(than: branch, branches, available) + rest)
  }

  private func others(than branch: Int, _ branches: [Option], _ available: [Int]) -> [Option] {
    frame.hasClients ? available.filter { $0 != branch }.map { branches[$0] } : []
  }

  // MARK: - Several branches

  private mutating func all(
    _ set: Option, atMost limit: Int?, _ options: [Option], _ grade: Grade, _ rest: [Option]
  ) -> Outline {
    note { .together(set: $0.name(of: set), $0.names(options), atMost: limit) }
    // One list of addresses names none twice.
    if options.count == 1, let only = addresses(options[0], grade) { return .addresses(only, atMost: limit ?? .max) }
    var seen: Set<Int> = []
    var members: [Int] = []
    for option in options {
      members += outline(option, grade, rest: rest).members.filter { seen.insert($0).inserted }
    }
    return .addresses(members, atMost: limit ?? .max)
  }

  /// Those of an endpoint; nil: it is a set.
  private mutating func addresses(_ option: Option, _ grade: Grade) -> [Int]? {
    guard case .endpoint(let candidate) = option.choice else { return nil }
    return members(ofCandidate: candidate, grade)
  }

  /// Weights of 0 count only when nobody else is up, and then all the same.
  private mutating func odds(
    _ option: Option, _ set: Choice.Set, _ branches: [Option], _ available: [Int], _ grade: Grade, _ rest: [Option],
    isSticky: Bool
  ) -> Outline {
    let weighty = available.filter { set.branches[$0].weight > 0 }
    let chosen = weighty.isEmpty ? available : weighty
    let weights = chosen.map { max(1, set.branches[$0].weight) }
    note {
      .shared(
        set: $0.name(of: option),
        zip($0.names(chosen.map { branches[$0] }), weights).map { Trace.Share(branch: $0, weight: $1) },
        isSticky: isSticky)
    }
    let odds = zip(chosen, weights).map { branch, weight in
      Outline.Odds(
        weight: weight, key: branches[branch].choice.key(pool, settings),
        outline: outline(branches[branch], grade, rest: others(than: branch, branches, chosen) + rest))
    }
    return odds.count == 1 ? odds[0].outline : .odds(odds, isSticky: isSticky)
  }

  /// For each class of clients the first of its branches with somebody up; then what the sets above have.
  private mutating func client(
    _ option: Option, _ table: Int, _ order: [[Int]], _ branches: [Option], _ grade: Grade, _ rest: [Option]
  ) -> Outline {
    var known: [[Int]: Outline] = [:]
    for wanted in order where known[wanted] == nil {
      let kept = steps
      steps = nil
      known[wanted] = client(wanted.map { branches[$0] } + rest, grade)
      steps = kept
    }
    explain(option, table, order, branches, grade, rest)
    return .client(table: table, order.map { known[$0] ?? .nothing })
  }

  /// Takes the asking client's steps alone.
  private mutating func explain(
    _ option: Option, _ table: Int, _ order: [[Int]], _ branches: [Option], _ grade: Grade, _ rest: [Option]
  ) {
    guard steps != nil else { return }
    let asked = classes[table] ?? 0
    let known = order.indices.contains(asked) ? asked : 0
    let options = order[known].map { branches[$0] }
    note { .client(set: $0.name(of: option), table: table, class: known, $0.names(options)) }
    _ = client(options + rest, grade)
  }

  private mutating func client(_ options: [Option], _ grade: Grade) -> Outline {
    for index in options.indices where isAvailable(options[index].choice, grade) {
      return outline(options[index], grade, rest: Array(options[(index + 1)...]))
    }
    guard options.contains(where: { isAvailable($0.choice, .everybody) }) else { return .nothing }
    return allDown(options)
  }
}
