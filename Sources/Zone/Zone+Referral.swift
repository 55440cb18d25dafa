import Memory
package import Wire

extension Zone {
  /// Appends the servers of a delegation and the addresses that the zone has of them: the whole of a referral in
  /// which nothing is signed and no address is a pool's.
  ///
  /// - Parameters:
  ///   - cut: at or above the name in question.
  ///   - end: where in the message that name ends.
  /// - Returns: false when it is not so simple, or does not fit: nothing is appended then, and the counters of the
  ///   sections are 0.
  package func appendReferral(to cut: Node, nameEnd end: Int, to message: inout Message) -> Bool {
    let octets = octets.bytes
    let header = NodeHeader(octets, cut)
    let apex = end &- apexLength
    let start = message.length
    if let servers = rrset(cut, header, .ns),
      appendAlone(servers, owner: apex &- header.nameLength, apex: apex, to: &message, .authority),
      appendAddresses(ofAll: servers, at: start, to: &message)
    {
      return true
    }
    message.length = start
    message.clearCounts()
    return false
  }

  @inline(__always) private func appendAddresses(
    ofAll servers: RRset, at start: Int, to message: inout Message
  ) -> Bool {
    for i in 0..<servers.additionalCount {
      let owner = additional(servers, i)
      guard !isPooled(owner.node), start &+ owner.namePosition < 0x4000,
        appendAddresses(of: owner.node, owner: start &+ owner.namePosition, signed: false, to: &message)
      else { return false }
    }
    return true
  }
}
