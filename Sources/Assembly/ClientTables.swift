import Answering
import Configuration
import Diagnostics
import Locations
import Memory
import Wire

/// The tables of clients that pools choose by: compiled when a configuration is read, and shared by all generations
/// that are made of it.
final class ClientTables: Sendable {
  let tables: FixedArray<Shared<ClientTable>>

  /// - Parameter locations: must be there when some rules are of countries or continents.
  init(_ rules: [ClientRules], _ locations: LocationDatabase?) {
    tables = FixedArray(count: rules.count) { Shared(ClientTable(rules[$0], locations)) }
  }
}

extension ClientTable {
  fileprivate init(_ rules: ClientRules, _ locations: LocationDatabase?) {
    let networks = rules.networks.map { (prefix: $0.prefix, classIndex: $0.classIndex) }
    guard let locations, !rules.countries.isEmpty || !rules.continents.isEmpty else {
      self.init(networks)
      return
    }
    let classes = locations.places.map { rules.classIndex($0) }
    self.init(
      networks,
      elsewhere4: locations.v4.map {
        .init(start: UInt32(truncatingIfNeeded: $0.start), classIndex: classes[$0.place])
      },
      elsewhere6: locations.v6.map { .init(start: $0.start, classIndex: classes[$0.place]) })
  }
}

extension ClientRules {
  fileprivate func classIndex(_ place: LocationDatabase.Place) -> Int {
    if let country = place.country, let index = countries[country] { return index }
    let continent = place.continent ?? place.country.flatMap { Countries.continent(of: $0) }
    return continent.flatMap { continents[$0] } ?? 0
  }
}

extension Assembler {
  /// Octets that a location database may have.
  private static var largestDatabase: Int { 1 << 30 }

  /// Nil: the configuration names none, or there is an error.
  mutating func locations(_ configuration: Configuration) -> LocationDatabase? {
    guard let file = configuration.locationDatabase else { return nil }
    let path = resolve(file.value)
    do {
      let contents = try FileContents(path, limit: Self.largestDatabase)
      let database = try LocationDatabase(contents.bytes.octets)
      if database.places.count > 1 { return database }
      problems.report(
        Problem(
          .error, file.position,
          "the location database \(path) knows no country and no continent: a country or city database is needed"))
    } catch let error as FileError {
      problems.report(Problem(.error, file.position, "cannot read the location database: \(error)"))
    } catch {
      problems.report(
        Problem(.error, file.position, "the location database \(path) is not one in MaxMind's format: \(error)"))
    }
    return nil
  }
}
