package import Wire

/// What an audit has seen, and what it was told to expect: all that its findings are made of.
package struct Observations: Sendable {
  package let name: DomainName
  package var parents: [ParentView] = []
  package var servers: [ServerView] = []
  /// Servers whose addresses could not be found, and why.
  package var homeless: [DomainName: String] = [:]
  /// Names given by the operator that are in no NS set.
  package var unlisted: [DomainName] = []
  /// Servers and addresses that were not asked because there are so many.
  package var skipped = 0
  /// Seconds that the audit was given, which were not enough; nil: they were.
  package var limit: UInt64?
  /// Why the parent's servers could not be found.
  package var parentTrouble: String?
  /// Of this machine, by which the questions left it.
  package var localAddresses: Set<IPAddress> = []
  package var recovery = RecoveryGoal()

  package init(_ name: DomainName) { self.name = name }
}

/// How soon a failure shall be out of caches.
package struct RecoveryGoal: Sendable {
  /// Declared; nil: nothing was.
  package var time: Duration?
  /// Until a failure is noticed and published, by the configuration; nil: not known.
  package var detection: Duration?

  package init(time: Duration? = nil, detection: Duration? = nil) {
    self.time = time
    self.detection = detection
  }
}

/// What one of the parent's servers says about the name.
package struct ParentView: Sendable {
  package enum Outcome: Sendable, Hashable {
    case delegates
    /// It serves the name's own zone too, so that it shows that instead of the delegation.
    case servesChild
    /// It answers, but does not delegate.
    case refuses(String)
    /// It serves another zone than the parent.
    case stranger(String)
    case silent(String)
    /// This machine has no way to it.
    case noRoute
  }

  package let title: String
  package var outcome: Outcome
  package var nameServers: Set<DomainName> = []
  /// Seconds, of the NS records.
  package var ttl: UInt32 = 0
  package var glue: [DomainName: Set<IPAddress>] = [:]
  /// The data of the DS records; nil: it did not tell.
  package var signers: Set<[UInt8]>?

  package init(_ title: String, _ outcome: Outcome) {
    self.title = title
    self.outcome = outcome
  }
}

/// What one of the name's own servers says, at one of its addresses.
package struct ServerView: Sendable {
  package enum Authority: Sendable, Hashable {
    case good
    /// It answers, but not for this zone.
    case lame(String)
    case silent(String)
    case noRoute
  }

  package enum Extension: Sendable, Hashable {
    case good
    /// What it did instead.
    case bad(String)
    case notAsked
  }

  package let name: DomainName
  package let address: SocketAddress
  package var udp = Authority.good
  package var tcp = Authority.good
  package var serial: UInt32?
  /// Seconds for which "no such name" is kept (RFC 2308 §5).
  package var negativeTTL: UInt32?
  package var nameServers: Set<DomainName>?
  /// Of the name servers inside the zone, by the zone's own records; nil: it did not tell.
  package var hosts: [DomainName: Set<IPAddress>]?
  /// What each ask for A and for AAAA at the name was answered.
  package var answers: [RecordType: [Set<IPAddress>]] = [:]
  /// Seconds: the largest of those answers.
  package var addressTTL: UInt32?
  package var alias: DomainName?
  /// The data of the DNSKEY records; nil: it did not tell.
  package var keys: Set<[UInt8]>?
  package var edns = Extension.notAsked
  package var otherVersion = Extension.notAsked
  package var unknownOption = Extension.notAsked
  package var letterCase = Extension.notAsked
  package var offersRecursion = false
  package var givesTransfer = false

  package init(_ name: DomainName, _ address: SocketAddress) {
    self.name = name
    self.address = address
  }

  package var title: String { "\(name.shortText) (\(address))" }
  /// Whether it had anything to say at all.
  package var isHeard: Bool { udp == .good || tcp == .good }
}
