import LoadGeneration
import Testing

@Suite struct HistogramTests {
  /// The exact quantile as the histogram defines it: the smallest time that so large a share does not exceed.
  private func exact(_ sorted: [UInt64], _ share: Double) -> UInt64 {
    sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func quantilesAreExactToThreeDigits(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var histogram = Histogram()
    var all: [UInt64] = []
    for _ in 0..<20_000 {
      // Every magnitude up to half a minute.
      let value = random.below(1 << (1 + random.below(34)))
      histogram.record(value)
      all.append(value)
    }
    all.sort()
    for share in [0.0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1] {
      let exact = exact(all, share)
      let found = histogram.quantile(share)
      #expect(found >= exact && Double(found) <= Double(exact) * 1.001 + 1, "\(share): \(found), exactly \(exact)")
    }
    #expect(histogram.largest == all.last)
    #expect(histogram.count == 20_000)
    let mean = all.reduce(0.0) { $0 + Double($1) } / Double(all.count)
    #expect(abs(histogram.mean - mean) < mean * 1e-9)
  }

  @Test func smallTimesAreExact() {
    var histogram = Histogram()
    for value in UInt64(0)..<2048 { histogram.record(value) }
    for value in UInt64(0)..<2048 { #expect(histogram.quantile(Double(value + 1) / 2048) == value) }
  }

  @Test func emptyHasNoTimes() {
    let histogram = Histogram()
    #expect(histogram.quantile(0.5) == 0 && histogram.mean == 0 && histogram.largest == 0)
  }

  @Test func timesBeyondTheTableCount() {
    var histogram = Histogram()
    histogram.record(.max)
    histogram.record(1)
    #expect(histogram.largest == .max && histogram.count == 2)
    #expect(histogram.quantile(0.5) == 1)
    #expect(histogram.quantile(1) >= 1 << 36 - 1)
  }

  @Test func takingEmptiesTheOther() {
    var total = Histogram()
    var interval = Histogram()
    for value in [UInt64(5), 7_000, 9_000_000] { interval.record(value) }
    total.take(&interval)
    #expect(interval.count == 0 && interval.quantile(0.5) == 0)
    interval.record(1)
    total.take(&interval)
    #expect(total.count == 4 && total.quantile(0.25) == 1 && total.quantile(0.5) == 5 && total.largest == 9_000_000)
  }
}
