import Failover
import Sockets

/// One attempt of a probe, from the first packet to its outcome. Never blocks, never allocates for
/// what the peer sends more than the limits of what is read.
class Attempt {
  /// What is going on.
  enum Stage { case preparing, connecting, handshaking, sending, receiving, reading }

  let started: Instant
  /// Set when this process or machine stood still for too long to blame the target for anything.
  private(set) var disturbance: OwnTrouble?
  /// There are descriptors that the poller does not know yet.
  var isUnwatched = true
  private(set) var stage: Stage

  private let timeout: Duration
  private let limits: ProbeSpecification.StageLimits
  /// When the stage began whose limit runs.
  private var limited: Instant
  private var stalled = Duration.zero

  init(_ specification: ProbeSpecification, _ stage: Stage, at now: Instant) {
    started = now
    limited = now
    timeout = specification.timeout
    limits = specification.limits
    self.stage = stage
  }

  // MARK: - What kinds of attempts differ in

  /// Those that wait; one whose object goes leaves the poller by itself.
  var descriptors: [Int32] { [] }
  /// What is waited for, in a timeout's words.
  var waitingFor: String { "a connection" }
  /// Something that an operator should see to, though the attempt succeeded.
  var concern: Concern? { nil }

  /// Goes on as far as possible: `done` when all that was asked for has arrived. May be called at any time.
  func advance() -> Step { .done }
  /// Called once, at the end.
  func finish(inOrder: Bool) {}
  /// Why a time that ran out while preparing says nothing of the target.
  var preparation: String { "preparing" }

  // MARK: - Time

  func enter(_ next: Stage) {
    // The first octet is waited for from when the request can be sent.
    if next != .receiving, limits != ProbeSpecification.StageLimits() { limited = .now }
    stage = next
  }

  private var limit: Duration? {
    switch stage {
    case .connecting: limits.connect
    case .handshaking: limits.handshake
    case .sending, .receiving: limits.firstByte
    case .preparing, .reading: nil
    }
  }

  /// Only time in which the loop attended counts against the target: what it did not is added.
  var deadline: Instant {
    let whole = started + timeout
    return (limit.map { min(whole, limited + $0) } ?? whole) + stalled
  }

  /// The outcome when time is up: what has arrived by now still counts.
  func expire(at now: Instant) -> Step {
    let step = advance()
    guard case .wait = step, now >= deadline else { return step }
    let time = limit.flatMap { limited + $0 < started + timeout ? $0 : nil } ?? timeout
    if stage == .preparing { return .trouble(.resource("\(preparation) took longer than \(time.text)")) }
    return .ended(.timedOut(after: time, waitingFor: waitingFor))
  }

  /// Takes note of a gap that ended at `now`. One as long as the timeout spoils the attempt; shorter
  /// ones move its deadline, so that a loop that is always busy gets slower, but never blind.
  func disturb(_ trouble: OwnTrouble, at now: Instant) {
    guard case .ranLate(let time) = trouble else { return disturbance = trouble }
    let lost = min(time, now - started)
    if lost >= min(timeout, limit ?? timeout) { disturbance = trouble } else { stalled += lost }
  }
}
