import Diagnostics
import Wire

extension Reader {
  /// Pools lie in served zones, and a name has one pool.
  ///
  /// - Parameter complete: false when a zone had something wrong, so that its pools cannot be judged.
  mutating func checkOwners(zones: [Configuration.Zone], complete: Bool) {
    let apexes = Set(zones.map(\.name.value))
    var known: [DomainName: Position] = [:]
    for owner in owners {
      let name = owner.value.shortText
      if let earlier = known[owner.value] {
        error(owner.position, "`\(name)` has a pool already, on line \(earlier.line): a name has one pool")
      } else {
        known[owner.value] = owner.position
      }
      if complete, !Reader.isServed(owner.value, apexes) {
        let names = zones.prefix(5).map { "`\($0.name.value.shortText)`" }.joined(separator: ", ")
        error(
          owner.position,
          "the pool `\(name)` is in no zone served here (\(names)\(zones.count > 5 ? ", …" : "")): "
            + "its name must be that of a zone or end in it")
      }
    }
  }

  private static func isServed(_ name: DomainName, _ apexes: Set<DomainName>) -> Bool {
    var at: DomainName? = name
    while let name = at {
      if apexes.contains(name) { return true }
      at = name.parent
    }
    return false
  }
}
