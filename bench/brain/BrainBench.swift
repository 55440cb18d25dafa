import Failover
import Glibc

/// What a turn of the brain costs, without sockets and without rendering: the processor time of `evaluate` for
/// ten thousand pools. See `bench/brain/run`.
@main struct BrainBench {
  private static let kinds = [
    Kind("own endpoints, IPv4, fixed TTL", isOwn: true, adapts: false, isDual: false),
    Kind("own endpoints, IPv4, adaptive TTL", isOwn: true, adapts: true, isDual: false),
    Kind("own endpoints, both families, fixed TTL", isOwn: true, adapts: false, isDual: true),
    Kind("own endpoints, both families, adaptive TTL", isOwn: true, adapts: true, isDual: true),
    Kind("two shared endpoints, fixed TTL", isOwn: false, adapts: false, isDual: false),
    Kind("two shared endpoints, adaptive TTL", isOwn: false, adapts: true, isDual: false),
  ]

  static func main() {
    print("| 10,000 pools | all flip, ms | a round of results that change nothing, ms |")
    print("| --- | --- | --- |")
    for kind in kinds {
      var world = World(kind)
      let (flips, rounds) = world.measure(trials: 11)
      print("| \(kind.name) | \(text(flips)) | \(text(rounds)) |")
    }
  }

  /// Median, and least and most.
  private static func text(_ times: [Double]) -> String {
    let sorted = times.sorted().map { ($0 * 10).rounded() / 10 }
    return "\(sorted[sorted.count / 2]) (\(sorted[0])–\(sorted[sorted.count - 1]))"
  }
}

struct Kind {
  let name: String
  /// Three endpoints of its own for each pool; else all have the same two.
  let isOwn: Bool
  let adapts: Bool
  let isDual: Bool

  init(_ name: String, isOwn: Bool, adapts: Bool, isDual: Bool) {
    self.name = name
    self.isOwn = isOwn
    self.adapts = adapts
    self.isDual = isDual
  }
}

/// A brain and its clock.
struct World {
  private static let pools = 10_000
  private let endpoints: Int
  /// Endpoints of one pool.
  private let each: Int
  private var brain: Brain
  private var seconds = 1.0

  init(_ kind: Kind) {
    each = kind.isOwn ? 3 : 2
    endpoints = kind.isOwn ? World.pools * each : each
    var settings = FailoverSettings()
    for index in 0..<endpoints { World.addEndpoint(index, isDual: kind.isDual, to: &settings) }
    for index in 0..<World.pools {
      settings.pools.append(
        World.pool(index, endpoints: each, first: kind.isOwn ? index * each : 0, adapts: kind.adapts))
    }
    brain = Brain(settings)
  }

  /// One address of each family, each with a check of its own.
  private static func addEndpoint(_ index: Int, isDual: Bool, to settings: inout FailoverSettings) {
    var members: [Member] = []
    for family in isDual ? [AddressFamily.v4, .v6] : [.v4] {
      members.append(
        Member(family: family, address: "\(family) of \(index)", probes: [settings.probes.count]))
      settings.probes.append(
        ProbeSettings(
          rise: 1, fall: 1, interval: .seconds(5), fastInterval: .seconds(5), timeout: .seconds(1)))
    }
    _ = settings.addEndpoint("e\(index)", members)
  }

  private static func pool(_ index: Int, endpoints: Int, first: Int, adapts: Bool) -> Pool {
    var pool = Pool(
      name: "p\(index).example.com", candidates: (0..<endpoints).map { Pool.Candidate(endpoint: first + $0) },
      choice: .set(
        Choice.Set(
          id: 0, policy: .failover(.immediate), (0..<endpoints).map { Choice.Branch(.endpoint($0)) })))
    pool.ttl = adapts ? Pool.TTL(minimum: 1, maximum: 60) : Pool.TTL(minimum: 5, maximum: 5)
    return pool
  }

  /// Milliseconds of processor time: when all primaries fail or come back, and when all results are as before.
  mutating func measure(trials: Int) -> (flips: [Double], rounds: [Double]) {
    _ = round(primariesAreUp: true, changes: World.pools)
    var flips: [Double] = []
    var rounds: [Double] = []
    for trial in 0..<trials {
      flips.append(round(primariesAreUp: trial % 2 == 1, changes: World.pools))
      rounds.append(round(primariesAreUp: trial % 2 == 1, changes: 0))
    }
    return (flips, rounds)
  }

  /// Every probe has a result, and the brain decides once.
  private mutating func round(primariesAreUp: Bool, changes: Int) -> Double {
    seconds += 5
    for probe in brain.settings.probes.indices {
      let isPrimary = probe * endpoints / brain.settings.probes.count % each == 0
      let outcome: ProbeOutcome =
        isPrimary && !primariesAreUp ? .failure(.refused) : .success(latency: .milliseconds(3))
      let next = seconds + 1 + Double(probe &* 7919 % 4000) / 1000
      brain.observe(probe: probe, outcome: outcome, at: World.moment(seconds).instant, next: World.moment(next).instant)
    }
    let before = World.processorTime()
    let evaluation = brain.evaluate(at: World.moment(seconds))
    let spent = World.processorTime() - before
    precondition(evaluation.changes.count == changes)
    return spent
  }

  private static func moment(_ seconds: Double) -> Moment {
    let nanoseconds = Int64(seconds * 1e9)
    return Moment(Instant(nanoseconds: nanoseconds), wall: nanoseconds)
  }

  /// Of this thread, in milliseconds.
  private static func processorTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }
}
