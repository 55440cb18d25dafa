import Wire

/// What a person does before and after the change, and how long each takes.
struct DelegationSteps {
  private let plan: DelegationPlan

  init(_ plan: DelegationPlan) { self.plan = plan }

  /// Seconds that are soon over.
  private static var short: UInt32 { 60 }

  var text: String {
    let name = plan.request.name.shortText
    var steps: [String] = []
    let long = plan.hidden.filter { $0.ttl ?? 0 > Self.short }
    if long.isEmpty {
      steps.append("no TTL needs to be lowered: caches forget the old records within \(duration(plan.hiddenTTL))")
    } else {
      let list = long.map { "\($0.title) (\(duration($0.ttl ?? 0)))" }.joined(separator: ", ")
      steps.append(
        "lower these TTLs to \(duration(Self.short)) in the hosted zone, then wait \(duration(plan.hiddenTTL)) until caches have forgotten the old ones: \(list)"
      )
    }
    steps.append("apply the change: all of it at once, or nothing")
    let wait = max(plan.hiddenTTL, plan.negativeTTL ?? 0)
    steps.append(
      "wait \(duration(wait)): so long caches may answer from the old records, or that something does not exist; both are right until then, leave the old health checks alone"
    )
    steps.append("`alula audit \(name)`, and `dig \(name)` through a resolver of yours")
    steps.append(
      "to go back: apply the undo file; resolvers come back within \(duration(max(plan.request.ttl, plan.request.ownTTL))), the larger TTL of the NS records here and in the zone"
    )
    steps.append("when you are sure: delete the health checks that nothing uses any more")
    return steps.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
  }

  private func duration(_ seconds: UInt32) -> String {
    switch seconds {
    case 86400... where seconds % 86400 == 0: "\(seconds / 86400) d"
    case 3600... where seconds % 3600 == 0: "\(seconds / 3600) h"
    case 60... where seconds % 60 == 0: "\(seconds / 60) min"
    default: "\(seconds) s"
    }
  }
}
