import CLinux
import Glibc

enum Pause {
  static func milliseconds(_ milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }
}

/// A program of the operator's: without a shell, in a process group of its own, with nothing of ours open.
enum Hook {
  /// Runs a program to its end with `input` on its standard input; what it writes is thrown away.
  ///
  /// - Parameter milliseconds: after which it is killed, with all that it has started.
  static func run(_ command: [String], input: [UInt8], milliseconds: Int32) throws(NoticeError) {
    var pipe: [Int32] = [-1, -1]
    guard unsafe clinux_pipe2(&pipe, O_CLOEXEC) == 0 else { throw NoticeError("no pipe: \(StartError.reason())") }
    defer { close(pipe[1]) }
    let process: pid_t
    do throws(NoticeError) { process = try spawn(command, input: pipe[0]) } catch {
      close(pipe[0])
      throw error
    }
    close(pipe[0])
    // A few hundred octets fit the pipe, whether it reads them or not; SIGPIPE is ignored.
    _ = fcntl(pipe[1], F_SETFL, O_NONBLOCK)
    _ = unsafe write(pipe[1], input, input.count)
    close(pipe[1])
    pipe[1] = -1
    try wait(process, command[0], milliseconds)
  }

  private static func wait(_ process: pid_t, _ name: String, _ milliseconds: Int32) throws(NoticeError) {
    let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
    while !hasEnded(process), ContinuousClock.now < deadline { Pause.milliseconds(10) }
    let isLate = !hasEnded(process)
    // It is not waited for yet, so the group's number is still its own; what it has left behind ends with it.
    _ = kill(-process, SIGKILL)
    var status: Int32 = 0
    _ = unsafe waitpid(process, &status, 0)
    if isLate { throw NoticeError("\(name) took longer than \(milliseconds) ms and was killed") }
    guard clinux_exited(status) != 0, clinux_exit_status(status) == 0 else {
      let how = clinux_exited(status) != 0 ? "with status \(clinux_exit_status(status))" : "by signal \(status & 0x7F)"
      throw NoticeError("\(name) ended \(how)")
    }
  }

  /// Leaves it to be waited for.
  private static func hasEnded(_ process: pid_t) -> Bool {
    var information = unsafe siginfo_t()
    let failed = unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
    return unsafe failed != 0 || information.si_signo != 0
  }

  private static func spawn(_ command: [String], input: Int32) throws(NoticeError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    let strings = unsafe command.map { unsafe strdup($0) }
    defer { unsafe strings.forEach { unsafe free($0) } }
    let vector = unsafe strings + [nil]
    var process: pid_t = 0
    let failure = unsafe posix_spawn(&process, command[0], &actions, &attributes, vector, environ)
    guard failure == 0 else {
      throw NoticeError("cannot start \(command[0]): \(unsafe String(cString: strerror(failure)))")
    }
    return process
  }
}
