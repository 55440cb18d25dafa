import Answering
import Configuration
import Diagnostics
import Locations
import Memory
import TestSupport
import Testing
import Wire

@testable import Assembly

/// Countries and continents: from a database in MaxMind's format to the table that answers look into.
@Suite struct LocationTests {
  private static let documentation: [UInt8] = [0x20, 1, 0xD, 0xB8]

  private static func address6(_ start: [UInt8]) -> [UInt8] {
    start + Array(repeating: 0, count: 16 - start.count)
  }

  private static var file: LocationFile {
    var file = LocationFile()
    file.add([192, 0, 2, 0], 24, country: "DE", continent: "EU")
    file.add([192, 0, 2, 128], 25, country: "FR", continent: "EU")
    file.add([192, 0, 2, 200], 32, country: "US", continent: "NA")
    file.add([198, 51, 100, 0], 24, continent: "AF")
    file.add([203, 0, 113, 0], 24, country: "JP")
    file.add(address6(documentation), 32, country: "DE", continent: "EU")
    file.add(address6(documentation + [0, 5]), 48, country: "US", continent: "NA")
    file.alias(address6([0x20, 2]), 16)
    return file
  }

  // MARK: - The database

  private func place(_ address: String, _ database: LocationDatabase) -> String {
    let (start, ranges): (UInt128, [LocationDatabase.Range]) =
      switch IPAddress(address) {
      case .v4(let value)?: (UInt128(value), database.v4)
      case .v6(let high, let low)?: (UInt128(high) << 64 | UInt128(low), database.v6)
      case nil: (0, [])
      }
    let place = ranges.last { $0.start <= start }.map { database.places[$0.place] }
    return "\(place?.country ?? "-") \(place?.continent ?? "-")"
  }

  @Test(arguments: [
    ("192.0.2.1", "DE EU"), ("192.0.2.127", "DE EU"), ("192.0.2.128", "FR EU"), ("192.0.2.200", "US NA"),
    ("192.0.2.201", "FR EU"), ("192.0.3.0", "- -"), ("0.0.0.0", "- -"), ("255.255.255.255", "- -"),
    ("198.51.100.7", "- AF"), ("203.0.113.255", "JP -"), ("2001:db8::1", "DE EU"), ("2001:db8:5::1", "US NA"),
    ("2001:db8:6::", "DE EU"), ("2001:db9::", "- -"), ("::1", "- -"), ("ffff::", "- -"),
    // Parts of IPv6 that lead to IPv4 are not followed.
    ("2002:c000:201::", "- -"),
  ])
  func places(address: String, expected: String) throws {
    #expect(place(address, try LocationDatabase(Self.file.octets.span.octets)) == expected)
  }

  @Test func databasesOfIPv4Alone() throws {
    var file = LocationFile(isIPv6: false)
    file.add([10, 0, 0, 0], 8, country: "NL", continent: "EU")
    let database = try LocationDatabase(file.octets.span.octets)
    #expect(place("10.255.0.1", database) == "NL EU" && place("11.0.0.0", database) == "- -")
    #expect(place("2001:db8::1", database) == "- -")
  }

  /// Neighbours in the same place are one range.
  @Test func rangesAreFew() throws {
    var file = LocationFile()
    for third in 0..<200 as Range<UInt8> { file.add([10, 0, third, 0], 24, country: "NL", continent: "EU") }
    #expect(try LocationDatabase(file.octets.span.octets).v4.count == 3)
  }

  @Test func noPathIsWithoutEnd() {
    var file = LocationFile()
    file.loop([10, 0, 0, 0], 8)
    let octets = file.octets
    #expect(throws: LocationError.self) { try LocationDatabase(octets.span.octets) }
  }

  /// Whatever is damaged: an error or some places, and no more time or memory than the file has.
  @Test func damagedDatabases() {
    let whole = Self.file.octets
    for length in stride(from: 0, to: whole.count, by: 7) {
      let part = Array(whole[..<length])
      #expect(throws: LocationError.self) { try LocationDatabase(part.span.octets) }
    }
    var random = SeededNumbers(seed: 1)
    var read = 0
    for _ in 0..<3000 {
      var octets = whole
      for _ in 0...Int.random(in: 0...2, using: &random) {
        octets[Int.random(in: 0..<octets.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let database = try? LocationDatabase(octets.span.octets) else { continue }
      read += 1
      #expect(database.v4.first?.start == 0 && database.v6.first?.start == 0)
      #expect(zip(database.v6, database.v6.dropFirst()).allSatisfy { $0.start < $1.start })
      #expect(database.v4.count + database.v6.count < 4 * octets.count)
    }
    #expect(read > 100)
  }

  // MARK: - The configuration

  private static let zone = "@ 300 SOA ns h 1 2 3 4 60\n@ 300 NS ns\nns 300 A 192.0.2.53\n"

  private static func configuration(_ database: String) -> String {
    """
    zones: { example.com: { file: zone } }
    location-database: \(database)
    endpoints: { a: { address: 10.0.0.1 }, b: { address: 10.0.0.2 }, c: { address: 10.0.0.3 } }
    defaults: { pool: { check: none } }
    pools:
      www.example.com:
        policy: client
        clients:
          - { networks: [192.0.2.192/26, 100.64.0.0/10], use: c }
          - { countries: [DE, JP], use: a }
          - { continents: [EU, AS], use: b }
        default: none

    """
  }

  private func assemble(_ database: String, in folder: Folder) throws -> (Assembled?, String) {
    try folder.write("zone", Self.zone)
    let path = try folder.write("alula.yaml", Self.configuration(database))
    var problems = ProblemList()
    let assembled = Assembler.assemble(path, at: 0, problems: &problems)
    return (assembled, problems.listed.map { "\($0)" }.joined(separator: "\n"))
  }

  /// Networks before countries before continents, also where they are larger.
  @Test func clientsFindTheirClass() throws {
    let folder = try Folder()
    try folder.write("places", octets: Self.file.octets)
    let (assembled, problems) = try assemble("places", in: folder)
    let table = try #require(assembled?.clients, "\(problems)")
    #expect(problems.isEmpty)
    func find(_ address: String) -> Int { table.tables[0].value.find(IPAddress(address) ?? .v4(0)).classIndex }
    let (network, germany) = (find("192.0.2.193"), find("192.0.2.1"))
    let (japan, europe) = (find("203.0.113.1"), find("192.0.2.129"))
    #expect(Set([0, network, germany, europe]).count == 4)
    #expect(find("192.0.2.200") == network && find("100.127.0.0") == network)
    #expect(find("2001:db8::1") == germany && find("2001:db8:5::1") == 0)
    // Japan's continent is not in the database, but known.
    #expect(japan == find("203.0.113.200") && japan != 0)
    #expect(find("198.51.100.1") == 0 && find("1.1.1.1") == 0)
  }

  @Test(arguments: [
    ("none", "cannot read the location database"), ("zone", "is not one in MaxMind's format"),
    ("empty", "knows no country and no continent"),
  ])
  func wrongDatabasesAreErrors(file: String, message: String) throws {
    let folder = try Folder()
    try folder.write("empty", octets: LocationFile().octets)
    let (assembled, problems) = try assemble(file, in: folder)
    #expect(assembled == nil && problems.contains("alula.yaml:2:20: error: ") && problems.contains(message))
  }
}

private struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    let z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    return (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  }
}
