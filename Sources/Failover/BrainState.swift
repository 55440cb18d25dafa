/// What a pool's sets must know of the past, by family and set; empty where nothing must.
package struct PoolMemory: Hashable, Sendable {
  package var sets: [SetMemory] = []
  /// What was answered last while somebody was up.
  package var lastGood: PoolAnswer?

  package init() {}
}

/// What one set of one family must know of the past.
package struct SetMemory: Hashable, Sendable {
  /// The branch that answers.
  package var current: Int?
  /// The branch that would, were there no memory, and since when it has been so without a break.
  package var preferred: Int?
  package var preferredSince: Instant?
  /// The operator has let it go back.
  package var isReleased = false
  /// When the weight of the preferred branch began to grow.
  package var rampStart: Instant?

  package init() {}
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
