package import JSONFormat
import Observing
import Sockets

/// The operator's side: asks one or more servers and says what each of them answered.
package struct Operator: Sendable {
  package var places: [ControlPlace]
  package var token: String?
  package var isJSON = false
  /// Writes whole lines for the caller.
  package var say: @Sendable (_ text: String, _ toError: Bool) -> Void

  package init(
    _ places: [ControlPlace], token: String?, isJSON: Bool,
    say: @escaping @Sendable (_ text: String, _ toError: Bool) -> Void
  ) {
    self.places = places
    self.token = token
    self.isJSON = isJSON
    self.say = say
  }

  /// Milliseconds that a reload may take.
  private static var reloadPatience: Int32 { 310_000 }

  /// Shows what `path` holds, of each server.
  ///
  /// - Returns: the exit status.
  package func show(_ path: String) -> Int32 {
    finish(places.map { ask("GET", path, of: $0, accept: isJSON ? "application/json" : "text/plain") })
  }

  /// - Returns: the exit status.
  package func reload() -> Int32 {
    finish(places.map { ask("POST", "/api/v1/reload", of: $0, milliseconds: Self.reloadPatience) })
  }

  /// Gives all servers an order.
  ///
  /// - Parameter waits: whether to wait until no honest cache holds an answer that named what was withdrawn.
  /// - Returns: the exit status: 1 when one of them did not take it.
  package func order(_ path: String, _ body: JSON, waits: Bool = false) -> Int32 {
    let outcomes = places.map { ask("POST", path, of: $0, body: Array(body.text.utf8)) }
    let status = finish(outcomes)
    let left = outcomes.compactMap { $0.json?["last_answer_expires_in_seconds"]?.milliseconds }.max()
    if waits, status == 0, let left, left > 0 {
      if !isJSON { say("waiting \(duration(left * 1_000_000)) for it", false) }
      pause(milliseconds: left)
      if !isJSON { say("no honest cache holds it any more", false) }
    }
    return status
  }

  // MARK: - Asking and telling

  /// What one server said, or why it said nothing.
  private struct Outcome {
    let place: ControlPlace
    let reply: ControlClient.Reply?
    let trouble: String
    let json: JSON?

    var isGood: Bool { reply.map { (200..<300).contains($0.status) } ?? false }

    /// For people.
    var text: String {
      guard let reply else { return trouble }
      if let text = json?["text"]?.string ?? json?["error"]?.string { return text }
      return reply.text.hasSuffix("\n") ? String(reply.text.dropLast()) : reply.text
    }

    /// With the server's name, for one of several.
    var member: JSON {
      .object([
        "server": .string("\(place)"), "status": reply.map { .integer($0.status) } ?? .null,
        "reply": json ?? .object(["error": .string(text)]),
      ])
    }
  }

  private func ask(
    _ method: String, _ path: String, of place: ControlPlace, accept: String = "application/json",
    body: [UInt8] = [], milliseconds: Int32 = 10_000
  ) -> Outcome {
    do throws(ControlError) {
      let client = ControlClient(place, token: token, milliseconds: milliseconds)
      let reply = try client.ask(method, path, accept: accept, body: body)
      return Outcome(place: place, reply: reply, trouble: "", json: JSON(reply.body))
    } catch {
      return Outcome(place: place, reply: nil, trouble: "cannot ask \(place): \(error)", json: nil)
    }
  }

  private func finish(_ outcomes: [Outcome]) -> Int32 {
    if isJSON {
      let isOne = outcomes.count == 1
      say(isOne ? (outcomes[0].json ?? outcomes[0].member).text : JSON.array(outcomes.map(\.member)).text, false)
    } else {
      for outcome in outcomes {
        if outcomes.count > 1 { say("\(outcome.place): \(outcome.isGood ? "ok" : "FAILED")", !outcome.isGood) }
        say(outcome.text, !outcome.isGood)
      }
    }
    return outcomes.allSatisfy(\.isGood) ? 0 : 1
  }

  /// Shows status again and again, until the process is ended.
  package func watch(_ path: String, clears: Bool) -> Never {
    while true {
      let outcomes = places.map { ask("GET", path, of: $0, accept: "text/plain", milliseconds: 2000) }
      let now = rfc3339(Int64(Clock.wall()) / 1_000_000)
      let texts = outcomes.map { outcomes.count > 1 ? "\($0.place):\n\($0.text)" : $0.text }
      say((clears ? "\u{1b}[H\u{1b}[2J" : "") + ([now] + texts).joined(separator: "\n"), false)
      pause(milliseconds: 1000)
    }
  }

  private func pause(milliseconds: Int64) {
    let end = Clock.monotonic() + UInt64(max(0, milliseconds)) * 1_000_000
    while Clock.monotonic() < end {
      try? Poller().wait(milliseconds: Int32(clamping: (end - min(end, Clock.monotonic())) / 1_000_000 + 1)) { _ in }
    }
  }
}

extension JSON {
  /// Of a number of seconds.
  fileprivate var milliseconds: Int64? {
    guard case .number(let digits) = self, let seconds = Double(digits), seconds.magnitude < 1e9 else { return nil }
    return Int64(seconds * 1000)
  }
}
