import Memory
package import Wire

/// The failover view: which addresses the answers carry over time, and when that changed.
///
/// Times are nanoseconds since the start.
package struct AnswerWatch: Sendable {
  package struct Endpoint: Sendable, Equatable {
    package let address: IPAddress
    package var first: UInt64
    package var last: UInt64
    package var answers: Int
  }

  package struct Change: Sendable, Equatable {
    /// When the first answer with the new address came.
    package let time: UInt64
    package let question: String
    package let from: [IPAddress]
    package let to: [IPAddress]
  }

  /// What one question was answered with last.
  private struct Current {
    var addresses: [IPAddress]
    /// When the latest query was sent that was answered so: an answer to an earlier one says nothing new.
    var sent: UInt64
    /// The addresses before the last change.
    var before: [IPAddress] = []
  }

  /// An endpoint known to be dead from a time on: answers to later queries that name it are counted.
  package let dead: IPAddress?
  package let deadFrom: UInt64
  package private(set) var endpoints: [Endpoint] = []
  package private(set) var changes: [Change] = []
  /// Changes beyond those that are listed.
  package private(set) var unlisted = 0
  package private(set) var longestGap: UInt64 = 0
  package private(set) var deadAnswers = 0
  private var lastAnswer: UInt64 = 0
  private var current: [[UInt8]: Current] = [:]

  package static var listed: Int { 1000 }
  /// Questions and addresses that are told apart; more are not watched.
  private static var watched: Int { 4096 }

  package init(dead: IPAddress? = nil, from time: UInt64 = 0) {
    self.dead = dead
    deadFrom = time
  }

  /// Takes an answer that came at `now` to a query sent at `sent`. Only one with addresses ends a gap.
  package mutating func see(_ message: RawSpan, sent: UInt64, at now: UInt64) {
    let addresses = AnswerWatch.addresses(message)
    guard !addresses.isEmpty else { return }
    longestGap = max(longestGap, now - lastAnswer)
    lastAnswer = now
    for address in addresses { count(address, now) }
    if let dead { if addresses.contains(dead), sent >= deadFrom { deadAnswers += 1 } }
    follow(AnswerWatch.question(message), addresses, sent, now)
  }

  /// The end of the run ends a gap too.
  package mutating func finish(at now: UInt64) { longestGap = max(longestGap, max(now, lastAnswer) - lastAnswer) }

  private mutating func count(_ address: IPAddress, _ now: UInt64) {
    if let i = endpoints.firstIndex(where: { $0.address == address }) {
      endpoints[i].last = now
      endpoints[i].answers += 1
    } else if endpoints.count < Self.watched {
      endpoints.append(Endpoint(address: address, first: now, last: now, answers: 1))
    }
  }

  private mutating func follow(_ question: [UInt8], _ addresses: [IPAddress], _ sent: UInt64, _ now: UInt64) {
    guard let known = current[question] else {
      if current.count < Self.watched { current[question] = Current(addresses: addresses, sent: sent) }
      return
    }
    if known.addresses == addresses {
      current[question]?.sent = max(known.sent, sent)
    } else if sent > known.sent {
      note(Change(time: now, question: AnswerWatch.text(question), from: known.addresses, to: addresses))
      current[question] = Current(addresses: addresses, sent: sent, before: known.addresses)
    } else if dead == nil, known.before == addresses {
      deadAnswers += 1
    }
  }

  private mutating func note(_ change: Change) {
    if changes.count < Self.listed { changes.append(change) } else { unlisted += 1 }
  }

  /// The addresses of the answer section, sorted: a set has no order (RFC 2181 §5).
  private static func addresses(_ message: RawSpan) -> [IPAddress] {
    var found: [IPAddress] = []
    AnswerReader.records(message) { record in
      guard record.section == 1 else { return }
      let at = record.data.lowerBound
      if record.type == .a, record.data.count == 4 {
        found.append(.v4(message.uint32(at)))
      } else if record.type == .aaaa, record.data.count == 16 {
        found.append(
          .v6(
            UInt64(message.uint32(at)) << 32 | UInt64(message.uint32(at + 4)),
            UInt64(message.uint32(at + 8)) << 32 | UInt64(message.uint32(at + 12))))
      }
    }
    return found.count < 2 ? found : found.sorted { "\($0)" < "\($1)" }
  }

  /// The octets of the question.
  private static func question(_ message: RawSpan) -> [UInt8] {
    var end = 12
    while end < message.byteCount, message.octet(end) != 0 { end += 1 + Int(message.octet(end)) }
    return [UInt8](copying: message, 12..<min(end + 5, message.byteCount))
  }

  private static func text(_ question: [UInt8]) -> String {
    guard question.count > 4, let name = DomainName(wire: Array(question.dropLast(4))) else { return "?" }
    let type = question.suffix(4)
    return "\(name.shortText) \(RecordType(UInt16(type[type.startIndex]) << 8 | UInt16(type[type.startIndex + 1])))"
  }
}
