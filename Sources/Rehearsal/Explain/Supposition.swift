package import Failover

/// A brain as it would be if everybody were up but some, all of it seen a moment ago.
package enum Supposition {
  /// - Parameter down: endpoints, addresses or `check@endpoint`.
  /// - Returns: the names of `down` that mean nothing here instead, if there are any.
  package static func brain(_ scene: Scene, down: [String], at now: Moment) -> Result<Brain, Unknown> {
    let unknown = down.filter { scene.subjects[$0] == nil }
    guard unknown.isEmpty else { return .failure(Unknown(names: unknown)) }
    let failing = Set(down.flatMap { scene.subjects[$0] ?? [] })
    var brain = Brain(scene.settings)
    for (probe, settings) in scene.settings.probes.enumerated() {
      let outcome: ProbeOutcome =
        failing.contains(probe)
        ? .failure(.network("down, as supposed")) : .success(latency: .milliseconds(10))
      brain.observe(probe: probe, outcome: outcome, at: now.instant, next: now.instant + settings.interval)
    }
    brain.endFirstRound()
    _ = brain.evaluate(at: now)
    return .success(brain)
  }

  package struct Unknown: Error { package let names: [String] }
}
