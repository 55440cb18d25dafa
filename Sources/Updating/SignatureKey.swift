package import Wire

/// A secret shared with a client or a peer (RFC 8945 §1.2). A key is good for one algorithm.
package struct SignatureKey: Sendable, Hashable {
  /// In lower case, as it is signed (RFC 8945 §4.3.3).
  package let name: DomainName
  package let algorithm: SignatureAlgorithm
  package let secret: [UInt8]
  /// Octets of a signature that are enough: by default all that RFC 8945 §5.2.2.1 allows to be left out may be
  /// missing. A shorter one is BADTRUNC.
  package let minimumLength: Int

  package init(name: DomainName, algorithm: SignatureAlgorithm, secret: [UInt8], minimumLength: Int? = nil) {
    self.name = name.lowercased
    self.algorithm = algorithm
    self.secret = secret
    self.minimumLength = minimumLength ?? algorithm.shortest
  }

  /// Octets that a signature adds to a message: what a reply must keep free.
  package var recordLength: Int {
    name.wire.count + 10 + algorithm.name.wire.count + SignatureRecord.unsignedLength + algorithm.length
  }
}

/// The keys that are known, by name.
package struct KeyRing: Sendable {
  private let keys: [DomainName: SignatureKey]

  /// The later of two keys with the same name counts; the configuration has refused that.
  package init(_ keys: [SignatureKey] = []) {
    self.keys = Dictionary(keys.map { ($0.name, $0) }) { _, later in later }
  }

  package var isEmpty: Bool { keys.isEmpty }
  package subscript(name: DomainName) -> SignatureKey? { keys[name] }
}
