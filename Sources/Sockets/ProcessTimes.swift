import CLinux
import Glibc

/// Processor time of a process, in seconds.
package struct ProcessTimes: Sendable, Equatable {
  package var user: Double
  package var system: Double
  package var total: Double { user + system }

  package init(user: Double, system: Double) {
    self.user = user
    self.system = system
  }

  package static func - (a: ProcessTimes, b: ProcessTimes) -> ProcessTimes {
    ProcessTimes(user: a.user - b.user, system: a.system - b.system)
  }

  /// This process.
  package static var own: ProcessTimes {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(Int32(CLINUX_RUSAGE_SELF)), &usage)
    return ProcessTimes(user: seconds(usage.ru_utime), system: seconds(usage.ru_stime))
  }

  /// Another process with all its threads, to a hundredth of a second; nil when there is none (proc_pid_stat(5)).
  package static func of(_ process: Int32) -> ProcessTimes? {
    // The name in parentheses may hold anything, so that counting begins behind the last one.
    guard let text = ProcFile.read("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    return ProcessTimes(user: user / ticks, system: system / ticks)
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
}

/// What a process does with its core.
package enum OwnThread {
  /// Lets the calling thread run on one core only; false when there is none of this number.
  package static func pin(toCore core: Int) -> Bool {
    guard 0..<1024 ~= core else { return false }
    var mask = [UInt64](repeating: 0, count: 16)
    mask[core / 64] = 1 << UInt64(core % 64)
    return unsafe clinux_set_affinity(0, mask.count * 8, &mask) == 0
  }

  /// Seconds that the calling thread was ready to run and had no core (/proc/thread-self/schedstat).
  package static var waited: Double {
    let fields = (ProcFile.read("/proc/thread-self/schedstat") ?? "").split(separator: " ")
    return fields.count > 1 ? (Double(fields[1]) ?? 0) / 1e9 : 0
  }

  /// Lets sleeps end when they should, not up to 50 microseconds later.
  package static func sleepPrecisely() { clinux_set_timer_slack(1) }

  package static func sleep(nanoseconds: UInt64) {
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    _ = unsafe nanosleep(&time, nil)
  }
}

/// Small files of the kernel's, which have no size.
enum ProcFile {
  static func read(_ path: String) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { octets -> String? in
      let count = unsafe Glibc.read(file, octets.baseAddress, 4096)
      return count > 0 ? unsafe String(decoding: octets.prefix(count), as: UTF8.self) : nil
    }
  }
}
