import Memory

/// What the journal's thread does: it owns the files, makes groups of what comes together, and goes on trying
/// while the disk refuses.
struct JournalWriter {
  enum Order: Sendable {
    case append(JournalRecord, Urgency)
    case event(JournalRecord)
    /// - Parameter isLast: it is tried even if an attempt has just failed.
    case snapshot(@Sendable () -> [UInt8], isLast: Bool)

    enum Urgency: Sendable {
      case soon
      case ordered(@Sendable (Bool) -> Void)
    }

    var isSnapshot: Bool { if case .snapshot = self { true } else { false } }

    /// Octets that it holds while it waits.
    var size: Int {
      switch self {
      case .append(let record, _), .event(let record): record.octets.count + 64
      case .snapshot: 0
      }
    }
  }

  /// Nanoseconds that a written record may wait for others before it is made to last.
  private static var longestUnsynced: Int64 { 50_000_000 }
  /// Octets that are gathered for one call.
  private static var largestWrite: Int { 1 << 20 }

  private let limits: JournalLimits
  private let status: SharedStatus
  private let wantsSnapshot: @Sendable () -> Void
  private var state: StateFiles
  private var history: EventFiles
  private var stateRetry: Backoff
  private var historyRetry: Backoff
  /// Who waits for the records that are not on disk yet.
  private var waiting: [@Sendable (Bool) -> Void] = []
  private var events: [JournalRecord] = []
  /// Nanoseconds of the monotonic clock: when the first record was written that is not on disk yet.
  private var unsyncedSince: Int64?
  private var isSnapshotAskedFor = false
  /// Records that the log takes with its next write.
  private var unwritten: UInt64 = 0
  /// A record was refused, so that only a snapshot can be complete.
  private var isIncomplete = false

  init(
    _ place: JournalPlace, _ disk: Disk, _ limits: JournalLimits, after generation: UInt64, _ status: SharedStatus,
    wantsSnapshot: @escaping @Sendable () -> Void
  ) {
    (self.limits, self.status, self.wantsSnapshot) = (limits, status, wantsSnapshot)
    state = StateFiles(place, disk, limits, after: generation)
    history = EventFiles(place, disk, limits)
    stateRetry = Backoff(limits)
    historyRetry = Backoff(limits)
  }

  /// How long nothing needs to be done unless something comes; nil: forever.
  var patience: Duration? {
    let due = [
      unsyncedSince.map { $0 + Self.longestUnsynced }, isSnapshotAskedFor ? nil : stateRetry.due, historyRetry.due,
    ]
    return due.compactMap(\.self).min().map { .nanoseconds(max(0, $0 - monotonicNow())) }
  }

  /// - Parameter hasLost: an order found the queue full, so that only a snapshot can be complete.
  mutating func take(_ orders: [Order], hasLost: Bool) {
    if hasLost { isIncomplete = true }
    for order in orders {
      switch order {
      case .append(let record, let urgency): append(record, urgency)
      case .event(let record): events.append(record)
      case .snapshot(let make, let isLast): snapshot(make, isLast)
      }
    }
    writeState()
    writeEvents()
    if !waiting.isEmpty || unsyncedSince.map({ monotonicNow() - $0 >= Self.longestUnsynced }) ?? false { sync() }
    askForSnapshot()
  }

  /// What is written is made to last: there may be no further turn.
  mutating func finish() {
    if !events.isEmpty {
      historyRetry.succeed()
      writeEvents()
    }
    sync()
  }

  private mutating func append(_ record: JournalRecord, _ urgency: Order.Urgency) {
    guard record.octets.count <= limits.record, state.accepts(record.octets.count) else {
      status.update { $0.dropped += 1 }
      isIncomplete = true
      if case .ordered(let done) = urgency { done(false) }
      return
    }
    state.append(record)
    unwritten += 1
    if case .ordered(let done) = urgency { waiting.append(done) }
    unsyncedSince = unsyncedSince ?? monotonicNow()
    if state.pendingSize >= Self.largestWrite { writeState() }
  }

  private mutating func snapshot(_ make: @Sendable () -> [UInt8], _ isLast: Bool) {
    isSnapshotAskedFor = false
    guard isLast || stateRetry.isDue(monotonicNow()) else { return }
    // First, so that nothing is lost if there is no room for the snapshot.
    writeState()
    if unsyncedSince != nil { sync() }
    let octets = make()
    do throws(FileError) {
      guard octets.count <= limits.snapshot else { throw FileError(path: "snapshot", message: "too large") }
      try state.compact(octets)
      stateRetry.succeed()
      isIncomplete = false
      status.update { status in
        status.snapshots += 1
        status.octets += UInt64(octets.count)
        status.stateTrouble = nil
      }
    } catch {
      status.update { $0.dropped += 1 }
      fail(error)
    }
  }

  private mutating func writeState() {
    do throws(FileError) {
      let count = try state.write()
      let records = unwritten
      unwritten = 0
      status.update { status in
        status.records += records
        status.octets += UInt64(count)
      }
    } catch { failRecords(error) }
  }

  /// After a failure it is tried again though nothing new has happened: else nobody would know that the disk is well.
  private mutating func writeEvents() {
    guard historyRetry.isDue(monotonicNow()), !events.isEmpty || historyRetry.due != nil else { return boundEvents() }
    let (count, isRetry) = (events.count, historyRetry.due != nil)
    do throws(FileError) {
      let octets = try history.write(&events)
      if isRetry { try history.sync() }
      historyRetry.succeed()
      status.update { status in
        status.octets += UInt64(octets)
        status.eventTrouble = nil
      }
    } catch { failEvents(error) }
    let written = UInt64(count - events.count)
    status.update { $0.events += written }
    if written > 0 { unsyncedSince = unsyncedSince ?? monotonicNow() }
    boundEvents()
  }

  /// The latest wait for the disk.
  private mutating func boundEvents() {
    let surplus = events.count - limits.waitingEvents
    guard surplus > 0 else { return }
    events.removeFirst(surplus)
    status.update { $0.dropped += UInt64(surplus) }
  }

  private mutating func sync() {
    unsyncedSince = nil
    do throws(FileError) {
      try state.sync()
      answer(true)
    } catch { failRecords(error) }
    do throws(FileError) { try history.sync() } catch { failEvents(error) }
  }

  private mutating func answer(_ isOnDisk: Bool) {
    let told = waiting
    waiting = []
    for done in told { done(isOnDisk) }
  }

  /// What waits is not on disk; only a snapshot can mend that.
  private mutating func failRecords(_ error: FileError) {
    let dropped = unwritten
    unwritten = 0
    status.update { $0.dropped += dropped }
    state.abandonPending()
    answer(false)
    fail(error)
  }

  private mutating func fail(_ error: FileError) {
    stateRetry.fail()
    status.update { $0.fail("\(error)", \.stateTrouble) }
  }

  private mutating func failEvents(_ error: FileError) {
    historyRetry.fail()
    status.update { $0.fail("\(error)", \.eventTrouble) }
  }

  private mutating func askForSnapshot() {
    guard !isSnapshotAskedFor, stateRetry.isDue(monotonicNow()) else { return }
    guard stateRetry.due != nil || isIncomplete || state.size > limits.log else { return }
    isSnapshotAskedFor = true
    wantsSnapshot()
  }
}
