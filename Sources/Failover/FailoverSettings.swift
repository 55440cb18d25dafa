package enum AddressFamily: Hashable, Sendable, CaseIterable { case v4, v6 }

/// One address of an endpoint: what an answer is made of.
package struct Member: Hashable, Sendable {
  package var family: AddressFamily
  /// For people; the caller keeps the real address under the member's index.
  package var address: String
  /// Probes that must all be up for the member to be up; none: it always is.
  package var probes: [Int]

  package init(family: AddressFamily, address: String, probes: [Int]) {
    self.family = family
    self.address = address
    self.probes = probes
  }
}

/// A site, with one or more addresses. One entry for each way in which pools check it.
package struct Endpoint: Hashable, Sendable {
  package var name: String
  /// Indices of `FailoverSettings.members`.
  package var members: Range<Int>
}

/// How a pool chooses.
package enum Policy: Hashable, Sendable {
  /// The first tier with a member that is up.
  case failover
}

package struct Pool: Hashable, Sendable {
  package var name: String
  package var policy: Policy
  /// Endpoint indices; earlier tiers are preferred, those of one tier answer together.
  package var tiers: [[Int]]

  package init(name: String, policy: Policy = .failover, tiers: [[Int]]) {
    self.name = name
    self.policy = policy
    self.tiers = tiers
  }
}

/// All that the brain decides from, with indices for names: probes, members, endpoints and pools are
/// known to the caller by their position in these arrays.
package struct FailoverSettings: Hashable, Sendable {
  package var probes: [Thresholds] = []
  package private(set) var members: [Member] = []
  package private(set) var endpoints: [Endpoint] = []
  package var pools: [Pool] = []

  package init() {}

  /// Appends an endpoint with its addresses and returns its index; its members follow those of the one before.
  package mutating func addEndpoint(_ name: String, _ addresses: [Member]) -> Int {
    endpoints.append(Endpoint(name: name, members: members.count..<(members.count + addresses.count)))
    members += addresses
    return endpoints.count - 1
  }
}
