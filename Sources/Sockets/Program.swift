import CLinux
import Glibc

/// Another program, run to its end with this process's environment; what it prints is kept.
package struct Program: Sendable {
  package struct Outcome: Sendable {
    /// The exit status; 128 and the signal's number for one that was ended by a signal, as shells say it.
    package let status: Int
    package let output: [UInt8]
    package let errors: [UInt8]
  }

  package enum Failure: Error, CustomStringConvertible {
    case cannotStart(String, SystemError)
    case tooSlow(String)
    case tooLong(String)

    package var description: String {
      switch self {
      case .cannotStart(let name, let error): "cannot run \(name): \(error.message)"
      case .tooSlow(let name): "\(name) did not end in time and was stopped"
      case .tooLong(let name): "\(name) printed too much and was stopped"
      }
    }
  }

  /// The program, searched in `PATH`, and its arguments.
  package let words: [String]
  /// Nanoseconds.
  package let timeout: UInt64
  /// Octets of each of its outputs.
  package static var longest: Int { 256 << 20 }

  package init(_ words: [String], timeout: UInt64) {
    self.words = words
    self.timeout = timeout
  }

  /// Waits for the program.
  package func run() throws(Failure) -> Outcome {
    let child: Running
    do throws(SystemError) { child = try Running(words) } catch { throw .cannotStart(words[0], error) }
    let deadline = Clock.monotonic() + timeout
    var texts: [[UInt8]] = [[], []]
    var open = [true, true]
    while open != [false, false] {
      guard child.wait(until: deadline, for: open) else { throw .tooSlow(words[0]) }
      for i in 0..<2 where open[i] {
        open[i] = child.read(i, into: &texts[i])
        guard texts[i].count <= Program.longest else { throw .tooLong(words[0]) }
      }
    }
    guard let status = child.end(by: deadline) else { throw .tooSlow(words[0]) }
    return Outcome(status: status, output: texts[0], errors: texts[1])
  }
}

private struct Pipe: ~Copyable {
  let output: Descriptor
  let input: Descriptor

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try check("pipe") { unsafe clinux_pipe2(&ends, O_CLOEXEC) }
    output = Descriptor(ends[0])
    input = Descriptor(ends[1])
  }

  /// Gives up the program's end, and leaves ours.
  consuming func reading() -> Descriptor { output }
}

/// The program while it runs; killed with its group when this value goes early.
private final class Running {
  private let identifier: pid_t
  private let ended: Descriptor
  private let output: Descriptor
  private let errors: Descriptor
  private var isReaped = false

  init(_ words: [String]) throws(SystemError) {
    let first = try Pipe()
    let second = try Pipe()
    identifier = try Running.spawn(words, first.input.number, second.input.number)
    ended = Descriptor(clinux_pidfd_open(identifier))
    output = first.reading()
    errors = second.reading()
  }

  deinit {
    guard !isReaped else { return }
    _ = kill(-identifier, SIGKILL)
    _ = waitpid(identifier, nil, 0)
  }

  private static func milliseconds(until deadline: UInt64) -> Int32 {
    let now = Clock.monotonic()
    return now >= deadline ? 0 : Int32(clamping: (deadline - now) / 1_000_000 + 1)
  }

  /// False when the deadline has passed before there was something to read.
  func wait(until deadline: UInt64, for open: [Bool]) -> Bool {
    var events = [output.number, errors.number].enumerated().map {
      pollfd(fd: open[$0] ? $1 : -1, events: Int16(POLLIN), revents: 0)
    }
    while true {
      let count = unsafe poll(&events, 2, Running.milliseconds(until: deadline))
      if count > 0 { return events.contains { $0.revents != 0 } }
      if count == 0 || errno != EINTR { return false }
    }
  }

  /// Reads what is there; false at the end.
  func read(_ which: Int, into text: inout [UInt8]) -> Bool {
    var event = pollfd(fd: which == 0 ? output.number : errors.number, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&event, 1, 0) == 1 else { return true }
    let number = event.fd
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65536) { octets in
      guard case .done(let count) = Transfer.of({ unsafe Glibc.read(number, octets.baseAddress, 65536) }), count > 0
      else { return false }
      unsafe text.append(contentsOf: octets.prefix(count))
      return true
    }
  }

  /// Its status once it has ended; nil when it goes on beyond the deadline.
  func end(by deadline: UInt64) -> Int? {
    var event = pollfd(fd: ended.number, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&event, 1, Running.milliseconds(until: deadline)) == 1 else { return nil }
    var status: Int32 = 0
    guard unsafe waitpid(identifier, &status, 0) == identifier else { return nil }
    isReaped = true
    return clinux_signalled(status) != 0 ? 128 + Int(clinux_signal(status)) : Int(clinux_exit_status(status))
  }

  private static func spawn(_ words: [String], _ output: Int32, _ errors: Int32) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
    unsafe clinux_spawn_close_from(&actions, 3)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var identifier: pid_t = 0
    let failure = unsafe posix_spawnp(&identifier, words[0], &actions, &attributes, arguments, environ)
    guard failure == 0 else { throw SystemError(words[0], failure) }
    return identifier
  }
}
