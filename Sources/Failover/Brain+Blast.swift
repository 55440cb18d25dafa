extension Brain {
  /// What must last of the blast radius over a restart; nil where there is none, or nothing was in service yet.
  package var blastMemory: BlastMemory? { hasServed ? blast?.memory(settings) : nil }

  /// Holds what changed against the blast radius, and lets go of what there is room for.
  mutating func settleBlast(at now: Instant) {
    letGo(at: now)
    for (target, takesRoom) in blast?.takeDirty() ?? [] {
      guard let members = blast?.members[target] else { continue }
      let isDown = !isUp(member: members[0])
      let counts = takesRoom && hasServed && !isForced(members)
      guard blast?.note(target, isDown: isDown, takesRoom: counts, at: now) ?? false else { continue }
      blastMoved(target)
    }
  }

  private mutating func letGo(at now: Instant) {
    while let target = blast?.letGo(at: now) {
      blastMoved(target)
      if let member = blast?.members[target][0] { notices.append(.letGo(member: member)) }
    }
  }

  private mutating func blastMoved(_ target: Int) {
    guard let members = blast?.members[target], let state = blast?.states[target] else { return }
    if case .heldUp = state { notices.append(.heldUp(member: members[0])) }
    for pool in members.flatMap({ dependents.pools(ofMember: $0) }) { touch(pool) }
  }

  /// What an operator holds in every pool takes no room.
  private func isForced(_ members: [Int]) -> Bool {
    if overrides.isEmpty { return false }
    return members.allSatisfy { member in
      let endpoint = dependents.endpoint(ofMember: member)
      return dependents.pools(ofMember: member).allSatisfy { pool in
        settings.pools[pool].candidates.indices.allSatisfy { candidate in
          settings.pools[pool].candidates[candidate].endpoint != endpoint
            || hand.override(pool: pool, candidate: candidate) != nil
        }
      }
    }
  }

  /// Lets all withdrawals through that are held back; what they concern.
  mutating func confirm(at now: Instant) -> [String] {
    let targets = blast?.confirm() ?? []
    for target in targets {
      blastMoved(target)
      if let member = blast?.members[target].first { notices.append(.letGo(member: member)) }
    }
    let members = targets.flatMap { blast?.members[$0] ?? [] }
    return members.flatMap { member in
      let endpoint = settings.endpoints[dependents.endpoint(ofMember: member)].name
      return dependents.pools(ofMember: member).map { "\(endpoint)@\(settings.pools[$0].name)" }
    }
  }
}
