import JSONFormat
import Observing

extension StatusReport {
  /// For a terminal: a line for each pool's answer and for each member, what is wrong first to be seen; then one for
  /// each peer, for the zones, for each order, and for the server.
  package var text: String {
    let parts = [
      reloadLines, pools.flatMap { $0.lines(overrides, time) }, peerLines + zoneLines, overrideLines,
      server.map { [$0.line(time)] } ?? [],
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var reloadLines: [String] {
    guard let reloadRefused else { return [] }
    return [
      "RELOAD REFUSED \(duration(time - reloadRefused)) ago: what is on disk is not what is served, and would not start: alula check"
    ]
  }

  private var peerLines: [String] {
    let names = peers.map { visible($0.name).count }.max() ?? 0
    let addresses = peers.map(\.address.count).max() ?? 0
    return peers.map { $0.line(time, names, addresses) }
  }

  /// Of so many zones each has a line; of more, those that updates have changed.
  private static let fewZones = 10

  private var zoneLines: [String] {
    let shown = zones.count <= StatusReport.fewZones ? zones : zones.filter(\.isChanged)
    let names = shown.map { visible($0.name).count }.max() ?? 0
    let more = zones.count - shown.count
    return shown.map { $0.line(time, names) }
      + (more > 0 ? ["\(more) \(shown.isEmpty ? "" : "more ")\(more == 1 ? "zone" : "zones"): --json lists all"] : [])
  }

  private var overrideLines: [String] { overrides.map { "override \($0.pattern): \($0.text(time))" } }
}

extension StatusReport.Pool {
  package func lines(_ overrides: [StatusReport.Override], _ now: Int64) -> [String] {
    let shown = answers.filter { !$0.addresses.isEmpty || $0.failedOpen }
    let heads = (shown.isEmpty ? answers.prefix(1) : shown[...]).map { "\(visible(name)) \($0.text(now))" }
    let names = members.map(\.endpoint.count).max() ?? 0
    let addresses = members.map(\.address.count).max() ?? 0
    return heads + members.map { "  " + $0.line(overrides, now, names, addresses) }
  }
}

extension StatusReport.Answer {
  fileprivate func text(_ now: Int64) -> String {
    let what = addresses.isEmpty ? "nothing" : addresses.joined(separator: " ")
    let length = since.map { " for \(duration(now - $0))" } ?? ""
    return "\(type) \(what)\(length)\(failedOpen ? " FAILED OPEN" : ""): \(visible(reason))"
  }
}

extension StatusReport.Member {
  /// `* ec2    203.0.113.10  up       for 3d 4h   12.3 ms`; the star: it is answered.
  fileprivate func line(
    _ overrides: [StatusReport.Override], _ now: Int64, _ names: Int, _ addresses: Int
  ) -> String {
    var parts = [
      "\(isAnswered ? "*" : " ") \(padded(endpoint, names))", padded(address, addresses),
      padded(state == .down ? "DOWN" : state.rawValue, 8),
    ]
    if let override = override.map({ overrides[$0] }) {
      parts.append("\(override.text(now)); its checks say \(real.rawValue)")
    }
    if isHeldUp { parts.append("HELD UP, its checks say down") }
    if let since { parts.append("for \(duration(now - since))") }
    if let reason, real != .up { parts.append(visible(reason)) }
    if let latency, real != .down { parts.append("\(JSON.thousandths(latency / 1000).text) ms") }
    return parts.joined(separator: "  ")
  }
}

extension StatusReport.Override {
  fileprivate func text(_ now: Int64) -> String {
    let end = expires.map { ", \(duration(max(0, $0 - now))) left" } ?? ""
    return "\(what) by \(visible(by)) for \(duration(now - since))\(end): \(visible(reason))"
  }
}

extension StatusReport.Peer {
  /// `peer azure  198.51.100.20:53  LAGS  3 changes wait, the oldest for 4m 10s: it is not there; …`.
  fileprivate func line(_ now: Int64, _ names: Int, _ addresses: Int) -> String {
    let last = lastSuccess.map { "it last took one \(duration(now - $0)) ago" } ?? "it has taken none since the start"
    let state = waiting > 0 ? "LAGS  \(backlog(now)); \(last)" : "ok    no change waits; \(last)"
    return "peer \(padded(visible(name), names))  \(padded(address, addresses))  \(state)"
  }

  private func backlog(_ now: Int64) -> String {
    let age = waitingSince.map { ", the oldest for \(duration(now - $0))" } ?? ""
    let reason = isFailing ? lastError.map { ": \(visible($0))" } ?? "" : ""
    return "\(waiting) \(waiting == 1 ? "change waits" : "changes wait")\(age)\(reason)"
  }
}

extension StatusReport.Zone {
  /// Whether updates have made it another than its file says.
  fileprivate var isChanged: Bool { updates.map { $0.added + $0.removed > 0 } ?? false }

  /// `zone app.example.com  serial 9  read 3d 4h ago  records from updates: 2, of the file removed: 1`.
  fileprivate func line(_ now: Int64, _ names: Int) -> String {
    let changes = updates.map { "  records from updates: \($0.added), of the file removed: \($0.removed)" } ?? ""
    let head = "zone \(padded(visible(name), names))  serial \(serial)  read \(duration(now - loaded)) ago"
    return head + (isChanged ? changes : "")
  }
}

extension StatusReport.Server {
  fileprivate func line(_ now: Int64) -> String {
    "alula \(version), up for \(duration(now - started)), \(queries) \(queries == 1 ? "query" : "queries")"
  }
}

private func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// `3d 4h`, `12m 5s`, `8s`: two units are enough.
package func duration(_ nanoseconds: Int64) -> String {
  let seconds = max(0, nanoseconds) / 1_000_000_000
  let units = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
  guard let first = units.firstIndex(where: { $0.0 > 0 }) else { return "0s" }
  return units[first..<min(first + 2, 4)].filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
}
