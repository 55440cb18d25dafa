import Configuration
import Control
import JSONFormat
import Logging
import Memory
import Sockets
import Synchronization

/// `on-change`: tells a program or a web server of each change of answer, on a thread that nobody waits for.
///
/// One at a time and in order. What fails is tried again after 1, 2 and 4 seconds, then given up; what comes
/// while the queue is full is dropped. Both are counted.
final class Notices: Sendable {
  private let queue = Mailbox<Event>(capacity: 1000)
  private let settings: Mutex<Configuration.OnChange?>
  private let logger: Logger
  private let dropped = Atomic<UInt64>(0)
  private let failed = Atomic<UInt64>(0)
  private let isStopping = Atomic(false)

  private static var pauses: [Int32] { [1000, 2000, 4000] }

  init(_ settings: Configuration.OnChange?, _ logger: Logger) {
    self.settings = Mutex(settings)
    self.logger = logger
  }

  var droppedCount: UInt64 { dropped.load(ordering: .relaxed) }
  var failedCount: UInt64 { failed.load(ordering: .relaxed) }

  /// For a reload.
  func set(_ new: Configuration.OnChange?) { settings.withLock { $0 = new } }

  func post(_ event: Event) {
    guard settings.withLock({ $0 != nil }) else { return }
    if !queue.post(event) { dropped.wrappingAdd(1, ordering: .relaxed) }
  }

  /// False when the system has no thread left.
  func start() -> Bool {
    Thread.start("on-change") { [self] in
      while !isStopping.load(ordering: .relaxed), let events = queue.take() {
        for event in events where !isStopping.load(ordering: .relaxed) { tell(event) }
      }
    } != nil
  }

  /// Gives up what waits; one that is under way has its time.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    queue.close()
  }

  private func tell(_ event: Event) {
    var trouble = ""
    for pause in [0] + Self.pauses {
      guard wait(pause), let settings = settings.withLock({ $0 }) else { return }
      do throws(NoticeError) { return try Self.tell(event, settings) } catch { trouble = error.description }
    }
    failed.wrappingAdd(1, ordering: .relaxed)
    logger.error("on-change was not told that \(event.subject) \(event.text): \(trouble)")
  }

  /// - Returns: false when it is time to stop.
  private func wait(_ milliseconds: Int32) -> Bool {
    let end = Clock.monotonic() + UInt64(milliseconds) * 1_000_000
    while Clock.monotonic() < end, !isStopping.load(ordering: .relaxed) { Pause.milliseconds(50) }
    return !isStopping.load(ordering: .relaxed)
  }

  private static func tell(_ event: Event, _ settings: Configuration.OnChange) throws(NoticeError) {
    let body = Array((event.json.text + "\n").utf8)
    let milliseconds = Int32(
      clamping: settings.timeout.components.seconds * 1000
        + settings.timeout.components.attoseconds / 1_000_000_000_000_000)
    switch settings.target {
    case .command(let command): try Hook.run(command, input: body, milliseconds: milliseconds)
    case .post(let address, let host, let path):
      do throws(ControlError) {
        let client = ControlClient(.tcp(address), milliseconds: milliseconds)
        let reply = try client.ask("POST", path, host: host, body: body)
        guard (200..<300).contains(reply.status) else { throw ControlError("it answered \(reply.status)") }
      } catch { throw NoticeError("\(error)") }
    }
  }
}

struct NoticeError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
