import Crypto
import Failover
import Sockets

/// One attempt of a probe, from the first packet to its outcome. Never blocks, never allocates for
/// what the peer sends more than a response head's limit.
final class Attempt {
  let started: Instant
  /// Set when this process or machine stood still for too long to blame the target for anything.
  private(set) var disturbance: OwnTrouble?

  private let specification: ProbeSpecification
  private let request: [UInt8]
  private var channel: Channel
  private var stage = Stage.connecting
  private var sent = 0
  private var head = ResponseHead()
  private var stalled = Duration.zero

  private enum Stage {
    case connecting, handshaking, sending, receiving

    /// What is waited for, in a timeout's words.
    var text: String {
      switch self {
      case .connecting: "a connection"
      case .handshaking: "the TLS handshake"
      case .sending: "the request to be taken"
      case .receiving: "the status line"
      }
    }
  }

  init(_ specification: ProbeSpecification, request: [UInt8], at now: Instant) throws(SystemError) {
    self.specification = specification
    self.request = request
    started = now
    channel = Channel(try StreamSocket(to: specification.target, from: specification.source))
  }

  var descriptor: Int32 { channel.socket.number }

  func startTLS(_ context: TLSContext, to peer: TLSPeer) throws(TLSFailure) { try channel.startTLS(context, to: peer) }

  /// Goes on as far as possible: `done` when all that was asked for has arrived. May be called at any time.
  func advance() -> Step {
    while true {
      let step = proceed()
      guard case .done = step, let next = nextStage() else { return step }
      stage = next
    }
  }

  private func nextStage() -> Stage? {
    switch (stage, specification.kind) {
    case (.connecting, .http), (.handshaking, _): .sending
    case (.connecting, .https): .handshaking
    case (.sending, _): .receiving
    case (.connecting, .tcp), (.receiving, _): nil
    }
  }

  private func proceed() -> Step {
    switch stage {
    case .connecting:
      switch channel.socket.connect(specification.target) {
      case .connected: .done
      case .inProgress: .wait
      case .failed(let error): Step(error)
      }
    case .handshaking: channel.handshake()
    case .sending: channel.write(request, from: &sent)
    case .receiving: receive()
    }
  }

  /// Reads in small steps until the head says enough.
  private func receive() -> Step {
    while true {
      var octets: [UInt8] = []
      let step = channel.read(into: &octets, atMost: 512)
      guard case .done = step else { return step }
      switch head.take(octets) {
      case .incomplete: continue
      case .notHTTP: return .ended(.notHTTP)
      case .tooLong: return .ended(.headTooLong(limit: ResponseHead.limit))
      case .status(let code):
        let isExpected = specification.request?.expected.contains { $0.contains(code) } ?? true
        return isExpected ? .done : .ended(.status(code))
      }
    }
  }

  /// The outcome when time is up: what has arrived by now still counts.
  func expire() -> Step {
    let step = advance()
    guard case .wait = step else { return step }
    return .ended(.timedOut(after: specification.timeout, waitingFor: stage.text))
  }

  /// Only time in which the loop attended counts against the target: what it did not is added.
  var deadline: Instant { started + specification.timeout + stalled }

  /// Takes note of a gap that ended at `now`. One as long as the timeout spoils the attempt; shorter
  /// ones move its deadline, so that a loop that is always busy gets slower, but never blind.
  func disturb(_ trouble: OwnTrouble, at now: Instant) {
    guard case .ranLate(let time) = trouble else { return disturbance = trouble }
    let lost = min(time, now - started)
    if lost >= specification.timeout { disturbance = trouble } else { stalled += lost }
  }

  func finish(inOrder: Bool) { channel.finish(inOrder: inOrder) }
}
