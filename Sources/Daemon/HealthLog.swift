import Assembly
import Failover
import Logging

/// What the brain's thread says of its work: each verdict and each change of answer, once.
extension Logger {
  /// - Parameter wasTroubled: the attempt before had no result either; a trouble that lasts is said once.
  func log(_ outcome: ProbeOutcome, _ transition: Transition?, of probe: String, wasTroubled: Bool) {
    if case .noResult(let trouble) = outcome {
      log(level: wasTroubled ? .debug : .warning, "no result from \(probe): \(trouble)")
    } else if let transition {
      let reason = transition.reason.map { ": \($0)" } ?? ""
      switch transition.to {
      case .down: warning("\(probe) is down\(reason)")
      case .up: notice("\(probe) is up")
      case .unknown: break
      }
    } else if case .failure(let reason) = outcome {
      debug("\(probe) failed: \(reason)")
    }
  }

  func log(_ change: PoolChange, _ view: View) {
    for family in AddressFamily.allCases {
      let before = change.before?[family]
      let after = change.after[family]
      guard before != after, before != nil || !after.members.isEmpty else { continue }
      let type = family == .v4 ? "A" : "AAAA"
      let name = view.plan.pools[change.pool].name
      let addresses = after.members.map { "\(view.plan.addresses[$0])" }.joined(separator: ", ")
      let reason = view.brain.reason(pool: change.pool, family)
      let line = "\(name) \(type) is now \(addresses.isEmpty ? "empty" : addresses): \(reason)"
      if after.failedOpen { error("\(line)") } else { notice("\(line)") }
    }
  }
}
