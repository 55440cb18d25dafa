import Failover

/// What the state folder would hold: transitions within 100 ms, counters every few seconds, orders at once.
struct Disk {
  private var snapshots: [(from: Instant, state: BrainState)] = []
  private var nextSnapshot = Instant(nanoseconds: 0)

  private static var interval: Duration { .seconds(5) }

  /// - Parameter lasting: from when on it survives a power cut.
  mutating func note(_ brain: Brain, at now: Instant, lasting: Instant) {
    // Only the last that lasts already is of use, and those that do not yet.
    if let last = snapshots.lastIndex(where: { $0.from <= now }) { snapshots.removeFirst(last) }
    snapshots.append((lasting, brain.state { String($0) }))
  }

  /// The snapshot of every few seconds, if it is time for one.
  mutating func save(_ brain: Brain, at now: Instant) {
    guard now >= nextSnapshot else { return }
    nextSnapshot = now + Disk.interval
    note(brain, at: now, lasting: now)
  }

  func read(at now: Instant, overrides: [Override]) -> BrainState {
    var state = snapshots.last { $0.from <= now }?.state ?? BrainState()
    state.overrides = overrides
    return state
  }
}
