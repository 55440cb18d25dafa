import Configuration
import Wire

/// An alias tree answers without regard to health where nobody in it is up. `import` writes that as a failover of two:
/// the choice among those that are up, and the same without checks. Route 53 does the second by itself.
enum LastResort {
  /// The choice alone; nil: this is no such pair.
  static func removed(
    from target: Configuration.Target, in family: Exporter.Family
  ) -> Configuration.Target? {
    guard case .group(let pair) = target, case .failover(.immediate) = pair.policy, pair.floor == nil,
      pair.branches.count == 2, isResort(pair.branches[1].target, of: pair.branches[0].target, family)
    else { return nil }
    return pair.branches[0].target
  }

  private static func isResort(
    _ resort: Configuration.Target, of choice: Configuration.Target, _ family: Exporter.Family
  ) -> Bool {
    switch (resort, choice) {
    case (.member(let a), .member(let b)):
      return family.pool.members[a].conditions.isEmpty && family.addresses(a) == family.addresses(b)
    case (.group(let a), .group(let b)):
      return hasSameRules(a, b)
        && zip(a.branches, b.branches).allSatisfy { isResortOfBranch($0.target, of: $1.target, family) }
    default: return false
    }
  }

  /// What an alias leads to is chosen by its own health once more.
  private static func isResortOfBranch(
    _ resort: Configuration.Target, of choice: Configuration.Target, _ family: Exporter.Family
  ) -> Bool {
    if case .member = choice { return isResort(resort, of: choice, family) }
    if isSame(resort, choice, family) { return true }
    guard case .group(let pair) = resort, let inner = removed(from: resort, in: family) else { return false }
    return pair.branches.count == 2 && isSame(inner, choice, family)
  }

  private static func isSame(
    _ a: Configuration.Target, _ b: Configuration.Target, _ family: Exporter.Family
  ) -> Bool {
    switch (a, b) {
    case (.member(let a), .member(let b)): return a == b
    case (.group(let a), .group(let b)):
      return hasSameRules(a, b) && zip(a.branches, b.branches).allSatisfy { isSame($0.target, $1.target, family) }
    default: return false
    }
  }

  private static func hasSameRules(_ a: Configuration.Group, _ b: Configuration.Group) -> Bool {
    guard a.branches.map(\.weight) == b.branches.map(\.weight), a.floor == nil, b.floor == nil else { return false }
    switch (a.policy, b.policy) {
    case (.failover(.immediate), .failover(.immediate)), (.weighted, .weighted): return true
    case (.all(let a), .all(let b)): return a == b
    case (.fastest(let a, let b), .fastest(let c, let d)): return a == c && b == d
    case (.client(let a), .client(let b)):
      return a.other == b.other && a.rules.count == b.rules.count
        && zip(a.rules, b.rules).allSatisfy {
          $0.networks == $1.networks && $0.countries == $1.countries && $0.continents == $1.continents
            && $0.branch == $1.branch
        }
    default: return false
    }
  }
}
