/// The overrides in force, laid over the pools: where several concern the same, the latest order counts,
/// and when it ends the one before it counts again.
struct Hand: Sendable {
  /// The oldest first.
  private(set) var overrides: [Override] = []
  /// Nanoseconds since 1970; nil: none ends by itself.
  private(set) var nextExpiry: Int64?
  /// By pool with an override, for each candidate the index of the one that decides.
  private var pools: [Int: [Int?]] = [:]
  /// By the name of a manual check.
  private var checks: [String: Int] = [:]

  /// More than an operator gives, and what a script gone wild may cost.
  static let most = 1000

  init(_ overrides: [Override], _ subjects: Subjects, _ settings: FailoverSettings) {
    for override in overrides.suffix(Hand.most) {
      lay(override, subjects.concerned(override.pattern, settings), settings)
    }
  }

  /// Lays one override over those before it.
  mutating func lay(_ override: Override, _ concerned: Concerned, _ settings: FailoverSettings) {
    let index = overrides.count
    overrides.append(override)
    if let end = override.expires { nextExpiry = min(end, nextExpiry ?? end) }
    for (pool, candidate) in concerned.places {
      pools[pool, default: Array(repeating: nil, count: settings.pools[pool].candidates.count)][candidate] = index
    }
    for check in concerned.checks { checks[check] = index }
  }

  /// Whether some override is laid over it.
  func concerns(pool: Int) -> Bool { !pools.isEmpty && pools[pool] != nil }

  /// The one that decides.
  func override(pool: Int, candidate: Int) -> Int? { pools.isEmpty ? nil : pools[pool]?[candidate] }

  /// What the operator says of a manual check.
  func isUp(check: String) -> Bool { checks[check].map { overrides[$0].state == .up } ?? true }
}
