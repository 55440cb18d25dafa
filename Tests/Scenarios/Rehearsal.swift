import Failover

/// Plays a story on a scripted clock: what the probes would have seen goes into the real brain.
struct Rehearsal {
  let story: Story
  let settings: FailoverSettings
  private let addresses: [String]
  private(set) var complaints: [String] = []
  private var brain: Brain
  private var changes = 0

  init(_ story: Story) {
    self.story = story
    let addresses = story.endpoints.flatMap(\.addresses)
    var settings = FailoverSettings()
    settings.probes = addresses.map { _ in story.thresholds }
    for endpoint in story.endpoints {
      let members = endpoint.addresses.map { address in
        Member(
          family: address.contains(":") ? .v6 : .v4, address: address,
          probes: [addresses.firstIndex(of: address) ?? 0])
      }
      _ = settings.addEndpoint(endpoint.name, members)
    }
    let tiers = story.tiers.map { $0.compactMap { name in story.endpoints.firstIndex { $0.name == name } } }
    settings.pools = [Pool(name: "app.example.com", tiers: tiers)]
    self.addresses = addresses
    self.settings = settings
    brain = Brain(settings)
  }

  /// Results come before what the story says of the same moment.
  mutating func play() {
    var results = attempts()[...]
    for (at, line, event) in story.events {
      while let next = results.first, next.at <= at {
        brain.observe(probe: next.probe, outcome: next.outcome, at: next.at)
        changes += brain.evaluate(at: Moment(next.at, wall: 0)).changes.count
        results.removeFirst()
      }
      take(event, line, at)
    }
  }

  private mutating func take(_ event: Story.Event, _ line: Int, _ at: Instant) {
    switch event {
    case .state: return
    case .restart: brain = Brain(settings)
    case .reload:
      let health = brain.health
      brain = Brain(settings, carrying: { health[$0] })
    case .serve: brain.endFirstRound()
    case .expect(let words): expect(words, line, at)
    }
  }

  // MARK: - What the probes see

  private typealias Result = (at: Instant, probe: Int, outcome: ProbeOutcome)

  /// All attempts of the story. A restart drops those that run and starts anew.
  private func attempts() -> [Result] {
    let end = (story.events.last?.at ?? Instant(nanoseconds: 0)) + .nanoseconds(1)
    var starts = [Instant(nanoseconds: 0)]
    for (at, _, event) in story.events { if case .restart = event { starts.append(at) } }
    var all: [Result] = []
    for (start, limit) in zip(starts, starts.dropFirst() + [end]) {
      for probe in addresses.indices { all += attempts(of: probe, from: start, until: limit) }
    }
    return all.sorted { ($0.at, $0.probe) < ($1.at, $1.probe) }
  }

  private func attempts(of probe: Int, from start: Instant, until limit: Instant) -> [Result] {
    var results: [Result] = []
    var begin = start
    while begin < limit {
      let (time, outcome) = outcome(of: state(of: probe, at: begin))
      if begin + time < limit { results.append((begin + time, probe, outcome)) }
      let finished = begin + time
      repeat { begin = begin + story.interval } while begin < finished
    }
    return results
  }

  private func state(of probe: Int, at time: Instant) -> Story.State {
    let owner = story.endpoints.first { $0.addresses.contains(addresses[probe]) }?.name
    var current = Story.State.answers(after: .milliseconds(10))
    for (at, _, event) in story.events where at <= time {
      if case .state(let subject, let state) = event, subject == owner || subject == addresses[probe] {
        current = state
      }
    }
    return current
  }

  private func outcome(of state: Story.State) -> (Duration, ProbeOutcome) {
    func timeout(_ stage: String) -> (Duration, ProbeOutcome) {
      (story.timeout, .failure(.timedOut(after: story.timeout, waitingFor: stage)))
    }
    return switch state {
    case .answers(let time): time < story.timeout ? (time, .success(latency: time)) : timeout("the status line")
    case .accepts: timeout("the status line")
    case .hangs: timeout("a connection")
    case .refuses: (.milliseconds(1), .failure(.refused))
    case .resets: (.milliseconds(10), .failure(.reset))
    case .status(let code): (.milliseconds(10), .failure(.status(code)))
    case .unprobed: (.zero, .noResult(.resource("socket: Too many open files")))
    }
  }

  // MARK: - What the story expects

  private mutating func expect(_ words: [Substring], _ line: Int, _ at: Instant) {
    let (wanted, seen): (String, String)
    switch words[0] {
    case "A", "AAAA": (wanted, seen) = (words.joined(separator: " "), answer(words[0], at))
    case "changes": (wanted, seen) = (words.joined(separator: " "), "changes \(max(0, changes - 1))")
    default: (wanted, seen) = (words.joined(separator: " "), brain.isDecided ? "decided" : "undecided")
    }
    if wanted != seen {
      let reason = brain.reason(pool: 0, words[0] == "AAAA" ? .v6 : .v4)
      complaints.append("line \(line): expected \(wanted), got \(seen) (\(reason))")
    }
  }

  private mutating func answer(_ type: Substring, _ at: Instant) -> String {
    changes += brain.evaluate(at: Moment(at, wall: 0)).changes.count
    guard let decision = brain.answers[0]?[type == "A" ? .v4 : .v6], decision.tier != nil else {
      return "\(type) nothing"
    }
    let members = decision.members.map { settings.members[$0].address }
    return ([String(type)] + (decision.failedOpen ? ["open"] : []) + members).joined(separator: " ")
  }
}
