import CLinux
import Glibc

/// Wakes a thread that waits in a `Poller` or a `ReadableSet`, from any other thread (eventfd(2)).
package final class Waker: Sendable {
  private let event: Descriptor
  package var descriptor: Int32 { event.number }

  package init() throws(SystemError) {
    event = Descriptor(
      try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) })
  }

  package func wake() {
    var one: UInt64 = 1
    _ = unsafe write(event.number, &one, 8)
  }

  /// Takes back all wake-ups so far.
  package func clear() {
    var count: UInt64 = 0
    _ = unsafe read(event.number, &count, 8)
  }
}
