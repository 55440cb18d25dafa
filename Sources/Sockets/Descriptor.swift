import Glibc

/// An open file descriptor with one owner, closed when it goes away.
package struct Descriptor: ~Copyable, Sendable {
  /// For the poller and for calls of this target; never closed by anyone else.
  package let number: Int32

  package init(_ number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }

  package consuming func close() {}

  /// Gives up ownership: the caller closes it.
  package consuming func release() -> Int32 {
    let result = number
    discard self
    return result
  }
}
