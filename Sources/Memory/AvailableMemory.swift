import Glibc

/// How much more memory this process can take before an allocation fails or the kernel ends it.
package enum AvailableMemory {
  /// In octets: what is left of the machine's memory and swap, of the process's limit of address space
  /// (`ulimit -v`) and of its control group.
  package static var octets: Int {
    [machine, addressSpace, controlGroup].compactMap { $0 }.reduce(.max, min)
  }

  private static var machine: Int? {
    let lines = read("/proc/meminfo")
    guard let free = value("MemAvailable:", in: lines) else { return nil }
    return (free + (value("SwapFree:", in: lines) ?? 0)) << 10
  }

  private static var addressSpace: Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max)
    else {
      return nil
    }
    let used = (value("VmSize:", in: read("/proc/self/status")) ?? 0) << 10
    return max(0, Int(limit.rlim_cur) - used)
  }

  private static var controlGroup: Int? {
    guard
      let path = read("/proc/self/cgroup").split(separator: "\n").first(where: { $0.hasPrefix("0::") })?.dropFirst(3)
    else { return nil }
    // A container sees its own group at the root.
    for folder in ["/sys/fs/cgroup\(path)", "/sys/fs/cgroup"] {
      let limit = read(folder + "/memory.max")
      guard let octets = Int(limit.prefix { $0 != "\n" }) else { continue }
      return max(0, octets - (value("anon", in: read(folder + "/memory.stat")) ?? 0))
    }
    return nil
  }

  /// The number in the line that begins with `key`.
  private static func value(_ key: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words.count >= 2, words[0] == key { return Int(words[1]) }
    }
    return nil
  }

  /// The kernel's files have no size: read until nothing more comes, 64 KiB at most; empty when it cannot be.
  private static func read(_ path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    return unsafe String(unsafeUninitializedCapacity: 65536) { buffer in
      var count = 0
      while count < buffer.count {
        let result = unsafe Glibc.read(descriptor, buffer.baseAddress.unsafelyUnwrapped + count, buffer.count - count)
        guard result > 0 else { break }
        count += result
      }
      return count
    }
  }
}
