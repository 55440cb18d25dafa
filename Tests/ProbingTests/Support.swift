import Failover
import Probing
import Sockets
import Wire

/// A server that a test probes; it lives as long as somebody holds it.
protocol LoopbackTarget: Sendable { var address: SocketAddress { get } }

/// Turns the prober until `done` says so; false when that takes longer than any test should.
func turn(
  _ prober: inout Prober, within limit: Duration = .seconds(20), until done: (Int, ProbeOutcome) -> Bool
) throws -> Bool {
  let deadline = Instant.now + limit
  var isDone = false
  while !isDone, Instant.now < deadline {
    try prober.turn(until: deadline) { index, outcome, _, _ in
      if done(index, outcome) { isDone = true }
    }
  }
  return isDone
}

/// The first outcome of a probe that the machine's load did not spoil.
func outcome(of specification: ProbeSpecification) throws -> ProbeOutcome? {
  var prober = try Prober(seed: 1)
  prober.replaceProbes([specification], now: .now)
  var result: ProbeOutcome?
  _ = try turn(&prober) { _, outcome in
    if case .noResult(.ranLate) = outcome { return false }
    result = outcome
    return true
  }
  return result
}

/// Why a probe failed, in the operator's words; `up` when it did not, `no result: …` when it could not say.
func words(_ outcome: ProbeOutcome?) -> String {
  switch outcome {
  case nil: "nothing"
  case .success: "up"
  case .failure(let reason): reason.description
  case .noResult(let trouble): "no result: \(trouble)"
  }
}
