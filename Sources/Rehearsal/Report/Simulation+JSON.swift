import Diagnostics
import Failover

extension Simulation {
  /// The same for programs: times in seconds since the story's beginning.
  package var json: JSONText {
    .object([
      ("timeline", .array(chronicle.steps.map(json))),
      ("switches", .array(zip(chronicle.answers, forecasts).filter { $0.0.answer.before != nil }.map(json))),
      ("outages", .array(outages.map(json))),
      ("pools", .array(zip(scene.settings.pools, recoveries).map(json))),
      ("plays", .number(plays)),
      ("failures", .array(failures.map { .string("\($0)") })),
    ])
  }

  private func time(_ time: Instant?) -> JSONText {
    .seconds(time.map { .nanoseconds($0.nanoseconds) })
  }

  private func json(_ step: Chronicle.Step) -> JSONText {
    switch step.happening {
    case .story(let index):
      return .object([
        ("at", time(step.at)), ("story", .string(story.events[index].text)),
        ("line", .number(story.events[index].position.line)),
      ])
    case .notice(let notice):
      return .object([("at", time(step.at)), ("notice", .string(scene.text(notice)))])
    case .verdict(let probe, let transition):
      return .object([
        ("at", time(step.at)), ("probe", .string(scene.probeNames[probe])), ("up", .bool(transition.to == .up)),
        ("reason", transition.reason.map { .string("\($0)") } ?? .null),
      ])
    case .answer(let answer):
      return .object([
        ("at", time(step.at)), ("pool", .string(scene.settings.pools[answer.pool].name)), ("type", type(answer.family)),
        ("addresses", addresses(answer.after)), ("failedOpen", .bool(answer.after.failedOpen)),
        ("ttl", .number(answer.ttl)), ("reason", .string(answer.reason)),
      ])
    }
  }

  private func type(_ family: AddressFamily) -> JSONText { .string(family == .v4 ? "A" : "AAAA") }

  private func addresses(_ decision: Decision?) -> JSONText {
    .array((decision?.members ?? []).map { .string(scene.settings.members[$0].address) })
  }

  private func json(_ timed: (at: Instant, answer: Chronicle.Answer), _ forecast: Forecast) -> JSONText {
    .object([
      ("pool", .string(scene.settings.pools[timed.answer.pool].name)), ("type", type(timed.answer.family)),
      ("from", addresses(timed.answer.before)), ("to", addresses(timed.answer.after)), ("at", time(timed.at)),
      ("earliest", time(forecast.earliest - Simulation.haste)),
      ("latest", time(forecast.latest + Simulation.publication)), ("plays", .number(forecast.plays)),
    ])
  }

  private func json(_ outage: Outage) -> JSONText {
    .object([
      ("pool", .string(scene.settings.pools[outage.pool].name)), ("type", type(outage.family)),
      ("from", time(outage.from)), ("until", time(outage.until)), ("heldUntil", time(outage.heldUntil)),
      ("deadAnswersPerQueryRate", .decimal(outage.exposure)),
    ])
  }

  private func json(_ pool: Pool, _ recovery: Recovery) -> JSONText {
    .object([
      ("name", .string(pool.name)), ("recoveryAtWorst", .seconds(recovery.longest)),
      ("recoveryTime", .seconds(pool.recoveryTime)), ("unfinished", .bool(recovery.isOpen)),
    ])
  }
}
