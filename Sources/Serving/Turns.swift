import Memory

/// How often each worker's loop has turned, so that one that hangs can be told from one that waits.
package final class Turns: Sendable {
  private let counts: PerWorkerCounts
  /// UDP workers, then TCP.
  package let workers: Int
  /// Milliseconds within which each worker turns though nothing arrives; nil: nobody looks, so it sleeps until
  /// something does.
  let within: Int32?

  /// - Parameter workers: of UDP.
  package init(workers: Int, within: Int32?) {
    self.workers = workers + 1
    self.within = within
    counts = PerWorkerCounts(workers: workers + 1, counters: 1)
  }

  /// Only worker `worker` itself calls this.
  @inline(__always) func count(worker: Int) { counts.add(0, worker: worker) }

  package var all: [UInt64] { (0..<workers).map { counts.value(0, worker: $0) } }
}
