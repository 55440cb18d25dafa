package import Diagnostics
package import Failover

/// A story played in many phases of the probes: what happens this time, and between which times it can happen.
package struct Simulation: Sendable {
  package let scene: Scene
  package let story: Story
  /// This seed's.
  package let chronicle: Chronicle
  /// Of this seed's play.
  package let outages: [Outage]
  /// How many plays there were, this one included.
  package let plays: Int
  /// By change of `chronicle.answers`.
  package let forecasts: [Forecast]
  /// The longest of all plays, by pool; nil: an outage outlasted the story in one of them.
  package let recoveries: [Recovery]
  /// Expectations that were missed, in this play or any other.
  package let unmet: [Problem]

  /// When a change of the answer comes, over all phases in which it does.
  package struct Forecast: Hashable, Sendable {
    package var earliest: Instant
    package var latest: Instant
    /// In how many plays it came, after the same changes.
    package var plays = 1
  }

  package struct Recovery: Hashable, Sendable {
    /// Nil: there was no outage.
    package var longest: Duration?
    /// In one play at least, the story ended before everybody had recovered.
    package var isOpen = false
  }

  /// What a reader may add to a predicted time: a turn of the prober's loop and the publication.
  package static var publication: Duration { .milliseconds(50) }
  /// What a target may answer sooner than the 10 ms that a story gives it.
  package static var haste: Duration { .milliseconds(10) }

  package init(_ scene: Scene, _ story: Story, seed: UInt64) {
    // A story with its own endpoints says what happens to the millisecond; then chance has no part in it.
    let chosen = story.scene == nil ? Phases.seeded(seed) : .aligned
    let others = story.scene == nil ? Simulation.phases(scene, story, seed: seed) : []
    chronicle = Play.chronicle(scene, story, phases: chosen)
    outages = OutageFinder(scene: scene, story: story, chronicle: chronicle).outages()
    var tally = Tally(chronicle, outages, pools: scene.settings.pools.count)
    for phases in others {
      let chronicle = Play.chronicle(scene, story, phases: phases)
      tally.add(chronicle, OutageFinder(scene: scene, story: story, chronicle: chronicle).outages())
    }
    self.scene = scene
    self.story = story
    plays = others.count + 1
    forecasts = tally.forecasts
    recoveries = tally.recoveries
    unmet = tally.unmet
  }

  /// Pools that did not keep their recovery time, and expectations that were missed.
  package var failures: [Problem] {
    unmet
      + zip(scene.settings.pools, recoveries).compactMap { pool, recovery in
        guard let promised = pool.recoveryTime, recovery.longest ?? .zero > promised else { return nil }
        return Problem(
          .error, nil,
          "\(pool.name): recovered within \(StoryTime.text(recovery.longest ?? .zero)) at worst; "
            + "its recovery-time is \(promised.text)")
      }
  }

  private static var mostDisturbances: Int { 12 }
  private static var mostProbes: Int { 8 }

  /// Those in which something happens as early or as late as it can, and some as chance has them.
  private static func phases(_ scene: Scene, _ story: Story, seed: UInt64) -> [Phases] {
    var times: [Instant] = []
    var probes: [Int] = []
    for event in story.events {
      switch event.action {
      case .target(let subject, _): probes += scene.subjects[subject] ?? []
      case .proberIsolated: break
      default: continue
      }
      if times.last != event.at { times.append(event.at) }
    }
    let touched = Set(probes).sorted().prefix(mostProbes)
    let extremes = times.prefix(mostDisturbances).flatMap { time in
      [false, true].flatMap { late in
        [Phases.meeting(time, late: late, except: nil)]
          + (touched.count < 2 ? [] : touched.map { Phases.meeting(time, late: late, except: $0) })
      }
    }
    return extremes + (1...16).map { Phases.seeded(seed &+ $0) }
  }
}

/// Brings many plays together.
private struct Tally {
  private let answers: [(at: Instant, answer: Chronicle.Answer)]
  var forecasts: [Simulation.Forecast]
  var recoveries: [Simulation.Recovery]
  var unmet: [Problem]

  init(_ chronicle: Chronicle, _ outages: [Outage], pools: Int) {
    answers = chronicle.answers
    forecasts = answers.map { Simulation.Forecast(earliest: $0.at, latest: $0.at) }
    recoveries = Array(repeating: Simulation.Recovery(), count: pools)
    unmet = chronicle.unmet
    add(outages)
  }

  mutating func add(_ chronicle: Chronicle, _ outages: [Outage]) {
    add(outages)
    for problem in chronicle.unmet where !unmet.contains(where: { $0.position == problem.position }) {
      unmet.append(problem)
    }
    // Each pool and family has a sequence of answers of its own; what follows after it differs is another story.
    struct Lane: Hashable { let pool: Int, family: AddressFamily }
    var theirs = Dictionary(grouping: chronicle.answers) { Lane(pool: $0.answer.pool, family: $0.answer.family) }
    for (index, (_, answer)) in answers.enumerated() {
      let lane = Lane(pool: answer.pool, family: answer.family)
      guard let next = theirs[lane]?.first else { continue }
      guard next.answer.after == answer.after else {
        theirs[lane] = nil
        continue
      }
      theirs[lane]?.removeFirst()
      forecasts[index].earliest = min(forecasts[index].earliest, next.at)
      forecasts[index].latest = max(forecasts[index].latest, next.at)
      forecasts[index].plays += 1
    }
  }

  private mutating func add(_ outages: [Outage]) {
    for outage in outages {
      guard let recovery = outage.recovery else {
        recoveries[outage.pool].isOpen = true
        continue
      }
      recoveries[outage.pool].longest = max(recoveries[outage.pool].longest ?? .zero, recovery)
    }
  }
}
