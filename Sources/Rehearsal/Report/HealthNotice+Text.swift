import Failover

extension Scene {
  /// What happened, for people.
  func text(_ notice: HealthNotice) -> String {
    switch notice {
    case .cutOff: "the prober is cut off, say its canaries: nobody goes down until they answer again"
    case .reachable: "the canaries answer again: everybody is counted anew"
    case .flapping(let probe, let time): "\(probeNames[probe]) flaps, and is held down for \(time.text) at least"
    case .heldUp(let member): "\(name(ofMember: member)) is held up: too many were withdrawn just before"
    case .letGo(let member): "\(name(ofMember: member)) is held up no longer"
    case .overrideExpired(let order): "the order on \(order.pattern) has expired"
    }
  }

  private func name(ofMember member: Int) -> String {
    let endpoint = settings.endpoints.first { $0.members.contains(member) }?.name ?? ""
    return "\(endpoint) \(settings.members[member].address)"
  }
}
