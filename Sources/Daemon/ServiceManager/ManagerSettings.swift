import Sockets

/// What a service manager asks for in the environment of what it starts (sd_notify(3), sd_watchdog_enabled(3)).
package struct ManagerSettings: Sendable, Equatable {
  /// The path of its socket, or `@` and an abstract name; nil: nobody wants to hear anything.
  package var socket: String?
  /// Within which it must hear that we are alive; nil: it does not watch.
  package var watchdog: Duration?
  /// What could not be understood of it, for the log.
  package var problems: [String] = []

  package init() {}

  /// - Parameters:
  ///   - value: of an environment variable.
  ///   - process: our number; the watchdog may be meant for another.
  package init(process: Int32, _ value: (String) -> String?) {
    let (socket, limit, owner) = (value("NOTIFY_SOCKET"), value("WATCHDOG_USEC"), value("WATCHDOG_PID"))
    guard let socket else { return }
    guard socket.hasPrefix("/") || socket.hasPrefix("@"), (2...UnixSocket.longestPath).contains(socket.utf8.count)
    else {
      problems.append("NOTIFY_SOCKET is neither a path nor an abstract name (@…): \(socket)")
      return
    }
    self.socket = socket
    guard let limit, owner == nil || owner == "\(process)" else { return }
    // A year is more than anybody means, and all sums stay far from overflow.
    guard let microseconds = Int64(limit), (1000...31_536_000_000_000).contains(microseconds) else {
      problems.append("WATCHDOG_USEC is not a number of microseconds from 1000: \(limit)")
      return
    }
    watchdog = .microseconds(microseconds)
  }

  /// Takes it out of the environment, where the programs of checks and of `on-change` would find it.
  static func take() -> ManagerSettings {
    let names = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]
    let values = Dictionary(uniqueKeysWithValues: names.map { ($0, Environment.take($0)) })
    return ManagerSettings(process: Environment.process) { values[$0] ?? nil }
  }

  /// How long a thread of a watched server may wait before it shows that it turns: well within the time between two
  /// messages.
  var turn: Duration? { watchdog.map { max(.milliseconds(1), $0 / 8) } }
}
