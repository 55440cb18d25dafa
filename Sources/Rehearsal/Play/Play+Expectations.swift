import Failover

extension Play {
  /// What is wrong with the expectation now; nil: it is met.
  ///
  /// - Parameter index: its own, of the story's events.
  func complaint(_ expectation: Expectation, before index: Int) -> String? {
    guard let pool = scene.pool(named: expectation.pool) else { return "there is no pool" }
    switch expectation.claim {
    case .answer(let family, let wanted): return complaint(wanted, pool, family)
    case .odds(let family, let address, let percent):
      let odds = Odds(brain.answers[pool]?[family])
      let seen = odds.percent(of: address, scene.settings)
      return seen == percent ? nil : "expected \(address) in \(percent)% of the answers, got \(seen)%"
    case .ttl(let family, let comparison, let wanted):
      let seen = ttl(pool: pool, family)
      return comparison.holds(seen, Int(wanted.components.seconds))
        ? nil : "expected a TTL \(comparison.rawValue) \(wanted.text), got \(seen) s"
    case .reason(let family, let text):
      let seen = brain.reason(pool: pool, family)
      return seen.contains(text) ? nil : "expected a reason with \"\(text)\", got \"\(seen)\""
    case .change(let time): return complaint(aboutChangeWithin: time, pool, index)
    case .changes(let count):
      let seen = changes(of: pool).count
      return seen == count ? nil : "expected \(count) changes, got \(seen)"
    case .decided(let wanted):
      return brain.isDecided == wanted ? nil : "expected \(wanted ? "decided" : "undecided")"
    case .counts(let endpoint, let wanted): return complaint(about: endpoint, wanted)
    case .order(let wanted):
      let accepted = lastOrder.map { !$0.subjects.isEmpty }
      return accepted == wanted ? nil : "expected that the order is \(wanted ? "accepted" : "refused")"
    }
  }

  private func complaint(_ wanted: Expectation.Answer, _ pool: Int, _ family: AddressFamily) -> String? {
    let type = family == .v4 ? "A" : "AAAA"
    let seen = brain.isDecided ? brain.answers[pool].map { scene.text($0[family], class: wanted.clientClass) } : nil
    if seen == wanted.text { return nil }
    let reason = brain.reason(pool: pool, family)
    return "expected \(type) \(wanted.text), got \(type) \(seen ?? "undecided") (\(reason))"
  }

  private func complaint(about endpoint: String, _ wanted: Bool) -> String? {
    let all = scene.members(ofEndpoint: endpoint)
    let standings = all.map { brain.standing(of: $0.member, in: $0.pool, at: moment) }
    if !standings.isEmpty, standings.allSatisfy({ $0.isUp == wanted }) { return nil }
    return standings.isEmpty
      ? "no pool has an endpoint `\(endpoint)`" : "expected \(endpoint) \(wanted ? "up" : "down")"
  }

  /// Changes of a pool's answer besides the first, each moment once.
  private func changes(of pool: Int) -> [Instant] {
    var times: [Instant] = []
    for (at, answer) in chronicle.answers where answer.pool == pool && answer.before != nil && times.last != at {
      times.append(at)
    }
    return times
  }

  private func complaint(aboutChangeWithin time: Duration, _ pool: Int, _ index: Int) -> String? {
    let disturbance = story.events[..<index].last { if case .expect = $0.action { false } else { true } }
    let from = disturbance?.at ?? Instant(nanoseconds: 0)
    guard let change = changes(of: pool).first(where: { $0 >= from }) else {
      return "expected a change within \(time.text), there was none since \(StoryTime.text(from))"
    }
    return change - from <= time ? nil : "expected a change within \(time.text), it came after \((change - from).text)"
  }
}

extension Expectation.Comparison {
  func holds(_ seen: Int, _ wanted: Int) -> Bool {
    switch self {
    case .atMost: seen <= wanted
    case .equal: seen == wanted
    case .atLeast: seen >= wanted
    }
  }
}

extension Expectation.Answer {
  fileprivate var clientClass: Int? { if case .addresses(_, _, let value) = self { value } else { nil } }

  /// As `Scene.text` writes decisions.
  var text: String {
    switch self {
    case .nothing: "nothing"
    case .failure: "servfail"
    case .addresses(let addresses, let open, _): ((open ? ["open"] : []) + addresses).joined(separator: " ")
    }
  }
}
