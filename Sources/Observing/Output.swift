import Glibc

// The only file of this target that speaks to the system.

/// Writes all of `octets`, waiting as long as the descriptor makes it wait; false when it is broken.
func writeAll(_ octets: [UInt8], to descriptor: Int32) -> Bool {
  var written = 0
  while written < octets.count {
    let result = unsafe octets.withUnsafeBytes { buffer in
      unsafe write(descriptor, buffer.baseAddress.unsafelyUnwrapped + written, buffer.count - written)
    }
    if result > 0 {
      written += result
    } else if result < 0 && errno == EAGAIN {
      // A terminal shared with a program that made it non-blocking.
      var descriptors = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&descriptors, 1, 1000)
    } else if result < 0 && errno != EINTR {
      return false
    }
  }
  return true
}

/// Milliseconds since 1970; may jump.
func wallClock() -> Int64 {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

func sleep(milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }
