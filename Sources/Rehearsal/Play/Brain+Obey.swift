import Failover

extension Brain {
  /// Refused: no order reaches this brain yet.
  mutating func obey(_ order: Order, at now: Moment) -> OrderOutcome { OrderOutcome(subjects: []) }
}
