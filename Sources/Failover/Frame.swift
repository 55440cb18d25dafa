/// What a pool is decided within: its settings, and what follows from them alone. A class, as each decision that
/// is tried for a deadline would copy them.
final class Frame: Sendable {
  let settings: FailoverSettings
  let pool: Pool
  /// Whether answers depend on the past.
  let needsMemory: Bool
  /// Whether its choices do; else only what is answered when nobody is up.
  let choiceNeedsMemory: Bool
  let hasClients: Bool
  private let hasV4: Bool
  private let hasV6: Bool
  private let candidates: [Candidate]

  /// Of a candidate's endpoint: its first member, and the places of each family's.
  private struct Candidate {
    let first: Int
    let v4: [Int]
    let v6: [Int]
  }

  init(_ settings: FailoverSettings, _ pool: Pool) {
    self.settings = settings
    self.pool = pool
    needsMemory = pool.needsMemory
    choiceNeedsMemory = pool.choice.needsMemory
    hasClients = pool.choice.hasClients
    candidates = pool.candidates.map { candidate in
      let members = settings.endpoints[candidate.endpoint].members
      let places = { (family: AddressFamily) in
        members.filter { settings.members[$0].family == family }.map { $0 - members.lowerBound }
      }
      return Candidate(first: members.lowerBound, v4: places(.v4), v6: places(.v6))
    }
    hasV4 = candidates.contains { !$0.v4.isEmpty }
    hasV6 = candidates.contains { !$0.v6.isEmpty }
  }

  func firstMember(ofCandidate candidate: Int) -> Int { candidates[candidate].first }

  /// Of the members of the family, in their endpoint.
  func places(ofCandidate candidate: Int, _ family: AddressFamily) -> [Int] {
    switch family {
    case .v4: candidates[candidate].v4
    case .v6: candidates[candidate].v6
    }
  }

  /// Whether the pool has members of the family.
  func has(_ family: AddressFamily) -> Bool {
    switch family {
    case .v4: hasV4
    case .v6: hasV6
    }
  }
}
