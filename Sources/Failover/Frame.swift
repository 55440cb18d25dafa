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

  init(_ settings: FailoverSettings, _ pool: Pool) {
    self.settings = settings
    self.pool = pool
    needsMemory = pool.needsMemory
    choiceNeedsMemory = pool.choice.needsMemory
    hasClients = pool.choice.hasClients
    let members = pool.candidates.lazy.flatMap { settings.endpoints[$0.endpoint].members }
    hasV4 = members.contains { settings.members[$0].family == .v4 }
    hasV6 = members.contains { settings.members[$0].family == .v6 }
  }

  /// Whether the pool has members of the family.
  func has(_ family: AddressFamily) -> Bool {
    switch family {
    case .v4: hasV4
    case .v6: hasV6
    }
  }
}
