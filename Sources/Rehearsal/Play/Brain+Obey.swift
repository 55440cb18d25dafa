import Failover

extension Brain {
  /// An operator's order of the story; what it concerns.
  mutating func obey(_ order: Order, at now: Moment) -> OrderOutcome { take(order, at: now) }
}
