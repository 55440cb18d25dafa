import Memory
import Sockets
import Wire

/// `alula bench`: asks one server as settings say, and reports.
package enum Bench {
  /// Of a core: from here on the generator is what limits the rate.
  private static var busy: Double { 0.92 }

  /// - Parameter say: takes the live line and notes, each a whole line; nil when nobody is to be told.
  package static func run(
    _ settings: BenchSettings, stop: StopFlag, say: ((String) -> Void)?
  ) throws(BenchError) -> BenchReport {
    if let core = settings.core, !OwnThread.pin(toCore: core) {
      throw BenchError("this machine has no core \(core) for --cpu", isMisuse: true)
    }
    OwnThread.sleepPrecisely()
    OwnThread.raiseDescriptorLimit()
    var block: QueryBlock? = QueryBlock(
      sources: try QuerySources.open(settings), options: settings.options, seed: settings.seed)
    for line in block?.problems.listed ?? [] { say?(line) }
    if settings.findMaxLoss != nil { return try FindMax.run(settings, &block, stop: stop, say: say) }
    return try once(settings, &block, stop: stop, say: say)
  }

  /// One run. The queries come back in `block`, unless it has failed.
  static func once(
    _ settings: BenchSettings, _ block: inout QueryBlock?, stop: StopFlag, say: ((String) -> Void)?
  ) throws(BenchError) -> BenchReport {
    let serverBefore = try serverTimes(settings)
    let before = ProcessTimes.own
    let start = Clock.monotonic()
    let pace = Pace(start: start, duration: settings.duration, count: settings.count, schedule: settings.schedule)
    var clock = RunClock(pace, timeout: settings.timeout, stop: stop, say: settings.isQuiet ? nil : say)
    let watch = settings.watches ? AnswerWatch(dead: settings.dead?.address, from: settings.dead?.from ?? 0) : nil
    var recorder = Recorder(start: start, hasEDNS: settings.options.hasEDNS, watch: watch)
    let troubles = try load(settings, pace, &block, &clock, &recorder)
    let now = Clock.monotonic()
    recorder.sample(now)

    var report = BenchReport(
      server: "\(settings.server)", transport: settings.transport.rawValue, isClosedLoop: pace.schedule == nil)
    report.generator = ProcessTimes.own - before
    let elapsed = Double(now - start) / 1e9
    report.share = report.generator.total / elapsed
    if let process = settings.serverProcess, let serverBefore {
      let after = ProcessTimes.of(process) ?? serverBefore
      report.serverProcess = (process, after - serverBefore)
    }
    report.troubles = troubles
    report.gaveUp = clock.gaveUp
    report.limitedBy = limit(
      recorder, pace, clock.ended ?? now, share: report.share, waited: report.generator.waited / elapsed)
    report.take(recorder, ended: clock.ended ?? now)
    return report
  }

  private static func load(
    _ settings: BenchSettings, _ pace: Pace, _ block: inout QueryBlock?, _ clock: inout RunClock,
    _ recorder: inout Recorder
  ) throws(BenchError) -> Troubles {
    guard let queries = block.take() else { throw BenchError("there are no queries left") }
    do throws(SystemError) {
      switch settings.transport {
      case .udp:
        var load = try UDPLoad(settings, pace, queries)
        try load.run(&clock, &recorder)
        let troubles = load.troubles
        block = load.finish()
        return troubles
      case .tcp:
        var load = try TCPLoad(settings, pace, queries)
        try load.run(&clock, &recorder)
        let troubles = load.troubles
        block = load.finish()
        return troubles
      }
    } catch {
      throw BenchError("cannot ask \(settings.server): \(error)")
    }
  }

  private static func serverTimes(_ settings: BenchSettings) throws(BenchError) -> ProcessTimes? {
    guard let process = settings.serverProcess else { return nil }
    guard let times = ProcessTimes.of(process) else {
      throw BenchError("there is no process \(process) for --server-pid", isMisuse: true)
    }
    return times
  }

  /// What kept the rate from being higher: the generator, if it had hardly any time left or did not get it. In an open loop waiting awake is no sign of too much to do; queries
  /// that left late are.
  private static func limit(
    _ recorder: borrowing Recorder, _ pace: Pace, _ ended: UInt64, share: Double, waited: Double
  ) -> BenchReport.Limit {
    guard pace.schedule != nil else {
      return share + waited >= busy || waited >= 0.5 ? .generator : .server
    }
    let missing = pace.allowed(ended, sent: recorder.sent)
    if missing > recorder.sent / 100 || recorder.delayed > recorder.sent / 10 { return .generator }
    return recorder.lost > recorder.sent / 100 ? .server : .rate
  }
}
