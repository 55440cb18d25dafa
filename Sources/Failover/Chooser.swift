/// Decides one pool from its members' standings and what it must know of the past: pure.
struct Chooser {
  let settings: FailoverSettings
  let pool: Pool
  let now: Moment
  /// By candidate, then by the place of the member in its endpoint.
  let standings: [[Standing]]
  var memory: PoolMemory
  /// When the decision must be made anew, though nothing else happens; nil: never.
  private(set) var wakeAt: Instant?

  init(
    _ settings: FailoverSettings, pool: Int, at now: Moment, memory: PoolMemory, standings: [[Standing]]
  ) {
    self.settings = settings
    self.pool = settings.pools[pool]
    self.now = now
    self.standings = standings
    self.memory = memory
  }

  mutating func decide() -> PoolAnswer { PoolAnswer(v4: decide(.v4), v6: decide(.v6)) }

  ///     first tier with                    answer                          flag
  ///     --------------------------------   -----------------------------   -----------
  ///     a member up                        its members that are up
  ///     no member up, but members at all   all of that tier: the primary   failed open
  ///     no tier has members                nothing: NODATA
  private mutating func decide(_ family: AddressFamily) -> Decision {
    guard case .set(let root) = pool.choice else { return Decision(members: [], tier: nil, failedOpen: false) }
    for everybody in [false, true] {
      for (tier, branch) in root.branches.enumerated() {
        let members = members(of: branch.choice, family, everybody)
        if !members.isEmpty { return Decision(members: members, tier: tier, failedOpen: everybody) }
      }
    }
    return Decision(members: [], tier: nil, failedOpen: false)
  }

  private func members(of choice: Choice, _ family: AddressFamily, _ everybody: Bool) -> [Int] {
    switch choice {
    case .endpoint(let candidate):
      zip(settings.endpoints[pool.candidates[candidate].endpoint].members, standings[candidate])
        .filter { settings.members[$0].family == family && (everybody || $1.isUp) }.map(\.0)
    case .set(let set): set.branches.flatMap { members(of: $0.choice, family, everybody) }
    }
  }
}
