import CLinux
import Glibc
import Memory
import Synchronization

/// A program that runs beside us, without a shell, in a process group of its own; what it prints, on
/// standard output and standard error alike, comes through a pipe. Killed with its group when this value goes.
package final class ChildCommand: Sendable {
  package enum Ending: Hashable, Sendable {
    case exited(Int)
    case signalled(Int)
  }

  /// A place among the programs that may run at once, taken before one is started and kept until it is gone.
  package final class Slot: Sendable {
    private static let count = Atomic(0)
    /// Taken by all probes of this process.
    package static var taken: Int { count.load(ordering: .relaxed) }

    package init() { Slot.count.add(1, ordering: .relaxed) }
    deinit { Slot.count.subtract(1, ordering: .relaxed) }
  }

  private let slot: Slot
  private let identifier: pid_t
  /// Becomes readable when the program has ended.
  private let ended: Descriptor
  private let output: Descriptor
  private let isReaped = Atomic(false)

  package var endedNumber: Int32 { ended.number }
  package var outputNumber: Int32 { output.number }

  /// Programs of all probers of this process that are not yet gone.
  private static let alive = Atomic(0)
  package static var running: Int { alive.load(ordering: .relaxed) }

  /// Starts `arguments[0]`, a path. It gets `PATH` as its environment, nothing to read, no other descriptor of
  /// this process, and signals as they are by default. May wait for a disk.
  package init(_ arguments: [String], _ slot: Slot) throws(SystemError) {
    self.slot = slot
    var ends: [Int32] = [-1, -1]
    try check("pipe") { unsafe clinux_pipe2(&ends, O_CLOEXEC | O_NONBLOCK) }
    output = Descriptor(ends[0])
    let input = Descriptor(ends[1])
    // The program's end of the pipe waits, as programs expect.
    _ = fcntl(input.number, F_SETFL, 0)
    let identifier = try ChildCommand.spawn(arguments, output: input.number)
    let watch = clinux_pidfd_open(identifier)
    guard watch >= 0 else {
      let error = SystemError("pidfd_open")
      _ = kill(-identifier, SIGKILL)
      _ = waitpid(identifier, nil, 0)
      throw error
    }
    self.identifier = identifier
    ended = Descriptor(watch)
  }

  deinit {
    guard !isReaped.load(ordering: .relaxed) else { return }
    _ = kill(-identifier, SIGKILL)
    if waitpid(identifier, nil, WNOHANG) == 0 { ChildCommand.reapLater(identifier, slot) }
  }

  /// A killed program takes a moment to go, or long when a disk does not answer.
  private static func reapLater(_ identifier: pid_t, _ slot: Slot) {
    let reaper = Thread.start("reaper") {
      while waitpid(identifier, nil, 0) < 0 && errno == EINTR {}
      withExtendedLifetime(slot) {}
    }
    reaper?.detach()
  }

  /// How it ended, once it has; ends what is left of its group.
  package func ending() -> Ending? {
    var event = pollfd(fd: ended.number, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&event, 1, 0) == 1 else { return nil }
    // Until it is waited for, nobody else can have its number.
    _ = kill(-identifier, SIGKILL)
    var status: Int32 = 0
    guard unsafe waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
    isReaped.store(true, ordering: .relaxed)
    return clinux_signalled(status) != 0
      ? .signalled(Int(clinux_signal(status))) : .exited(Int(clinux_exit_status(status)))
  }

  /// Appends what it has printed to `buffer`, at most `limit` octets.
  package func read(appendingTo buffer: inout [UInt8], atMost limit: Int) -> Transfer {
    let number = output.number
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { octets in
      let result = Transfer.of { unsafe Glibc.read(number, octets.baseAddress, limit) }
      if case .done(let count) = result { unsafe buffer.append(contentsOf: octets.prefix(count)) }
      return result
    }
  }

  private static func spawn(_ arguments: [String], output: Int32) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
    unsafe clinux_spawn_close_from(&actions, 3)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    let path = unsafe strdup("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    defer { unsafe free(path) }
    var identifier: pid_t = 0
    let failure = unsafe posix_spawn(&identifier, arguments[0], &actions, &attributes, words, [path, nil])
    guard failure == 0 else { throw SystemError(arguments[0], failure) }
    return identifier
  }
}
