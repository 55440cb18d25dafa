import Assembly
import Control
import Failover
import Logging
import Sockets

/// Tells everybody concerned what the brain's thread has just seen or decided: the log, the list of events, the
/// operator's `on-change`.
final class Witness: Sendable {
  let logger: Logger
  let events: EventLog
  let history: AnswerHistory
  let notices: Notices
  /// Nil: nothing is kept.
  let keeper: StateKeeper?

  init(
    _ logger: Logger, _ events: EventLog, _ history: AnswerHistory, _ notices: Notices, _ keeper: StateKeeper?
  ) {
    self.keeper = keeper
    self.logger = logger
    self.events = events
    self.history = history
    self.notices = notices
  }

  func changed(_ change: PoolChange, _ view: View) {
    let now = Int64(Clock.wall())
    keeper?.decided(view.plan.pools[change.pool].name, view.brain.memories[change.pool])
    for change in AnswerChange.of(change, view) {
      logger.log(change)
      let before = history.note(change, ttl: view.brain.settings.pools[change.index].ttl.maximum, at: now)
      // The first decision after a start is news to nobody else.
      let event = change.event(before: before, at: now)
      events.append(event)
      if before != nil, before != change.after { notices.post(event) }
    }
  }

  /// The pool's old answer is out of use; when the last that was given of it expires, by the monotonic clock.
  func replaced(_ lastExpiry: UInt64?, pool: String, at now: Moment) {
    // A worker may just be sending the last batch.
    let end = now.instant.nanoseconds + 1_000_000_000
    let last = max(end, lastExpiry.map { Int64(clamping: $0) + 1_000_000_000 } ?? end)
    history.limit(pool: pool, to: now.wall + last - now.instant.nanoseconds)
  }

  /// - Parameter wasTroubled: the attempt before had no result either.
  func observed(_ outcome: ProbeOutcome, _ transition: Transition?, of probe: String, wasTroubled: Bool) {
    logger.log(outcome, transition, of: probe, wasTroubled: wasTroubled)
    if let transition { note(transition, of: probe) }
  }

  /// A verdict that turned without a result of its own.
  func turned(_ transition: Transition, of probe: String) {
    logger.log(transition, of: probe)
    note(transition, of: probe)
  }

  private func note(_ transition: Transition, of probe: String) {
    let reason = transition.reason.map { ": \($0)" } ?? ""
    let text = "is \(transition.to == .down ? "down" : "up")\(reason)"
    events.append(Event(.verdict, time: Int64(Clock.wall()), subject: probe, text: text))
  }

  func noticed(_ notice: HealthNotice, _ view: View) {
    let (subject, text) = notice.words(view)
    logger.log(level: notice.level, "\(subject) \(text)")
    events.append(Event(.verdict, time: Int64(Clock.wall()), subject: subject, text: text))
  }

  func ordered(_ order: Order, _ subjects: [String]) {
    let text = subjects.isEmpty ? "refused: it concerns nothing" : "concerns \(subjects.joined(separator: ", "))"
    logger.notice("order: \(order.text): \(text)")
    events.append(Event(.order, time: Int64(Clock.wall()), subject: order.text, text: text))
  }
}

extension AnswerChange {
  fileprivate func event(before: [String]?, at now: Int64) -> Event {
    var event = Event(.answer, time: now, subject: pool, text: text)
    event.type = type
    event.before = before
    event.after = after
    return event
  }
}

extension Order {
  var text: String {
    switch self {
    case .override(let override):
      "\(override.pattern) \(override.what) by \(override.by)\(override.reason.isEmpty ? "" : " (\(override.reason))")"
    case .release(let pattern, let by, let reason):
      "\(pattern) released by \(by)\(reason.isEmpty ? "" : " (\(reason))")"
    case .failback(let pattern, let by): "\(pattern) may go back, says \(by)"
    case .confirm(let by): "withdrawals confirmed by \(by)"
    }
  }
}

extension Override {
  /// For people.
  var what: String { isDrain ? "drained" : state == .up ? "forced up" : "forced down" }
}
