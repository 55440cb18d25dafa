import Glibc
import Sockets

/// A program that a test runs in the background; killed with its owner.
final class Child: Sendable {
  private let process: pid_t
  private let output: Descriptor

  /// - Parameter arguments: the program, found on PATH, and its arguments. Standard error is dropped.
  init(_ arguments: [String]) throws(SystemError) {
    var pipes: [Int32] = [0, 0]
    guard unsafe pipe(&pipes) == 0 else { throw SystemError("pipe") }
    let output = Descriptor(pipes[0])
    let input = Descriptor(pipes[1])
    _ = fcntl(output.number, F_SETFD, FD_CLOEXEC)
    process = try Child.start(arguments, output: input.number)
    self.output = output
  }

  deinit {
    kill(process, SIGKILL)
    _ = waitpid(process, nil, 0)
  }

  /// Stands still from now on, as a machine that hangs.
  func stop() { kill(process, SIGSTOP) }

  /// Reads a line of what it prints; nil at the end.
  func line() -> String? {
    var text: [UInt8] = []
    var octet: UInt8 = 0
    while unsafe read(output.number, &octet, 1) == 1 {
      if octet == UInt8(ascii: "\n") { return String(decoding: text, as: UTF8.self) }
      text.append(octet)
    }
    return nil
  }

  /// Runs a program to its end; whether it succeeded.
  static func run(_ arguments: [String]) throws(SystemError) -> Bool {
    let nowhere = Descriptor(unsafe open("/dev/null", O_WRONLY | O_CLOEXEC))
    let process = try start(arguments, output: nowhere.number)
    var status: Int32 = -1
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status == 0
  }

  private static func start(_ arguments: [String], output: Int32) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let result = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &words, nil)
    guard result == 0 else { throw SystemError("posix_spawn \(arguments[0])", result) }
    return process
  }
}
