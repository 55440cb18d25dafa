import Sockets

/// A value of JSON (RFC 8259), members in the order they are given.
package enum JSON {
  case number(Double, places: Int)
  case integer(Int)
  case text(String)
  case bool(Bool)
  case list([JSON])
  case object([(String, JSON)])

  package var description: String {
    switch self {
    case .number(let value, let places): Figures.fixed(value, places)
    case .integer(let value): "\(value)"
    case .text(let value): JSON.quoted(value)
    case .bool(let value): "\(value)"
    case .list(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { JSON.quoted($0.0) + ":" + $0.1.description }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension BenchReport {
  package var json: String { JSON.object(members).description }

  private var members: [(String, JSON)] {
    var members: [(String, JSON)] = [
      ("server", .text(server)), ("transport", .text(transport)), ("loop", .text(isClosedLoop ? "closed" : "open")),
      ("seconds", .number(seconds, places: 3)), ("sent", .integer(sent)), ("answered", .integer(answered)),
      ("lost", .integer(lost)), ("late", .integer(late)), ("unexpected", .integer(unexpected)),
      ("rate", .number(rate, places: 1)),
      ("rcodes", .object(responseCodes.map { ($0.name, .integer($0.count)) })), ("truncated", .integer(truncated)),
      ("answer_octets", .object([("mean", .number(meanAnswer, places: 1)), ("max", .integer(largestAnswer))])),
      ("latency_us", latencyMembers), ("generator", generatorMembers),
    ]
    if !isClosedLoop {
      members += [("sent_late", .integer(delayed)), ("largest_delay_us", .number(largestDelay, places: 1))]
    }
    if let serverMembers { members.append(("server_process", serverMembers)) }
    members.append(("limited_by", .text(limitedBy.rawValue)))
    members += troubleMembers
    if let findMax { members.append(("find_max", JSON(findMax))) }
    if let watch { members += JSON.members(watch) }
    return members
  }

  private var latencyMembers: JSON {
    .object([
      ("mean", .number(latency.mean, places: 1)), ("p50", .number(latency.p50, places: 1)),
      ("p90", .number(latency.p90, places: 1)), ("p99", .number(latency.p99, places: 1)),
      ("p99.9", .number(latency.p999, places: 1)), ("max", .number(latency.largest, places: 1)),
    ])
  }

  private var generatorMembers: JSON {
    .object([
      ("user_seconds", .number(generator.user, places: 3)), ("system_seconds", .number(generator.system, places: 3)),
      ("waited_seconds", .number(generator.waited, places: 3)), ("cpu_share", .number(share, places: 3)),
    ])
  }

  private var serverMembers: JSON? {
    guard let serverProcess else { return nil }
    let (process, times) = serverProcess
    func each(_ seconds: Double) -> JSON { .number(answered > 0 ? seconds * 1e6 / Double(answered) : 0, places: 4) }
    return .object([
      ("pid", .integer(Int(process))), ("user_seconds", .number(times.user, places: 3)),
      ("system_seconds", .number(times.system, places: 3)), ("waited_seconds", .number(times.waited, places: 3)),
      ("user_us_per_query", each(times.user)),
      ("system_us_per_query", each(times.system)), ("cpu_us_per_query", each(times.total)),
    ])
  }

  /// Only what there was.
  private var troubleMembers: [(String, JSON)] {
    let counts = [
      ("unsent", troubles.unsent), ("refused", troubles.refused), ("dropped_here", troubles.drops),
      ("broken_connections", troubles.brokenConnections), ("bad_lines", troubles.badLines),
    ]
    return counts.filter { $0.1 > 0 }.map { ($0.0, .integer($0.1)) }
      + (troubles.error.map { [("error", .text($0))] } ?? [])
  }
}

extension JSON {
  fileprivate init(_ result: BenchReport.FindMax) {
    self = .object([
      ("rate", .number(result.rate, places: 1)), ("loss", .number(result.loss, places: 6)),
      (
        "steps",
        .list(
          result.steps.map {
            .object([
              ("rate", .number($0.rate, places: 1)), ("loss", .number($0.loss, places: 6)),
              ("sustained", .bool($0.sustained)), ("limited_by", .text($0.limitedBy.rawValue)),
            ])
          })
      ),
    ])
  }

  fileprivate static func members(_ watch: AnswerWatch) -> [(String, JSON)] {
    func seconds(_ time: UInt64) -> JSON { .number(Double(time) / 1e9, places: 6) }
    let endpoints = watch.endpoints.map { endpoint in
      JSON.object([
        ("address", .text("\(endpoint.address)")), ("first_s", seconds(endpoint.first)),
        ("last_s", seconds(endpoint.last)), ("answers", .integer(endpoint.answers)),
      ])
    }
    let changes = watch.changes.map { change in
      JSON.object([
        ("at_s", seconds(change.time)), ("from", .text(change.fromText)), ("to", .text(change.toText)),
        ("question", .text(change.question)),
      ])
    }
    return [
      ("endpoints", .list(endpoints)), ("changes", .list(changes)), ("unlisted_changes", .integer(watch.unlisted)),
      ("longest_gap_s", seconds(watch.longestGap)), ("dead_answers", .integer(watch.deadAnswers)),
    ]
  }
}

extension AnswerWatch.Change {
  package var fromText: String { from.map { "\($0)" }.joined(separator: ",") }
  package var toText: String { to.map { "\($0)" }.joined(separator: ",") }
}
