/// How long something took, counted in steps as Prometheus has its histograms.
package struct Delays: Sendable, Equatable {
  /// Upper ends of the steps, in nanoseconds; the last one has none.
  package static let steps: [UInt64] = [
    50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
  ]
  .map { $0 * 1000 }

  package private(set) var counts = [UInt64](repeating: 0, count: steps.count + 1)
  /// In nanoseconds, of all together.
  package private(set) var sum: UInt64 = 0

  package init() {}

  /// - Parameter nanoseconds: of each of `count`.
  package mutating func add(_ nanoseconds: UInt64, count: UInt64 = 1) {
    counts[Self.steps.firstIndex { nanoseconds <= $0 } ?? Self.steps.count] += count
    sum &+= nanoseconds &* count
  }
}

extension Metrics {
  mutating func histogram(_ name: String, _ help: String, _ delays: Delays) {
    family(name, .histogram, help)
    var below: UInt64 = 0
    for (step, count) in zip(Delays.steps, delays.counts) {
      below += count
      sample("\(name)_bucket", ["le": Delays.seconds(step)], below)
    }
    below += delays.counts[Delays.steps.count]
    sample("\(name)_bucket", ["le": "+Inf"], below)
    seconds("\(name)_sum", nanoseconds: delays.sum)
    sample("\(name)_count", [:], below)
  }
}

extension Delays {
  /// Without zeros behind: `0.0005`.
  fileprivate static func seconds(_ nanoseconds: UInt64) -> String {
    if nanoseconds % 1_000_000_000 == 0 { return "\(nanoseconds / 1_000_000_000)" }
    var digits = String(String(nanoseconds % 1_000_000_000 + 1_000_000_000).dropFirst())
    while digits.last == "0" { digits.removeLast() }
    return "\(nanoseconds / 1_000_000_000).\(digits)"
  }
}
