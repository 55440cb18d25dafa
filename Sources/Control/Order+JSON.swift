import Failover
import JSONFormat

/// Why an order cannot be read.
struct OrderProblem: Error {
  let status: Int
  let text: String

  init(_ text: String) { self.init(400, text) }

  init(_ status: Int, _ text: String) {
    self.status = status
    self.text = text
  }
}

extension Order {
  /// What a POST to one of the order's paths asks for.
  ///
  ///     /api/v1/overrides          {"pattern", "state": "up" | "down" | "drained", "reason", "by", "expires_in_seconds"}
  ///     /api/v1/overrides/release  {"pattern", "reason", "by"}
  ///     /api/v1/failback           {"pattern", "by"}
  ///     /api/v1/confirm            {"by"}
  ///
  /// - Parameter now: nanoseconds since 1970 UTC.
  init(_ path: String, _ body: [UInt8], now: Int64) throws(OrderProblem) {
    let known: Set<String>
    switch path {
    case "/api/v1/overrides": known = ["pattern", "state", "reason", "by", "expires_in_seconds"]
    case "/api/v1/overrides/release": known = ["pattern", "reason", "by"]
    case "/api/v1/failback": known = ["pattern", "by"]
    case "/api/v1/confirm": known = ["by"]
    default: throw OrderProblem(404, "no order is taken here; / lists where")
    }
    let fields = try OrderFields(body, known)
    let by = try fields.text("by", atMost: 128) ?? "unknown"
    switch path {
    case "/api/v1/overrides": self = .override(try Override(fields, by: by, now: now))
    case "/api/v1/overrides/release":
      self = .release(pattern: try fields.pattern(), by: by, reason: try fields.text("reason", atMost: 1024) ?? "")
    case "/api/v1/failback": self = .failback(pattern: try fields.pattern(), by: by)
    default: self = .confirm(by: by)
    }
  }
}

extension Override {
  /// A year: what lasts longer belongs into the configuration.
  private static var longest: Int64 { 366 * 86_400 }

  fileprivate init(_ fields: OrderFields, by: String, now: Int64) throws(OrderProblem) {
    let states: [String: (State, Bool)] = ["up": (.up, false), "down": (.down, false), "drained": (.down, true)]
    guard let (state, isDrain) = try states[fields.text("state", atMost: 16) ?? ""] else {
      throw OrderProblem("`state` is `up`, `down` or `drained`")
    }
    var expires: Int64?
    if let value = fields["expires_in_seconds"], value != .null {
      guard case .number(let digits) = value, let seconds = Int64(digits), (1...Self.longest).contains(seconds) else {
        throw OrderProblem("`expires_in_seconds` is a whole number from 1 to \(Self.longest)")
      }
      expires = now + seconds * 1_000_000_000
    }
    self.init(
      pattern: try fields.pattern(), state: state, isDrain: isDrain,
      reason: try fields.text("reason", atMost: 1024) ?? "", by: by, since: now, expires: expires)
  }
}

private struct OrderFields {
  private let value: JSON

  init(_ body: [UInt8], _ known: Set<String>) throws(OrderProblem) {
    guard let value = JSON(body), case .object(let members) = value else {
      throw OrderProblem("the body is a JSON object")
    }
    guard let stranger = members.first(where: { !known.contains($0.name) }) else {
      self.value = value
      return
    }
    throw OrderProblem("`\(stranger.name.prefix(64))` means nothing here: \(known.sorted().joined(separator: ", "))")
  }

  subscript(name: String) -> JSON? { value[name] }

  /// - Parameter atMost: octets.
  func text(_ name: String, atMost limit: Int) throws(OrderProblem) -> String? {
    guard let value = value[name], value != .null else { return nil }
    guard let text = value.string, text.utf8.count <= limit else {
      throw OrderProblem("`\(name)` is a text of at most \(limit) octets")
    }
    return text
  }

  func pattern() throws(OrderProblem) -> String {
    guard let pattern = try text("pattern", atMost: 512), !pattern.isEmpty else {
      throw OrderProblem("`pattern` says whom it concerns: an endpoint, `endpoint@pool`, a pool, or a glob of one")
    }
    return pattern
  }
}
