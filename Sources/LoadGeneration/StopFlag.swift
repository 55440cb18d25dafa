import Memory
import Synchronization

/// Set once to end a run early, from any thread.
package final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  package init() {}

  package var isSet: Bool { flag.load(ordering: .relaxed) }
  package func set() { flag.store(true, ordering: .relaxed) }

  /// Sets it when `wait`, called on a thread of its own, returns.
  package func set(after wait: @escaping @Sendable () -> Void) {
    _ = Thread.start("signals") {
      wait()
      self.set()
    }
  }
}
