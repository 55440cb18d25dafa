package import Wire

/// What one key may change in one zone.
package struct UpdateRule: Sendable, Hashable {
  package let key: DomainName
  package let names: [NamePattern]
  package let types: Set<RecordType>

  /// Types that `isPermittable` does not have are left out; the configuration has refused them.
  package init(key: DomainName, names: [NamePattern], types: some Sequence<RecordType>) {
    self.key = key.lowercased
    self.names = names
    self.types = Set(types.filter(UpdateRule.isPermittable))
  }

  func covers(_ owner: DomainName) -> Bool { names.contains { $0.matches(owner) } }

  /// Whether a rule may permit the type: data that says nothing about other names. Aliases, delegations, what
  /// DNSSEC signs and proves with, and the SOA are never changed by updates; types whose meaning nobody here
  /// knows neither.
  package static func isPermittable(_ type: RecordType) -> Bool { permittable.contains(type) }

  /// In the order of their numbers, for messages.
  package static let permittable: [RecordType] = [
    "A", "PTR", "HINFO", "MX", "TXT", "RP", "AFSDB", "AAAA", "LOC", "SRV", "NAPTR", "CERT", "APL", "SSHFP",
    "IPSECKEY", "DHCID", "TLSA", "SMIMEA", "OPENPGPKEY", "SVCB", "HTTPS", "SPF", "NID", "L32", "L64", "EUI48", "EUI64",
    "URI", "CAA",
  ].compactMap { RecordType(text: $0) }
}

/// What one key may change, as a question about each change.
struct UpdatePermission {
  let key: DomainName
  /// Nil: everything that can be permitted.
  let rules: [UpdateRule]?
  let zone: DomainName

  /// - Throws: REFUSED (RFC 2136 §3.3).
  func check(_ change: Change, _ view: RecordView) throws(UpdateRefusal) {
    switch change {
    case .add(let record): try check(record.identity.owner, record.identity.type)
    case .delete(let identity): try check(identity.owner, identity.type)
    case .deleteRRset(let owner, let type): try check(owner, type)
    case .deleteName(let owner):
      try checkName(owner)
      for type in Set(view(owner, nil).map(\.identity.type)) where !(owner == zone && (type == .soa || type == .ns)) {
        try check(owner, type)
      }
    }
  }

  private func check(_ owner: DomainName, _ type: RecordType) throws(UpdateRefusal) {
    guard UpdateRule.isPermittable(type) else {
      throw UpdateRefusal(.refused, "\(owner.shortText): \(type) is never changed by updates")
    }
    guard let rules else { return }
    guard rules.contains(where: { $0.key == key && $0.types.contains(type) && $0.covers(owner) }) else {
      throw UpdateRefusal(.refused, "\(owner.shortText) \(type): key \(key.shortText) may not change this")
    }
  }

  private func checkName(_ owner: DomainName) throws(UpdateRefusal) {
    guard let rules else { return }
    guard rules.contains(where: { $0.key == key && $0.covers(owner) }) else {
      throw UpdateRefusal(.refused, "\(owner.shortText): key \(key.shortText) may not change this name")
    }
  }
}
