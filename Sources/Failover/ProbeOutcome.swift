/// What one probe attempt said about its target.
package enum ProbeOutcome: Hashable, Sendable {
  /// From the start of the attempt until everything asked for had arrived.
  case success(latency: Duration)
  case failure(FailureReason)
  /// Trouble of our own, which says nothing about the target: counted, but never as a result.
  case noResult(OwnTrouble)
}

/// Why a target failed, worded for an operator.
package enum FailureReason: Hashable, Sendable, CustomStringConvertible {
  case refused
  case reset
  case timedOut(after: Duration, waitingFor: String)
  /// The peer ended the connection before what was waited for.
  case closed(before: String)
  case notHTTP
  case headTooLong(limit: Int)
  case status(Int)
  case tls(String)
  /// What the kernel reported: no route to host, network is unreachable …
  case network(String)

  package var description: String {
    switch self {
    case .refused: "connection refused"
    case .reset: "reset by peer"
    case .timedOut(let time, let stage): "timed out after \(time.text) waiting for \(stage)"
    case .closed(let stage): "closed before \(stage)"
    case .notHTTP: "not HTTP"
    case .headTooLong(let limit): "response head longer than \(limit) octets"
    case .status(let code): "status \(code)"
    case .tls(let text): "TLS: \(text)"
    case .network(let text): text
    }
  }
}

/// Why an attempt gave no result.
package enum OwnTrouble: Hashable, Sendable, CustomStringConvertible {
  /// A resource of this process or machine ran out, or a file could not be read.
  case resource(String)
  /// The prober's loop could not attend to the attempt for so long.
  case ranLate(by: Duration)
  case suspended(Duration)

  package var description: String {
    switch self {
    case .resource(let text): text
    case .ranLate(let time): "the prober ran \(time.text) late"
    case .suspended(let time): "the machine was suspended for \(time.text)"
    }
  }
}
