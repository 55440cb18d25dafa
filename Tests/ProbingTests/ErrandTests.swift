import Probing
import Synchronization
import Testing

/// Look-ups and starts of programs that take for ever.
struct ErrandTests {
  /// What an errand holds for as long as it is there, as its descriptor.
  private final class Held: Sendable {
    static let count = Atomic(0)
    init() { Held.count.wrappingAdd(1, ordering: .relaxed) }
    deinit { Held.count.wrappingSubtract(1, ordering: .relaxed) }
  }

  /// A resolver that hangs holds up all threads; probes give up their look-ups and begin others, again and again.
  @Test func whatNobodyWaitsForDoesNotPileUp() throws {
    let errands = Errands()
    let gate = Mutex(0)
    let held = try gate.withLock { _ in
      let hanging = try (0..<8).map { _ in try errands.begin { gate.withLock { _ in } } }
      for _ in 0..<5000 {
        try errands.begin { [held = Held()] in withExtendedLifetime(held) {} }.abandon()
      }
      return withExtendedLifetime(hanging) { Held.count.load(ordering: .relaxed) }
    }
    #expect(held <= 64)
  }
}
