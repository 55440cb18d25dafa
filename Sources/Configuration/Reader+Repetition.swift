import Diagnostics
import Wire

/// What a list of endpoints has so far, to notice what comes twice.
struct Seen {
  var names: [String: Position] = [:]
  var addresses: [IPAddress: (name: String, tier: Int)] = [:]
}

/// A branch of a list or of one of its tiers.
struct Leaf {
  let target: Configuration.Target
  let position: Position
}

extension Reader {
  /// The branch itself, or those of a tier, with their places.
  func leaves(_ branch: Configuration.Branch, _ item: Node) -> [Leaf] {
    guard case .group(let tier) = branch.target, tier.name == nil, case .sequence(let items) = item.content else {
      return [Leaf(target: branch.target, position: Reader.namePosition(item))]
    }
    // Some of it had something wrong, which has been said.
    if items.count != tier.branches.count { return [] }
    return zip(tier.branches, items).map { Leaf(target: $0.target, position: Reader.namePosition($1)) }
  }

  private static func namePosition(_ node: Node) -> Position {
    guard case .mapping(let entries) = node.content else { return node.position }
    return entries.first { $0.key == "name" }?.value.position ?? node.position
  }

  mutating func checkRepetition(_ leaf: Leaf, tier: Int, _ use: PoolUse, _ seen: inout Seen) {
    let (kind, name): (String, String)
    switch leaf.target {
    case .group(let group): (kind, name) = ("group", group.name ?? "")
    case .member(let index): (kind, name) = ("endpoint", use.members[index].name.value)
    }
    if let earlier = seen.names[name] {
      error(leaf.position, "the \(kind) `\(name)` is in this pool twice: it is already on line \(earlier.line)")
      return
    }
    seen.names[name] = leaf.position
    guard case .member(let index) = leaf.target else { return }
    for address in use.members[index].addresses { checkAddress(address.value, name, leaf, tier, &seen) }
  }

  private mutating func checkAddress(
    _ address: IPAddress, _ name: String, _ leaf: Leaf, _ tier: Int, _ seen: inout Seen
  ) {
    guard let earlier = seen.addresses[address] else {
      seen.addresses[address] = (name, tier)
      return
    }
    let what = "`\(name)` and `\(earlier.name)` have the same address \(address)"
    if earlier.tier == tier {
      error(leaf.position, "\(what) in one tier: remove one of the two")
    } else {
      warning(leaf.position, "\(what): going from one to the other changes nothing")
    }
  }
}
