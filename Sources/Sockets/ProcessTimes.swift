import CLinux
import Glibc
import Memory

/// Processor time of a process with all its threads, in seconds.
package struct ProcessTimes: Sendable, Equatable {
  package var user: Double
  package var system: Double
  /// In which a thread was ready to run and had no core: the machine was busy with others.
  package var waited: Double
  package var total: Double { user + system }

  package init(user: Double, system: Double, waited: Double = 0) {
    self.user = user
    self.system = system
    self.waited = waited
  }

  package static func - (a: ProcessTimes, b: ProcessTimes) -> ProcessTimes {
    ProcessTimes(user: a.user - b.user, system: a.system - b.system, waited: a.waited - b.waited)
  }

  /// This process.
  package static var own: ProcessTimes {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(Int32(CLINUX_RUSAGE_SELF)), &usage)
    return ProcessTimes(
      user: seconds(usage.ru_utime), system: seconds(usage.ru_stime), waited: waited("/proc/self/task"))
  }

  /// Another process, to a hundredth of a second; nil when there is none (proc_pid_stat(5)).
  package static func of(_ process: Int32) -> ProcessTimes? {
    // The name in parentheses may hold anything, so that counting begins behind the last one.
    guard let text = ProcFile.read("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    return ProcessTimes(user: user / ticks, system: system / ticks, waited: waited("/proc/\(process)/task"))
  }

  /// The second number of each thread's schedstat, in nanoseconds.
  private static func waited(_ folder: String) -> Double {
    ProcFile.list(folder).reduce(0) { sum, thread in
      let fields = (ProcFile.read("\(folder)/\(thread)/schedstat") ?? "").split(separator: " ")
      return sum + (fields.count > 1 ? (Double(fields[1]) ?? 0) / 1e9 : 0)
    }
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
}

/// What this program sets for itself.
package enum OwnThread {
  /// Lets the calling thread run on one core only; false when there is none of this number.
  package static func pin(toCore core: Int) -> Bool {
    guard 0..<1024 ~= core else { return false }
    var mask = [UInt64](repeating: 0, count: 16)
    mask[core / 64] = 1 << UInt64(core % 64)
    return unsafe clinux_set_affinity(0, mask.count * 8, &mask) == 0
  }

  /// As many descriptors as the system allows the process: each port and each connection needs one.
  package static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit)
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

  /// The names in a folder that are numbers.
  static func list(_ path: String) -> [String] { fileNames(in: path).filter { Int($0) != nil } }
}
