import CLinux
import Glibc

/// A thread of this process, named in `top -H` and in a debugger.
package struct Thread: Sendable {
  private let handle: pthread_t

  /// Starts a thread that runs `body` with all signals blocked: signals belong to `main`.
  /// - Parameter name: at most 15 octets; the kernel cuts the rest.
  /// - Returns: nil when the system has no thread left.
  package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Thread? {
    let start = unsafe Unmanaged.passRetained(Start(name, body))
    var everything = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&everything)
    unsafe pthread_sigmask(SIG_BLOCK, &everything, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    var handle = pthread_t()
    let failed = unsafe pthread_create(&handle, nil, threadMain, start.toOpaque())
    guard failed == 0 else {
      unsafe start.release()
      return nil
    }
    return Thread(handle: handle)
  }

  /// Lets the calling thread run at once when it wakes on a core where another one is busy, for a short while; over a
  /// longer time it gets no more of the core than before. 0.3 ms, which is ten full batches of answers.
  package static func shortenSlice() { clinux_set_slice(300_000) }

  /// Lets the thread end by itself; nobody may join it then.
  package func detach() { pthread_detach(handle) }

  /// Waits until the thread has ended. Once per thread.
  package func join() { pthread_join(handle, nil) }
}

/// What a new thread gets: its name and its work.
private final class Start: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(_ name: String, _ body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
  unsafe clinux_name_thread(start.name)
  start.body()
  return nil
}
