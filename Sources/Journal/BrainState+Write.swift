package import Failover

/// What a record of the state journal means; the snapshot holds all of it.
package enum StateRecord: UInt8 {
  /// A probe's name and its health.
  case health = 1
  /// All overrides that are in force.
  case overrides
  /// A pool's name and its memory.
  case pool
  /// What the blast radius must know.
  case blast
}

/// The brain's state as fields. Instants are those of the monotonic clock: the file's stamp says which.
package enum StateCoding {
  package static func octets(_ state: BrainState) -> [UInt8] {
    var writer = StateWriter()
    for (name, health) in state.health { writer.write(1, octets: octets(probe: name, health)) }
    writer.write(2, octets: octets(state.overrides))
    for (name, memory) in state.pools { writer.write(3, octets: octets(pool: name, memory)) }
    if let blast = state.blast { writer.write(4, octets: octets(blast)) }
    return writer.octets
  }

  package static func octets(_ blast: BlastMemory) -> [UInt8] {
    var writer = StateWriter()
    for instant in blast.withdrawals { writer.write(1, instant) }
    for name in blast.withdrawn { writer.write(2, name) }
    for name in blast.heldUp { writer.write(3, name) }
    return writer.octets
  }

  package static func octets(probe: String, _ health: HealthState) -> [UInt8] {
    var writer = StateWriter()
    writer.write(1, probe)
    writer.write(health.kept)
    return writer.octets
  }

  package static func octets(_ overrides: [Override]) -> [UInt8] {
    var writer = StateWriter()
    for override in overrides {
      writer.write(1) { writer in
        writer.write(1, override.pattern)
        writer.write(2, override.state == .up)
        writer.write(3, override.isDrain)
        writer.write(4, override.reason)
        writer.write(5, override.by)
        writer.write(6, signed: override.since)
        if let expires = override.expires { writer.write(7, signed: expires) }
      }
    }
    return writer.octets
  }

  package static func octets(pool: String, _ memory: PoolMemory) -> [UInt8] {
    var writer = StateWriter()
    writer.write(1, pool)
    for set in memory.sets {
      writer.write(2) { writer in
        writer.write(1, set.family == .v6)
        writer.write(2, set.set)
        if let current = set.current { writer.write(3, current) }
        for waiting in set.waiting {
          writer.write(4) { writer in
            writer.write(1, waiting.branch)
            writer.write(2, waiting.since)
          }
        }
        writer.write(5, set.isReleased)
      }
    }
    for key in memory.lastGood { writer.write(3, key) }
    return writer.octets
  }
}

extension StateWriter {
  mutating func write(_ tag: Int, _ instant: Instant?) { if let instant { write(tag, signed: instant.nanoseconds) } }

  private mutating func write(_ tag: Int, _ duration: Duration?) {
    if let duration { write(tag, signed: duration.nanoseconds) }
  }

  /// Tags 2 to 20; 1 is the probe's name.
  fileprivate mutating func write(_ health: HealthState.Kept) {
    write(2, UInt64(health.verdict == .up ? 1 : health.verdict == .down ? 2 : 0))
    write(3, UInt64(clamping: health.run))
    write(4, health.runSince)
    write(5, UInt64(clamping: health.amends))
    write(6, health.since)
    write(7, health.lastResult)
    write(8, health.lastSuccess)
    write(9, health.lastLatency)
    write(10, health.latency)
    if case .certificateEnds(let days) = health.concern { write(11, signed: Int64(days)) }
    if let failure = health.lastFailure { write(12, String(failure.prefix(512))) }
    write(13, health.nextAttempt)
    write(14, health.returnAt)
    for instant in health.flaps { write(15, instant) }
    write(16, UInt64(clamping: health.penalty))
    write(17, health.heldUntil)
    write(18) { writer in
      writer.write(1, UInt64(clamping: health.counters.successes))
      writer.write(2, UInt64(clamping: health.counters.failures))
      writer.write(3, UInt64(clamping: health.counters.noResults))
      writer.write(4, UInt64(clamping: health.counters.transitions))
    }
  }
}
