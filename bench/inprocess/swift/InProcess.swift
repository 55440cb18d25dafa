import Answering
import Memory
import Synchronization

/// What parsing, looking up and answering cost without sockets, beside the same in C in the same run; and what a
/// second thread over the same generation brings. Writes one JSON object; for `InProcess NAMES` that of one
/// comparison, for a profiler.
@main struct InProcess {
  static let rounds = 15

  static func main() {
    if CommandLine.argc > 1, let names = Int(CommandLine.arguments[1]), names > 0 {
      return print(compare(names: names, queries: 1 << 20))
    }
    let cached = compare(names: 1_000, queries: 1 << 20)
    let million = compare(names: 1_000_000, queries: 1 << 20)
    let scaling = scale(names: 1_000, queries: 1 << 21)
    print("{\"rounds\":\(rounds),\"names_1000\":\(cached),\"names_1000000\":\(million),\"two_threads\":\(scaling)}")
  }

  /// Medians over interleaved rounds, as JSON: nanoseconds a query, and the ratio within the rounds.
  private static func compare(names: Int, queries count: Int) -> String {
    let held = Held(names: names)
    let queries = Queries(names: names, count: count, seed: 7)
    var swift = SwiftContestant()
    var c = CContestant(names: names)
    check(&swift, &c, queries, held)
    var times: [(swift: Double, c: Double)] = []
    for round in 0..<rounds {
      var time = (swift: 0.0, c: 0.0)
      // Neither always goes first.
      for turn in [round % 2, 1 - round % 2] {
        if turn == 0 {
          time.swift = nanoseconds { _ = swift.run(queries, held.generation.value) } / Double(count)
        } else {
          time.c = nanoseconds { _ = c.run(queries) } / Double(count)
        }
      }
      times.append(time)
    }
    let ratios = times.map { $0.swift / $0.c }.sorted()
    return """
      {"alula_ns":\(shown(median(times.map(\.swift)))),"c_ns":\(shown(median(times.map(\.c)))),\
      "ratio":\(shown(median(ratios))),"ratio_lowest":\(shown(ratios[0])),"ratio_highest":\(shown(ratios[rounds - 1]))}
      """
  }

  /// Both answer the last batch with the same octets.
  private static func check(
    _ swift: inout SwiftContestant, _ c: inout CContestant, _ queries: borrowing Queries, _ held: Held
  ) {
    let sizes = (swift.run(queries, held.generation.value), c.run(queries))
    precondition(sizes.0 == sizes.1, "Alula's replies have \(sizes.0) octets, C's \(sizes.1)")
    for place in 0..<Buffers.batch {
      let at = place * Buffers.stride
      let size = Int(queries.lengths[queries.count - Buffers.batch + place]) + 16
      for i in at..<(at + size) {
        precondition(swift.buffers.octets[i] == c.buffers.octets[i], "octet \(i - at) of reply \(place) differs")
      }
    }
  }

  /// Throughput of two threads over one generation by that of one, in the same run: the median of the rounds.
  private static func scale(names: Int, queries count: Int) -> String {
    let held = Held(names: names)
    let ratios = (0..<rounds).map { _ in 2 * wall(threads: 1, held, names, count) / wall(threads: 2, held, names, count)
    }
    return shown(median(ratios))
  }

  /// Of the slowest thread, each with questions and buffers of its own, not counting their making.
  private static func wall(threads: Int, _ held: Held, _ names: Int, _ count: Int) -> Double {
    let results = Results(threads)
    let started = (0..<threads).map { index in
      Thread.start("answer") {
        let queries = Queries(names: names, count: count, seed: UInt64(index) + 1)
        var contestant = SwiftContestant()
        _ = contestant.run(queries, held.generation.value)
        results.wait()
        results.times[index].store(
          UInt64(nanoseconds { _ = contestant.run(queries, held.generation.value) }), ordering: .relaxed)
      }
    }
    for thread in started { thread?.join() }
    return Double((0..<threads).map { results.times[$0].load(ordering: .relaxed) }.max() ?? 0)
  }

  private static func nanoseconds(_ body: () -> Void) -> Double {
    let (seconds, attoseconds) = ContinuousClock().measure(body).components
    return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
  private static func shown(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
