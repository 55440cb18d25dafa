package enum AddressFamily: Hashable, Sendable, CaseIterable { case v4, v6 }

/// All that the brain decides from, with indices for names: probes, members, endpoints and pools are
/// known to the caller by their position in these arrays.
package struct FailoverSettings: Hashable, Sendable {
  package var probes: [ProbeSettings] = []
  package private(set) var members: [Member] = []
  package private(set) var endpoints: [Endpoint] = []
  package var pools: [Pool] = []
  /// Nil: any number of members may be withdrawn at once.
  package var blastRadius: BlastRadius?
  /// Nil: the prober trusts itself.
  package var canaries: Canaries?

  package init() {}

  /// Appends an endpoint with its addresses and returns its index; its members follow those of the one before.
  package mutating func addEndpoint(_ name: String, _ addresses: [Member]) -> Int {
    endpoints.append(Endpoint(name: name, members: members.count..<(members.count + addresses.count)))
    members += addresses
    return endpoints.count - 1
  }
}

/// One address of an endpoint: what an answer is made of.
package struct Member: Hashable, Sendable {
  package var family: AddressFamily
  /// For people; the caller keeps the real address under the member's index.
  package var address: String
  /// What must hold for it to be up.
  package var condition: Condition

  package init(family: AddressFamily, address: String, condition: Condition) {
    self.family = family
    self.address = address
    self.condition = condition
  }

  /// - Parameter probes: all must be up; none: it always is.
  package init(family: AddressFamily, address: String, probes: [Int]) {
    self.init(family: family, address: address, condition: .all(probes.map { .probe($0) }))
  }
}

/// A site, with one or more addresses. One entry for each way in which pools check it.
package struct Endpoint: Hashable, Sendable {
  package var name: String
  /// Indices of `FailoverSettings.members`.
  package var members: Range<Int>
}

/// At most so many members withdrawn within a time, unless an operator confirms.
package struct BlastRadius: Hashable, Sendable {
  package enum Limit: Hashable, Sendable {
    case members(Int)
    /// Of all members, in thousandths.
    case share(Int)
  }

  package var limit: Limit
  package var within: Duration

  package init(_ limit: Limit, within: Duration) {
    self.limit = limit
    self.within = within
  }
}

/// Probes of what is never all down at once: when it seems so, the prober is cut off and its verdicts freeze.
package struct Canaries: Hashable, Sendable {
  /// Probe indices, of no member.
  package var probes: [Int]
  /// How many of them must answer for the prober to trust itself.
  package var needed: Int
  /// No verdict is held back longer than this after the first failure that speaks for it.
  package var longest: Duration

  package init(probes: [Int], needed: Int = 1, longest: Duration = .seconds(600)) {
    self.probes = probes
    self.needed = needed
    self.longest = longest
  }
}
