import Assembly
import Configuration
import Diagnostics
import Failover
import Logging
import Observing
import Rehearsal
import Sockets

/// The commands behind the command line's words. Each returns the exit status: 0 done, 1 failed.
package enum Commands {
  package static let version = "0.1.0"

  /// Prints every problem of a configuration and its zones, and starts nothing.
  package static func check(_ path: String) -> Int32 {
    guard let assembled = assemble(path) else { return 1 }
    let budgets = Budget.problems(assembled)
    for problem in budgets { Output.write("\(problem)", toError: true) }
    for zone in assembled.zones {
      let zone = zone.summary
      Output.write("\(zone.name): \(zone.records) records, serial \(zone.serial)", toError: false)
    }
    let settings = assembled.health.settings
    for (index, pool) in settings.pools.enumerated() {
      Output.write("\(pool.name): \(Budget(settings, pool: index).text)", toError: false)
    }
    if !settings.pools.isEmpty { Output.write(Budget.outside(settings), toError: false) }
    if budgets.contains(where: { $0.severity == .error }) { return 1 }
    let pools = assembled.health.pools.count
    let probes = assembled.health.probes.count
    Output.write(
      "\(path): good; \(pools) pool\(pools == 1 ? "" : "s"), \(probes) probe\(probes == 1 ? "" : "s")", toError: false)
    return 0
  }

  /// Serves until a signal says otherwise.
  package static func serve(_ path: String) -> Int32 {
    let log = LogQueue(descriptor: 2)
    guard let daemon = start(path, log) else { return 1 }
    return run(daemon, log)
  }

  /// Assembles a configuration, takes its addresses and starts the log. The assembly is let go here: it
  /// lives on only in what serves it, so that a reload can release it.
  ///
  /// - Parameter prepare: called before anything is bound.
  static func start(
    _ path: String, _ log: LogQueue, prepare: (Assembled) throws(StartError) -> Void = { _ throws(StartError) in }
  ) -> Daemon? {
    Signals.blockReload()
    let manager = ManagerSettings.take()
    guard let assembled = assemble(path, usesImages: true) else { return nil }
    Signals.block()
    log.set(assembled.configuration.log)
    do throws(StartError) {
      try prepare(assembled)
      let daemon = try Daemon(assembled, path: path, log: log, manager: manager)
      guard log.start() else { throw StartError("the system has no thread left") }
      return daemon
    } catch {
      Output.write("alula: \(error)", toError: true)
      return nil
    }
  }

  static func run(_ daemon: Daemon, _ log: LogQueue) -> Int32 {
    let status = daemon.run()
    log.close()
    return status
  }

  /// Reads a configuration and prints what is wrong with it; nil when it cannot be used.
  ///
  /// - Parameter usesImages: whether zones may come from the state folder.
  static func assemble(_ path: String, usesImages: Bool = false) -> Assembled? {
    var problems = ProblemList()
    let assembled = Assembler.assemble(path, at: Clock.seconds(), usesImages: usesImages, problems: &problems)
    for problem in problems.listed { Output.write("\(problem)", toError: true) }
    if problems.omitted > 0 { Output.write("\(problems.omitted) further problems are not listed", toError: true) }
    return assembled
  }
}

extension LogQueue {
  func set(_ settings: Configuration.Log) {
    set(level: Logger.Level(settings.level), format: settings.format == .json ? .json : .text)
  }
}

extension Logger.Level {
  fileprivate init(_ level: Configuration.Log.Level) {
    self =
      switch level {
      case .debug: .debug
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
  }
}
