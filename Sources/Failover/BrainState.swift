/// What a pool's sets must know of the past; empty where nothing must.
///
/// Sets, branches and members are known by keys and places that outlive a change of the configuration:
/// what a new tree does not have any more is forgotten, the rest kept.
package struct PoolMemory: Hashable, Sendable {
  /// Of sets with something to remember, in no order that matters.
  package var sets: [SetMemory] = []
  /// Keys of the members that were answered last while somebody was up; only where `AllDown.lastGood` asks for it.
  package var lastGood: [UInt64] = []

  package init() {}

  /// The operator lets all sets go back to what they prefer, at once.
  package mutating func release() { for index in sets.indices { sets[index].isReleased = true } }
}

/// What one set must know of the past for one family.
package struct SetMemory: Hashable, Sendable {
  package var family: AddressFamily
  /// `Choice.key` of the set, with those above it.
  package var set: UInt64
  /// `Choice.key` of the branch that answers.
  package var current: UInt64?
  /// Branches that would rather answer.
  package var waiting: [Waiting] = []
  /// The operator has let it go back; holds until the next decision.
  package var isReleased = false

  package init(family: AddressFamily, set: UInt64) {
    self.family = family
    self.set = set
  }

  package struct Waiting: Hashable, Sendable {
    /// `Choice.key`.
    package var branch: UInt64
    /// Since when it could answer without a break.
    package var since: Instant

    package init(branch: UInt64, since: Instant) {
      self.branch = branch
      self.since = since
    }
  }
}

/// All of a brain that must last over a restart, apart from its settings.
package struct BrainState: Hashable, Sendable {
  /// By the caller's name of the probe.
  package var health: [String: HealthState] = [:]
  package var overrides: [Override] = []
  /// Nil: there is no blast radius, or nothing was in service yet.
  package var blast: BlastMemory?
  /// By the pool's name.
  package var pools: [String: PoolMemory] = [:]

  package init() {}
}
