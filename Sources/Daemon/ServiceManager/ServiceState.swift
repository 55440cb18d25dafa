/// What the service manager is told when, in the words of sd_notify(3).
struct ServiceState {
  enum Event: Sendable {
    /// - Parameter status: one line for `systemctl status`, here and below.
    case starting(status: String)
    case serving(status: String)
    /// - Parameter at: nanoseconds of the monotonic clock.
    case reloading(at: UInt64)
    case reloaded(status: String)
    case stopping(status: String)
  }

  private(set) var isServing = false
  private var isStopping = false
  /// Asked for and not over: signals and the control API ask independently of each other.
  private var reloads = 0

  /// Nil: nothing. Before it serves, a server that reloads is still starting; once it stops, nothing else counts.
  mutating func message(for event: Event) -> String? {
    if isStopping { return nil }
    switch event {
    case .starting(let status): return "STATUS=\(status.oneLine)"
    case .serving(let status):
      isServing = true
      return "READY=1\nSTATUS=\(status.oneLine)"
    case .reloading(let time):
      reloads += 1
      return isServing ? "RELOADING=1\nMONOTONIC_USEC=\(time / 1000)\nSTATUS=reloading" : nil
    case .reloaded(let status):
      reloads -= 1
      return isServing && reloads == 0 ? "READY=1\nSTATUS=\(status.oneLine)" : nil
    case .stopping(let status):
      (isServing, isStopping) = (false, true)
      return "STOPPING=1\nSTATUS=\(status.oneLine)"
    }
  }
}

extension String {
  /// A line break would begin another assignment.
  fileprivate var oneLine: String { String(map { $0.isNewline ? " " : $0 }) }
}
