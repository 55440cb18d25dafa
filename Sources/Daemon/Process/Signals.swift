import CLinux
import Glibc

/// The signals of the process: blocked in every thread, and taken one after the other by `main`.
package enum Signals {
  package enum Order: Sendable { case reload, stop }

  /// Before any thread starts, so that none of them is interrupted by what is meant for `main`.
  package static func block() {
    var set = orders()
    _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Before the configuration is read: a reload asked for meanwhile would end the process, and comes
  /// after the start instead.
  package static func blockReload() {
    var set = signals([SIGHUP])
    _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for the next one.
  package static func next() -> Order {
    var set = orders()
    while true {
      var number: Int32 = 0
      guard unsafe sigwait(&set, &number) == 0 else { continue }
      return number == SIGHUP ? .reload : .stop
    }
  }

  /// Asks `main` to stop, from any thread.
  package static func stop() { _ = kill(getpid(), SIGTERM) }

  private static func orders() -> sigset_t { signals([SIGHUP, SIGTERM, SIGINT]) }

  private static func signals(_ numbers: [Int32]) -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    return set
  }
}

/// What the process may use of the machine.
enum Resources {
  /// Cores that this process may run on: affinity and cgroups' cpusets count.
  static var cores: Int {
    var mask = [UInt64](repeating: 0, count: 128)
    let failed = unsafe clinux_get_affinity(0, mask.count * 8, &mask)
    guard failed == 0 else { return 1 }
    return max(1, mask.reduce(0) { $0 + $1.nonzeroBitCount })
  }

  /// Lets the calling thread yield to all others: it has time, but must end on a core that is never idle too,
  /// which under SCHED_IDLE it would not.
  static func lowerPriority() { _ = setpriority(Int32(PRIO_PROCESS.rawValue), id_t(clinux_thread_id()), 19) }

  /// Gives back what reading zones has left on the heaps: the C library keeps it, several times a zone's size.
  static func returnMemory() { clinux_trim_heaps() }

  /// As many descriptors as the system allows: connections, probes and sockets need one each.
  static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit)
  }
}
