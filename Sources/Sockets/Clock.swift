import Glibc

/// The system's clocks, in nanoseconds.
package enum Clock {
  /// Since boot, never set back; the time of every deadline.
  package static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }
  /// Like `monotonic`, but goes on while the machine is suspended.
  package static func boot() -> UInt64 { read(CLOCK_BOOTTIME) }
  /// Since 1970; may jump.
  package static func wall() -> UInt64 { read(CLOCK_REALTIME) }

  /// Since 1970, in seconds modulo 2^32, as cookies and signatures have it.
  package static func seconds() -> UInt32 { UInt32(truncatingIfNeeded: wall() / 1_000_000_000) }

  /// Waits so many nanoseconds.
  package static func sleep(_ nanoseconds: UInt64) {
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    var left = timespec()
    while unsafe nanosleep(&time, &left) != 0 && errno == EINTR { time = left }
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
