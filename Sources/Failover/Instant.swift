/// A point of monotonic time, in nanoseconds since an origin that the caller chose.
package struct Instant: Hashable, Sendable, Comparable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  package static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds + duration.nanoseconds)
  }

  package static func - (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds - duration.nanoseconds)
  }

  package static func - (a: Instant, b: Instant) -> Duration { .nanoseconds(a.nanoseconds - b.nanoseconds) }
}

extension Duration {
  /// Whole nanoseconds, rounded towards zero; enough for 292 years.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  /// For people: `500 ms`, `5 s`.
  package var text: String {
    let milliseconds = nanoseconds / 1_000_000
    return milliseconds % 1000 == 0 && milliseconds != 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
