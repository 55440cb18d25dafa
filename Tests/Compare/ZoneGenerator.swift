import TestSupport

/// A generated zone: what its file says, and what the questions start from.
struct GeneratedZone {
  let apex: Name
  /// In the order made; the apex is first.
  var owners: [Name] = []
  var records: [Record] = []
  /// Names that stand in record data.
  var targets: [Name] = []
  /// Owners of DNAME records: nothing may be below them.
  var closed: [Name] = []
  var signing: Signing?
  /// Owners of its NSEC3 records.
  var hashedOwners: [Name] = []

  struct Record {
    let owner: Name
    let ttl: Int
    let type: String
    let data: String
    var line: String { "\(owner) \(ttl) IN \(type) \(data)" }
  }

  var text: String { records.map { $0.line + "\n" }.joined() }

  /// Writes the zone's file, signed where it is to be, and returns its path.
  mutating func write(_ path: String) throws -> String {
    try writeFile(path, text)
    guard let signing else { return path }
    let signed = try signing.sign(apex, path)
    hashedOwners = Signing.hashedOwners(try readFile(signed), below: apex)
    return signed
  }

  func types(_ owner: Name) -> [String] { records.filter { $0.owner == owner }.map(\.type) }
}

/// Makes one zone from a random stream. Its shape is a tree: each new owner hangs below one that is
/// there, often with labels between (empty non-terminals), from a small stock of labels, so that
/// siblings, wildcards and cuts meet.
struct ZoneGenerator {
  var random: Random
  var zone: GeneratedZone
  /// Apexes of all zones served, for names that lead from one to another.
  let apexes: [Name]
  /// Lower-case names that are taken.
  var taken: Set<[UInt8]> = []
  private let inner: [GeneratedZone]
  var cuts: [Name] = []

  static let ttls = [0, 1, 60, 300, 3600, 86400, 604_800]
  private static let labels: [[UInt8]] =
    ["a", "b", "c", "www", "ns", "mail", "_tcp", "x-1", "UPPER", "MiXed", "0"].map { Array($0.utf8) } + [
      Array("dot.in".utf8), [0], [0x20], [0x22], [0x40], [0x5C], [0x3B, 0x28], [0x80, 0xFF, 0xC0],
      Array(repeating: UInt8(ascii: "l"), count: 63), Array("a*".utf8), Array("**".utf8),
    ]

  private init(apex: Name, inner: [GeneratedZone], apexes: [Name], signing: Signing?, random: Random) {
    self.random = random
    self.inner = inner
    self.apexes = apexes
    zone = GeneratedZone(apex: apex, signing: signing)
    zone.closed = inner.flatMap(\.closed)
  }

  /// - Parameter inner: served zones below, the nearest first; that one is delegated, or sometimes not. NSD
  ///   keeps the names of all zones in one tree, so what they say of a name must go together.
  static func make(
    apex: Name, inner: [GeneratedZone], apexes: [Name], signing: Signing? = nil, random: Random
  ) -> GeneratedZone {
    var generator = ZoneGenerator(apex: apex, inner: inner, apexes: apexes, signing: signing, random: random)
    if inner.isEmpty, generator.random.chance(percent: 10) {
      generator.addRedirectedApex()
      return generator.zone
    }
    generator.addApex()
    if let child = inner.first?.apex, generator.random.chance(percent: 75) { generator.addCut(child) }
    for _ in 0..<generator.random.within(20...60) { generator.addOwner() }
    if signing?.isOptOut == true { for _ in 0..<8 { generator.addInsecureBranch() } }
    if generator.random.chance(percent: 20) { generator.addServerBelowCut() }
    return generator.zone
  }

  // MARK: - Names

  static func label(_ random: inout Random) -> [UInt8] {
    random.chance(percent: 20) ? [UInt8(ascii: "*")] : random.pick(labels)
  }

  /// A name to point at: there, not there, matched by a wildcard, below a cut, in another zone, nowhere.
  mutating func target() -> Name {
    var name = random.pick(zone.owners)
    switch random.below(10) {
    case 0...4: break
    case 5, 6: name = name.child(Self.label(&random)) ?? name
    case 7: name = random.pick(apexes).child("ns") ?? name
    case 8: name = random.pick(apexes).child(random.pick(Self.labels)) ?? name
    default: name = Name("host\(random.below(3)).outside.invalid")
    }
    zone.targets.append(name)
    return name
  }

  /// A new owner below a random one, as a rule its child.
  /// - Parameter between: labels between the two; nil for up to two.
  mutating func newOwner(between: Int? = nil) -> Name? {
    let above = random.chance(percent: 30) ? zone.apex : random.pick(zone.owners)
    var name = above
    // Seldom an empty wildcard: hardly anybody has one.
    for i in (0...(between ?? (random.chance(percent: 25) ? random.within(1...2) : 0))).reversed() {
      let isPlain = i > 0 && random.chance(percent: 80)
      guard let child = name.child(isPlain ? random.pick(Self.labels) : Self.label(&random)) else { return nil }
      name = child
    }
    guard name.wireLength > above.wireLength, !taken.contains(name.key),
      !isClosed(name)
    else { return nil }
    return name
  }

  mutating func take(_ owner: Name) {
    guard taken.insert(owner.key).inserted else { return }
    zone.owners.append(owner)
  }

  func isClosed(_ name: Name) -> Bool { zone.closed.contains { name.isAtOrBelow($0) } }

  func hasBelow(_ name: Name) -> Bool {
    (zone.owners + inner.flatMap(\.owners)).contains { $0.isBelow(name) }
  }
}
