import Control
import Synchronization

/// The latest of what happened, in memory.
final class EventLog: Sendable {
  private static var capacity: Int { 1000 }

  /// A ring: `next` is where the oldest stands once it is full.
  private struct Ring: Sendable {
    var events: [Event] = []
    var next = 0
  }

  private let ring: Mutex<Ring>
  private let keeper: StateKeeper?

  /// - Parameter keeper: of events that outlive the process; nil: none do.
  init(_ keeper: StateKeeper?) {
    self.keeper = keeper
    ring = Mutex(Ring(events: keeper?.restoredEvents(atMost: Self.capacity) ?? []))
  }

  func append(_ event: Event) {
    keeper?.happened(event)
    ring.withLock { ring in
      if ring.events.count < Self.capacity {
        ring.events.append(event)
      } else {
        ring.events[ring.next] = event
        ring.next = (ring.next + 1) % Self.capacity
      }
    }
  }

  /// The oldest first.
  func latest(atMost count: Int) -> [Event] {
    ring.withLock { ring in Array((ring.events[ring.next...] + ring.events[..<ring.next]).suffix(count)) }
  }
}
