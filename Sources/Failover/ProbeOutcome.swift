/// What one probe attempt said about its target.
package enum ProbeOutcome: Hashable, Sendable {
  /// From the start of the attempt until everything asked for had arrived. With a concern the target is
  /// *degraded*: up, but not for long unless somebody sees to it.
  case success(latency: Duration, concern: Concern? = nil)
  case failure(FailureReason)
  /// Trouble of our own, which says nothing about the target: counted, but never as a result.
  case noResult(OwnTrouble)
}

/// What an operator should see to at a target that is up.
package enum Concern: Hashable, Sendable, CustomStringConvertible {
  /// The certificate ends sooner than the check asks for: after so many whole days.
  case certificateEnds(days: Int)

  package var description: String {
    switch self {
    case .certificateEnds(days: ..<1): "certificate ends in less than a day"
    case .certificateEnds(days: 1): "certificate ends in 1 day"
    case .certificateEnds(let days): "certificate ends in \(days) days"
    }
  }
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
  /// The response, or its body, is not what the check expects: how it differs.
  case unexpectedBody(String)
  /// A body in a coding that was not asked for, or broken in its own coding.
  case malformedBody(String)
  /// What the DNS said in place of the expected answer.
  case unexpectedAnswer(String)
  /// A command's exit status and the first line of its output.
  case exit(status: Int, output: String)
  /// A command ended by a signal.
  case signal(Int)
  /// The target is a host name, and the DNS has no address for it.
  case unresolvable(String)
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
    case .unexpectedBody(let text): text
    case .malformedBody(let text): "malformed body: \(text)"
    case .unexpectedAnswer(let text): text
    case .exit(let status, let output): output.isEmpty ? "exit status \(status)" : "exit status \(status): \(output)"
    case .signal(let number): "ended by signal \(number)"
    case .unresolvable(let text): "cannot resolve \(text)"
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
