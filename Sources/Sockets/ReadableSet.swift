import Glibc
import Memory

/// Waits until one of a few descriptors can be read: a thin poll(2).
///
/// With epoll a socket keeps its watcher while the worker is busy, and the kernel tells that watcher of every
/// datagram that has left: 0.05 µs for each answer. Here nobody is registered but who sleeps.
package struct ReadableSet: ~Copyable {
  private var descriptors: Slab<pollfd>

  package init(count: Int) { descriptors = Slab(count: count) }

  /// - Parameter index: below `count`.
  package mutating func set(_ index: Int, _ descriptor: Int32) {
    descriptors[index] = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  }

  /// Waits at most `milliseconds` (nil: for ever). Nothing is ready after a signal.
  package mutating func wait(milliseconds: Int32?) throws(SystemError) {
    let count = unsafe poll(descriptors.address, nfds_t(descriptors.count), milliseconds ?? -1)
    if count >= 0 { return }
    guard errno == EINTR else { throw SystemError("poll", errno) }
    for i in 0..<descriptors.count { descriptors[i].revents = 0 }
  }

  /// Whether there is something to be read, be it an error.
  package func isReady(_ index: Int) -> Bool { descriptors[index].revents != 0 }
}
