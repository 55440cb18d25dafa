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
      log(transition, of: probe)
    } else if case .failure(let reason) = outcome {
      debug("\(probe) failed: \(reason)")
    }
  }

  func log(_ transition: Transition, of probe: String) {
    let reason = transition.reason.map { ": \($0)" } ?? ""
    switch transition.to {
    case .down: warning("\(probe) is down\(reason)")
    case .up: notice("\(probe) is up")
    case .unknown: break
    }
  }

  func log(_ change: AnswerChange) {
    if change.failedOpen { error("\(change.pool) \(change.text)") } else { notice("\(change.pool) \(change.text)") }
  }
}

/// A change of what a pool answers to one family, in words.
struct AnswerChange: Sendable {
  /// Of the pool in its configuration.
  let index: Int
  let pool: String
  let type: String
  let after: [String]
  let failedOpen: Bool
  let reason: String

  var text: String { "\(type) is now \(after.isEmpty ? "empty" : after.joined(separator: ", ")): \(reason)" }

  /// One for each family whose answer is another.
  static func of(_ change: PoolChange, _ view: View) -> [AnswerChange] {
    AddressFamily.allCases.compactMap { family in
      let before = change.before?[family]
      let after = change.after[family]
      guard before != after, before != nil || !after.members.isEmpty else { return nil }
      return AnswerChange(
        index: change.pool, pool: view.plan.pools[change.pool].name, type: family.recordType,
        after: after.members.map { "\(view.plan.addresses[$0])" }, failedOpen: after.failedOpen,
        reason: view.brain.reason(pool: change.pool, family))
    }
  }
}

extension AddressFamily {
  var recordType: String { self == .v4 ? "A" : "AAAA" }
}

extension HealthNotice {
  var level: Logger.Level {
    switch self {
    case .cutOff: .critical
    case .heldUp: .error
    case .flapping, .letGo: .warning
    case .reachable, .overrideExpired: .notice
    }
  }

  /// What it is about, and what happened to that.
  func words(_ view: View) -> (subject: String, text: String) {
    switch self {
    case .cutOff: ("the prober", "is cut off: too few canaries answer; nothing is taken out of service until they do")
    case .reachable: ("the prober", "reaches its canaries again: what failed meanwhile is counted anew")
    case .flapping(let probe, let time): (view.plan.probeNames[probe], "flaps: held down for \(time.text) at least")
    case .heldUp(let member):
      (
        view.name(ofMember: member),
        "is down by its checks, but stays in service: more were withdrawn lately than `blast-radius` allows; "
          + "`alula confirm` lets it go"
      )
    case .letGo(let member): (view.name(ofMember: member), "is no longer held in service by the blast radius")
    case .overrideExpired(let override):
      (override.pattern, "is no longer \(override.what) by \(override.by): the time is over")
    }
  }
}

extension View {
  fileprivate func name(ofMember member: Int) -> String {
    let endpoint = brain.settings.endpoints.first { $0.members.contains(member) }
    return "\(endpoint?.name ?? "?") \(plan.addresses[member])"
  }
}
