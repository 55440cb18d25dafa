import Memory
import Synchronization

/// Where threads leave their times, and wait until all are ready to begin.
final class Results: Sendable {
  let times: FixedArray<Atomic<UInt64>>
  private let missing: Atomic<Int>

  init(_ threads: Int) {
    times = FixedArray(count: threads) { _ in Atomic(0) }
    missing = Atomic(threads)
  }

  func wait() {
    missing.subtract(1, ordering: .acquiringAndReleasing)
    while missing.load(ordering: .acquiring) > 0 {}
  }
}
