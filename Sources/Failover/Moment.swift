/// A point of time by both clocks: the monotonic one for everything that lasts, the wall's for weeks and expiries.
package struct Moment: Hashable, Sendable {
  package var instant: Instant
  /// Nanoseconds since 1970 UTC.
  package var wall: Int64

  package init(_ instant: Instant, wall: Int64) {
    self.instant = instant
    self.wall = wall
  }

  /// When the wall clock will show `wall`, if it is not set meanwhile.
  package func instant(ofWall wall: Int64) -> Instant { instant + .nanoseconds(wall - self.wall) }
}
