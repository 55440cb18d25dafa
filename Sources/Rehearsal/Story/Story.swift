package import Diagnostics
package import Failover

/// A timed outage, one line each: what happens to the targets, to the server and to its clock, what the operator
/// does, and what should be answered. docs/simulate.md describes the format.
package struct Story: Sendable {
  /// In the order of time; those of one time in the order of the file.
  package internal(set) var events: [Event] = []
  /// Endpoints and pools that the story brings itself; nil: it is about those of a configuration.
  package internal(set) var scene: Scene?
  /// Nanoseconds since 1970 when it begins; Monday noon when nothing else is said.
  package var begins = StoryTime.wall(ofWeek: 43200)

  package struct Event: Sendable {
    package let at: Instant
    package let position: Position
    /// As written, for the timeline.
    package let text: String
    package let action: Action
  }

  package enum Action: Sendable {
    case target(String, TargetState)
    /// All probes, canaries too, time out until it is back.
    case proberIsolated(Bool)
    /// Stops and starts again: with what the journal keeps, or with nothing.
    case restart(forgetting: Bool)
    /// Stops without a warning: what was not yet on disk is lost.
    case kill
    case reload
    /// Ends the first round.
    case serve
    /// Sets the wall clock forwards or back.
    case clock(Duration)
    case order(StoryOrder)
    case expect(Expectation)
  }

  init() {}

  /// The end of the last line, and the time that follows it in reports.
  var end: Instant { events.last?.at ?? Instant(nanoseconds: 0) }
}

/// What a probe meets.
package enum TargetState: Hashable, Sendable {
  case answers(after: Duration)
  case refuses, accepts, hangs, resets
  /// Trouble of our own: no result.
  case unprobed
  case status(Int)

  package static let usual = TargetState.answers(after: .milliseconds(10))

  /// How long an attempt that starts now takes, and what comes of it.
  func outcome(timeout: Duration) -> (Duration, ProbeOutcome) {
    func timedOut(_ stage: String) -> (Duration, ProbeOutcome) {
      (timeout, .failure(.timedOut(after: timeout, waitingFor: stage)))
    }
    return switch self {
    case .answers(let time): time < timeout ? (time, .success(latency: time)) : timedOut("the status line")
    case .accepts: timedOut("the status line")
    case .hangs: timedOut("a connection")
    case .refuses: (.milliseconds(1), .failure(.refused))
    case .resets: (.milliseconds(10), .failure(.reset))
    case .status(let code): (.milliseconds(10), .failure(.status(code)))
    case .unprobed: (.zero, .noResult(.resource("socket: Too many open files")))
    }
  }

  /// Whether somebody who goes there is served.
  func works(timeout: Duration) -> Bool {
    switch self {
    case .answers(let time): time < timeout
    case .unprobed: true
    case .refuses, .accepts, .hangs, .resets, .status: false
    }
  }
}

package enum StoryOrder: Hashable, Sendable {
  case override(pattern: String, Override.State, isDrain: Bool, for: Duration?)
  case release(String)
  case failback(String)
  case confirm
}

/// What should be so at a time.
package struct Expectation: Hashable, Sendable {
  package enum Claim: Hashable, Sendable {
    /// The addresses that some query may get, in the order of the configuration.
    case answer(AddressFamily, Answer)
    /// In per cent, rounded: how often an address is in the answer.
    case odds(AddressFamily, address: String, percent: Int)
    case ttl(AddressFamily, Comparison, Duration)
    /// The reason contains the text.
    case reason(AddressFamily, String)
    /// The answer changed no later than this after the line before that disturbed something.
    case change(within: Duration)
    case changes(Int)
    case decided(Bool)
    /// The endpoint, whatever its checks say.
    case counts(endpoint: String, up: Bool)
    /// What the last order met.
    case order(accepted: Bool)
  }

  package enum Answer: Hashable, Sendable {
    case addresses([String], open: Bool, clientClass: Int?)
    case nothing, failure
  }

  package enum Comparison: String, Sendable { case atMost = "<=", equal = "=", atLeast = ">=" }

  /// Nil: the first one.
  package let pool: String?
  package let claim: Claim
}
