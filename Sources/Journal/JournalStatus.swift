import Synchronization

/// What a journal may use.
package struct JournalLimits: Hashable, Sendable {
  /// Octets of one record; all the orders that an operator may give are one.
  package var record = 2 << 20
  /// Octets of a log from which on a snapshot is asked for; no log grows beyond twice as many.
  package var log = 4 << 20
  /// Octets of a snapshot.
  package var snapshot = 32 << 20
  /// Octets of all that waits for the writer.
  package var queue = 64 << 20
  /// Events of one of the two files; so many at least are kept unless their octets are too many.
  package var events = 10_000
  /// Octets of one of the two files of events.
  package var eventFile = 8 << 20
  /// Nanoseconds between the first failure and the second attempt; doubled with each further one.
  package var firstRetry: Int64 = 1_000_000_000
  /// Nanoseconds between two attempts at most.
  package var longestRetry: Int64 = 60_000_000_000
  /// Nanoseconds after which a disk that says nothing is trouble.
  package var patience: Int64 = 10_000_000_000
  /// Events that wait for a disk that refuses; earlier ones are given up.
  package var waitingEvents = 1000

  package init() {}

  var largestSnapshotFile: Int { snapshot + FileHeader.size + Frame.overhead }
  var largestLogFile: Int { 2 * log + largestFrame }
  var largestEventFile: Int { eventFile + largestFrame }
  private var largestFrame: Int { FileHeader.size + Frame.overhead + record }
}

/// Why nothing lasts at the moment.
package struct JournalTrouble: Hashable, Sendable {
  package var text: String
  /// Nanoseconds since 1970.
  package var since: Int64
  /// Failures since then.
  package var count: Int
}

/// What a journal's writer has done, for metrics and health; counters begin at the start.
package struct JournalStatus: Hashable, Sendable {
  /// Records of state that were written.
  package var records: UInt64 = 0
  package var events: UInt64 = 0
  package var snapshots: UInt64 = 0
  /// Octets of records, events and snapshots that were written.
  package var octets: UInt64 = 0
  /// Records, events and snapshots that were not written.
  package var dropped: UInt64 = 0
  package var errors: UInt64 = 0
  package var lastError: String?
  /// Nanoseconds since 1970.
  package var lastErrorAt: Int64?
  package var stateTrouble: JournalTrouble?
  package var eventTrouble: JournalTrouble?

  package init() {}

  /// Nil while everything lasts.
  package var trouble: JournalTrouble? { stateTrouble ?? eventTrouble }

  mutating func fail(_ text: String, _ trouble: WritableKeyPath<JournalStatus, JournalTrouble?>) {
    let now = wallNow()
    errors += 1
    (lastError, lastErrorAt) = (text, now)
    let before = self[keyPath: trouble]
    self[keyPath: trouble] = JournalTrouble(text: text, since: before?.since ?? now, count: (before?.count ?? 0) + 1)
  }
}

/// A status that one thread writes and any thread reads.
final class SharedStatus: Sendable {
  private let status = Mutex(JournalStatus())

  var value: JournalStatus { status.withLock { $0 } }

  func update(_ body: (inout JournalStatus) -> Void) { status.withLock { body(&$0) } }
}

/// When a failing writer tries again.
struct Backoff {
  private let first: Int64
  private let longest: Int64
  private var next: Int64
  /// Nanoseconds of the monotonic clock; nil when nothing failed.
  private(set) var due: Int64?

  init(_ limits: JournalLimits) {
    (first, longest) = (limits.firstRetry, limits.longestRetry)
    next = first
  }

  mutating func fail() {
    due = monotonicNow() + next
    next = min(longest, 2 * next)
  }

  mutating func succeed() {
    due = nil
    next = first
  }

  func isDue(_ now: Int64) -> Bool { due.map { $0 <= now } ?? true }
}
