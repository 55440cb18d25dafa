import Assembly
import Control
import Diagnostics
import Logging
import Memory
import Sockets
import Synchronization

/// The thread that has time: it reads configuration and zones for a reload, keeps the zones' images, and
/// releases what is retired, so that neither answers nor probes wait for it.
final class Loader: Sendable {
  private let path: String
  private let logger: Logger
  /// What is to be let go. When it is full the sender lets go of it itself.
  private let retired = Mailbox<[any Sendable]>(capacity: 1024)
  /// Not in the mailbox, so that it is never lost; a burst of signals is one reload.
  private let isReloadWanted = Atomic(false)
  /// Nanoseconds since 1970 UTC; 0: the latest was not.
  private let refusedAt = Atomic<Int64>(0)
  private let isTidyingWanted = Atomic(false)
  /// Who waits for the reload that is wanted, to hear how it went.
  private let waiting = Mutex<[@Sendable (ReloadReport) -> Void]>([])
  private let reloads = Atomic<UInt64>(0)
  private let failedReloads = Atomic<UInt64>(0)
  /// What is served, or will be as soon as its first probes have spoken.
  private let latest: Mutex<Assembled>
  /// Held from the latest assembly to the next one's order, so that none is lost between two who make one.
  private let assembling = Mutex(())
  private let images: ZoneImages?
  private let updates: UpdateStore

  /// - Parameter path: of the configuration file, of which `assembled` was made.
  init(_ path: String, _ assembled: Assembled, _ updates: UpdateStore, _ logger: Logger) {
    self.path = path
    self.updates = updates
    latest = Mutex(assembled)
    images = assembled.stateFolder.map(ZoneImages.init)
    self.logger = logger
  }

  /// Between two looks at what ends by itself.
  private static var lookInterval: Duration { .seconds(3600) }

  /// - Parameters:
  ///   - adopt: takes a new assembly whose problems, if any, are no errors, and calls back with what has changed
  ///     when it serves.
  ///   - look: called now and then, for what comes due without anybody asking.
  func start(
    adopt: @escaping @Sendable (Assembled, @escaping @Sendable ([String]) -> Void) -> Void,
    look: @escaping @Sendable () -> Void
  ) -> Thread? {
    Thread.start("loader") { [self] in
      Resources.lowerPriority()
      Resources.returnMemory()
      keepImages()
      while retired.take(within: Self.lookInterval) != nil {
        look()
        if isTidyingWanted.exchange(false, ordering: .relaxed) { Resources.returnMemory() }
        guard isReloadWanted.exchange(false, ordering: .acquiringAndReleasing) else { continue }
        reload(adopt)
        Resources.returnMemory()
      }
    }
  }

  /// Reloads asked for, and refused, so far.
  var counts: (all: UInt64, failed: UInt64) {
    (reloads.load(ordering: .relaxed), failedReloads.load(ordering: .relaxed))
  }

  /// - Parameter done: called, on any thread, when the new configuration serves, or is refused.
  func reload(_ done: (@Sendable (ReloadReport) -> Void)? = nil) {
    if let done { waiting.withLock { $0.append(done) } }
    isReloadWanted.store(true, ordering: .releasing)
    release([])
  }

  /// Gives back what building a large zone has left on the heaps, once the zone before it is let go.
  func tidyAfterRelease() { isTidyingWanted.store(true, ordering: .relaxed) }

  /// When the latest reload was refused, in nanoseconds since 1970 UTC; nil: it was not.
  var refused: Int64? {
    let time = refusedAt.load(ordering: .relaxed)
    return time > 0 ? time : nil
  }

  func release(_ objects: [any Sendable]) { _ = retired.post(objects) }

  func stop() { retired.close() }

  private func reload(_ adopt: (Assembled, @escaping @Sendable ([String]) -> Void) -> Void) {
    let waiters = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    reloads.wrappingAdd(1, ordering: .relaxed)
    logger.info("reloading", metadata: ["file": "\(path)"])
    var problems = ProblemList()
    let isAdopted = assembling.withLock { _ in
      guard let assembled = assemble(&problems) else { return false }
      latest.withLock { $0 = assembled }
      let texts = problems.texts
      adopt(assembled) { changes in
        for tell in waiters { tell(ReloadReport(isAdopted: true, changes: changes, problems: texts)) }
      }
      return true
    }
    refusedAt.store(isAdopted ? 0 : Int64(clamping: Clock.wall()), ordering: .relaxed)
    if isAdopted { return keepImages() }
    logger.error("reload refused: the old configuration and zones serve on")
    failedReloads.wrappingAdd(1, ordering: .relaxed)
    for tell in waiters { tell(ReloadReport(isAdopted: false, changes: [], problems: problems.texts)) }
  }

  private func assemble(_ problems: inout ProblemList) -> Assembled? {
    defer { logger.log(problems) }
    return Assembler.assemble(
      path, at: Clock.seconds(), running: latest.withLock { $0 }.zones, kept: updates.snapshot, problems: &problems)
  }

  /// What is served, or about to be.
  var current: Assembled { latest.withLock { $0 } }

  /// Lets somebody else make the next assembly out of the latest; a reload waits meanwhile.
  func amend<Result: Sendable>(_ body: (inout Assembled) -> Result) -> Result {
    assembling.withLock { _ in
      var next = latest.withLock { $0 }
      let result = body(&next)
      latest.withLock { $0 = next }
      return result
    }
  }

  /// Looks whether what came from images is what the files hold, and writes the images of what did not.
  private func keepImages() {
    guard let images else { return }
    let zones = latest.withLock({ $0 }).zones
    removeImages(from: images, ofOthersThan: zones)
    for zone in zones {
      let name = zone.summary.name
      do throws(FileError) {
        if case .image = zone.source, zone.isCurrent {
          logger.debug("zone \(name): taken from its image, which is that of its file")
        } else if case .image = zone.source {
          logger.warning(
            "zone \(name): the content of its file is not what the image was made from, though size, time and inode are the same; reading it anew"
          )
          try images.remove(zone)
          reload()
        } else if try images.save(zone) {
          logger.debug("zone \(name): image written")
        }
      } catch { logger.warning("zone \(name): cannot keep its image in the state folder: \(error)") }
    }
  }

  /// Zones that are not configured any more leave large files behind.
  private func removeImages(from images: ZoneImages, ofOthersThan zones: [BuiltZone]) {
    do throws(FileError) {
      for path in try images.removeOthers(than: zones) {
        logger.notice("\(path) removed: the image of a zone that is not configured")
      }
    } catch { logger.warning("cannot remove the image of a zone that is not configured: \(error)") }
  }
}

extension ProblemList {
  fileprivate var texts: [String] {
    listed.map { "\($0)" } + (omitted > 0 ? ["\(omitted) further problems are not listed"] : [])
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
