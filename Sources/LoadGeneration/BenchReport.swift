import Memory
package import Sockets

/// What the kernel or the query files had against the run.
package struct Troubles: Sendable, Equatable {
  /// Queries that the kernel did not take.
  package var unsent = 0
  /// How often the server's machine said that nobody listens at the port.
  package var refused = 0
  /// Answers that did not fit into this program's own receive buffers.
  package var drops = 0
  /// Connections that could not be made, or broke.
  package var brokenConnections = 0
  /// The last error in words.
  package var error: String?
  package var badLines = 0
  package var listed: [String] = []

  package init(
    unsent: Int = 0, refused: Int = 0, drops: Int = 0, brokenConnections: Int = 0, error: String? = nil,
    badLines: Int = 0, listed: [String] = []
  ) {
    self.unsent = unsent
    self.refused = refused
    self.drops = drops
    self.brokenConnections = brokenConnections
    self.error = error
    self.badLines = badLines
    self.listed = listed
  }
}

/// What one run has shown.
package struct BenchReport: Sendable {
  package enum Limit: String, Sendable { case server, generator, rate }

  package struct Latency: Sendable, Equatable {
    /// Microseconds.
    package var mean = 0.0
    package var p50 = 0.0
    package var p90 = 0.0
    package var p99 = 0.0
    package var p999 = 0.0
    package var largest = 0.0
    /// Share of the answers and microseconds, for the plot.
    package var curve: [(share: Double, time: Double)] = []

    package static func == (a: Latency, b: Latency) -> Bool {
      (a.mean, a.p50, a.p90, a.p99, a.p999, a.largest) == (b.mean, b.p50, b.p90, b.p99, b.p999, b.largest)
    }
  }

  package struct Step: Sendable, Equatable {
    package var rate: Double
    package var loss: Double
    package var sustained: Bool
    package var limitedBy: Limit

    package init(rate: Double, loss: Double, sustained: Bool, limitedBy: Limit) {
      (self.rate, self.loss, self.sustained, self.limitedBy) = (rate, loss, sustained, limitedBy)
    }
  }

  package struct FindMax: Sendable, Equatable {
    /// Queries a second; 0: not even the lowest was sustained.
    package var rate: Double
    package var loss: Double
    package var steps: [Step]

    package init(rate: Double, loss: Double, steps: [Step]) {
      (self.rate, self.loss, self.steps) = (rate, loss, steps)
    }
  }

  package var server: String
  package var transport: String
  package var isClosedLoop: Bool
  package var seconds = 0.0
  package var sent = 0
  package var answered = 0
  package var lost = 0
  package var late = 0
  package var unexpected = 0
  package var truncated = 0
  package var responseCodes: [(name: String, count: Int)] = []
  package var meanAnswer = 0.0
  package var largestAnswer = 0
  /// Open loop: queries that left more than a millisecond after they were due, and the longest such delay in
  /// microseconds. It is part of their latency.
  package var delayed = 0
  package var largestDelay = 0.0
  package var latency = Latency()
  package var samples: [Recorder.Sample] = []
  package var generator = ProcessTimes(user: 0, system: 0)
  /// Of one core.
  package var share = 0.0
  package var serverProcess: (process: Int32, times: ProcessTimes)?
  package var limitedBy = Limit.server
  package var troubles = Troubles()
  package var gaveUp = false
  package var findMax: FindMax?
  package var watch: AnswerWatch?

  package init(server: String, transport: String, isClosedLoop: Bool) {
    self.server = server
    self.transport = transport
    self.isClosedLoop = isClosedLoop
  }

  /// Answers a second.
  package var rate: Double { seconds > 0 ? Double(answered) / seconds : 0 }
  package var loss: Double { sent > 0 ? Double(sent - answered) / Double(sent) : 0 }
}

extension BenchReport {
  /// Takes what was counted; `ended` is when sending ended.
  mutating func take(_ recorder: consuming Recorder, ended: UInt64) {
    let end = max(ended, recorder.lastAnswer)
    seconds = Double(end - recorder.start) / 1e9
    (sent, answered, lost) = (recorder.sent, recorder.answered, recorder.lost)
    (late, unexpected, truncated) = (recorder.late, recorder.unexpected, recorder.truncated)
    meanAnswer = answered > 0 ? Double(recorder.octets) / Double(answered) : 0
    largestAnswer = recorder.largestAnswer
    (delayed, largestDelay) = (recorder.delayed, Double(recorder.largestDelay) / 1000)
    for code in 0..<recorder.responseCodes.count where recorder.responseCodes.span[code] > 0 {
      responseCodes.append((ResponseCodeName.of(code), Int(recorder.responseCodes.span[code])))
    }
    samples = recorder.samples
    latency = Latency(recorder.latency)
    watch = recorder.watch
    watch?.finish(at: ended - recorder.start)
  }
}

extension BenchReport.Latency {
  init(_ times: borrowing Histogram) {
    func microseconds(_ time: UInt64) -> Double { Double(time) / 1000 }
    mean = times.mean / 1000
    p50 = microseconds(times.quantile(0.5))
    p90 = microseconds(times.quantile(0.9))
    p99 = microseconds(times.quantile(0.99))
    p999 = microseconds(times.quantile(0.999))
    largest = microseconds(times.largest)
    var share = 1.0
    while times.count > 0, share * Double(times.count) >= 1, share > 1e-6 {
      for part in [1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.15] {
        curve.append((1 - share * part, microseconds(times.quantile(1 - share * part))))
      }
      share /= 10
    }
  }
}

/// Response codes by their names in the IANA registry.
package enum ResponseCodeName {
  package static func of(_ code: Int) -> String {
    switch code {
    case 0: "NOERROR"
    case 1: "FORMERR"
    case 2: "SERVFAIL"
    case 3: "NXDOMAIN"
    case 4: "NOTIMP"
    case 5: "REFUSED"
    case 6: "YXDOMAIN"
    case 7: "YXRRSET"
    case 8: "NXRRSET"
    case 9: "NOTAUTH"
    case 10: "NOTZONE"
    case 16: "BADVERS"
    case 23: "BADCOOKIE"
    default: "RCODE\(code)"
    }
  }
}
