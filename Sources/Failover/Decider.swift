/// Decides one family of one pool: a walk over its tree of choices.
///
///     somebody is up                        what answers                              failed open
///     -----------------------------------   ---------------------------------------   -----------
///     and no set on the way is too small    by policy, of those that are up           no
///     but only in sets below their floor    by policy; those sets count as up whole   yes
///     nobody, but there are members         as the pool's `allDown` says              yes
///     nobody, and there are no members      nothing: NODATA                           no
struct Decider {
  /// Whom to count as up.
  enum Grade {
    /// Those that are, in sets that are not below their floor.
    case full
    /// Those that are; sets below their floor open.
    case some
    case everybody
  }

  /// A branch on the way down.
  struct Option {
    let choice: Choice
    /// Names the set with all those above it.
    let path: UInt64
  }

  let family: AddressFamily
  let now: Moment
  let standings: [[Standing]]
  /// What counts where it is not what the standings say: by candidate, then place.
  private var supposed: [[Bool]]?
  /// Of this family, by path.
  var sets: [UInt64: SetMemory] = [:]
  let lastGood: [UInt64]
  let frame: Frame
  /// Whose standings were asked for.
  private(set) var asked = Candidates.none
  var visited: Set<UInt64> = []
  private(set) var wakeAt: Instant?
  var hasOpened = false
  /// The root's branch, where it is one.
  var tier: Int?
  /// The policies' steps; nil: nobody asks.
  var steps: [Trace.Step]?
  /// Whose steps: the client's class in a table.
  var classes: [Int: Int] = [:]

  var settings: FailoverSettings { frame.settings }
  var pool: Pool { frame.pool }

  static let rootPath: UInt64 = 0
  static let somePath: UInt64 = 1

  init(_ chooser: Chooser, _ family: AddressFamily) {
    self.family = family
    now = chooser.now
    standings = chooser.standings
    supposed = chooser.coupled(family)
    for set in chooser.memory.sets where set.family == family { sets[set.set] = set }
    lastGood = chooser.memory.lastGood
    frame = chooser.frame
  }

  mutating func decide() -> Decision {
    let root = Option(choice: pool.choice, path: Decider.rootPath)
    guard isAvailable(root.choice, .everybody) else {
      note { _ in .noMembers }
      return Decision(plan: Plan(Outline.nothing), tier: nil, failedOpen: false)
    }
    for grade in [Grade.full, .some] where isAvailable(root.choice, grade) {
      let outline = outline(root, grade, rest: [])
      return Decision(plan: Plan(outline), tier: tier, failedOpen: hasOpened)
    }
    let outline = allDown([root])
    return Decision(plan: Plan(outline), tier: tier, failedOpen: true)
  }

  mutating func wake(at instant: Instant) { wakeAt = min(instant, wakeAt ?? instant) }

  mutating func note(_ step: (Decider) -> Trace.Step) {
    guard steps != nil else { return }
    let step = step(self)
    steps?.append(step)
  }

  // MARK: - Who is there

  /// Whether somebody answers.
  mutating func isAvailable(_ choice: Choice, _ grade: Grade) -> Bool {
    switch choice {
    case .endpoint(let candidate): return isAvailable(candidate, grade)
    case .set(let set):
      if grade == .full, isShort(set) { return false }
      for branch in set.branches where isAvailable(branch.choice, grade) { return true }
      return false
    }
  }

  private mutating func isAvailable(_ candidate: Int, _ grade: Grade) -> Bool {
    asked.insert(candidate)
    let places = frame.places(ofCandidate: candidate, family)
    if grade == .everybody { return !places.isEmpty }
    for place in places where isUp(candidate, place) { return true }
    return false
  }

  mutating func members(ofCandidate candidate: Int, _ grade: Grade) -> [Int] {
    asked.insert(candidate)
    let first = frame.firstMember(ofCandidate: candidate)
    var members: [Int] = []
    for place in frame.places(ofCandidate: candidate, family) where grade == .everybody || isUp(candidate, place) {
      members.append(first + place)
    }
    return members
  }

  /// Whether it counts as up, coupling included.
  func isUp(_ candidate: Int, _ place: Int) -> Bool {
    if let supposed { return supposed[candidate][place] }
    return standings[candidate][place].isUp
  }

  /// Whether fewer branches are up than the floor wants, of those that have this family.
  mutating func isShort(_ set: Choice.Set) -> Bool {
    guard let floor = set.floor else { return false }
    let total = set.branches.count { isAvailable($0.choice, .everybody) }
    let up = set.branches.count { isAvailable($0.choice, .full) }
    return switch floor {
    case .branches(let count): up < min(count, total)
    case .share(let thousandths): up * 1000 < total * thousandths
    }
  }

  // MARK: - Nobody is

  /// What is answered of these, the most wanted first, when none of them has anybody up.
  mutating func allDown(_ options: [Option]) -> Outline {
    hasOpened = true
    note { .allDown($0.pool.allDown) }
    switch pool.allDown {
    case .primary: return primary(options)
    case .all:
      let members = pool.members(settings).filter { settings.members[$0].family == family }
      return members.isEmpty ? .nothing : .addresses(members, atMost: pool.limit)
    case .lastGood: return lastGood(options) ?? primary(options)
    case .fixed(let members):
      let members = members.filter { settings.members[$0].family == family }
      return members.isEmpty ? .nothing : .addresses(members, atMost: .max)
    case .noData: return .nothing
    case .serverFailure: return .failure
    }
  }

  private mutating func primary(_ options: [Option]) -> Outline {
    for option in options where isAvailable(option.choice, .everybody) {
      return outline(option, .everybody, rest: [])
    }
    return .nothing
  }

  /// As if those that answered last were up.
  private mutating func lastGood(_ options: [Option]) -> Outline? {
    let real = supposed
    defer { supposed = real }
    supposed = pool.candidates.map { candidate in
      settings.endpoints[candidate.endpoint].members.map { lastGood.contains(pool.key(ofMember: $0, settings)) }
    }
    guard let option = options.first(where: { isAvailable($0.choice, .some) }) else { return nil }
    return outline(option, .some, rest: [])
  }
}

extension Pool {
  /// How many addresses an answer of all of them may have.
  fileprivate var limit: Int {
    guard case .set(let root) = choice, case .all(let limit?) = root.policy else { return .max }
    return limit
  }

  /// What stays the same for an address of an endpoint of this name.
  func key(ofMember member: Int, _ settings: FailoverSettings) -> UInt64 {
    var key = Key()
    let endpoint = candidates.first { settings.endpoints[$0.endpoint].members.contains(member) }?.endpoint
    if let endpoint { key.add(settings.endpoints[endpoint].name.utf8) }
    key.add([0])
    key.add(settings.members[member].address.utf8)
    return key.value
  }
}

extension Chooser {
  /// Which members of a family count as up, as the other one of the same endpoint allows; nil: no matter.
  fileprivate func coupled(_ family: AddressFamily) -> [[Bool]]? {
    if pool.coupling == .independent { return nil }
    let couples = pool.coupling == .both || (pool.coupling == .v6WithV4 && family == .v6)
    return zip(pool.candidates, standings).map { candidate, standings in
      let others = zip(settings.endpoints[candidate.endpoint].members, standings)
        .filter { settings.members[$0.0].family != family }
      let isHeld = couples && !others.isEmpty && !others.contains { $0.1.isUp }
      return standings.map { $0.isUp && !isHeld }
    }
  }
}
