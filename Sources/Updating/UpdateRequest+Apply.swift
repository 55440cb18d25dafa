package import Wire

/// What an update comes to.
package struct UpdateOutcome: Hashable, Sendable {
  /// What changes in the zone; nothing when all of it was so already. The serial is not among it.
  package var edits: [Edit] = []
  /// For the log: what had no effect although it was meant to have one (RFC 2136 §3.4.2).
  package var ignored: [String] = []
}

extension UpdateRequest {
  /// The whole of RFC 2136 §3 for a zone that is ours: prerequisites, permission, changes. Nothing is done when
  /// any of it is refused.
  ///
  /// - Parameters:
  ///   - rules: nil for those who may change everything that can be changed: the peers.
  ///   - view: the zone as it is served.
  package func evaluate(
    for key: DomainName, rules: [UpdateRule]?, view: RecordView
  ) throws(UpdateRefusal) -> UpdateOutcome {
    for prerequisite in prerequisites { try prerequisite.check(view) }
    let permission = UpdatePermission(key: key, rules: rules, zone: zone)
    for change in changes { try permission.check(change, view) }
    var copy = WorkingCopy(zone: zone)
    for change in try content.get() { copy.apply(change, view) }
    try copy.checkSizes()
    return UpdateOutcome(edits: copy.edits, ignored: copy.ignored)
  }
}

extension Prerequisite {
  /// RFC 2136 §3.2.
  fileprivate func check(_ view: RecordView) throws(UpdateRefusal) {
    switch self {
    case .nameInUse(let owner):
      guard view(owner, nil).isEmpty else { return }
      throw UpdateRefusal(.nxDomain, "\(owner.shortText) has no records")
    case .nameNotInUse(let owner):
      guard !view(owner, nil).isEmpty else { return }
      throw UpdateRefusal(.yxDomain, "\(owner.shortText) has records")
    case .exists(let owner, let type):
      guard view(owner, type).isEmpty else { return }
      throw UpdateRefusal(.nxRRset, "\(owner.shortText) has no \(type)")
    case .doesNotExist(let owner, let type):
      guard !view(owner, type).isEmpty else { return }
      throw UpdateRefusal(.yxRRset, "\(owner.shortText) has \(type)")
    case .equals(let owner, let type, let records):
      guard Set(view(owner, type).map(\.identity)) != records else { return }
      throw UpdateRefusal(.nxRRset, "\(owner.shortText) \(type) is another than required")
    }
  }
}
