package import Failover
package import JSONFormat
package import Journal
package import Observing
package import Wire

/// The running server as the control API sees it. Everything here is asked from the control thread, so nothing
/// may wait: what needs another thread is delivered later, from there.
package protocol ControlledServer: Sendable {
  /// For `/health`, without asking anybody.
  var fitness: Fitness { get }
  /// What is counted.
  var figures: Figures { get }
  /// Has the brain's thread give away what it believes; what comes is made into a report on the caller's thread.
  func status(_ deliver: @escaping @Sendable (@escaping @Sendable () -> StatusReport) -> Void)
  /// Has the brain's thread give away why a name is answered as it is; as `status`.
  func explain(
    _ question: ExplainQuestion,
    _ deliver: @escaping @Sendable (@escaping @Sendable () -> [ExplainReport]?) -> Void)
  /// Has the brain take an order.
  func give(_ order: Order, _ deliver: @escaping @Sendable (OrderReport) -> Void)
  /// Reads configuration and zones anew.
  func reload(_ deliver: @escaping @Sendable (ReloadReport) -> Void)
  /// The latest of what happened, the oldest first.
  func events(atMost count: Int) -> [Event]
}

/// Whether the server can be relied on.
package enum Fitness: Sendable, Equatable {
  case good
  /// It answers rightly, but something is wrong.
  case degraded(String)
  /// Others should be asked.
  case unfit(String)
}

/// What is to be explained.
package struct ExplainQuestion: Sendable {
  package var name: String
  /// For whom; nil: for somebody in no network.
  package var client: IPAddress?
  /// A, AAAA; nil: both.
  package var type: String?

  package init(name: String, client: IPAddress? = nil, type: String? = nil) {
    self.name = name
    self.client = client
    self.type = type
  }
}

/// Why one family of a pool answers as it does.
package struct ExplainReport: Sendable {
  package var text: String
  /// JSON.
  package var json: String

  package init(text: String, json: String) {
    self.text = text
    self.json = json
  }
}

/// What became of an order.
package struct OrderReport: Sendable {
  /// What the order concerns; empty: nothing, and it was refused.
  package var subjects: [String]
  /// What to know beside that.
  package var notes: [String] = []
  /// When the last answer that named what was withdrawn will be out of every honest cache, in nanoseconds since
  /// 1970 UTC; nil: none did, or some still do.
  package var lastExpiry: Int64?
  /// It is in force, but would not survive a restart.
  package var isVolatile = false

  package init(subjects: [String]) { self.subjects = subjects }
}

package struct ReloadReport: Sendable {
  /// Whether the new configuration serves; else the old one does.
  package var isAdopted: Bool
  package var changes: [String]
  package var problems: [String]

  package init(isAdopted: Bool, changes: [String], problems: [String]) {
    self.isAdopted = isAdopted
    self.changes = changes
    self.problems = problems
  }
}

/// What the server counts, and what it is busy with, at one moment.
package struct Figures: Sendable {
  package var version: String
  package var counters: WorkerCounters
  /// Datagrams that the kernel dropped, as the receive buffers were full.
  package var kernelDrops: UInt64 = 0
  package var zones: [Zone] = []
  package var reloads: UInt64 = 0
  package var failedReloads: UInt64 = 0
  package var droppedLogLines: UInt64 = 0
  /// Nanoseconds that the brain's loop has been late: now, and at most so far.
  package var brainLag: UInt64 = 0
  package var longestBrainLag: UInt64 = 0
  package var probes = Probes()
  /// From a verdict to the publication of each answer that it changed.
  package var publication = Delays()
  /// What was kept of the state; nil: nothing is.
  package var journal: JournalStatus?
  package var droppedNotices: UInt64 = 0
  package var failedNotices: UInt64 = 0
  /// Seconds since 1970.
  package var started: UInt64 = 0

  package init(version: String, counters: WorkerCounters) {
    self.version = version
    self.counters = counters
  }

  /// Attempts since the start, by how they ended.
  package struct Probes: Sendable {
    package var successes: UInt64
    package var failures: UInt64
    /// Trouble of the server's own.
    package var withoutResult: UInt64

    package init(successes: UInt64 = 0, failures: UInt64 = 0, withoutResult: UInt64 = 0) {
      self.successes = successes
      self.failures = failures
      self.withoutResult = withoutResult
    }
  }

  package struct Zone: Sendable {
    package var name: String
    package var serial: UInt32
    /// Nanoseconds since 1970 UTC at which it was read.
    package var loaded: Int64
    /// Records that updates have added to its file's and removed from them; nil: it takes none.
    package var updates: (added: Int, removed: Int)?

    package init(name: String, serial: UInt32, loaded: Int64) {
      self.name = name
      self.serial = serial
      self.loaded = loaded
    }
  }
}

/// Something that happened, for the operator and for `on-change`.
package struct Event: Sendable, Equatable {
  package enum Kind: String, Sendable { case answer, verdict, order, reload }

  package var kind: Kind
  /// Nanoseconds since 1970 UTC.
  package var time: Int64
  /// The pool, the probe or the order's pattern.
  package var subject: String
  package var text: String
  /// Of a change of answer: the type and the addresses before and after.
  package var type: String?
  package var before: [String]?
  package var after: [String]?

  package init(_ kind: Kind, time: Int64, subject: String, text: String) {
    self.kind = kind
    self.time = time
    self.subject = subject
    self.text = text
  }

  package var json: JSON {
    .object([
      "time": .time(time), "kind": .string(kind.rawValue), "subject": .string(subject), "type": .optional(type),
      "before": before.map { .array($0.map { .string($0) }) } ?? .null,
      "after": after.map { .array($0.map { .string($0) }) } ?? .null, "text": .string(text),
    ])
  }

  var line: String {
    "\(rfc3339(time / 1_000_000)) \(kind.rawValue) \(visible(subject)): \(visible(text))"
  }
}
