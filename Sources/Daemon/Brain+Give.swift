import Failover

extension Brain {
  /// Orders concern nothing as long as the brain takes none.
  mutating func give(_ order: Order, at now: Moment) -> OrderOutcome { OrderOutcome(subjects: []) }
}
