package import Logging
import Memory
import Synchronization

/// What all loggers share: a bounded queue, and the one thread that writes it out.
///
/// A caller never waits for the output. While it is stalled lines gather; when the queue is full they
/// are dropped and counted, and the count is logged as soon as the output moves again.
package final class LogQueue: Sendable {
  /// Lines that may wait. With lines of at most `LogLine.limit` octets this bounds memory to about 4 MiB.
  package static let capacity = 1024

  private let descriptor: Int32
  private let box: Mailbox<String>
  private let now: @Sendable () -> Int64
  private let accepted = Atomic<UInt64>(0)
  private let finished = Atomic<UInt64>(0)
  private let lost = Atomic<UInt64>(0)
  private let chosen: Mutex<(level: Logger.Level, format: LogFormat)>

  /// - Parameter now: milliseconds since 1970, for each line's time.
  package init(
    descriptor: Int32 = 2, level: Logger.Level = .info, format: LogFormat = .text, capacity: Int = LogQueue.capacity,
    now: (@Sendable () -> Int64)? = nil
  ) {
    self.descriptor = descriptor
    self.now = now ?? { wallClock() }
    box = Mailbox(capacity: capacity)
    chosen = Mutex((level, format))
  }

  /// Starts the writer thread; false when the system has no thread left. What is logged before waits.
  package func start() -> Bool {
    Thread.start("log") { [self] in run() } != nil
  }

  /// A logger that writes here, at the queue's level until it is given one of its own.
  package func logger(_ label: String) -> Logger {
    Logger(label: label) { LogWriter(label: $0, queue: self) }
  }

  package var level: Logger.Level { chosen.withLock { $0.level } }
  package var format: LogFormat { chosen.withLock { $0.format } }

  /// For a reload: lines from now on, of every logger without a level of its own.
  package func set(level: Logger.Level, format: LogFormat) { chosen.withLock { $0 = (level, format) } }

  /// Lines dropped because the queue was full.
  package var dropped: UInt64 { lost.load(ordering: .relaxed) }

  func submit(_ line: LogLine) {
    if box.post(line.render(format, at: now())) {
      accepted.wrappingAdd(1, ordering: .releasing)
    } else {
      lost.wrappingAdd(1, ordering: .relaxed)
    }
  }

  /// Waits until what was accepted so far is written, at most `milliseconds`; false when it is not.
  @discardableResult
  package func flush(milliseconds: Int32 = 1000) -> Bool {
    let goal = accepted.load(ordering: .acquiring)
    var left = milliseconds
    while finished.load(ordering: .acquiring) < goal {
      if left <= 0 { return false }
      sleep(milliseconds: 2)
      left -= 2
    }
    return true
  }

  /// Writes out what is queued and lets the thread end. Nothing is accepted any more.
  package func close(milliseconds: Int32 = 1000) {
    box.close()
    flush(milliseconds: milliseconds)
  }

  private func run() {
    var reported: UInt64 = 0
    while let lines = box.take() {
      for line in lines {
        // A broken output (a closed pipe) loses lines, not the server.
        _ = writeAll(Array(line.utf8), to: descriptor)
        finished.wrappingAdd(1, ordering: .releasing)
      }
      let total = lost.load(ordering: .relaxed)
      if total > reported { reportLoss(total - reported) }
      reported = total
    }
  }

  private func reportLoss(_ count: UInt64) {
    let line = LogLine(
      level: .warning, label: "log", message: "log lines dropped: they came faster than the output took them",
      metadata: ["dropped": "\(count)"])
    _ = writeAll(Array(line.render(format, at: now()).utf8), to: descriptor)
  }
}
