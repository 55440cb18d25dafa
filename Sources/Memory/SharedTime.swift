public import Synchronization

/// A point of time in nanoseconds since boot that threads read and set without waiting for each other, and by which
/// nothing else is ordered.
@usableFromInline package struct SharedTime: ~Copyable, Sendable {
  @usableFromInline let nanoseconds: Atomic<UInt64>

  package init(_ nanoseconds: UInt64) { self.nanoseconds = Atomic(nanoseconds) }

  @inlinable package var value: UInt64 { nanoseconds.load(ordering: .relaxed) }

  package func set(_ value: UInt64) { nanoseconds.store(value, ordering: .relaxed) }

  /// Moves it to `value`, unless it is there already or less than `grain` before it: threads that see many times write
  /// rarely then, and mostly read a line that nobody has written.
  @inlinable package func advance(to value: UInt64, grain: UInt64) {
    if value > nanoseconds.load(ordering: .relaxed) &+ grain { move(to: value) }
  }

  /// Of threads that do so at one time, the latest counts.
  @usableFromInline @inline(never) func move(to value: UInt64) { _ = nanoseconds.max(value, ordering: .relaxed) }
}
