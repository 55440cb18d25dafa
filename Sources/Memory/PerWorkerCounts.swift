import Synchronization

/// A row of counters for each worker. Each has one writer, so that counting is a plain increment without a locked
/// instruction, and rows lie on cache lines of their own.
package struct PerWorkerCounts: ~Copyable, Sendable {
  private let slots: FixedArray<Atomic<UInt64>>
  private let stride: Int
  private let workers: Int

  package init(workers: Int, counters: Int) {
    self.workers = workers
    stride = (counters + 15) / 16 * 16 + 16
    slots = FixedArray(count: workers * stride) { _ in Atomic(0) }
  }

  /// Only worker `worker` itself calls this.
  @inline(__always) package func add(_ counter: Int, worker: Int) {
    let index = worker &* stride &+ counter
    slots[index].store(slots[index].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  /// May be read at any time from any thread.
  package func value(_ counter: Int, worker: Int) -> UInt64 {
    slots[worker * stride + counter].load(ordering: .relaxed)
  }

  /// The sum over all workers; may be read at any time from any thread.
  package func total(_ counter: Int) -> UInt64 {
    (0..<workers).reduce(0) { $0 &+ value(counter, worker: $1) }
  }
}
