/// What the patterns of orders can mean in one configuration: endpoints in pools, pools, and manual checks.
///
/// `NAME` is an endpoint, a pool or a manual check; `ENDPOINT@POOL` an endpoint in one pool. Pools are domain
/// names: case and a final dot make no difference to them.
struct Subjects: Sendable {
  typealias Place = (pool: Int, candidate: Int)

  /// Of the manual checks that some member asks.
  let checks: [String]
  /// By pool, as patterns are compared with it.
  private let pools: [String]
  private let poolsByName: [String: Int]
  private let placesByEndpoint: [String: [Place]]

  init(_ settings: FailoverSettings) {
    pools = settings.pools.map { Subjects.folded($0.name[...]) }
    poolsByName = Dictionary(zip(pools, pools.indices), uniquingKeysWith: { first, _ in first })
    var places: [String: [Place]] = [:]
    for (pool, settingsOfPool) in settings.pools.enumerated() {
      for (candidate, use) in settingsOfPool.candidates.enumerated() {
        places[settings.endpoints[use.endpoint].name, default: []].append((pool, candidate))
      }
    }
    placesByEndpoint = places
    var seen: Set<String> = []
    checks = settings.members.flatMap(\.condition.manualChecks).filter { seen.insert($0).inserted }
  }

  private static func folded(_ pool: Substring) -> String {
    (pool.count > 1 && pool.hasSuffix(".") ? pool.dropLast() : pool).lowercased()
  }

  /// In the order of the configuration.
  func pools(_ pattern: some StringProtocol) -> [Int] {
    let folded = Subjects.folded(Substring(pattern))
    let glob = Glob(folded)
    if glob.isExact { return poolsByName[folded].map { [$0] } ?? [] }
    return pools.indices.filter { glob.matches(pools[$0]) }
  }

  private func places(_ endpoint: Substring) -> [Place] {
    let glob = Glob(endpoint)
    if glob.isExact { return placesByEndpoint[String(endpoint)] ?? [] }
    return placesByEndpoint.filter { glob.matches($0.key) }.flatMap(\.value)
  }

  /// What the pattern of an override concerns.
  func concerned(_ pattern: String, _ settings: FailoverSettings) -> Concerned {
    if let sign = pattern.firstIndex(of: "@") {
      let pools = Set(pools(pattern[pattern.index(after: sign)...]))
      return Concerned(places: places(pattern[..<sign]).filter { pools.contains($0.pool) }, checks: [])
    }
    let whole = pools(pattern).flatMap { pool in settings.pools[pool].candidates.indices.map { (pool, $0) } }
    let glob = Glob(pattern)
    return Concerned(places: whole + places(pattern[...]), checks: checks.filter(glob.matches))
  }
}

/// What one pattern concerns.
struct Concerned: Sendable {
  /// In the order of the configuration, each once.
  let places: [Subjects.Place]
  /// Manual checks.
  let checks: [String]

  init(places: [Subjects.Place], checks: [String]) {
    let sorted = places.sorted { $0 < $1 }
    self.places = sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] }
    self.checks = checks
  }

  /// `endpoint@pool`, and names of checks.
  func subjects(_ settings: FailoverSettings) -> [String] {
    places.map { place in
      let pool = settings.pools[place.pool]
      return "\(settings.endpoints[pool.candidates[place.candidate].endpoint].name)@\(pool.name)"
    } + checks
  }
}
