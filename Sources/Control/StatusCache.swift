import Sockets
import Synchronization

/// Reports made a moment ago, so that however many ask, the brain is asked a few times a second.
final class StatusCache: Sendable {
  typealias Waiter = @Sendable (StatusReport) -> Void

  private struct State: Sendable {
    var last: (made: UInt64, report: StatusReport)?
    var waiting: [(epoch: Int, waiter: Waiter)] = []
    /// The question under way: when it was asked, and in which epoch.
    var asked: (at: UInt64, epoch: Int)?
    /// Grows with each order: what was asked before does not show it.
    var epoch = 0
  }

  private let state = Mutex(State())

  /// Nanoseconds for which a report is good, and after which a question counts as lost.
  private static var freshness: UInt64 { 200_000_000 }
  private static var patience: UInt64 { 2_000_000_000 }

  /// Calls `waiter` with a report, at once if there is one.
  ///
  /// - Returns: the number of the question that is to be asked; nil: one is on its way.
  func ask(_ waiter: @escaping Waiter) -> Int? {
    let now = Clock.monotonic()
    let (report, question) = state.withLock { state -> (StatusReport?, Int?) in
      if let last = state.last, now < last.made + Self.freshness { return (last.report, nil) }
      state.waiting.append((state.epoch, waiter))
      if let asked = state.asked, asked.epoch == state.epoch, now < asked.at + Self.patience { return (nil, nil) }
      state.asked = (now, state.epoch)
      return (nil, state.epoch)
    }
    if let report { waiter(report) }
    return question
  }

  /// Gives a report to all whom the question of this number was asked for.
  func answer(_ question: Int, _ report: StatusReport) {
    let now = Clock.monotonic()
    let waiters = state.withLock { state in
      let served = state.waiting.filter { $0.epoch <= question }
      state.waiting.removeAll { $0.epoch <= question }
      if question == state.epoch {
        state.last = (now, report)
        state.asked = nil
      }
      return served.map(\.waiter)
    }
    for waiter in waiters { waiter(report) }
  }

  /// What is known does not show what was just ordered.
  func forget() {
    state.withLock { state in
      state.epoch += 1
      state.last = nil
    }
  }
}
