package import Failover

/// A time in which a pool named a dead address although it had a living one.
package struct Outage: Hashable, Sendable {
  package let pool: Int
  package let family: AddressFamily
  /// When the address died, or was answered first.
  package let from: Instant
  /// When it was answered no longer, or lived again; nil: the story ends before.
  package var until: Instant?
  /// When the last answer that named it has expired in honest caches; nil as above.
  package var heldUntil: Instant?
  /// Seconds of answers to dead addresses: of one query a second, so many were answered so.
  package var exposure = 0.0

  /// From the failure until no honest cache holds it.
  package var recovery: Duration? { heldUntil.map { $0 - from } }
}

/// Finds the outages of a play.
struct OutageFinder {
  private let scene: Scene
  private let chronicle: Chronicle
  private let answers: [Lane: [Answered]]
  private let targets: [Targets]

  private struct Lane: Hashable { let pool: Int, family: AddressFamily }

  private typealias Answered = (at: Instant, answer: Chronicle.Answer)

  /// By probe: whether its target works from a time on.
  private typealias Targets = (from: Instant, work: [Bool])

  init(scene: Scene, story: Story, chronicle: Chronicle) {
    self.scene = scene
    self.chronicle = chronicle
    answers = Dictionary(grouping: chronicle.answers) { Lane(pool: $0.answer.pool, family: $0.answer.family) }
    targets = OutageFinder.targets(scene, story)
  }

  /// As they are at first, then anew at each change.
  private static func targets(_ scene: Scene, _ story: Story) -> [Targets] {
    func works(_ probe: Int, _ state: TargetState) -> Bool {
      state.works(timeout: scene.settings.probes[probe].timeout)
    }
    var result = [(from: Instant(nanoseconds: .min), work: scene.settings.probes.indices.map { works($0, .usual) })]
    for event in story.events {
      guard case .target(let subject, let state) = event.action, let last = result.last else { continue }
      if last.from != event.at { result.append((event.at, last.work)) }
      for probe in scene.subjects[subject] ?? [] { result[result.count - 1].work[probe] = works(probe, state) }
    }
    return result
  }

  /// In the order of pools, families and time.
  func outages() -> [Outage] {
    scene.settings.pools.indices.flatMap { pool in
      AddressFamily.allCases.flatMap { outages(pool, $0) }
    }
  }

  private func outages(_ pool: Int, _ family: AddressFamily) -> [Outage] {
    guard let answers = answers[Lane(pool: pool, family: family)] else { return [] }
    let times = Set(answers.map(\.at) + targets.dropFirst().map(\.from)).sorted()
    var outages: [Outage] = []
    var current: Outage?
    for (from, until) in zip(times, times.dropFirst() + [chronicle.end]) {
      guard let decision = answers.last(where: { $0.at <= from })?.answer.after else { continue }
      let living = living(pool, family, at: from)
      let share = deadShare(decision, living)
      guard share > 0, !living.isEmpty else {
        if let ended = current { outages.append(closed(ended, at: from)) }
        current = nil
        continue
      }
      if current == nil { current = Outage(pool: pool, family: family, from: from) }
      current?.exposure += share * Double((until - from).nanoseconds) / 1e9
    }
    if let current { outages.append(current) }
    return outages
  }

  private func closed(_ outage: Outage, at end: Instant) -> Outage {
    var outage = outage
    outage.until = end
    outage.heldUntil = lastExpiry(outage.pool, outage.family, until: end)
    return outage
  }

  /// Candidates' members whose targets work.
  private func living(_ pool: Int, _ family: AddressFamily, at time: Instant) -> Set<Int> {
    guard let work = targets.last(where: { $0.from <= time })?.work else { return [] }
    let members = scene.settings.pools[pool].candidates.flatMap { scene.settings.endpoints[$0.endpoint].members }
    return Set(
      members.filter { member in
        scene.settings.members[member].family == family
          && scene.settings.members[member].condition.holds { work[$0] }
      })
  }

  /// Of the addresses that a client picks from such answers.
  private func deadShare(_ decision: Decision, _ living: Set<Int>) -> Double {
    let shares = Odds(decision).shares
    let total = shares.values.reduce(0, +)
    return total == 0 ? 0 : shares.filter { !living.contains($0.key) }.values.reduce(0, +) / total
  }

  /// When the answers given until `end` have all expired.
  private func lastExpiry(_ pool: Int, _ family: AddressFamily, until end: Instant) -> Instant {
    let ttl = scene.settings.pools[pool].ttl
    let countdowns = chronicle.countdowns[pool].filter { $0.at < end }
    var last = end
    for (index, countdown) in countdowns.enumerated() {
      let stop = index + 1 < countdowns.count ? countdowns[index + 1].at : end
      let deadline = countdown.deadlines[family]
      // Within one countdown, the time of expiry only falls behind at its ends and where the TTL leaves its maximum.
      var times = [countdown.at, stop]
      if let deadline { times.append(deadline - .seconds(ttl.maximum)) }
      for time in times where countdown.at <= time && time <= stop {
        last = max(last, time + .seconds(ttl.seconds(until: deadline, now: time)))
      }
    }
    return max(last, end + (countdowns.isEmpty ? .seconds(ttl.maximum) : .zero))
  }
}

extension Condition {
  /// Whether it holds when each probe's target is as `works` says.
  package func holds(_ works: (Int) -> Bool) -> Bool {
    switch self {
    case .probe(let probe): works(probe)
    case .all(let parts): parts.allSatisfy { $0.holds(works) }
    case .atLeast(let weight, let parts): parts.reduce(0) { $0 + ($1.condition.holds(works) ? $1.weight : 0) } >= weight
    case .not(let part): !part.holds(works)
    case .fixed(let isUp): isUp
    case .manual: true
    }
  }
}
