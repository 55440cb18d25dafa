public import Synchronization

/// Quiescent-state reclamation: who may still be reading what has been replaced.
///
/// Each reader owns one counter on a cache line of its own. Entering a batch copies the global epoch
/// into it; leaving marks the reader offline, so that one that sleeps never holds up the writer.
@usableFromInline package final class ReaderEpochs: Sendable {
  @usableFromInline static var offline: UInt { .max }
  /// Counters between two readers' ones: 128 octets, as adjacent lines are fetched in pairs.
  @usableFromInline static var stride: Int { 16 }

  @usableFromInline let global = Atomic<UInt>(1)
  @usableFromInline let readers: FixedArray<Atomic<UInt>>
  private let count: Int

  package init(readers count: Int) {
    self.count = count
    readers = FixedArray(count: (count + 1) * Self.stride) { _ in Atomic(Self.offline) }
  }

  /// Called by reader `index` before it loads anything published. Store and loads are sequentially
  /// consistent: either the writer sees the reader, or the reader sees what the writer published.
  @inlinable package func enter(_ index: Int) {
    readers[(index + 1) * Self.stride].store(global.load(ordering: .acquiring), ordering: .sequentiallyConsistent)
  }

  @inlinable package func leave(_ index: Int) {
    readers[(index + 1) * Self.stride].store(Self.offline, ordering: .releasing)
  }

  /// Starts a new epoch and returns it: what was replaced before may go once `reached` says so.
  package func advance() -> UInt {
    global.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
  }

  /// Whether every reader is offline or entered at `epoch` or later.
  package func reached(_ epoch: UInt) -> Bool {
    for i in 0..<count where readers[(i + 1) * Self.stride].load(ordering: .sequentiallyConsistent) < epoch {
      return false
    }
    return true
  }
}
