import Logging
import Memory
import Sockets
import Synchronization

/// Tells systemd, or whoever stands at $NOTIFY_SOCKET, how the server is, and feeds its watchdog: on a thread that
/// nobody waits for and that waits for nobody. Without such a socket there is no thread.
final class ServiceManager: Sendable {
  private let settings: ManagerSettings
  private let logger: Logger
  /// Far more than there are at any time: a reload is two.
  private let events = Mailbox<ServiceState.Event>(capacity: 1000)
  private let thread = Mutex<Thread?>(nil)

  init(_ settings: ManagerSettings, _ logger: Logger) {
    self.settings = settings
    self.logger = logger
    for problem in settings.problems { logger.warning("\(problem)") }
  }

  func tell(_ event: ServiceState.Event) { if settings.socket != nil { _ = events.post(event) } }

  /// - Parameters:
  ///   - threads: whose turns decide whether the watchdog is fed; their names.
  ///   - turns: how often each has turned so far.
  /// - Returns: false when the system has no thread left.
  func start(_ threads: [String], turns: @escaping @Sendable () -> [UInt64]) -> Bool {
    guard let socket = settings.socket else { return true }
    let started = Thread.start("notify") { [self] in
      var messenger = Messenger(socket: socket, settings.watchdog, threads, logger)
      var pause: Duration?
      while let events = events.take(within: pause) {
        for event in events { messenger.note(event, turns()) }
        pause = messenger.turn(turns(), at: Clock.monotonic())
      }
    }
    thread.withLock { $0 = started }
    return started != nil
  }

  /// Returns when what is still to be said is said.
  func stop() {
    events.close()
    thread.withLock { $0 }?.join()
  }
}

/// What the thread holds.
private struct Messenger {
  let socket: String
  let watchdog: Duration?
  let threads: [String]
  let logger: Logger
  private var state = ServiceState()
  private var gate: WatchdogGate?
  /// The latest word that was not taken yet: one says all that counts.
  private var unsent: String?
  private var isClosed = false
  private var isRefused = false

  /// Before what was not taken is tried again: it is busy, or it is not there.
  private var pause: Duration { isRefused ? .seconds(1) : .milliseconds(100) }

  init(socket: String, _ watchdog: Duration?, _ threads: [String], _ logger: Logger) {
    self.socket = socket
    self.watchdog = watchdog
    self.threads = threads
    self.logger = logger
  }

  mutating func note(_ event: ServiceState.Event, _ turns: [UInt64]) {
    if let message = state.message(for: event) {
      unsent = message
      sendUnsent()
    }
    if !state.isServing {
      gate = nil
    } else if gate == nil, let watchdog {
      gate = WatchdogGate(watchdog: watchdog, turns: turns, now: Clock.monotonic())
    }
  }

  /// - Returns: how long there is nothing to do; nil: until an event.
  mutating func turn(_ turns: [UInt64], at now: UInt64) -> Duration? {
    sendUnsent()
    let retry = unsent == nil ? nil : pause
    guard let next = feed(turns, at: now) else { return retry }
    return min(retry ?? next, next)
  }

  private mutating func sendUnsent() {
    if let message = unsent, send(message) { unsent = nil }
  }

  private mutating func feed(_ turns: [UInt64], at now: UInt64) -> Duration? {
    switch gate?.ask(turns, at: now) {
    case nil: return nil
    case .wait(let time): return .nanoseconds(Int64(time))
    case .feed:
      guard send("WATCHDOG=1") else { return pause }
      gate?.fed(turns, at: now)
      if isClosed { logger.notice("all threads turn again: the watchdog is fed") }
      isClosed = false
      return .zero
    case .closed(let still, let again):
      if !isClosed {
        let names = still.map { threads[$0] }.joined(separator: ", ")
        logger.error("the watchdog is not fed: no turn for half of its time of \(names)")
      }
      isClosed = true
      return .nanoseconds(Int64(again))
    }
  }

  private mutating func send(_ message: String) -> Bool {
    switch UnixSocket.send(Array(message.utf8), to: socket) {
    case .done:
      isRefused = false
      return true
    case .wouldBlock: return false
    case .failed(let error):
      if !isRefused { logger.warning("cannot tell the service manager: \(SystemError("sendto", error).message)") }
      isRefused = true
      return false
    }
  }
}
