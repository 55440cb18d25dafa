import Answering
import Assembly
import Control
import Failover
import JSONFormat

extension StatusReport {
  /// What the brain believed at `now`, in words. Made on the thread of whoever asked.
  init(_ view: View, at now: Moment, _ history: AnswerHistory) {
    self.init(time: now.wall)
    overrides = view.brain.overrides.map { Override($0) }
    pools = view.plan.pools.indices.map { Pool(view, $0, at: now, history) }
  }
}

extension StatusReport.Override {
  init(_ override: Failover.Override) {
    self.init(
      pattern: override.pattern, what: override.what, reason: override.reason, by: override.by, since: override.since,
      expires: override.expires)
  }
}

extension StatusReport.Pool {
  fileprivate init(_ view: View, _ index: Int, at now: Moment, _ history: AnswerHistory) {
    let pool = view.brain.settings.pools[index]
    self.init(name: pool.name, ttl: pool.ttl.minimum...max(pool.ttl.minimum, pool.ttl.maximum))
    let time = { (instant: Instant) in String(describing: JSON.time(now.wall(of: instant)).string ?? "") }
    for family in AddressFamily.allCases {
      let decision = view.brain.answers[index]?[family]
      answers.append(
        StatusReport.Answer(
          type: family.recordType, addresses: (decision?.members ?? []).map { "\(view.plan.addresses[$0])" },
          failedOpen: decision?.failedOpen ?? false, reason: view.brain.reason(pool: index, family, time: time),
          since: history.since(pool: pool.name, type: family.recordType)))
    }
    if view.tallies.indices.contains(index) {
      (queries, withAddresses) = (view.tallies[index].queries, view.tallies[index].answers)
    }
    let answered = Set(view.brain.answers[index].map { $0.v4.members + $0.v6.members } ?? [])
    for (candidate, standings) in zip(pool.candidates, view.brain.standings(in: index, at: now)) {
      let endpoint = view.brain.settings.endpoints[candidate.endpoint]
      for (member, standing) in zip(endpoint.members, standings) {
        members.append(StatusReport.Member(view, endpoint.name, member, standing, at: now))
        members[members.count - 1].isAnswered = answered.contains(member)
      }
    }
  }
}

extension StatusReport.Member {
  fileprivate init(_ view: View, _ endpoint: String, _ index: Int, _ standing: Standing, at now: Moment) {
    let member = view.brain.settings.members[index]
    let states = member.condition.probes.map { view.brain.health[$0] }
    let isUnproven = states.contains { $0.verdict == .unknown }
    let real: StatusReport.State =
      switch standing.real {
      case .down: .down
      case .unknown: .unknown
      case .up: isUnproven ? .unknown : standing.isDegraded ? .degraded : .up
      }
    self.init(
      endpoint: endpoint, address: member.address, state: standing.isUp ? (real == .down ? .up : real) : .down,
      real: real)
    override = standing.override
    isHeldUp = standing.isHeldUp
    // The probe that decides: one that is down, else the one that turned last.
    let deciding = states.first { $0.verdict == .down } ?? states.max { ($0.since ?? .start) < ($1.since ?? .start) }
    since = deciding?.since.map(now.wall)
    reason = real == .down ? deciding?.lastFailure.map { "\($0)" } : nil
    latency = states.compactMap(\.lastLatency).max()?.nanoseconds
    transitions = states.reduce(0) { $0 + $1.counters.transitions }
  }
}

extension Instant {
  fileprivate static var start: Instant { Instant(nanoseconds: .min) }
}

extension Moment {
  /// What the wall clock showed then, if it was not set meanwhile.
  func wall(of instant: Instant) -> Int64 { wall - (self.instant - instant).nanoseconds }
}
