package import Failover

/// Reads what `StateCoding` wrote, translated to the clock of this boot.
package struct StateDecoder {
  /// Nanoseconds from the instants in the file to those of now.
  private let shift: Int64
  /// Nanoseconds by which the wall clock has gone on further than the instants say: the machine has slept, or its
  /// clock was set.
  let gap: Int64

  /// - Parameters:
  ///   - stamp: of the file.
  ///   - now: of this boot.
  package init(_ stamp: JournalStamp, now: JournalStamp) {
    // Within one boot the monotonic clock goes on; over two only the wall's says how much time has passed.
    let isSame = stamp.boot.isKnown && stamp.boot == now.boot
    let byWall = (now.monotonic &- stamp.monotonic) &- (now.wall &- stamp.wall)
    shift = isSame ? 0 : byWall
    gap = isSame ? 0 &- byWall : 0
  }

  package func snapshot(_ octets: [UInt8]) throws(StateDamage) -> BrainState {
    var state = BrainState()
    var reader = StateReader(octets)
    while let field = try reader.next() {
      switch field.tag {
      case 1: try health(try field.octets, into: &state)
      case 2: state.overrides = try overrides(try field.octets)
      case 3: try pool(try field.octets, into: &state)
      case 4: state.blast = try blast(try field.octets)
      default: continue
      }
    }
    return state
  }

  /// Applies a record that came after the snapshot.
  package func apply(_ record: JournalRecord, to state: inout BrainState) throws(StateDamage) {
    switch StateRecord(rawValue: record.kind) {
    case .health: try health(record.octets, into: &state)
    case .overrides: state.overrides = try overrides(record.octets)
    case .pool: try pool(record.octets, into: &state)
    case .blast: state.blast = try blast(record.octets)
    case nil: return
    }
  }

  private func instant(_ field: StateField) throws(StateDamage) -> Instant {
    // Far from the ends of the range, so that no sum with one overflows, whatever stands in the file.
    Instant(nanoseconds: max(-(1 << 61), min(1 << 61, try field.signed &+ shift)))
  }

  private func health(_ octets: [UInt8], into state: inout BrainState) throws(StateDamage) {
    var name = ""
    var kept = HealthState.Kept()
    var reader = StateReader(octets)
    while let field = try reader.next() {
      switch field.tag {
      case 1: name = try field.text
      case 2: kept.verdict = [.unknown, .up, .down][min(2, try field.int)]
      case 3: kept.run = try field.int
      case 4: kept.runSince = try instant(field)
      case 5: kept.amends = try field.int
      case 6: kept.since = try instant(field)
      case 7: kept.lastResult = try instant(field)
      case 8: kept.lastSuccess = try instant(field)
      case 9: kept.lastLatency = .nanoseconds(try field.signed)
      case 10: kept.latency = .nanoseconds(try field.signed)
      case 11: kept.concern = .certificateEnds(days: Int(clamping: try field.signed))
      case 12: kept.lastFailure = try field.text
      case 13: kept.nextAttempt = try instant(field)
      case 14: kept.returnAt = try instant(field)
      case 15: kept.flaps.append(try instant(field))
      case 16: kept.penalty = min(64, try field.int)
      case 17: kept.heldUntil = try instant(field)
      case 18: kept.counters = try counters(try field.fields)
      default: continue
      }
    }
    state.health[name] = HealthState(kept)
  }

  private func counters(_ fields: StateReader) throws(StateDamage) -> HealthState.Counters {
    var counters = HealthState.Counters()
    var reader = fields
    while let field = try reader.next() {
      switch field.tag {
      case 1: counters.successes = try field.int
      case 2: counters.failures = try field.int
      case 3: counters.noResults = try field.int
      case 4: counters.transitions = try field.int
      default: continue
      }
    }
    return counters
  }

  private func overrides(_ octets: [UInt8]) throws(StateDamage) -> [Override] {
    var overrides: [Override] = []
    var reader = StateReader(octets)
    while let field = try reader.next() {
      if field.tag == 1 { overrides.append(try override(try field.fields)) }
    }
    return overrides
  }

  private func override(_ fields: StateReader) throws(StateDamage) -> Override {
    var result = Override(pattern: "", state: .down, reason: "", by: "", since: 0)
    var reader = fields
    while let field = try reader.next() {
      switch field.tag {
      case 1: result.pattern = try field.text
      case 2: result.state = try field.flag ? .up : .down
      case 3: result.isDrain = try field.flag
      case 4: result.reason = try field.text
      case 5: result.by = try field.text
      case 6: result.since = try field.signed
      case 7: result.expires = try field.signed
      default: continue
      }
    }
    return result
  }

  private func pool(_ octets: [UInt8], into state: inout BrainState) throws(StateDamage) {
    var name = ""
    var memory = PoolMemory()
    var reader = StateReader(octets)
    while let field = try reader.next() {
      switch field.tag {
      case 1: name = try field.text
      case 2: memory.sets.append(try set(try field.fields))
      case 3: memory.lastGood.append(try field.number)
      default: continue
      }
    }
    state.pools[name] = memory
  }

  private func set(_ fields: StateReader) throws(StateDamage) -> SetMemory {
    var memory = SetMemory(family: .v4, set: 0)
    var reader = fields
    while let field = try reader.next() {
      switch field.tag {
      case 1: memory.family = try field.flag ? .v6 : .v4
      case 2: memory.set = try field.number
      case 3: memory.current = try field.number
      case 4: memory.waiting.append(try waiting(try field.fields))
      case 5: memory.isReleased = try field.flag
      default: continue
      }
    }
    return memory
  }

  private func waiting(_ fields: StateReader) throws(StateDamage) -> SetMemory.Waiting {
    var waiting = SetMemory.Waiting(branch: 0, since: Instant(nanoseconds: 0))
    var reader = fields
    while let field = try reader.next() {
      switch field.tag {
      case 1: waiting.branch = try field.number
      case 2: waiting.since = try instant(field)
      default: continue
      }
    }
    return waiting
  }

  private func blast(_ octets: [UInt8]) throws(StateDamage) -> BlastMemory {
    var memory = BlastMemory()
    var reader = StateReader(octets)
    while let field = try reader.next() {
      switch field.tag {
      case 1: memory.withdrawals.append(try instant(field))
      case 2: memory.withdrawn.append(try field.text)
      case 3: memory.heldUp.append(try field.text)
      default: continue
      }
    }
    return memory
  }
}

extension JournalContents {
  /// The wall clock may be set back by this without a word.
  private static var slew: Duration { .seconds(1) }

  /// The brain's state as it was kept last.
  ///
  /// - Parameters:
  ///   - age: health that is older by either clock, or of a time that is not yet, is left out.
  ///   - now: by both clocks of this boot.
  /// - Returns: the state, and whether some of it could not be read.
  package func brainState(within age: Duration, now: JournalStamp) -> (state: BrainState, isDamaged: Bool) {
    var state = BrainState()
    var isDamaged = false
    do throws(StateDamage) {
      if let snapshot, let snapshotStamp {
        state = try StateDecoder(snapshotStamp, now: now).snapshot(snapshot.octets)
      }
    } catch { isDamaged = true }
    for record in records {
      guard let recordsStamp else { break }
      do throws(StateDamage) {
        try StateDecoder(recordsStamp, now: now).apply(record, to: &state)
      } catch { isDamaged = true }
    }
    let gap = (recordsStamp ?? snapshotStamp).map { StateDecoder($0, now: now).gap } ?? 0
    let present = Instant(nanoseconds: now.monotonic)
    state.health = state.health.filter { _, health in
      guard let last = health.lastResult else { return false }
      let elapsed = present - last
      let byWall = elapsed + .nanoseconds(gap)
      return elapsed >= .zero && elapsed <= age && byWall >= .zero - Self.slew && byWall <= age
    }
    return (state, isDamaged)
  }
}
