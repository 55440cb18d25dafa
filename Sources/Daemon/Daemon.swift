import Answering
package import Assembly
import Configuration
import Control
import Failover
import Logging
import Memory
package import Observing
import Serving
import Sockets
import Synchronization
import Updating
import Wire

/// A running server: the composition root that joins listeners, workers, the health loop and the loader.
package final class Daemon: Sendable {
  let log: LogQueue
  private let logger: Logger
  private let configuration: Configuration
  private let state: StateLock
  let listeners: Listeners
  let counters: WorkerCounters
  private let limits: TCPLimits
  let loader: Loader
  let health: HealthLoop
  private let signed = SignedRequests()
  private let desk: SignedDesk
  let updates: UpdateStore
  let courier: Courier
  let pulse: Pulse
  private let turns: Turns
  let manager: ServiceManager
  let events: EventLog
  /// Nil: nothing outlives a restart.
  let keeper: StateKeeper?
  let history = AnswerHistory()
  let notices: Notices
  /// Nil: nobody can ask.
  private let control: ControlServer?
  private let isStopping = Atomic(false)
  /// Seconds since 1970.
  let started = Clock.wall() / 1_000_000_000
  /// What serves, or is about to.
  private let adopted: Mutex<ReloadChanges.Summary>
  let zones: Mutex<[Figures.Zone]>
  private let signatures = SignatureWatch()
  private let brain = Mutex<Thread?>(nil)
  private let signing = Mutex<Thread?>(nil)
  private let serving = Mutex(Serving.notYet)
  private let failure = Mutex<String?>(nil)
  /// By zone, what the log last said of it.
  private let announced = Mutex<[String: String]>([:])

  private enum Serving {
    /// The first answers are not decided.
    case notYet
    case running(Server)
    case stopped
  }

  /// Nanoseconds that TCP clients have to take the answers under way when the server stops.
  private static var drain: UInt64 { 2_000_000_000 }

  /// Takes the state folder and the addresses; nothing is read or probed yet.
  ///
  /// - Parameters:
  ///   - path: of the configuration file, which a reload reads again.
  ///   - settings: of the service manager that has started us, if one has.
  package init(
    _ assembled: Assembled, path: String, log: LogQueue, manager settings: ManagerSettings = ManagerSettings()
  ) throws(StartError) {
    configuration = assembled.configuration
    self.log = log
    logger = log.logger("alula")
    manager = ServiceManager(settings, logger)
    pulse = Pulse(heartbeat: min(.seconds(1), settings.turn ?? .seconds(1)))
    Resources.raiseDescriptorLimit()
    state = StateLock(try assembled.stateFolder.map { path throws(StartError) in try StateFolder(path) })
    if let trouble = state.trouble { logger.error("nothing can be written to the state folder: \(trouble)") }
    keeper = assembled.stateFolder.map { [logger] in StateKeeper($0, logger) }
    events = EventLog(keeper)
    let workers = configuration.server.workers ?? Resources.cores
    counters = WorkerCounters(workers: Server.readers(workers: workers))
    turns = Turns(workers: workers, within: settings.turn.map { Int32(clamping: $0.nanoseconds / 1_000_000) })
    limits = TCPLimits(connections: configuration.server.tcp.connections, idle: configuration.server.tcp.idleLimit)
    updates = UpdateStore(assembled.kept, folder: assembled.stateFolder)
    loader = Loader(path, assembled, updates, logger)
    desk = SignedDesk(signed, assembled.keys, reader: Server.signedReader(workers: workers), logger)
    courier = Courier(updates, logger)
    do {
      listeners = try Listeners(configuration.server.listen.map(\.value), workers: workers)
    } catch { throw StartError("\(error)") }
    notices = Notices(assembled.configuration.onChange, logger)
    adopted = Mutex(ReloadChanges.Summary(assembled))
    zones = Mutex(Figures.Zone.all(of: assembled, before: []))
    control = try Daemon.control(assembled, hasFolder: state.trouble == nil, logger)
    do {
      health = try HealthLoop(assembled, loader, Witness(logger, events, history, notices, keeper), pulse)
    } catch { throw StartError("cannot start: \(error)") }
    announce(assembled)
    follow(assembled)
  }

  /// Told to stop.
  var isEnding: Bool { isStopping.load(ordering: .relaxed) }

  /// Starts the threads and follows the signals until it is told to stop; then answers what has
  /// arrived and ends.
  ///
  /// - Returns: the exit status.
  package func run() -> Int32 {
    start()
    while case .reload = Signals.next() { reload { _ in } }
    logger.notice("stopping")
    manager.tell(.stopping(status: failure.withLock { $0 } ?? "stopping: answering what has arrived"))
    isStopping.store(true, ordering: .relaxed)
    notices.stop()
    loader.stop()
    stopServing()
    signed.close()
    signing.withLock { $0 }?.join()
    courier.stop()
    // Last, so that answers stay right for as long as there are any.
    health.post(.stop)
    // The loader may be in the middle of a large zone: the end of the process is its end too.
    brain.withLock { $0 }?.join()
    control?.stop()
    manager.stop()
    logger.notice("stopped", metadata: totals())
    guard let failure = failure.withLock({ $0 }) else { return 0 }
    logger.critical("\(failure)")
    return 1
  }

  /// For `systemctl status`.
  var status: String { adopted.withLock { "serving: zones \($0.zones.count), pools \($0.pools.count)" } }

  private func start() {
    keeper?.start()
    let threads = ["brain"] + (0..<listeners.workers).map { "udp \($0)" } + ["tcp"]
    let isHeard = manager.start(threads) { [turns, pulse] in [pulse.turnCount] + turns.all }
    manager.tell(.starting(status: "waiting for the first round of probes"))
    let failed: @Sendable (SystemError) -> Void = { [self] in fail("the brain cannot go on: \($0)") }
    let brain = health.start(
      readers: Server.readers(workers: listeners.workers), decided: { [self] in serve($0) }, failed: failed)
    let files = loader.start(
      adopt: { [self] in adopt($0, then: $1) },
      look: { [self] in
        for warning in signatures.warnings(Clock.seconds()) { logger.warning("\(warning)") }
      })
    let isAsked = control?.start(self) { [self] in fail("the control server cannot go on: \($0)") } ?? true
    guard let brain, files != nil, isAsked, isHeard, notices.start(), courier.start() != nil else {
      return fail("the system has no thread left")
    }
    self.brain.withLock { $0 = brain }
  }

  /// The first answers are decided: now what waits in the sockets is read.
  private func serve(_ publication: Publication) {
    do throws(SystemError) {
      try serving.withLock { state throws(SystemError) in
        guard case .notYet = state else { return }
        let server = try Server(
          listeners, publication, counters, tcp: limits, drain: Self.drain, signed: signed, turns: turns,
          transferred: { [self] in ended($0) },
          failed: { [self] in fail("a worker cannot go on: \($0)") })
        state = .running(server)
        let desk = desk.start(publication) { [updater] in updater.carry($1, key: $0.key.name, from: $2) }
        guard let desk else { throw .noThread }
        signing.withLock { $0 = desk }
        logger.notice("serving")
        manager.tell(.serving(status: status))
      }
    } catch { fail("cannot start the workers: \(error)") }
  }

  private var updater: Updater {
    Updater(
      updates, loader, logger,
      publish: { [self] assembled, done in
        note(assembled)
        health.post(.replaceZones(assembled, done: done))
      },
      pass: { [courier] in courier.ring() })
  }

  /// What the zones are now, for who asks and for the next reload's comparison.
  private func note(_ assembled: Assembled) {
    adopted.withLock { $0 = ReloadChanges.Summary(assembled) }
    zones.withLock { $0 = Figures.Zone.all(of: assembled, before: $0) }
  }

  /// Zone files may have been edited, which the serials that updates have raised must not miss.
  private func follow(_ assembled: Assembled) {
    desk.set(assembled.keys)
    courier.set(assembled)
    do throws(FileError) { try updates.follow(assembled.zones) } catch {
      logger.error("the zones' serials cannot be put on disk: \(error)")
    }
  }

  /// Called on a TCP worker's thread, so it waits for nothing; the zone's lease goes to who has time.
  private func ended(_ transfer: TransferReport) {
    logger.log(transfer)
    loader.release([transfer.snapshot])
  }

  /// Returns when the last answer is sent; what is not serving yet never will.
  private func stopServing() {
    let before = serving.withLock { state in
      defer { state = .stopped }
      return state
    }
    if case .running(let server) = before { server.stop() }
  }

  /// - Parameter done: called with what has changed, when it serves.
  private func adopt(_ assembled: Assembled, then done: @escaping @Sendable ([String]) -> Void) {
    let restart = configuration.changesThatNeedRestart(assembled.configuration)
    for key in restart {
      logger.warning("\(key) changed: it takes effect at the next restart; all else is applied now")
    }
    log.set(assembled.configuration.log)
    let tcp = assembled.configuration.server.tcp
    limits.set(connections: tcp.connections, idle: tcp.idleLimit)
    control?.set(Access(assembled))
    notices.set(assembled.configuration.onChange)
    announceZones(assembled)
    follow(assembled)
    let new = ReloadChanges.Summary(assembled, restart: restart)
    let old = adopted.withLock { adopted in
      defer { adopted = new }
      return adopted
    }
    let changes = ReloadChanges.between(old, new)
    let text = changes.isEmpty ? "nothing has changed" : changes.joined(separator: "; ")
    zones.withLock { $0 = Figures.Zone.all(of: assembled, before: $0) }
    health.post(
      .adopt(
        assembled,
        adopted: { [self] in
          history.keep(pools: Set(new.pools.keys))
          events.append(Event(.reload, time: Int64(Clock.wall()), subject: "configuration", text: text))
          done(changes)
        }))
  }

  /// Ends the process in order: with the last words in the log, and exit status 1.
  private func fail(_ message: String) {
    failure.withLock { $0 = $0 ?? message }
    Signals.stop()
  }

  /// Says which zones are new, changed or gone since the last time.
  private func announceZones(_ assembled: Assembled) {
    signatures.follow(assembled, Clock.seconds())
    var gone = announced.withLock { $0 }
    for zone in assembled.zones {
      let zone = zone.summary
      let line = "records=\(zone.records) serial=\(zone.serial)"
      if gone.removeValue(forKey: zone.name) != line { logger.info("zone \(zone.name) \(line)") }
      announced.withLock { $0[zone.name] = line }
    }
    for name in gone.keys.sorted() {
      logger.info("zone \(name) is no longer served")
      announced.withLock { $0[name] = nil }
    }
  }

  private func announce(_ assembled: Assembled) {
    announceZones(assembled)
    for address in listeners.addresses { logger.info("listening on \(address), UDP and TCP") }
    logger.info(
      "workers: \(listeners.workers)",
      metadata: ["receive-buffer": "\(listeners.grantedBuffer)", "asked-for": "\(DatagramSocket.wantedBuffer)"])
  }

  private func totals() -> Logger.Metadata {
    var totals: Logger.Metadata = [:]
    for (name, value) in counters.snapshot() { totals[name] = "\(value)" }
    if listeners.kernelDrops > 0 { totals["dropped_by_kernel"] = "\(listeners.kernelDrops)" }
    let ending = signatures.nearCount(Clock.seconds())
    if ending > 0 { totals["zones_with_ending_signatures"] = "\(ending)" }
    return totals
  }
}

/// Lets a class keep the lock on the state folder, if there is one.
private final class StateLock: Sendable {
  private let folder: StateFolder?
  let trouble: String?
  init(_ folder: consuming StateFolder?) {
    trouble =
      switch folder {
      case .some(let folder): folder.trouble
      case .none: nil
      }
    self.folder = folder
  }
}

extension Configuration.TCP {
  /// Nanoseconds.
  fileprivate var idleLimit: UInt64 { UInt64(max(0, idle.nanoseconds)) }
}

extension Configuration {
  /// Keys whose change a reload cannot apply.
  func changesThatNeedRestart(_ new: Configuration) -> [String] {
    var keys: [String] = []
    if server.listen.map(\.value) != new.server.listen.map(\.value) { keys.append("server.listen") }
    if server.workers != new.server.workers { keys.append("server.workers") }
    if state?.value != new.state?.value { keys.append("state") }
    if control?.listen.value != new.control?.listen.value { keys.append("control.listen") }
    return keys
  }
}
