import Failover
import Journal
import Testing

struct StateCodingTests {
  private var health: HealthState {
    var kept = HealthState.Kept()
    kept.verdict = .down
    (kept.run, kept.amends, kept.penalty) = (1, 2, 3)
    (kept.runSince, kept.since, kept.lastResult, kept.lastSuccess) = (
      seconds(90), seconds(80), seconds(95), seconds(70)
    )
    (kept.nextAttempt, kept.returnAt, kept.heldUntil) = (seconds(96), seconds(120), seconds(130))
    (kept.lastLatency, kept.latency) = (.milliseconds(12), .milliseconds(34))
    (kept.concern, kept.lastFailure) = (.certificateEnds(days: 5), "connection refused")
    kept.flaps = [seconds(10), seconds(20)]
    kept.counters.failures = 4
    kept.counters.transitions = 9
    return HealthState(kept)
  }

  private var state: BrainState {
    var state = BrainState()
    state.health = ["tcp 192.0.2.1:80": health, "http [2001:db8::1]:80 app/": HealthState()]
    state.overrides = [
      Override(pattern: "ec2", state: .down, isDrain: true, reason: "größer", by: "ops", since: -5, expires: 77),
      Override(pattern: "*@www", state: .up, reason: "", by: "", since: 3),
    ]
    var memory = PoolMemory()
    var set = SetMemory(family: .v6, set: .max)
    set.current = 7
    set.waiting = [.init(branch: 1, since: seconds(99))]
    set.isReleased = true
    memory.sets = [set, SetMemory(family: .v4, set: 0)]
    memory.lastGood = [1, 2, .max]
    state.pools = ["app.example.com": memory]
    var blast = BlastMemory()
    blast.withdrawals = [seconds(50)]
    blast.withdrawn = ["a@b"]
    blast.heldUp = ["c@d"]
    state.blast = blast
    return state
  }

  @Test func aStateComesBackAsItWas() throws {
    let now = stamp(wall: 1000, monotonic: 100)
    let read = try StateDecoder(now, now: now).snapshot(StateCoding.octets(state))
    #expect(read.health.mapValues(\.kept) == state.health.mapValues(\.kept))
    #expect(read.overrides == state.overrides && read.pools == state.pools && read.blast == state.blast)
  }

  /// Within one boot the monotonic clock counts, whatever happened to the wall's; over two only that does.
  @Test(arguments: [
    (1060, 160, 1, 95), (9999, 160, 1, 95), (1060, 20, 2, -45), (1010, 1_000, 2, 985),
  ])
  func instantsAreTranslated(wall: Int64, monotonic: Int64, boot: UInt64, lastResult: Int64) throws {
    let now = stamp(wall: wall, monotonic: monotonic, boot: boot)
    let written = stamp(wall: 1000, monotonic: 100)
    let read = try StateDecoder(written, now: now).snapshot(StateCoding.octets(state))
    #expect(read.health["tcp 192.0.2.1:80"]?.lastResult == seconds(lastResult))
    #expect(read.pools["app.example.com"]?.sets[0].waiting[0].since == seconds(lastResult + 4))
  }

  @Test func recordsAfterASnapshotCount() throws {
    let now = stamp(wall: 1000, monotonic: 100)
    let decoder = StateDecoder(now, now: now)
    var read = try decoder.snapshot(StateCoding.octets(state))
    let records: [(StateRecord, [UInt8])] = [
      (.health, StateCoding.octets(probe: "new", health)), (.overrides, StateCoding.octets([])),
      (.pool, StateCoding.octets(pool: "app.example.com", PoolMemory())),
      (.blast, StateCoding.octets(BlastMemory())),
    ]
    for (kind, octets) in records {
      try decoder.apply(JournalRecord(kind: kind.rawValue, wall: 0, octets: octets), to: &read)
    }
    try decoder.apply(JournalRecord(kind: 200, wall: 0, octets: [1, 2]), to: &read)
    #expect(read.health["new"]?.kept == health.kept && read.overrides.isEmpty)
    #expect(read.pools["app.example.com"] == PoolMemory() && read.blast == BlastMemory())
  }

  /// Whatever stands there, reading ends, with a state or with an error.
  @Test func anyOctetsAreRead() {
    let good = StateCoding.octets(state)
    let now = stamp(wall: 1000, monotonic: 100)
    var errors = 0
    for at in good.indices {
      for bit in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
        var octets = good
        octets[at] ^= bit
        do { _ = try StateDecoder(now, now: now).snapshot(octets) } catch { errors += 1 }
      }
      do { _ = try StateDecoder(now, now: now).snapshot(Array(good[..<at])) } catch { errors += 1 }
    }
    #expect(errors > 100)
  }
}
