import CLinux
import Glibc
import Synchronization

/// What went wrong around a test, in words for the report.
package struct Trouble: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// A real program in a process of its own. Both of its outputs go to one file, so that nobody has to
/// drain a pipe; it is killed at the latest when the last reference goes.
package final class Child: Sendable {
  package let identifier: Int32
  /// Kept for as long as the program may write there.
  private let folder: Folder
  private let outputPath: String
  private let status = Mutex<Status?>(nil)

  package enum Status: Equatable, Sendable { case exited(Int32), signalled(Int32) }

  /// Starts `command`, its first word looked up on PATH, with the test's environment and `environment`.
  package init(
    _ command: [String], environment: [String: String] = [:], in folder: Folder, output name: String = "output"
  ) throws {
    self.folder = folder
    outputPath = folder.path(name)
    identifier = try spawn(command, environment: environment, outputPath: outputPath)
    remember(identifier)
  }

  deinit { stop() }

  /// Everything that the program has written so far.
  package var output: String { (try? readFile(outputPath)) ?? "" }

  package func signal(_ number: Int32) { if ended() == nil { _ = kill(identifier, number) } }

  /// The number of its thread of this name.
  package func thread(_ name: String) throws -> Int32? {
    let task = "/proc/\(identifier)/task"
    for number in try run(["ls", task]).output.split(separator: "\n") {
      if (try? readFile("\(task)/\(number)/comm")) == name + "\n" { return Int32(number) }
    }
    return nil
  }

  /// How the program ended; nil while it runs.
  package func ended() -> Status? {
    status.withLock { status in
      if let status { return status }
      var raw: Int32 = 0
      guard unsafe waitpid(identifier, &raw, WNOHANG) == identifier else { return nil }
      forget(identifier)
      status = clinux_exited(raw) != 0 ? .exited(clinux_exit_status(raw)) : .signalled(raw & 0x7F)
      return status
    }
  }

  /// Waits for the end; nil when the program still runs at the deadline.
  package func wait(seconds: Int = 20) -> Status? { poll(seconds: seconds, every: 5) { ended() } }

  /// SIGKILL, and gone when this returns.
  package func stop() {
    signal(SIGKILL)
    _ = wait()
  }
}

/// Who has not ended yet. What a test keeps in a `static` is never released, so the end of the run kills the rest.
private let running = Mutex<Set<Int32>>([])
private let endsWithTheRun: Void = {
  atexit { running.withLock { for identifier in $0 { _ = kill(identifier, SIGKILL) } } }
}()

private func remember(_ identifier: Int32) {
  _ = endsWithTheRun
  running.withLock { _ = $0.insert(identifier) }
}

private func forget(_ identifier: Int32) { running.withLock { _ = $0.remove(identifier) } }

/// Runs `command` to its end and returns how it ended and what it wrote.
@discardableResult
package func run(_ command: [String], environment: [String: String] = [:], seconds: Int = 30) throws
  -> (status: Child.Status, output: String)
{
  let child = try Child(command, environment: environment, in: try Folder())
  guard let status = child.wait(seconds: seconds) else {
    child.stop()
    throw Trouble("\(command.joined(separator: " ")) did not end in \(seconds) s:\n\(child.output)")
  }
  return (status, child.output)
}

private func spawn(_ command: [String], environment: [String: String], outputPath: String) throws -> Int32 {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
  unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)

  // Signals as a shell would leave them, whatever this process blocks or ignores.
  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  var all = sigset_t()
  unsafe sigemptyset(&none)
  unsafe sigfillset(&all)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setsigdefault(&attributes, &all)
  unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

  let additions = environment.map { "\($0.key)=\($0.value)" }
  let kept = currentEnvironment().filter { entry in !environment.keys.contains { entry.hasPrefix($0 + "=") } }
  var identifier: Int32 = 0
  let failed = unsafe withPointers(command) { arguments in
    unsafe withPointers(kept + additions) { variables in
      unsafe posix_spawnp(&identifier, command[0], &actions, &attributes, arguments, variables)
    }
  }
  guard failed == 0 else { throw Trouble("cannot start \(command[0]): \(unsafe String(cString: strerror(failed)))") }
  return identifier
}

private func currentEnvironment() -> [String] {
  var entries: [String] = []
  var next = unsafe environ
  while let entry = unsafe next.pointee {
    entries.append(unsafe String(cString: entry))
    unsafe next += 1
  }
  return entries
}

/// Calls `body` with `texts` as C wants an argument vector: pointers, the last of them null.
private func withPointers<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe texts.map { unsafe strdup($0) }
  unsafe pointers.append(nil)
  defer { unsafe pointers.forEach { unsafe free($0) } }
  return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress.unsafelyUnwrapped) }
}

/// The value of an environment variable; nil when it is not set or empty.
package func environmentValue(_ name: String) -> String? {
  guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
  return unsafe String(cString: value)
}
