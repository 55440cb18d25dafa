import Diagnostics

extension Reader {
  /// Reads each group by itself, so that those that no pool uses are checked too.
  mutating func groups(in scope: PoolScope) {
    for entry in scope.groups {
      _ = identifier(entry.key, at: entry.position)
      if scope.endpoints.contains(entry.key) {
        error(entry.position, "`\(entry.key)` is an endpoint already: give the group another name")
      }
      var use = PoolUse(owner: nil, checks: scope.defaults.checks, scope: scope)
      _ = group(entry, at: entry.position, &use)
    }
  }

  /// What a group is for the pool that uses it.
  mutating func group(_ entry: Node.Entry, at position: Position, _ use: inout PoolUse) -> Configuration.Group? {
    if let start = use.path.firstIndex(of: entry.key) {
      reportLoop(Array(use.path[start...]), at: position, use.scope)
      return nil
    }
    guard use.path.count < PoolUse.maximumDepth else {
      error(position, "groups are nested more than \(PoolUse.maximumDepth) deep: use fewer levels")
      return nil
    }
    guard let fields = fields(entry.value, .group, at: entry.position) else { return nil }
    let checks = use.checks
    use.path.append(entry.key)
    use.checks = checkNames(fields["check"], among: use.scope.checks) ?? checks
    defer {
      use.path.removeLast()
      use.checks = checks
    }
    var group = choice(fields, policyDraft(fields), "the group `\(shown(entry.key))`", &use)
    group?.name = entry.key
    return group
  }

  /// Once for each loop: as seen from the group of it that was written first.
  private mutating func reportLoop(_ names: [String], at position: Position, _ scope: PoolScope) {
    guard let first = scope.groups.first(where: { names.contains($0.key) }), first.key == names[0] else { return }
    let text = (names + [names[0]]).map { "`\(shown($0))`" }.joined(separator: " → ")
    error(position, "these groups use each other in a loop: \(text); take one out of the other")
  }
}
