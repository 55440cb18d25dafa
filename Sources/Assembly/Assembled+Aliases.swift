import Configuration
import Memory
package import Wire
import Zone

extension Assembled {
  /// A name, and what aliases (CNAME) of the zones lead on to from it, in their order.
  package func aliases(from name: DomainName) -> [DomainName] {
    var path = [name]
    while path.count <= Assembled.longestChain, let next = alias(at: path[path.count - 1]), !path.contains(next) {
      path.append(next)
    }
    return path
  }

  private static var longestChain: Int { 8 }

  /// A pool takes the place of what the zone file has at its name. For people who ask, not for the query path: all
  /// records are looked through.
  private func alias(at name: DomainName) -> DomainName? {
    if configuration.pools.contains(where: { $0.owners.contains { $0.value == name } }) { return nil }
    let around = zones.indices.filter { name.isAtOrBelow(zones[$0].zone.value.apex) }
    let depth = { (index: Int) in zones[index].zone.value.apex.wire.count }
    guard let nearest = around.max(by: { depth($0) < depth($1) }) else { return nil }
    var target: DomainName?
    zones[nearest].zone.value.forEachRecord { record in
      if record.type == .cname, record.owner == name { target = DomainName(wire: record.data) }
    }
    return target
  }
}
