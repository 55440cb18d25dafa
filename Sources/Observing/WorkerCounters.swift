public import Memory
public import Synchronization

/// The counters of all workers. Each slot has one writer, so that counting is a plain increment
/// without a locked instruction, and lies on cache lines of its own; readers add the slots up.
@usableFromInline package final class WorkerCounters: Sendable {
  /// Slots from one worker to the next: whole pairs of cache lines (128 octets), and one pair between.
  @usableFromInline static var stride: Int { (Counter.count + 15) / 16 * 16 + 16 }

  @usableFromInline let slots: FixedArray<Atomic<UInt64>>
  package let workers: Int

  package init(workers: Int) {
    self.workers = workers
    slots = FixedArray(count: workers * Self.stride) { _ in Atomic(0) }
  }

  /// Only worker `worker` itself calls this.
  @inlinable package func add(_ amount: UInt64 = 1, to counter: Counter, worker: Int) {
    let index = worker &* Self.stride &+ counter.index
    slots[index].store(slots[index].load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  /// The sum over all workers; may be read at any time from any thread.
  package func total(_ counter: Counter) -> UInt64 {
    (0..<workers).reduce(0) { $0 &+ value(counter, worker: $1) }
  }

  /// Queries received, over all transports and families.
  package var allQueries: UInt64 {
    [.udp, .tcp].reduce(0) { $0 &+ total(.queries($1, isIPv6: false)) &+ total(.queries($1, isIPv6: true)) }
  }

  package func value(_ counter: Counter, worker: Int) -> UInt64 {
    slots[worker * Self.stride + counter.index].load(ordering: .relaxed)
  }

  /// Every counter that is not zero, by name, in the order of `Counter.all`; types are for metrics alone.
  package func snapshot() -> [(name: String, value: UInt64)] {
    Counter.all.prefix(Counter.firstQuestion).map { ($0.name, total($0)) }.filter { $0.1 > 0 }
  }
}
