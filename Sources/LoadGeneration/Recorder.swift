import Memory
import Wire

/// All that is counted in one run.
package struct Recorder: ~Copyable {
  /// What happened in one interval.
  package struct Sample: Sendable, Equatable {
    /// Seconds since the start.
    package var end: Double
    package var sent: Int
    package var answered: Int
    package var lost: Int
    /// Nanoseconds.
    package var p50: UInt64
    package var p99: UInt64
    package var largest: UInt64

    package init(end: Double, sent: Int, answered: Int, lost: Int, p50: UInt64, p99: UInt64, largest: UInt64) {
      (self.end, self.sent, self.answered, self.lost) = (end, sent, answered, lost)
      (self.p50, self.p99, self.largest) = (p50, p99, largest)
    }
  }

  package let start: UInt64
  package private(set) var sent = 0
  package private(set) var answered = 0
  package private(set) var lost = 0
  package private(set) var late = 0
  package private(set) var unexpected = 0
  package private(set) var truncated = 0
  package private(set) var octets = 0
  package private(set) var largestAnswer = 0
  private(set) var responseCodes = Slab<UInt64>(count: 4096)
  package private(set) var latency = Histogram()
  package private(set) var samples: [Sample] = []
  /// When the last answer came.
  package private(set) var lastAnswer: UInt64
  /// The largest delay between when a query was due and when it was sent; and how often it was over a millisecond.
  package private(set) var largestDelay: UInt64 = 0
  package private(set) var delayed = 0
  package var watch: AnswerWatch?
  private var interval = Histogram()
  private var before = (sent: 0, answered: 0, lost: 0)
  private let hasEDNS: Bool

  package init(start: UInt64, hasEDNS: Bool, watch: AnswerWatch? = nil) {
    self.start = start
    self.hasEDNS = hasEDNS
    self.watch = watch
    lastAnswer = start
  }

  package mutating func sent(_ count: Int) { sent += count }
  package mutating func lost(_ count: Int) { lost += count }
  package mutating func unexpected(_ count: Int) { unexpected += count }

  /// Notes that a query which was due at `due` is sent at `now`.
  package mutating func delayed(_ due: UInt64, _ now: UInt64) {
    guard now > due else { return }
    let delay = now - due
    if delay > largestDelay { largestDelay = delay }
    if delay > 1_000_000 { delayed += 1 }
  }

  /// Takes a datagram or message that may be the answer to one of `outstanding`.
  ///
  /// - Parameter length: octets that were sent, of which `octets` are kept.
  package mutating func receive(
    _ octets: RawSpan, length: Int, _ outstanding: inout Outstanding, _ now: UInt64
  ) {
    guard octets.byteCount >= 12, octets.octet(2) & 0x80 != 0 else { return unexpected += 1 }
    let id = octets.uint16(0)
    guard let check = outstanding.check(id), QuestionCheck.holds(check, in: octets) else { return unexpected += 1 }
    switch outstanding.take(id) {
    case .answer(let time): answer(octets, length: length, sent: time, now)
    case .late: late += 1
    case .unexpected: unexpected += 1
    }
  }

  private mutating func answer(_ message: RawSpan, length: Int, sent: UInt64, _ now: UInt64) {
    answered += 1
    lastAnswer = now
    octets += length
    largestAnswer = max(largestAnswer, length)
    interval.record(now > sent ? now - sent : 0)
    if message.octet(2) & 2 != 0 { truncated += 1 }
    var code = Int(message.octet(3) & 15)
    // NOERROR, NXDOMAIN and REFUSED have no extended namesake that a server sends.
    if code != 0, code != 3, code != 5, hasEDNS { code = AnswerReader.responseCode(message) }
    responseCodes[code] += 1
    watch?.see(message, sent: sent - start, at: now - start)
  }

  /// The response codes that were seen, by name.
  package var codes: [String] {
    (0..<responseCodes.count).filter { responseCodes[$0] > 0 }.map(ResponseCodeName.of)
  }

  /// Ends an interval.
  @discardableResult
  package mutating func sample(_ now: UInt64) -> Sample {
    let sample = Sample(
      end: Double(now - start) / 1e9, sent: sent - before.sent, answered: answered - before.answered,
      lost: lost - before.lost, p50: interval.quantile(0.5), p99: interval.quantile(0.99), largest: interval.largest)
    latency.take(&interval)
    before = (sent, answered, lost)
    samples.append(sample)
    return sample
  }
}
