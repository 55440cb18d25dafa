package import Wire

/// A server that a zone's NS records name.
package struct NameServer: Sendable, Hashable {
  package let name: DomainName
  /// As far as they are known here.
  package let addresses: [IPAddress]

  package init(name: DomainName, addresses: [IPAddress]) {
    self.name = name
    self.addresses = addresses
  }
}
