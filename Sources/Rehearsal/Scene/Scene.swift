package import Failover

/// Who plays: the brain's settings, and by which names a story may call each probe's target.
package struct Scene: Sendable {
  package var settings = FailoverSettings()
  /// How long the first round may take; nil: the longest timeout and a little more, at most 5 s.
  package var startWithin: Duration?
  /// By endpoint, address, `check@endpoint` or `check@address`: probe indices.
  package private(set) var subjects: [String: [Int]] = [:]
  /// For people, by probe index.
  package private(set) var probeNames: [String] = []

  package init() {}

  /// Adds a probe and returns its index.
  package mutating func addProbe(_ probe: ProbeSettings, name: String, subjects names: [String]) -> Int {
    settings.probes.append(probe)
    probeNames.append(name)
    for name in names { add(settings.probes.count - 1, to: name) }
    return settings.probes.count - 1
  }

  /// A probe that is there already is also for another endpoint.
  package mutating func add(_ probe: Int, to subject: String) {
    if subjects[subject]?.contains(probe) != true { subjects[subject, default: []].append(probe) }
  }

  /// When the first round ends at the latest, counted from the start.
  var firstRound: Duration {
    let longest = settings.probes.map(\.timeout).max() ?? .zero
    return startWithin ?? min(.seconds(5), longest + .milliseconds(200))
  }

  func pool(named name: String?) -> Int? {
    guard let name else { return settings.pools.isEmpty ? nil : 0 }
    return settings.pools.firstIndex { $0.name == name }
  }

  /// By candidate of each pool: the members of an endpoint.
  func members(ofEndpoint name: String) -> [(pool: Int, member: Int)] {
    settings.pools.enumerated().flatMap { pool, settingsOfPool in
      settingsOfPool.candidates.map { settings.endpoints[$0.endpoint] }.filter { $0.name == name }
        .flatMap { $0.members.map { (pool, $0) } }
    }
  }
}
