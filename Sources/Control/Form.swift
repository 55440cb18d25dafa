import JSONFormat
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
    var lines = report.problems
    if !report.isAdopted {
      lines.append("reload refused: the old configuration and zones serve on")
    } else if report.changes.isEmpty {
      lines.append("reloaded: nothing has changed")
    } else {
      lines += ["reloaded:"] + report.changes.map { "  " + $0 }
    }
    let text = lines.map(visible).joined(separator: "\n")
    let json = JSON.object([
      "adopted": .bool(report.isAdopted), "changes": .array(report.changes.map { .string($0) }),
      "problems": .array(report.problems.map { .string($0) }), "text": .string(text),
    ])
    return success(json, text, status: report.isAdopted ? 200 : 409)
  }

  func order(_ report: OrderReport, isRelease: Bool = false) -> HTTPResponse {
    if report.subjects.isEmpty {
      let what = isRelease ? "no order of that name is in force" : "it concerns nothing here"
      let lines = ["\(what): `alula status` lists what there is"] + report.notes
      return failure(404, lines.joined(separator: "; "))
    }
    let left = report.lastExpiry.map { max(0, $0 - Int64(Clock.wall())) }
    var lines = ["done: " + report.subjects.joined(separator: ", ")] + report.notes
    if let expiry = report.lastExpiry, let left {
      let time = rfc3339(expiry / 1_000_000)
      lines.append("the last answer that named it leaves honest caches in \(duration(left)), at \(time)")
    }
    if report.isVolatile { lines.append("it will not survive a restart of the server") }
    let text = lines.map(visible).joined(separator: "\n")
    let json = JSON.object([
      "subjects": .array(report.subjects.map { .string($0) }), "notes": .array(report.notes.map { .string($0) }),
      "last_answer_expires": .time(report.lastExpiry),
      "last_answer_expires_in_seconds": left.map { .thousandths($0 / 1_000_000) } ?? .null,
      "lasting": .bool(!report.isVolatile), "text": .string(text),
    ])
    return success(json, text)
  }
}
