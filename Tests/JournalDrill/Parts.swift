import Glibc
import Synchronization

/// One write(2): whole in the file, whatever happens afterwards.
func say(_ text: String) { _ = unsafe write(1, text, text.utf8.count) }

final class Counter: Sendable {
  private let left: Atomic<Int>
  init(_ count: Int) { left = Atomic(count) }
  func next() -> Int { left.subtract(1, ordering: .relaxed).newValue }
}

final class Flag: Sendable {
  private let isUp = Atomic(false)
  func raise() { isUp.store(true, ordering: .releasing) }
  func lower() -> Bool { isUp.exchange(false, ordering: .acquiring) }
}

/// So many may be under way.
final class Window: Sendable {
  private let size: Int
  private let underWay = Atomic<Int>(0)
  init(_ size: Int) { self.size = size }
  func enter() {
    while underWay.load(ordering: .acquiring) >= size { usleep(50) }
    underWay.add(1, ordering: .acquiring)
  }
  func leave() { underWay.subtract(1, ordering: .releasing) }
}

enum Numbers {
  static func encode(_ number: Int) -> [UInt8] { Array("\(number)".utf8) }
  static func decode(_ octets: [UInt8]) -> Int { Int(String(decoding: octets, as: UTF8.self)) ?? -1 }
}
