import Failover

extension Simulation {
  /// For people, one line for each thing that happens, then what it comes to.
  package var text: String { (timeline + [""] + summary).joined(separator: "\n") }

  /// Times on the left; what the story does has a `>`.
  private var timeline: [String] {
    chronicle.steps.map { step in
      let time = StoryTime.text(step.at)
      let padding = String(repeating: " ", count: max(0, 12 - time.count))
      return "\(padding)\(time)  \(text(step.happening))"
    }
  }

  private func text(_ happening: Chronicle.Happening) -> String {
    switch happening {
    case .story(let index): "> \(story.events[index].text)"
    case .verdict(let probe, let transition): text(probe, transition)
    case .answer(let answer): text(answer)
    case .notice(let notice): scene.text(notice)
    }
  }

  private func text(_ probe: Int, _ transition: Transition) -> String {
    let name = scene.probeNames[probe]
    let first = transition.from == .unknown ? " (first result)" : ""
    return transition.to == .up
      ? "\(name) is up\(first)" : "\(name) is down\(first): \(transition.reason.map { "\($0)" } ?? "")"
  }

  private func text(_ answer: Chronicle.Answer) -> String {
    let before = answer.before.map { ", was \(scene.text($0))" } ?? ""
    return "\(title(answer.pool, answer.family)) is \(scene.text(answer.after))\(before); TTL \(answer.ttl) s; "
      + answer.reason
  }

  func title(_ pool: Int, _ family: AddressFamily) -> String {
    "\(scene.settings.pools[pool].name) \(family == .v4 ? "A" : "AAAA")"
  }

  // MARK: - What it comes to

  private var summary: [String] {
    var lines = switches
    for outage in outages { lines += text(outage) }
    if outages.isEmpty { lines.append("No answer named a dead address while there was a living one.") }
    lines += recoveryLines
    lines += unmet.map { "\($0)" }
    lines.append(
      "Outside of this: resolvers that keep answers for a minimum time of their own, or serve stale ones (RFC 8767).")
    return lines
  }

  private var switches: [String] {
    zip(chronicle.answers, forecasts).compactMap { timed, forecast in
      guard let before = timed.answer.before else { return nil }
      let title = title(timed.answer.pool, timed.answer.family)
      let change = "\(title): \(scene.text(before)) → \(scene.text(timed.answer.after)) at \(StoryTime.text(timed.at))"
      if plays == 1 { return change }
      let often = forecast.plays == plays ? "" : ", in \(forecast.plays) of \(plays) cases"
      return
        "\(change); by chance between \(StoryTime.text(forecast.earliest)) and \(StoryTime.text(forecast.latest))\(often)"
    }
  }

  private func text(_ outage: Outage) -> [String] {
    let title = title(outage.pool, outage.family)
    let exposure = "\((outage.exposure * 10).rounded() / 10)"
    guard let until = outage.until, let held = outage.heldUntil else {
      return ["\(title): named a dead address from \(StoryTime.text(outage.from)) to the end, though one was alive"]
    }
    return [
      "\(title): named a dead address from \(StoryTime.text(outage.from)) to \(StoryTime.text(until)): at one query a "
        + "second, \(exposure) answers",
      "  honest caches may hold it until \(StoryTime.text(held)), \(StoryTime.text(held - outage.from)) after the failure",
    ]
  }

  private var recoveryLines: [String] {
    zip(scene.settings.pools, recoveries).compactMap { pool, recovery in
      guard recovery.longest != nil || recovery.isOpen else { return nil }
      let open = recovery.isOpen ? "; in some cases not before the story ends" : ""
      guard let longest = recovery.longest else { return "\(pool.name): recovered in no case before the story ends" }
      let promise = pool.recoveryTime.map { promised in
        ", promised \(promised.text): \(longest <= promised ? "kept" : "MISSED")"
      }
      return "\(pool.name): recovery within \(StoryTime.text(longest)) at worst\(promise ?? "")\(open)"
    }
  }
}
