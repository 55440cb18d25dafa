package import Wire

/// What a table of clients is compiled from: each rule gives the clients it matches a class; class 0 is left for those
/// that none matches. Networks go before countries, countries before continents; of networks the longest wins.
package struct ClientRules: Hashable, Sendable {
  package var networks: [Network] = []
  /// By ISO 3166-1 code, in capitals.
  package var countries: [String: Int] = [:]
  /// By code: AF, AN, AS, EU, NA, OC, SA.
  package var continents: [String: Int] = [:]

  package struct Network: Hashable, Sendable {
    package var prefix: IPPrefix
    package var classIndex: Int

    package init(_ prefix: IPPrefix, class classIndex: Int) {
      self.prefix = prefix
      self.classIndex = classIndex
    }
  }

  package init() {}
}
