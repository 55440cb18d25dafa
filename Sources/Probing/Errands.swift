import Memory
package import Sockets
import Synchronization

/// What would block the prober's loop, such as a look-up, done on threads of their own: a few at once, the others in
/// a queue that is bounded.
package final class Errands: Sendable {
  private struct State {
    var queue: [any Run] = []
    var threads = 0
    /// Length of the queue at which what nobody waits for any more leaves it: each has a descriptor.
    var sweepAt = Errands.firstSweep
  }

  private static var maximumThreads: Int { 8 }
  private static var maximumQueue: Int { 4096 }
  private static var firstSweep: Int { 64 }
  private let state = Mutex(State())

  package init() {}

  /// Begins `work`; its result wakes whoever waits for the errand's descriptor.
  package func begin<Value: Sendable>(_ work: @escaping @Sendable () -> Value) throws(SystemError) -> Errand<Value> {
    let errand = Errand(work, try Waker())
    let needsThread = try enqueue(errand)
    guard needsThread else { return errand }
    guard let thread = Thread.start("errand", { [self] in run() }) else {
      state.withLock { $0.threads -= 1 }
      throw .noThread
    }
    thread.detach()
    return errand
  }

  private func enqueue(_ errand: some Run) throws(SystemError) -> Bool {
    let needsThread: Bool? = state.withLock { state in
      if state.queue.count >= state.sweepAt {
        state.queue.removeAll { !$0.isWanted }
        state.sweepAt = min(Errands.maximumQueue, max(Errands.firstSweep, 2 * state.queue.count))
      }
      guard state.queue.count < Errands.maximumQueue else { return nil }
      state.queue.append(errand)
      guard state.threads < Errands.maximumThreads else { return false }
      state.threads += 1
      return true
    }
    guard let needsThread else { throw .noThread }
    return needsThread
  }

  private func run() {
    while let next = state.withLock({ state -> (any Run)? in
      guard state.queue.isEmpty else { return state.queue.removeFirst() }
      state.threads -= 1
      state.sweepAt = Errands.firstSweep
      return nil
    }) {
      if next.isWanted { next.run() }
    }
  }
}

private protocol Run: Sendable {
  var isWanted: Bool { get }
  func run()
}

/// Something under way on another thread.
package final class Errand<Value: Sendable>: Run, Sendable {
  private let work: @Sendable () -> Value
  private let done: Waker
  private let state: Mutex<(value: Value?, isWanted: Bool)>

  fileprivate init(_ work: @escaping @Sendable () -> Value, _ done: Waker) {
    self.work = work
    self.done = done
    state = Mutex((nil, true))
  }

  /// Becomes readable when the result is there.
  var descriptor: Int32 { done.descriptor }
  var result: Value? { state.withLock { $0.value } }
  /// Nobody waits any more: what has not begun need not begin.
  package func abandon() { state.withLock { $0 = (nil, false) } }

  var isWanted: Bool { state.withLock { $0.isWanted } }

  func run() {
    let value = work()
    state.withLock { if $0.isWanted { $0.value = value } }
    done.wake()
  }
}
