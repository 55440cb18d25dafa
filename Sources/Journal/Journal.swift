package import Memory
import Synchronization

/// State that lasts: records and snapshots of it, and a history of events, appended to files by a thread of its own.
///
/// What is stored means nothing here. One thread appends and takes the snapshots, so that each snapshot contains
/// what was appended before it. No call waits for the disk, and none of its failures reaches the caller but as a
/// `trouble` and as the answer to an order.
package final class Journal: Sendable {
  package enum Urgency: Sendable {
    /// On disk within 100 ms.
    case soon
    /// The caller is told, on the writer's thread, once it is on disk (true) or that it cannot be (false).
    case ordered(@Sendable (_ isOnDisk: Bool) -> Void)
  }

  package let place: JournalPlace
  package let limits: JournalLimits
  private let found: Mutex<JournalContents>
  private let fault: JournalFault
  private let box = Mailbox<JournalWriter.Order>(capacity: 65_536)
  private let end = Mailbox<Bool>(capacity: 1)
  private let waitingOctets = Atomic<Int>(0)
  /// An order found the queue full.
  private let hasLost = Atomic(false)
  /// One snapshot waits at a time: while the disk hangs, they would fill the memory.
  private let isSnapshotWaiting = Atomic(false)
  /// When the writer began with what it is at, in nanoseconds of the monotonic clock; 0: it waits for orders.
  private let busySince = Atomic<Int64>(0)
  private let shared = SharedStatus()

  /// Reads what is there. Nothing is written before the first snapshot.
  package init(
    _ place: JournalPlace, _ limits: JournalLimits = JournalLimits(), fault: @escaping JournalFault = { _ in 0 }
  ) {
    self.place = place
    self.limits = limits
    self.fault = fault
    found = Mutex(JournalContents(place, limits))
  }

  /// What was on disk at the start.
  package var contents: JournalContents { found.withLock { $0 } }

  /// What was on disk is in use now, and its octets are let go of.
  package func release() { found.withLock { $0.release() } }

  package var status: JournalStatus {
    var status = shared.value
    if status.stateTrouble == nil { status.stateTrouble = newerTrouble ?? silence }
    return status
  }

  private var newerTrouble: JournalTrouble? {
    found.withLock { contents in
      guard contents.isNewer else { return nil }
      return JournalTrouble(text: contents.problems.map(\.description).joined(separator: "; "), since: 0, count: 1)
    }
  }

  /// The disk neither does what it was asked for nor says that it cannot.
  private var silence: JournalTrouble? {
    let since = busySince.load(ordering: .relaxed)
    let time = monotonicNow() - since
    guard since > 0, time >= limits.patience else { return nil }
    return JournalTrouble(
      text: "the disk has not answered for \(time / 1_000_000_000) s", since: wallNow() - time, count: 1)
  }

  /// Starts the writer. Its owner sends a snapshot of everything at once: with it a new log begins.
  ///
  /// - Parameter wantsSnapshot: called on the writer's thread when the log is long, or when the disk may take
  ///   again what it refused.
  /// - Returns: nil when the system has no thread left, or the files are a later version's: then nothing is written.
  package func start(wantsSnapshot: @escaping @Sendable () -> Void) -> Thread? {
    let (generation, isNewer, damaged) = found.withLock { ($0.generation, $0.isNewer, $0.damaged) }
    guard !isNewer else { return nil }
    return Thread.start("journal") { [self] in
      let disk = Disk(fault: fault)
      for path in damaged { disk.setAside(path) }
      var writer = JournalWriter(place, disk, limits, after: generation, shared, wantsSnapshot: wantsSnapshot)
      while let orders = box.take(within: writer.patience) {
        busySince.store(monotonicNow(), ordering: .relaxed)
        waitingOctets.subtract(orders.reduce(0) { $0 + $1.size }, ordering: .relaxed)
        if orders.contains(where: \.isSnapshot) { isSnapshotWaiting.store(false, ordering: .relaxed) }
        writer.take(orders, hasLost: hasLost.exchange(false, ordering: .acquiringAndReleasing))
        busySince.store(0, ordering: .relaxed)
      }
      writer.finish()
      _ = end.post(true)
    }
  }

  /// - Parameter octets: at most `limits.record`; larger ones are refused.
  package func append(_ kind: UInt8, _ octets: [UInt8], _ urgency: Urgency = .soon) {
    let record = JournalRecord(kind: kind, wall: wallNow(), octets: octets)
    switch urgency {
    case .soon: _ = post(.append(record, .soon))
    case .ordered(let done):
      // Who asks a disk that is silent already is not left to wait for it.
      if silence != nil {
        _ = post(.append(record, .soon))
        done(false)
      } else if !post(.append(record, .ordered(done))) {
        done(false)
      }
    }
  }

  /// The whole state, which contains all that was appended before; made on the writer's thread. Nothing is done while
  /// an earlier one waits.
  ///
  /// - Parameter isLast: it is tried even if an attempt has just failed.
  package func snapshot(isLast: Bool = false, _ make: @escaping @Sendable () -> [UInt8]) {
    let isWaiting = isSnapshotWaiting.exchange(true, ordering: .relaxed)
    guard isLast || !isWaiting else { return }
    if !post(.snapshot(make, isLast: isLast)) { isSnapshotWaiting.store(false, ordering: .relaxed) }
  }

  /// Appends to the history, within 100 ms.
  package func event(_ kind: UInt8, _ octets: [UInt8]) {
    _ = post(.event(JournalRecord(kind: kind, wall: wallNow(), octets: Array(octets.prefix(limits.record)))))
  }

  /// Takes nothing more and waits until what was taken is on disk; false when the disk takes longer.
  @discardableResult
  package func stop(within time: Duration = .seconds(5)) -> Bool {
    box.close()
    return !(end.take(within: time) ?? []).isEmpty
  }

  private func post(_ order: JournalWriter.Order) -> Bool {
    let size = order.size
    let isTaken = waitingOctets.add(size, ordering: .relaxed).newValue <= limits.queue && box.post(order)
    guard !isTaken else { return true }
    waitingOctets.subtract(size, ordering: .relaxed)
    hasLost.store(true, ordering: .releasing)
    shared.update { $0.dropped += 1 }
    return false
  }
}
