import Assembly
import Control
import Failover
import Journal
import Logging
import Memory
import Sockets
import Synchronization

/// Keeps what the brain believes and was told in the state folder, so that a restart goes on from there.
///
/// Transitions are on disk within 100 ms, orders before they are acknowledged, counters every few seconds. All
/// writing happens on the journal's thread; the brain's only hands over what there is to write.
final class StateKeeper: Sendable {
  private let journal: Journal
  private let logger: Logger
  private let thread = Mutex<Thread?>(nil)
  /// The writer wants a snapshot, or there was none yet.
  private let isWanted = Atomic(true)
  private let lastSnapshot = Mutex<Instant?>(nil)

  /// Between two snapshots.
  private static var interval: Duration { .seconds(5) }
  private static var eventKind: UInt8 { 1 }

  /// Reads what was kept; nothing is written yet.
  init(_ folder: String, _ logger: Logger) {
    journal = Journal(JournalPlace(folder: folder, name: "state"))
    self.logger = logger
    for problem in journal.contents.problems { logger.warning("kept state: \(problem)") }
  }

  var status: JournalStatus { journal.status }

  /// What was kept, by the clock of now.
  func restored(within age: Duration) -> BrainState {
    let (state, isDamaged) = journal.contents.brainState(within: age, now: .now())
    if isDamaged { logger.warning("kept state: some of it is not what this release writes, and is not used") }
    journal.release()
    return state
  }

  /// The latest events that were kept, the oldest first.
  func restoredEvents(atMost count: Int) -> [Event] {
    journal.place.lastEvents(count).compactMap { Event(kept: $0.octets) }
  }

  func start() {
    let thread = journal.start { [self] in isWanted.store(true, ordering: .relaxed) }
    if thread == nil {
      logger.error("the state is not kept: \(status.trouble?.text ?? "the system has no thread left")")
    }
    self.thread.withLock { $0 = thread }
  }

  // MARK: - On the brain's thread

  func turned(_ probe: String, _ health: HealthState) {
    journal.append(StateRecord.health.rawValue, StateCoding.octets(probe: probe, health))
  }

  func decided(_ pool: String, _ memory: PoolMemory) {
    guard memory != PoolMemory() else { return }
    journal.append(StateRecord.pool.rawValue, StateCoding.octets(pool: pool, memory))
  }

  /// What the blast radius has let through or holds up is another than before.
  func withdrew(_ memory: BlastMemory) { journal.append(StateRecord.blast.rawValue, StateCoding.octets(memory)) }

  func happened(_ event: Event) { journal.event(Self.eventKind, event.kept) }

  /// - Parameters:
  ///   - subjects: what the order concerns.
  ///   - done: told on another thread whether all that the order changed is on disk.
  func keep(_ order: Order, _ subjects: [String], _ view: View, _ done: @escaping @Sendable (Bool) -> Void) {
    switch order {
    case .override, .release: break
    case .failback:
      let names = Set(subjects)
      for (pool, memory) in zip(view.plan.pools, view.brain.memories) where names.contains(pool.name) {
        decided(pool.name, memory)
      }
    case .confirm: if let blast = view.brain.blastMemory { withdrew(blast) }
    }
    // Written in order, so that what stands before is on disk when this is.
    journal.append(StateRecord.overrides.rawValue, StateCoding.octets(view.brain.overrides), .ordered(done))
  }

  /// Now and then a snapshot of everything, counters included.
  func tick(_ view: View, at now: Instant) {
    let isDue = lastSnapshot.withLock { last in
      guard isWanted.exchange(false, ordering: .relaxed) || last.map({ now - $0 >= Self.interval }) ?? true else {
        return false
      }
      last = now
      return true
    }
    if isDue { snapshot(view) }
  }

  /// The last word: returns when it is on disk, or the disk takes too long.
  func finish(_ view: View) {
    snapshot(view, isLast: true)
    if !journal.stop() { logger.error("the state could not be kept in time: \(status.trouble?.text ?? "")") }
  }

  private func snapshot(_ view: View, isLast: Bool = false) {
    let (brain, keys) = (view.brain, view.plan.probeKeys)
    journal.snapshot(isLast: isLast) { StateCoding.octets(brain.state { keys[$0] }) }
  }
}

extension Event {
  fileprivate var kept: [UInt8] {
    var writer = StateWriter()
    writer.write(1, kind.rawValue)
    writer.write(2, signed: time)
    writer.write(3, subject)
    writer.write(4, text)
    if let type { writer.write(5, type) }
    for address in before ?? [] { writer.write(6, address) }
    for address in after ?? [] { writer.write(7, address) }
    writer.write(8, before != nil)
    writer.write(9, after != nil)
    return writer.octets
  }

  fileprivate init?(kept octets: [UInt8]) {
    var event = Event(.verdict, time: 0, subject: "", text: "")
    var (before, after): ([String], [String]) = ([], [])
    var reader = StateReader(octets)
    do throws(StateDamage) {
      while let field = try reader.next() {
        switch field.tag {
        case 1:
          guard let kind = Kind(rawValue: try field.text) else { return nil }
          event.kind = kind
        case 2: event.time = try field.signed
        case 3: event.subject = try field.text
        case 4: event.text = try field.text
        case 5: event.type = try field.text
        case 6: before.append(try field.text)
        case 7: after.append(try field.text)
        case 8: event.before = try field.flag ? before : nil
        case 9: event.after = try field.flag ? after : nil
        default: continue
        }
      }
    } catch { return nil }
    self = event
  }
}
