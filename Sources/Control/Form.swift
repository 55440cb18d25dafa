import Observing
import Sockets

/// How a reply looks: JSON, or text for people who ask for that with `Accept: text/plain`.
struct Form: Sendable {
  let isText: Bool

  init(_ request: HTTPRequest) { isText = request.accept?.lowercased().hasPrefix("text/plain") ?? false }

  func success(_ json: JSON, _ text: String, status: Int = 200) -> HTTPResponse {
    isText ? .text(status, text) : .json(status, json)
  }

  func failure(_ status: Int, _ text: String) -> HTTPResponse {
    success(.object(["error": .string(text)]), text, status: status)
  }

  func reload(_ report: ReloadReport) -> HTTPResponse {
    let json = JSON.object([
      "adopted": .bool(report.isAdopted), "changes": .array(report.changes.map { .string($0) }),
      "problems": .array(report.problems.map { .string($0) }),
    ])
    var lines = report.problems
    if report.isAdopted {
      lines +=
        report.changes.isEmpty ? ["reloaded: nothing has changed"] : ["reloaded:"] + report.changes.map { "  " + $0 }
    } else {
      lines.append("reload refused: the old configuration and zones serve on")
    }
    return success(json, lines.map(visible).joined(separator: "\n"), status: report.isAdopted ? 200 : 409)
  }

  func order(_ report: OrderReport) -> HTTPResponse {
    if report.subjects.isEmpty {
      return failure(
        404, (["nothing here is called that: `alula status` lists what is"] + report.notes).joined(separator: "; "))
    }
    let now = Int64(Clock.wall())
    let left = report.lastExpiry.map { max(0, $0 - now) }
    let json = JSON.object([
      "subjects": .array(report.subjects.map { .string($0) }), "notes": .array(report.notes.map { .string($0) }),
      "last_answer_expires": .time(report.lastExpiry),
      "last_answer_expires_in_seconds": left.map { .thousandths($0 / 1_000_000) } ?? .null,
      "lasting": .bool(!report.isVolatile),
    ])
    var lines = ["done: " + report.subjects.joined(separator: ", ")] + report.notes
    if let expiry = report.lastExpiry, let left {
      lines.append(
        "the last answer that named it leaves honest caches in \(duration(left)), at \(rfc3339(expiry / 1_000_000))")
    }
    if report.isVolatile { lines.append("it would not survive a restart of the server") }
    return success(json, lines.map(visible).joined(separator: "\n"))
  }
}
