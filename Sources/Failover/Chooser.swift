/// Decides one pool from its members' standings and what it must know of the past: pure.
struct Chooser {
  let settings: FailoverSettings
  let pool: Pool
  let now: Moment
  /// By candidate, then by the place of the member in its endpoint.
  var standings: [[Standing]]
  var memory: PoolMemory
  let needsMemory: Bool
  let hasClients: Bool
  /// When the decision must be made anew, though nothing else happens; nil: never.
  private(set) var wakeAt: Instant?

  init(
    _ settings: FailoverSettings, pool: Int, at now: Moment, memory: PoolMemory, standings: [[Standing]]
  ) {
    self.settings = settings
    self.pool = settings.pools[pool]
    self.now = now
    self.standings = standings
    needsMemory = self.pool.needsMemory
    hasClients = self.pool.choice.hasClients
    self.memory = memory
  }

  mutating func decide() -> PoolAnswer { PoolAnswer(v4: decide(.v4), v6: decide(.v6)) }

  mutating func decide(_ family: AddressFamily) -> Decision {
    guard hasMembers(family) else { return Decision(members: [], tier: nil, failedOpen: false) }
    var decider = Decider(self, family)
    let decision = decider.decide()
    if let wake = decider.wakeAt { wakeAt = min(wake, wakeAt ?? wake) }
    if needsMemory { memory = decider.remembering(decision, in: memory) }
    return decision
  }

  private func hasMembers(_ family: AddressFamily) -> Bool {
    pool.candidates.contains { candidate in
      settings.endpoints[candidate.endpoint].members.contains { settings.members[$0].family == family }
    }
  }
}
