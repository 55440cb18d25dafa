import CLinux
import Glibc

/// What to wait for on a descriptor, level-triggered unless `edgeTriggered` is added (epoll(7)).
package struct Interest: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
  package static let read = Interest(rawValue: EPOLLIN.rawValue)
  package static let write = Interest(rawValue: EPOLLOUT.rawValue)
  /// The peer has finished sending (its half is closed).
  package static let readClosed = Interest(rawValue: EPOLLRDHUP.rawValue)
  /// Report each change once: whoever asks for it reads and writes until it would block.
  package static let edgeTriggered = Interest(rawValue: EPOLLET.rawValue)
  /// Reported always, never asked for.
  package static let failed = Interest(rawValue: EPOLLERR.rawValue)
  package static let hungUp = Interest(rawValue: EPOLLHUP.rawValue)
}

/// Waits for many descriptors at once: a thin epoll(7).
package struct Poller: ~Copyable {
  package struct Event: Sendable {
    package let token: UInt64
    package let ready: Interest
  }

  private let descriptor: Descriptor
  /// Events of one wait: what `withUnsafeTemporaryAllocation` still puts on the stack.
  private static var capacity: Int { 64 }

  package init() throws(SystemError) {
    descriptor = Descriptor(try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
  }

  package func add(_ fd: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    try check("epoll_ctl") {
      clinux_epoll_change(descriptor.number, EPOLL_CTL_ADD, fd, interest.rawValue, token)
    }
  }

  package func change(_ fd: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
    try check("epoll_ctl") {
      clinux_epoll_change(descriptor.number, EPOLL_CTL_MOD, fd, interest.rawValue, token)
    }
  }

  package func remove(_ fd: Int32) {
    _ = clinux_epoll_change(descriptor.number, EPOLL_CTL_DEL, fd, 0, 0)
  }

  /// Waits at most `milliseconds` (nil: for ever) and calls `body` for each ready descriptor.
  /// Returns without an event after a signal.
  package func wait(milliseconds: Int32?, _ body: (Event) -> Void) throws(SystemError) {
    let number = descriptor.number
    var failure: Int32 = 0
    unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.capacity) { events in
      let base = unsafe events.baseAddress.unsafelyUnwrapped
      let count = unsafe epoll_wait(number, base, Int32(Self.capacity), milliseconds ?? -1)
      if count < 0 { failure = errno }
      for i in 0..<max(0, count) {
        unsafe body(
          Event(token: clinux_epoll_token(base, i), ready: Interest(rawValue: clinux_epoll_events(base, i))))
      }
    }
    if failure != 0 && failure != EINTR { throw SystemError("epoll_wait", failure) }
  }

  /// The same with a wait of nanoseconds, for a caller that has its own times to keep.
  package func wait(nanoseconds: UInt64, _ body: (Event) -> Void) throws(SystemError) {
    let number = descriptor.number
    var timeout = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    var failure: Int32 = 0
    unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.capacity) { events in
      let base = unsafe events.baseAddress.unsafelyUnwrapped
      let count = unsafe clinux_epoll_wait(number, base, Int32(Self.capacity), &timeout, nil)
      if count < 0 { failure = errno }
      for i in 0..<max(0, count) {
        unsafe body(
          Event(token: clinux_epoll_token(base, i), ready: Interest(rawValue: clinux_epoll_events(base, i))))
      }
    }
    if failure != 0 && failure != EINTR { throw SystemError("epoll_pwait2", failure) }
  }
}
