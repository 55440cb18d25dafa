import Glibc

/// What its one owner has replaced and not yet released. Never blocks, so call `collect` now and then;
/// only when it ends itself it waits until no reader holds what is left.
package struct Retirement: ~Copyable {
  private let epochs: ReaderEpochs
  private var pending: [any Sendable] = []
  private var waiting: [(epoch: UInt, objects: [any Sendable])] = []

  package init(_ epochs: ReaderEpochs) { self.epochs = epochs }

  deinit {
    if isEmpty { return }
    let last = epochs.advance()
    while !epochs.reached(last) { sched_yield() }
  }

  package var isEmpty: Bool { pending.isEmpty && waiting.isEmpty }

  package mutating func retire<Value: Sendable & ~Copyable>(_ value: consuming Shared<Value>) {
    pending.append(Retired(value))
  }

  /// Closes the group retired since the last call and returns the groups that no reader holds any
  /// more; the caller decides on which thread they are let go.
  package mutating func collect() -> [any Sendable] {
    if !pending.isEmpty {
      waiting.append((epochs.advance(), pending))
      pending = []
    }
    var free: [any Sendable] = []
    while let first = waiting.first, epochs.reached(first.epoch) {
      free += first.objects
      waiting.removeFirst()
    }
    return free
  }
}

/// Lets an array hold what cannot be copied.
private final class Retired<Value: Sendable & ~Copyable>: Sendable {
  private let value: Shared<Value>
  init(_ value: consuming Shared<Value>) { self.value = value }
}
