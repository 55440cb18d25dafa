import CMaxMind

/// Which country and continent each address is in, by a database in MaxMind's format.
///
/// It is read once and whole, so that no query waits for it: the search tree is walked from its root, and neighbours
/// in the same place become one range.
package struct LocationDatabase: Sendable {
  package struct Place: Hashable, Sendable {
    /// ISO 3166-1; of a network without a country of its own, that in which it is registered.
    package var country: String?
    /// AF, AN, AS, EU, NA, OC or SA.
    package var continent: String?

    package init(country: String? = nil, continent: String? = nil) {
      self.country = country
      self.continent = continent
    }
  }

  /// Up to the next range's start, all is in this place.
  package struct Range: Hashable, Sendable {
    /// An address as a number.
    package var start: UInt128
    /// Index of `places`.
    package var place: Int
  }

  /// The first is that of addresses of which nothing is known.
  package private(set) var places = [Place()]
  /// Ascending, from address 0 on.
  package private(set) var v4: [Range] = []
  package private(set) var v6: [Range] = []

  /// - Parameter octets: of the whole file.
  package init(_ octets: RawSpan) throws(LocationError) {
    var walk = TreeWalk(try OpenDatabase(octets))
    try walk.run()
    places = walk.places.all
    (v4, v6) = (walk.v4, walk.v6)
  }
}

/// Why a database cannot be used.
package struct LocationError: Error, CustomStringConvertible, Sendable {
  package let description: String

  init(_ description: String) { self.description = description }
  init(status: Int32) { description = unsafe String(cString: MMDB_strerror(status)) }
}
