import Memory
import Synchronization

/// Notes that a value has ended: a probe can be asked after it is gone.
final class Ledger: Sendable {
  private let ended: FixedArray<Atomic<Int>>
  init(count: Int) { ended = FixedArray(count: count) { _ in Atomic(0) } }

  func end(_ number: Int) { ended[number].add(1, ordering: .sequentiallyConsistent) }
  /// How often the value with this number has ended.
  func ends(_ number: Int) -> Int { ended[number].load(ordering: .sequentiallyConsistent) }
}

/// A value that knows its number and notes its end.
struct Probe: ~Copyable, Sendable {
  let number: Int
  /// Always the same function of `number`: garbage shows.
  let check: Int
  private let ledger: Ledger

  init(_ number: Int, _ ledger: Ledger) {
    self.number = number
    self.ledger = ledger
    check = Probe.check(number)
  }

  deinit { ledger.end(number) }

  static func check(_ number: Int) -> Int { number &* 0x9E37_79B9 ^ 0x5555 }
}
