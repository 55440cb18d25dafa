import Failover
import Probing
import Testing

@testable import Rehearsal

/// What is measured on the scripted clock is never more than the budget says, and often hardly less.
struct BudgetPropertyTests {
  @Test func aFailureIsNeverNoticedLaterThanBudgeted() throws {
    var measured = 0
    var close = 0
    for seed in 1...16 as ClosedRange<UInt64> {
      var random = SeededRandom(seed: seed)
      let site = RandomSite(&random)
      for endpoint in site.endpoints {
        guard let share = try worstShare(of: endpoint, in: site, seed) else { continue }
        measured += 1
        if share > 0.9 { close += 1 }
      }
    }
    #expect(measured > 15)
    #expect(close * 2 > measured, "\(close) of \(measured)")
  }

  /// How much of the bound the worst of many plays took; nil: the failure is never noticed, as the budget said.
  private func worstShare(of endpoint: String, in random: RandomSite, _ seed: UInt64) throws -> Double? {
    let site = try Site(random.text(killing: endpoint))
    let settings = site.scene.settings
    let place = try #require(
      settings.pools[0].candidates.firstIndex { settings.endpoints[$0.endpoint].name == endpoint })
    let budget = Budget(settings, pool: 0)
    let bound =
      budget.kept.contains(endpoint)
      ? nil
      : DetectionBound(settings, settings.pools[0]).withdrawal(
        of: settings.endpoints[settings.pools[0].candidates[place].endpoint])
    var worst = Duration.zero
    for phase in [.meeting(RandomSite.death, late: true, except: nil), .seeded(seed), .seeded(seed + 100)] as [Phases] {
      let chronicle = Play.chronicle(site.scene, site.story, phases: phase)
      guard isNamed(endpoint, settings, chronicle) else { return nil }
      let switched = withdrawal(of: endpoint, settings, chronicle)
      guard let bound else {
        #expect(
          switched == nil, "a failure that the budget calls unnoticed is noticed\n\(random.text(killing: endpoint))")
        continue
      }
      guard let switched else {
        Issue.record("not noticed: \(endpoint)\n\(random.text(killing: endpoint))")
        continue
      }
      #expect(switched <= bound, "\(switched) > \(bound): \(endpoint)\n\(random.text(killing: endpoint))")
      worst = max(worst, switched)
      for outage in OutageFinder(scene: site.scene, story: site.story, chronicle: chronicle).outages() {
        #expect((outage.recovery ?? .seconds(1000)) <= bound + budget.cache, "\(random.text(killing: endpoint))")
      }
    }
    return bound.map { Double(worst.nanoseconds) / Double(max(1, $0.nanoseconds)) }
  }

  /// Whether it is answered when it dies.
  private func isNamed(_ endpoint: String, _ settings: FailoverSettings, _ chronicle: Chronicle) -> Bool {
    let answer = chronicle.answers.last { $0.at < RandomSite.death && $0.answer.family == .v4 }?.answer.after
    return answer?.members.contains { settings.members(of: endpoint).contains($0) } ?? false
  }

  /// From the death until no answer names the endpoint; nil: one still does at the end.
  private func withdrawal(of endpoint: String, _ settings: FailoverSettings, _ chronicle: Chronicle) -> Duration? {
    let members = settings.members(of: endpoint)
    var naming: Set<AddressFamily> = []
    var since = RandomSite.death
    for (at, answer) in chronicle.answers {
      let names = answer.after.members.contains(where: members.contains)
      if names { naming.insert(answer.family) } else if naming.remove(answer.family) != nil { since = max(since, at) }
    }
    return naming.isEmpty ? since - RandomSite.death : nil
  }
}

extension FailoverSettings {
  fileprivate func members(of endpoint: String) -> [Int] {
    endpoints.filter { $0.name == endpoint }.flatMap(\.members)
  }
}

/// Endpoints of the same families, with conditions that hold while all is well.
private struct RandomSite {
  static let death = Instant(nanoseconds: 6_000_000_000)

  private(set) var endpoints: [String] = []
  private var lines: [String] = []
  /// `check@endpoint` of those that have to fail for all to be well.
  private var inverted: [String] = []
  private var unused: [String] = []
  private var endpoint = ""

  init(_ random: inout SeededRandom) {
    for name in ["a", "b", "c"] { lines.append(RandomSite.check(name, &random)) }
    if Int.random(in: 0..<3, using: &random) == 0 {
      lines.append(["canary gw", "canary 2 needed gw gw2"].randomElement(using: &random) ?? "")
    }
    let hasIPv6 = Bool.random(using: &random)
    for index in 1...Int.random(in: 2...3, using: &random) {
      endpoint = "e\(index)"
      endpoints.append(endpoint)
      unused = ["a", "b", "c"].shuffled(using: &random)
      let condition = condition(depth: 2, isInverted: false, &random)
      lines.append("endpoint \(endpoint) 192.0.2.\(index)\(hasIPv6 ? " 2001:db8::\(index)" : "") when \(condition)")
    }
    let all = endpoints.joined(separator: ", ")
    let pools = [
      endpoints.joined(separator: " | "), "all(\(all))", "weighted(\(all))", "sticky(\(all))", "floor(1, all(\(all)))",
      "floor(2, all(\(all)))",
    ]
    lines.append("pool \(pools.randomElement(using: &random) ?? "")")
    lines.append(["ttl 5s", "ttl 1s to 20s"].randomElement(using: &random) ?? "")
    lines.append("coupling \(["independent", "both", "v6-with-v4"].randomElement(using: &random) ?? "")")
    if Bool.random(using: &random) { lines.append("blast-radius 10 within 60s") }
  }

  func text(killing endpoint: String) -> String {
    let story = inverted.map { "at 0s \($0) refuses" } + ["at 6s \(endpoint) hangs", "at 26s serve"]
    return (lines + story).joined(separator: "\n") + "\n"
  }

  private static func check(_ name: String, _ random: inout SeededRandom) -> String {
    let interval = [500, 1000, 2000].randomElement(using: &random) ?? 500
    let timeout = [100, 400, interval].randomElement(using: &random) ?? 100
    let fast = [200, interval].randomElement(using: &random) ?? interval
    let more = ["", " forgiven-after 2", " hold-down 5s", " flaps 2"].randomElement(using: &random) ?? ""
    return "check \(name) interval \(interval)ms fast-interval \(fast)ms timeout \(timeout)ms "
      + "fall \(Int.random(in: 1...3, using: &random)) rise \(Int.random(in: 1...2, using: &random))\(more)"
  }

  /// Each check at most once, so that none is wanted both dead and alive.
  private mutating func condition(depth: Int, isInverted: Bool, _ random: inout SeededRandom) -> String {
    switch depth == 0 ? 0 : Int.random(in: 0...5, using: &random) {
    case 0, 1: return leaf(isInverted, &random)
    case 2: return "not(\(condition(depth: depth - 1, isInverted: !isInverted, &random)))"
    case let kind:
      let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (condition(depth: depth - 1, isInverted: isInverted, &random), Int.random(in: 1...2, using: &random))
      }
      if kind == 3 { return "all(\(parts.map(\.0).joined(separator: ", ")))" }
      let weight = Int.random(in: 1...parts.reduce(0) { $0 + $1.1 }, using: &random)
      return "atleast(\(weight), \(parts.map { "\($0) \($1)" }.joined(separator: ", ")))"
    }
  }

  private mutating func leaf(_ isInverted: Bool, _ random: inout SeededRandom) -> String {
    guard let check = unused.popLast() else { return isInverted ? "down" : "up" }
    if isInverted { inverted.append("\(check)@\(endpoint)") }
    return check
  }
}
