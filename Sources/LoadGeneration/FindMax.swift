/// `--find-max`: the highest rate that the server sustains, found by doubling and then halving the gap.
package enum FindMax {
  static func run(
    _ settings: BenchSettings, _ block: inout QueryBlock?, stop: StopFlag, say: ((String) -> Void)?
  ) throws(BenchError) -> BenchReport {
    var search = RateSearch(from: settings.rate?.first ?? 1000)
    let allowed = settings.findMaxLoss ?? 0.001
    var best: BenchReport?
    var last: BenchReport?
    while let rate = search.next, !stop.isSet {
      var report = try step(rate, settings, &block, stop: stop)
      // What the machine did elsewhere in that moment is no verdict: a rate must fail twice.
      if !isSustained(report, allowed), report.answered > 0, !stop.isSet {
        report = try step(rate, settings, &block, stop: stop)
      }
      if stop.isSet { break }
      let sustained = isSustained(report, allowed)
      search.take(
        BenchReport.Step(rate: rate, loss: report.loss, sustained: sustained, limitedBy: report.limitedBy))
      say?(line(search.steps.last))
      if sustained { best = report }
      last = report
      if report.answered == 0 { break }
    }
    guard var report = best ?? last else { throw BenchError("stopped before there was a result") }
    report.findMax = BenchReport.FindMax(
      rate: best == nil ? 0 : search.sustained, loss: best?.loss ?? report.loss, steps: search.steps)
    if best != nil { report.limitedBy = search.steps.last { !$0.sustained }?.limitedBy ?? .rate }
    if report.limitedBy == .rate { report.limitedBy = .server }
    return report
  }

  private static func step(
    _ rate: Double, _ settings: BenchSettings, _ block: inout QueryBlock?, stop: StopFlag
  ) throws(BenchError) -> BenchReport {
    var step = settings
    step.rate = (rate, rate)
    step.duration = settings.duration ?? 2_000_000_000
    step.count = nil
    return try Bench.once(step, &block, stop: stop, say: nil)
  }

  private static func isSustained(_ report: BenchReport, _ allowed: Double) -> Bool {
    report.loss <= allowed && report.limitedBy != .generator
  }

  private static func line(_ step: BenchReport.Step?) -> String {
    guard let step else { return "" }
    return "\(Figures.grouped(Int(step.rate)))/s: lost \(Figures.percent(step.loss, 3)), "
      + (step.sustained ? "sustained" : step.limitedBy == .generator ? "more than the generator can send" : "too much")
  }
}

/// Which rate to try next: doubled until one is not sustained, then the middle of the gap until it is narrow.
package struct RateSearch: Sendable {
  /// The highest rate that was sustained; 0: none.
  package private(set) var sustained = 0.0
  private var failed: Double?
  package private(set) var next: Double?
  package private(set) var steps: [BenchReport.Step] = []

  /// The gap at which it ends, as a share of the rate; the lowest and the highest rate that are tried.
  private static var precision: Double { 0.02 }
  private static var lowest: Double { 10 }
  private static var highest: Double { 100_000_000 }

  package init(from rate: Double) { next = max(Self.lowest, rate) }

  package mutating func take(_ step: BenchReport.Step) {
    steps.append(step)
    if step.sustained { sustained = max(sustained, step.rate) } else { failed = min(failed ?? .infinity, step.rate) }
    next = following
  }

  private var following: Double? {
    guard let failed else { return sustained * 2 <= Self.highest ? sustained * 2 : nil }
    guard sustained > 0 else { return failed / 4 >= Self.lowest ? failed / 4 : nil }
    return failed - sustained > Self.precision * failed ? ((failed + sustained) / 2).rounded() : nil
  }
}
