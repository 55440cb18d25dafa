import Glibc

/// A failed system call: the number and the function's name.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  package let number: Int32
  package let function: String

  package init(_ function: String, _ number: Int32 = errno) {
    self.number = number
    self.function = function
  }

  /// No thread left.
  package static var noThread: SystemError { SystemError("thread", EAGAIN) }

  package var message: String { unsafe String(cString: strerror(number)) }
  package var description: String { "\(function): \(message)" }

  package var isAddressInUse: Bool { number == EADDRINUSE }
  package var isPermission: Bool { number == EACCES || number == EPERM }
  package var isRefused: Bool { number == ECONNREFUSED }
  package var isNoSuchFile: Bool { number == ENOENT }
  /// A deadline of our own has passed.
  package static var timedOut: SystemError { SystemError("poll", ETIMEDOUT) }
  package var isNoSuchAddress: Bool { number == EADDRNOTAVAIL }
  /// This machine has no way there: no IPv6, say.
  package var isNoRoute: Bool { [ENETUNREACH, EAFNOSUPPORT, EADDRNOTAVAIL].contains(number) }

  /// Trouble of this process or machine, never of whom it talks to: no descriptor, memory or port left.
  package var isOurOwn: Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EADDRINUSE, EAGAIN, EACCES, EPERM].contains(number)
  }
}

/// Calls `body` again while it fails with EINTR; any other −1 is thrown as `function`'s error.
@discardableResult
func check(_ function: String, _ body: () -> Int32) throws(SystemError) -> Int32 {
  while true {
    let result = body()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError(function) }
  }
}

/// What became of a transfer that must not block.
package enum Transfer: Equatable, Sendable {
  /// Octets moved; 0 on a read means that the peer has finished sending.
  case done(Int)
  case wouldBlock
  case failed(Int32)

  static func of(_ body: () -> Int) -> Transfer {
    while true {
      let result = body()
      if result >= 0 { return .done(result) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      default: return .failed(errno)
      }
    }
  }
}
