/// Decides one pool from its members' standings and what it must know of the past: pure.
struct Chooser {
  let frame: Frame
  let now: Moment
  /// By candidate, then by the place of the member in its endpoint.
  var standings: [[Standing]]
  var memory: PoolMemory
  /// When the decision must be made anew, though nothing else happens; nil: never.
  private(set) var wakeAt: Instant?
  /// By family, whose standings the latest decision asked for; only then do they matter to it. Where there is a
  /// memory all may, as the next decision begins with another one.
  private(set) var asked = (v4: Candidates.all, v6: Candidates.all)

  var settings: FailoverSettings { frame.settings }
  var pool: Pool { frame.pool }

  init(_ frame: Frame, at now: Moment, memory: PoolMemory, standings: [[Standing]]) {
    self.frame = frame
    self.now = now
    self.standings = standings
    self.memory = memory
  }

  init(_ settings: FailoverSettings, pool: Int, at now: Moment, memory: PoolMemory, standings: [[Standing]]) {
    self.init(Frame(settings, settings.pools[pool]), at: now, memory: memory, standings: standings)
  }

  mutating func decide() -> PoolAnswer { PoolAnswer(v4: decide(.v4), v6: decide(.v6)) }

  mutating func decide(_ family: AddressFamily) -> Decision {
    guard frame.has(family) else { return Decision(members: [], tier: nil, failedOpen: false) }
    var decider = Decider(self, family)
    let decision = decider.decide()
    if let wake = decider.wakeAt { wakeAt = min(wake, wakeAt ?? wake) }
    if frame.needsMemory {
      memory = decider.remembering(decision, in: memory)
    } else {
      remember(decider.asked, family)
    }
    return decision
  }

  private mutating func remember(_ candidates: Candidates, _ family: AddressFamily) {
    switch family {
    case .v4: asked.v4 = candidates
    case .v6: asked.v6 = candidates
    }
  }
}

/// Some of a pool's candidates; those from the 64th on are one.
struct Candidates {
  private var bits: UInt64

  static let none = Candidates(bits: 0)
  static let all = Candidates(bits: .max)

  private static func bit(_ candidate: Int) -> UInt64 { 1 << UInt64(min(candidate, 63)) }

  func contains(_ candidate: Int) -> Bool { bits & Candidates.bit(candidate) != 0 }
  mutating func insert(_ candidate: Int) { bits |= Candidates.bit(candidate) }
}
