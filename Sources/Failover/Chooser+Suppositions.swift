extension FailoverSettings {
  /// The candidates that a pool goes on to answer when they have failed alone, though there are others for that
  /// family: without them fewer are up than a floor wants.
  package func kept(inPool index: Int) -> [Int] {
    let pool = pools[index]
    guard pool.choice.hasFloor else { return [] }
    let frame = Frame(self, pool)
    return pool.candidates.indices.filter { opens(frame, without: $0) }
  }

  private func opens(_ frame: Frame, without candidate: Int) -> Bool {
    let pool = frame.pool
    let site = endpoints[pool.candidates[candidate].endpoint].name
    let standings = pool.candidates.map { candidate in
      let isUp = endpoints[candidate.endpoint].name != site
      return endpoints[candidate.endpoint].members.map { _ in Standing(isUp: isUp, real: isUp ? .up : .down) }
    }
    var chooser = Chooser(
      frame, at: Moment(Instant(nanoseconds: 0), wall: 0), memory: PoolMemory(), standings: standings)
    let answer = chooser.decide()
    let alive = Set(
      zip(pool.candidates, standings).flatMap { candidate, standings in
        zip(endpoints[candidate.endpoint].members, standings).filter(\.1.isUp).map(\.0)
      })
    return AddressFamily.allCases.contains { family in
      !answer[family].members.allSatisfy(alive.contains) && alive.contains { members[$0].family == family }
    }
  }
}

extension Choice {
  fileprivate var hasFloor: Bool {
    guard case .set(let set) = self else { return false }
    return set.floor != nil || set.branches.contains { $0.choice.hasFloor }
  }
}
