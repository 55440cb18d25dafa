import Configuration
import Diagnostics
import Memory
package import Updating
package import Wire
import Zone

/// Zones that updates change, or have changed.
extension Assembler {
  /// Such a zone is made from its file's records, which are kept for the next update.
  func isUpdatable(_ zone: Configuration.Zone) -> Bool { !zone.update.isEmpty || keptOverlay(zone) != nil }

  /// What updates have made of the zone: what is served knows best.
  private func keptOverlay(_ zone: Configuration.Zone) -> Overlay? {
    let name = zone.name.value
    return running.first { $0.zone.value.apex == name }?.updates?.overlay ?? kept.overlays[name]
  }

  mutating func amend(
    _ zone: Configuration.Zone, _ owners: [PooledOwner], _ origin: ZoneOrigin, _ memory: Int,
    _ base: consuming Shared<RecordStore>
  ) -> ZoneContent? {
    var origin = origin
    let updates = ZoneUpdates(zone.name.value, base, fileHash: origin.content, kept: keptOverlay(zone))
    for record in updates.hidden {
      origin.problems.report(
        Problem(
          .warning, zone.file.position,
          "\(record.identity.text), which an update has added, is not served: the file makes an alias of the name"))
    }
    let built = Assembler.build(zone, owners, updates, memory, &origin.problems)
    problems.take(origin.problems)
    guard let built else { return nil }
    return ZoneContent(zone: Shared(built), origin: origin, source: .file, updates: updates)
  }

  fileprivate static func build(
    _ zone: Configuration.Zone, _ owners: [PooledOwner], _ updates: ZoneUpdates, _ memory: Int,
    _ problems: inout ProblemList
  ) -> Zone? {
    ZoneBuilder.build(
      records: updates.records(), pooled: owners.map(\.name), lacking: owners.map(\.lacking), memory: memory,
      problems: &problems)
  }
}

extension Assembled {
  /// The served zone of that name.
  package func index(ofZone name: DomainName) -> Int? { zones.firstIndex { $0.zone.value.apex == name } }

  /// Builds one zone anew under another overlay; all else stays.
  ///
  /// - Parameter index: of a zone that has `updates`.
  /// - Returns: what is wrong with the records that the zone would have; nil: it has them now.
  package mutating func rebuild(zone index: Int, under overlay: Overlay) -> String? {
    let old = zones[index]
    guard let updates = old.updates?.under(overlay) else { return "the zone takes no updates" }
    var problems = ProblemList()
    let zone = configuration.zones[index]
    let owners = PooledOwner.byZone(configuration)[index]
    let memory = AvailableMemory.octets / 8 * 7
    let built = Assembler.build(zone, owners, updates, memory, &problems)
    guard let built else { return problems.listed.first { $0.severity == .error }?.text ?? "it cannot be built" }
    zones[index] = BuiltZone(
      ZoneContent(zone: Shared(built), origin: old.origin, source: .memory, updates: updates), pools: old.pools,
      transfer: old.transfer, rules: old.rules)
    return nil
  }
}
