import Assembly
import Diagnostics
import Logging
import Memory
import Sockets
import Synchronization

/// The thread that has time: it reads configuration and zones for a reload, and releases what is
/// retired, so that neither answers nor probes wait for it.
final class Loader: Sendable {
  private let path: String
  private let logger: Logger
  /// What is to be let go. When it is full the sender lets go of it itself.
  private let retired = Mailbox<[any Sendable]>(capacity: 1024)
  /// Not in the mailbox, so that it is never lost; a burst of signals is one reload.
  private let isReloadWanted = Atomic(false)

  /// - Parameter path: of the configuration file.
  init(_ path: String, _ logger: Logger) {
    self.path = path
    self.logger = logger
  }

  /// Seconds between two looks at what ends by itself.
  private static var lookInterval: Int { 3600 }

  /// - Parameters:
  ///   - adopt: takes a new assembly whose problems, if any, are no errors.
  ///   - look: called now and then, for what comes due without anybody asking.
  func start(
    adopt: @escaping @Sendable (Assembled) -> Void, look: @escaping @Sendable () -> Void
  ) -> Thread? {
    Thread.start("loader") { [self] in
      Resources.lowerPriority()
      Resources.returnMemory()
      while retired.take(within: Self.lookInterval) != nil {
        look()
        guard isReloadWanted.exchange(false, ordering: .acquiringAndReleasing) else { continue }
        reload(adopt)
        Resources.returnMemory()
      }
    }
  }

  func reload() {
    isReloadWanted.store(true, ordering: .releasing)
    release([])
  }

  func release(_ objects: [any Sendable]) { _ = retired.post(objects) }

  func stop() { retired.close() }

  private func reload(_ adopt: (Assembled) -> Void) {
    logger.info("reloading", metadata: ["file": "\(path)"])
    var problems = ProblemList()
    let assembled = Assembler.assemble(path, at: Clock.seconds(), problems: &problems)
    logger.log(problems)
    guard let assembled else {
      logger.error("reload refused: the old configuration and zones serve on")
      return
    }
    adopt(assembled)
  }
}

extension Logger {
  func log(_ problems: ProblemList) {
    for problem in problems.listed {
      switch problem.severity {
      case .error: error("\(problem.text)")
      case .warning: warning("\(problem.text)")
      case .note: notice("\(problem.text)")
      }
    }
    if problems.omitted > 0 { warning("\(problems.omitted) further problems are not listed") }
  }
}
