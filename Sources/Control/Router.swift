import Failover
import JSONFormat
import Observing
import Sockets
import Wire

/// Routes: what is asked for, who may, and how the reply looks. Runs on the control server's thread.
final class Router {
  private let server: any ControlledServer
  private let access: @Sendable () -> Access
  private let cache = StatusCache()
  private let desk: HTTPReplies

  /// Nanoseconds that others may take: the brain to say what it believes or take an order, the loader to reload.
  static var brainPatience: UInt64 { 2_000_000_000 }
  static var loaderPatience: UInt64 { 300_000_000_000 }

  /// - Parameter desk: of the server's thread, on which reports are made.
  init(_ server: any ControlledServer, desk: HTTPReplies, access: @escaping @Sendable () -> Access) {
    self.server = server
    self.desk = desk
    self.access = access
  }

  /// - Returns: nanoseconds that the reply may take.
  func handle(_ request: HTTPRequest, _ reply: HTTPReply) -> UInt64 {
    let form = Form(request)
    if let refusal = access().refusal(request) {
      reply.send(form.failure(refusal.status, refusal.text))
      return Self.brainPatience
    }
    return request.method == .post ? order(request, form, reply) : read(request, form, reply)
  }

  // MARK: - Reading

  private func read(_ request: HTTPRequest, _ form: Form, _ reply: HTTPReply) -> UInt64 {
    switch request.path {
    case "/health": reply.send(health())
    case "/metrics":
      let figures = server.figures
      withStatus { reply.send(Router.metrics(figures, $0)) }
    case "/api/v1/status": withStatus { reply.send(form.success($0.json, $0.text)) }
    case let path where path.hasPrefix("/api/v1/pools/"):
      let name = String(path.dropFirst("/api/v1/pools/".count))
      withStatus { reply.send(Router.pool(name, $0, form)) }
    case "/api/v1/events": events(request, form, reply)
    case "/api/v1/explain": explain(request, form, reply)
    case "/": reply.send(.text(200, Router.index))
    default: reply.send(form.failure(404, "there is nothing here; / lists what there is"))
    }
    return Self.brainPatience
  }

  private static let index = """
    GET  /health  /metrics
    GET  /api/v1/status  /api/v1/pools/NAME  /api/v1/events?limit=N
    GET  /api/v1/explain?name=NAME&type=A&client=ADDRESS
    POST /api/v1/overrides  /api/v1/overrides/release  /api/v1/failback  /api/v1/confirm  /api/v1/reload
    """

  private func health() -> HTTPResponse {
    switch server.fitness {
    case .good: .text(200, "ok")
    case .degraded(let reason): .text(200, "degraded: \(reason)")
    case .unfit(let reason): .text(503, reason)
    }
  }

  private static func pool(_ name: String, _ report: StatusReport, _ form: Form) -> HTTPResponse {
    // The final dot is optional, as everywhere.
    let wanted = (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased()
    guard let found = report.pools.first(where: { $0.name.lowercased() == wanted }) else {
      return form.failure(404, "there is no pool `\(visible(name))`")
    }
    let lines = found.lines(report.overrides, report.time)
    return form.success(found.json(report.overrides, report.time), lines.joined(separator: "\n"))
  }

  private static func metrics(_ figures: Figures, _ report: StatusReport) -> HTTPResponse {
    var metrics = Metrics()
    metrics.add(figures, now: report.time)
    metrics.add(report)
    metrics.addUpdates(report)
    return HTTPResponse(200, type: "text/plain; version=0.0.4; charset=utf-8", metrics.text)
  }

  private func events(_ request: HTTPRequest, _ form: Form, _ reply: HTTPReply) {
    guard let limit = Int(request.query["limit"] ?? "100"), (1...1000).contains(limit) else {
      return reply.send(form.failure(400, "`limit` is a number from 1 to 1000"))
    }
    let events = server.events(atMost: limit)
    reply.send(
      form.success(
        .object(["events": .array(events.map(\.json))]), events.map(\.line).joined(separator: "\n")))
  }

  private func explain(_ request: HTTPRequest, _ form: Form, _ reply: HTTPReply) {
    let query = request.query
    guard let name = query["name"], !name.isEmpty else { return reply.send(form.failure(400, "`name` is missing")) }
    let type = query["type"]?.uppercased()
    guard type == nil || type == "A" || type == "AAAA" else {
      return reply.send(form.failure(400, "`type` is A or AAAA: pools hold addresses"))
    }
    let client = query["client"].flatMap { IPAddress($0) }
    guard query["client"] == nil || client != nil else {
      return reply.send(form.failure(400, "`client` is an IP address"))
    }
    server.explain(ExplainQuestion(name: name, client: client, type: type)) { [desk] make in
      desk.run {
        guard let reports = make() else {
          return reply.send(
            form.failure(
              404, "no pool is at `\(visible(name))`, nor does an alias there lead to one: `alula status` lists them"))
        }
        let json = "[" + reports.map(\.json).joined(separator: ",") + "]"
        reply.send(
          form.isText
            ? .text(200, reports.map(\.text).joined(separator: "\n\n"))
            : HTTPResponse(200, type: "application/json", json + "\n"))
      }
    }
  }

  private func withStatus(_ body: @escaping @Sendable (StatusReport) -> Void) {
    guard let question = cache.ask(body) else { return }
    server.status { [cache, desk] make in
      // Making it takes a while where there are many members, and the brain has none.
      desk.run { cache.answer(question, make()) }
    }
  }

  // MARK: - Orders

  private func order(_ request: HTTPRequest, _ form: Form, _ reply: HTTPReply) -> UInt64 {
    guard request.path != "/api/v1/reload" else {
      server.reload { reply.send(form.reload($0)) }
      return Self.loaderPatience
    }
    do throws(OrderProblem) {
      let order = try Order(request.path, request.body, now: Int64(Clock.wall()))
      cache.forget()
      let isRelease = if case .release = order { true } else { false }
      server.give(order) { [cache] report in
        cache.forget()
        reply.send(form.order(report, isRelease: isRelease))
      }
    } catch {
      reply.send(form.failure(error.status, error.text))
    }
    return Self.brainPatience
  }
}
