import Configuration
import Failover
import Wire

extension HealthPlan {
  /// - Parameter probe: the index of what is probed.
  static func condition(
    _ condition: Configuration.MemberCondition, _ probe: (Configuration.MemberCheck) -> Int
  ) -> Condition {
    switch condition {
    case .probe(let check): .probe(probe(check))
    case .atLeast(let weight, let parts):
      .atLeast(weight, of: parts.map { .init(weight: $0.weight, self.condition($0.condition, probe)) })
    case .not(let part): .not(self.condition(part, probe))
    case .fixed(let isUp): .fixed(isUp)
    case .manual(let name): .manual(name)
    }
  }

  /// Blast radius and canaries; the latter are probed beside the members.
  mutating func setLimits(_ configuration: Configuration, _ path: (String) -> String) {
    settings.blastRadius = configuration.blastRadius.map { radius in
      switch radius.limit {
      case .members(let count): BlastRadius(.members(count), within: radius.within)
      case .percent(let share): BlastRadius(.share(share * 10), within: radius.within)
      }
    }
    guard let canaries = configuration.canaries else { return }
    let probes = canaries.endpoints.flatMap { member in
      member.addresses.flatMap { address in
        member.checks.map { index(HealthPlan.identity($0, for: address.value, path), member.name.value) }
      }
    }
    settings.canaries = Canaries(probes: probes, needed: canaries.needed, longest: canaries.longest)
  }
}

extension ProbeSettings {
  mutating func judge(as judgement: Configuration.Judgement) {
    counting = judgement.forgiveAfter.map { .interleaved(forgivenAfter: $0) } ?? .consecutive
    holdDown = judgement.holdDown
    flapLimit = judgement.flap.map {
      FlapLimit(turns: $0.turns, within: $0.within, hold: $0.hold, longest: $0.longest)
    }
  }
}
