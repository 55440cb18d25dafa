import Memory
package import Wire
import Zone

/// One state of a zone, leased for as long as somebody needs it: the zone, and of each of its pools the
/// addresses that were in service at one moment.
///
/// An object, so that whoever has it last can let go of a large zone where that holds up nobody.
package final class ZoneSnapshot: Sendable {
  let zone: Shared<Zone>
  private let blocks: FixedArray<Shared<PoolBlock>>
  /// For each pool in the zone's own count, its place in `blocks`: names that share a pool share its block.
  private let places: [Int]

  /// Only inside the reader's epoch.
  package init(_ generation: borrowing Generation, zone index: Int) {
    zone = generation.zones.entries[index].zone.share()
    let slots = generation.zones.entries[index].pools.span
    var known: [UInt32: Int] = [:]
    var distinct: [Int] = []
    var places: [Int] = []
    for i in slots.indices {
      if known[slots[i]] == nil {
        known[slots[i]] = distinct.count
        distinct.append(Int(slots[i]))
      }
      places.append(known[slots[i]] ?? 0)
    }
    self.places = places
    blocks = FixedArray(count: distinct.count) { generation.pools[distinct[$0]].block.lease() }
  }

  package var apex: DomainName { zone.value.apex }
  package var serial: UInt32 { zone.value.serial }

  func addressCount(pool: Int) -> Int { blocks[places[pool]].value.count }

  func append(_ address: Int, pool: Int, owner: Int, to message: inout Message) -> Bool {
    blocks[places[pool]].value.append(address, owner: owner, to: &message)
  }
}
