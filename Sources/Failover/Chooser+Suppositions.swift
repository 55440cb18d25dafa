extension FailoverSettings {
  /// The candidates that a pool goes on to answer when they have failed alone, though there are others for that
  /// family: without them fewer are up than a floor wants.
  package func kept(inPool index: Int) -> [Int] {
    let pool = pools[index]
    guard pool.choice.hasFloor else { return [] }
    let standings = pool.candidates.map { candidate in
      endpoints[candidate.endpoint].members.map { _ in Standing(isUp: true, real: .up) }
    }
    var chooser = Chooser(
      Frame(self, pool), at: Moment(Instant(nanoseconds: 0), wall: 0), memory: PoolMemory(), standings: standings)
    let sites = Dictionary(grouping: pool.candidates.indices) { endpoints[pool.candidates[$0].endpoint].name }
    return sites.values.filter { opens(&chooser, without: $0) }.joined().sorted()
  }

  /// - Parameter site: all candidates of it; all else is up.
  private func opens(_ chooser: inout Chooser, without site: [Int]) -> Bool {
    func set(_ standing: Standing) {
      for candidate in site {
        for place in chooser.standings[candidate].indices { chooser.standings[candidate][place] = standing }
      }
    }
    set(Standing(isUp: false, real: .down))
    defer { set(Standing(isUp: true, real: .up)) }
    let answer = chooser.decide()
    let pool = chooser.pool
    let dead = Set(site.flatMap { endpoints[pool.candidates[$0].endpoint].members })
    return AddressFamily.allCases.contains { family in
      answer[family].members.contains(where: dead.contains)
        && pool.candidates.contains { candidate in
          endpoints[candidate.endpoint].members.contains { members[$0].family == family && !dead.contains($0) }
        }
    }
  }
}

extension Choice {
  fileprivate var hasFloor: Bool {
    guard case .set(let set) = self else { return false }
    return set.floor != nil || set.branches.contains { $0.choice.hasFloor }
  }
}
